/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_caps - values of capabilities, written as hexadecimal digits
 *
 *	const struct value v =
 *	    from_hex("0100000200200000000000000000000000000000");
 */
#ifndef TESTS_TEST_CAPS_H
#define TESTS_TEST_CAPS_H

#include "../tests.h"

#include "format/caps.h"

#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

struct value {
	unsigned char bytes[24];
	size_t len;
};

/* Turn hexadecimal digits into bytes. */
static inline struct value
from_hex(const char *hex)
{
	struct value v = { .len = strlen(hex) / 2 };

	assert_true(v.len <= sizeof(v.bytes));
	for (size_t i = 0; i < v.len; i++) {
		unsigned byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		v.bytes[i] = (unsigned char)byte;
	}
	return v;
}

#endif
