/* SPDX-License-Identifier: BSD-2-Clause */
/* input - a file that is named on the command line, read whole */
#ifndef CMD_INPUT_H
#define CMD_INPUT_H

#include <stddef.h>

struct buf;
struct fault;

/*
 * Append what is in `file`, "-" for standard input; -1 with a fault that names it,
 * FAULT_INPUT if there are more than `max` bytes.
 */
int input_read(struct buf *b, const char *file, size_t max, struct fault *f);

#endif
