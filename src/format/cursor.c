/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/cursor.h"

#include <string.h>

static size_t
left(const struct cursor *c)
{
	return (size_t)(c->end - c->s);
}

bool
cursor_is_at(const struct cursor *c, size_t offset, char wanted)
{
	return offset < left(c) && c->s[offset] == wanted;
}

void
cursor_skip(struct cursor *c, size_t count)
{
	c->s += count < left(c) ? count : left(c);
}

void
cursor_skip_past(struct cursor *c, char stop)
{
	const char *at = memchr(c->s, stop, left(c));

	if (at == NULL)
		cursor_give_up(c);
	else
		c->s = at + 1;
}

const char *
cursor_line_end(const struct cursor *c)
{
	const char *newline = memchr(c->s, '\n', left(c));

	return newline != NULL ? newline : c->end;
}

void
cursor_give_up(struct cursor *c)
{
	c->s = c->end;
	c->is_broken = true;
}

bool
cursor_enter(struct cursor *c)
{
	if (c->depth == CURSOR_DEPTH) {
		cursor_give_up(c);
		return false;
	}
	c->depth++;
	return true;
}

void
cursor_leave(struct cursor *c)
{
	c->depth--;
}
