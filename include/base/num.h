/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * num - numbers in text, strictly
 *
 * strtoul(3) takes blanks, signs and whatever follows the digits.  Here a
 * number is digits and nothing else, and too large is an error.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Read `len` bytes, all digits of `base` (8 or 10), as a number of at most
 * `max`.  False, with `*out` untouched, for anything else.
 */
bool num_parse(
    uint64_t *out, const char *s, size_t len, unsigned base, uint64_t max);

#endif
