/* SPDX-License-Identifier: BSD-2-Clause */
/* print - text on its way to standard output, or to a terminal */
#ifndef CMD_PRINT_H
#define CMD_PRINT_H

#include <stdio.h>

struct buf;
struct fault;

/*
 * Print a line, `head` and `text`, with nothing in the text that could harm a
 * terminal; for lack of memory, with only what is surely harmless.
 */
void print_line(FILE *out, const char *head, const char *text);

/* Put a text on standard output as it is; -1 with a fault if that fails. */
int print_text(const struct buf *text, struct fault *f);

/* Flush standard output; a fault there is one of the program. */
int print_flush(struct fault *f);

#endif
