/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/deed.h"

#include "base/buf.h"
#include "base/fault.h"
#include "format/quote.h"
#include "format/vis.h"
#include "format/word.h"

#include <stdbool.h>
#include <string.h>

enum { SHOWN = 40 };

static const char more[] = "...";

static const enum keyword_bit keywords[DEED_PARTS] = {
	[DEED_USER] = KEYWORD_USER,
	[DEED_GROUP] = KEYWORD_GROUP,
	[DEED_MODE] = KEYWORD_MODE,
	[DEED_DEVICE] = KEYWORD_DEVICE,
	[DEED_CAPS] = KEYWORD_CAPS,
};

enum deed_part
deed_part_of(unsigned keyword)
{
	int part = 0;

	if (keyword == KEYWORD_TYPE)
		return DEED_DEVICE;
	while (part < DEED_PARTS && keyword != (unsigned)keywords[part])
		part++;
	return (enum deed_part)part;
}

unsigned
deed_parts(unsigned set)
{
	unsigned parts = 0;

	for (int i = 0; i < DEED_PARTS; i++)
		parts |= (set & (unsigned)keywords[i]) != 0 ? 1u << i : 0;
	if ((set & KEYWORD_TYPE) != 0)
		parts |= 1u << DEED_DEVICE;
	return parts;
}

/* Append a word of a command line, without newlines at its end. */
static int
add_word(struct buf *b, const char *word, size_t len, struct fault *f)
{
	struct buf copy = BUF_INIT;
	int r = -1;

	while (len > 0 && word[len - 1] == '\n')
		len--;
	if (buf_add(&copy, word, len, f) == 0 && buf_end(&copy, f) != NULL)
		r = quote_add(b, copy.data, f);
	buf_release(&copy);
	return r;
}

static int
add_command(struct buf *b, const char *args, size_t len, struct fault *f)
{
	const char *end = args + len;

	while (args < end && b->len <= DEED_COMMAND_MAX) {
		const size_t word = strnlen(args, (size_t)(end - args));

		if ((b->len > 0 && buf_adds(b, " ", f) < 0) ||
		    add_word(b, args, word, f) < 0)
			return -1;
		args += word;
		args += args < end; /* the NUL */
	}
	return b->len > 0 ? 0 : buf_adds(b, "''", f);
}

/* How much of the line to keep: whole characters, and room for what follows. */
static size_t
fitting(const struct buf *line)
{
	const size_t room = DEED_COMMAND_MAX - strlen(more);
	size_t kept = 0;

	if (line->len <= DEED_COMMAND_MAX)
		return line->len;
	for (;;) {
		const size_t len =
		    vis_char_len(line->data + kept, line->len - kept);

		if (kept + (len > 0 ? len : 1) > room)
			return kept;
		kept += len > 0 ? len : 1;
	}
}

int
deed_add(struct buf *b, const char *call, const char *args, size_t len,
    struct fault *f)
{
	struct buf line = BUF_INIT;
	size_t kept;
	int r = -1;

	if (add_command(&line, args, len, f) < 0)
		goto out;
	kept = fitting(&line);
	if (buf_add(b, call, strnlen(call, DEED_CALL_MAX), f) == 0 &&
	    buf_adds(b, ":", f) == 0 && buf_add(b, line.data, kept, f) == 0)
		r = kept < line.len ? buf_adds(b, more, f) : 0;
out:
	buf_release(&line);
	return r;
}

static bool
is_call_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

int
deed_check(const char *text, size_t len, struct fault *f)
{
	size_t call = 0;

	while (call < len && is_call_byte(text[call]))
		call++;
	if (call == 0 || call > DEED_CALL_MAX || call + 1 >= len ||
	    text[call] != ':' || memchr(text, '\0', len) != NULL)
		return fault_set(f, FAULT_INPUT,
		    "'%.*s' is no CALL:COMMAND that was recorded",
		    len < SHOWN ? (int)len : SHOWN, text);
	if (len - call - 1 > DEED_COMMAND_MAX)
		return fault_set(f, FAULT_INPUT,
		    "command line of %zu bytes, more than are recorded",
		    len - call - 1);
	return 0;
}

int
deed_add_parts(struct buf *b, unsigned parts, struct fault *f)
{
	const char *lead = " by=";

	for (int i = 0; i < DEED_PARTS; i++) {
		if ((parts & 1u << i) == 0)
			continue;
		if (buf_adds(b, lead, f) < 0 ||
		    buf_adds(b, keyword_name(keywords[i]), f) < 0)
			return -1;
		lead = ",";
	}
	return buf_adds(b, ":", f);
}

static int
find_part(struct word name, struct fault *f)
{
	for (int i = 0; i < DEED_PARTS; i++) {
		if (word_is(name, keyword_name(keywords[i])))
			return i;
	}
	return fault_set(f, FAULT_INPUT, "'%.*s' is no part of a record",
	    name.len < SHOWN ? (int)name.len : SHOWN, name.s);
}

int
deed_cut_parts(unsigned *parts, unsigned taken, struct word *v, struct fault *f)
{
	const char *colon = memchr(v->s, ':', v->len);
	struct word list = *v;

	*parts = 0;
	if (colon == NULL)
		return fault_set(f, FAULT_INPUT, "'by=%.*s' has no colon",
		    v->len < SHOWN ? (int)v->len : SHOWN, v->s);
	list.len = (size_t)(colon - v->s);
	v->len -= list.len + 1;
	v->s = colon + 1;
	for (;;) {
		const char *comma = memchr(list.s, ',', list.len);
		struct word name = list;
		int part;

		if (comma != NULL)
			name.len = (size_t)(comma - list.s);
		part = find_part(name, f);
		if (part < 0)
			return -1;
		if (((taken | *parts) & 1u << part) != 0)
			return fault_set(f, FAULT_INPUT,
			    "'%.*s' is said twice to be someone's",
			    (int)name.len, name.s);
		*parts |= 1u << part;
		if (comma == NULL)
			return 0;
		list.s += name.len + 1;
		list.len -= name.len + 1;
	}
}
