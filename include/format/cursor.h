/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cursor - a place in bytes that are read from left to right
 *
 * Never moves beyond their end.  Counts how deep the reader is in things that hold
 * each other, and ends the reading where something stays open or lies too deep:
 * then nothing is left.
 *
 *	if (!cursor_enter(&c))
 *		return;
 *	cursor_skip(&c, 1);
 *	while (c.s < c.end && *c.s != '}')
 *		skip_part(&c);
 *	cursor_skip_past(&c, '}');
 *	cursor_leave(&c);
 */
#ifndef FORMAT_CURSOR_H
#define FORMAT_CURSOR_H

#include <stdbool.h>
#include <stddef.h>

enum { CURSOR_DEPTH = 200 };

struct cursor {
	const char *s, *end; /* what is left */
	unsigned depth;
	bool is_broken; /* given up */
};

/* True if that byte, so many on, is there and is this one. */
bool cursor_is_at(const struct cursor *c, size_t offset, char wanted);

/* Move on by so many bytes, or to the end. */
void cursor_skip(struct cursor *c, size_t count);

/* Move behind the next such byte; without one, give up. */
void cursor_skip_past(struct cursor *c, char stop);

/* The next newline, or the end. */
const char *cursor_line_end(const struct cursor *c);

void cursor_give_up(struct cursor *c);

/* False, and given up, if that is deeper than CURSOR_DEPTH; else leave later. */
bool cursor_enter(struct cursor *c);
void cursor_leave(struct cursor *c);

#endif
