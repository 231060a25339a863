/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/shword.h"

#include <string.h>

enum quoting { UNQUOTED, QUOTED };

/* A part may hold words, and so parts. */
static void skip_part(struct shword_reader *r, enum quoting quoting);

bool
shword_is_end(char c)
{
	return c != '\0' && strchr(" \t\n;&|<>()", c) != NULL;
}

bool
shword_is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_';
}

/* In backquotes and $'...', a backslash before the stop takes it away. */
static void
skip_past_unescaped(struct cursor *c, char stop)
{
	while (c->s < c->end && *c->s != stop)
		cursor_skip(c, *c->s == '\\' ? 2 : 1);
	cursor_skip_past(c, stop);
}

/*
 * Within double quotes, the quote in ${name-it's} is itself, that in
 * ${name#'}'} quotes.  A colon may stand before the sign.
 */
static bool
has_plain_word(const struct cursor *c)
{
	const char *s = c->s;

	while (s < c->end && shword_is_name_char(*s))
		s++;
	if (s == c->s && s < c->end) /* $@, $* and so on */
		s++;
	if (s < c->end && *s == ':')
		s++;
	return s < c->end && *s != '\0' && strchr("-+=?", *s) != NULL;
}

/* Read "${...}", from the brace on. */
static void
skip_parameter(struct shword_reader *r, enum quoting quoting)
{
	struct cursor *c = &r->cursor;

	if (!cursor_enter(c))
		return;
	cursor_skip(c, 1);
	if (!has_plain_word(c))
		quoting = UNQUOTED;
	while (c->s < c->end && *c->s != '}')
		skip_part(r, quoting);
	cursor_skip_past(c, '}');
	cursor_leave(c);
}

/* Read "$((...))", from the first parenthesis on. */
static void
skip_arithmetic(struct shword_reader *r)
{
	struct cursor *c = &r->cursor;
	size_t open = 2;

	if (!cursor_enter(c))
		return;
	cursor_skip(c, open);
	while (c->s < c->end && open > 0) {
		if (*c->s == '(' || *c->s == ')') {
			open += *c->s == '(' ? 1 : (size_t)-1;
			cursor_skip(c, 1);
		} else {
			skip_part(r, UNQUOTED);
		}
	}
	if (open > 0)
		cursor_give_up(c);
	cursor_leave(c);
}

static void
skip_dollar(struct shword_reader *r, enum quoting quoting)
{
	struct cursor *c = &r->cursor;

	cursor_skip(c, 1);
	if (cursor_is_at(c, 0, '{')) {
		skip_parameter(r, quoting);
	} else if (cursor_is_at(c, 0, '(') && cursor_is_at(c, 1, '(')) {
		skip_arithmetic(r);
	} else if (cursor_is_at(c, 0, '(')) {
		cursor_skip(c, 1);
		r->commands(r->arg);
	} else if (cursor_is_at(c, 0, '\'') && quoting == UNQUOTED) {
		cursor_skip(c, 1);
		skip_past_unescaped(c, '\'');
	}
}

static void
skip_double_quotes(struct shword_reader *r)
{
	struct cursor *c = &r->cursor;

	cursor_skip(c, 1);
	while (c->s < c->end && *c->s != '"')
		skip_part(r, QUOTED);
	cursor_skip_past(c, '"');
}

/* Read a byte of a word, or all that it begins. */
static void
skip_part(struct shword_reader *r, enum quoting quoting)
{
	struct cursor *c = &r->cursor;

	switch (*c->s) {
	case '\\':
		cursor_skip(c, 2);
		break;
	case '\'':
		cursor_skip(c, 1);
		if (quoting == UNQUOTED)
			cursor_skip_past(c, '\'');
		break;
	case '"':
		skip_double_quotes(r);
		break;
	case '`':
		cursor_skip(c, 1);
		skip_past_unescaped(c, '`');
		break;
	case '$':
		skip_dollar(r, quoting);
		break;
	default:
		cursor_skip(c, 1);
	}
}

static bool
is_at_continuation(const struct cursor *c)
{
	return cursor_is_at(c, 0, '\\') && cursor_is_at(c, 1, '\n');
}

void
shword_skip_blanks(struct shword_reader *r)
{
	struct cursor *c = &r->cursor;

	for (;;) {
		if (cursor_is_at(c, 0, ' ') || cursor_is_at(c, 0, '\t'))
			cursor_skip(c, 1);
		else if (is_at_continuation(c))
			cursor_skip(c, 2);
		else
			return;
	}
}

struct word
shword_take(struct shword_reader *r)
{
	struct cursor *c = &r->cursor;
	const char *start = c->s, *end = c->s;

	while (c->s < c->end && !shword_is_end(*c->s)) {
		const bool is_continuation = is_at_continuation(c);

		skip_part(r, UNQUOTED);
		if (!is_continuation)
			end = c->s;
	}
	return (struct word){ start, (size_t)(end - start) };
}
