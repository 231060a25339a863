/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/journal.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/num.h"
#include "format/manifest.h"
#include "format/note.h"
#include "format/owner.h"
#include "format/spec.h"
#include "format/value.h"
#include "format/word.h"

#include <inttypes.h>
#include <string.h>

enum {
	SHOWN = 40,
	NSEC_DIGITS = 9,
	NSEC_MAX = 999999999,
	DEVICE = KEYWORD_TYPE | KEYWORD_DEVICE,
};

static const char deed_word[] = "deed=";

/* A device has both its keywords; nothing else is recorded of a type. */
static int
check_device(const struct spec *s, struct fault *f)
{
	const enum entry_type type = (enum entry_type)s->entry.type;

	if ((s->binds & DEVICE) == 0)
		return 0;
	if ((s->binds & DEVICE) != DEVICE)
		return fault_set(f, FAULT_INPUT,
		    "type and device are recorded together or not at all");
	if (type != ENTRY_CHAR && type != ENTRY_BLOCK)
		return fault_set(f, FAULT_INPUT,
		    "type=%s is not what is recorded", entry_type_name(type));
	return 0;
}

static int
add_owner(struct buf *b, const char *what, const char *name, uint32_t id,
    struct fault *f)
{
	if (name == NULL)
		return buf_addf(b, f, " %cid=%" PRIu32, *what, id);
	if (owner_check(what, name, strlen(name), f) < 0)
		return -1;
	return buf_addf(b, f, " %cname=%s", *what, name);
}

static int
add_device(struct buf *b, const struct entry *e, struct fault *f)
{
	return buf_addf(b, f, " type=%s device=native,%" PRIu32 ",%" PRIu32,
	    entry_type_name((enum entry_type)e->type), e->major, e->minor);
}

/* Append one word for each deed, of which the parts are named together. */
static int
add_deeds(struct buf *b, const struct journal_line *line, struct fault *f)
{
	unsigned left = deed_parts(line->spec.binds);

	for (int i = 0; i < DEED_PARTS; i++) {
		unsigned parts = 0;

		if ((left & 1u << i) == 0 || line->by[i] == 0)
			continue;
		for (int k = i; k < DEED_PARTS; k++) {
			if (line->by[k] == line->by[i])
				parts |= left & 1u << k;
		}
		left &= ~parts;
		if (deed_add_parts(b, parts, f) < 0 ||
		    buf_addf(b, f, "%" PRIu32, line->by[i]) < 0)
			return -1;
	}
	return 0;
}

int
journal_format(struct buf *b, const struct journal_line *line, struct fault *f)
{
	const struct identity *id = &line->id;
	const struct spec *s = &line->spec;
	const struct entry *e = &s->entry;

	if (check_device(s, f) < 0 ||
	    buf_addf(b, f, "%" PRIu64 ":%" PRIu64 ":%" PRId64 ".%09" PRIu32,
		id->dev, id->ino, id->birth, id->birth_nsec) < 0 ||
	    ((s->binds & KEYWORD_USER) != 0 &&
		add_owner(b, "user", e->uname, e->uid, f) < 0) ||
	    ((s->binds & KEYWORD_GROUP) != 0 &&
		add_owner(b, "group", e->gname, e->gid, f) < 0) ||
	    ((s->binds & KEYWORD_MODE) != 0 &&
		buf_addf(b, f, " mode=%o", e->mode) < 0) ||
	    ((s->binds & KEYWORD_TYPE) != 0 && add_device(b, e, f) < 0) ||
	    ((s->binds & KEYWORD_CAPS) != 0 &&
		manifest_add_caps_word(b, " caps=", s->caps, f) < 0) ||
	    add_deeds(b, line, f) < 0)
		return -1;
	return buf_adds(b, "\n", f);
}

/* Cut the part up to `end` off `*rest`; false if there is no such byte. */
static bool
cut(struct word *part, struct word *rest, char end)
{
	const char *at = memchr(rest->s, end, rest->len);

	if (at == NULL)
		return false;
	part->s = rest->s;
	part->len = (size_t)(at - rest->s);
	rest->s = at + 1;
	rest->len -= part->len + 1;
	return true;
}

/* Seconds before the Epoch are negative; nanoseconds never are. */
static bool
parse_birth(struct identity *id, struct word sec, struct word nsec)
{
	const bool is_negative = sec.len > 0 && *sec.s == '-';
	uint64_t number, fraction;

	if (!num_parse(&number, sec.s + is_negative, sec.len - is_negative, 10,
		INT64_MAX) ||
	    nsec.len != NSEC_DIGITS ||
	    !num_parse(&fraction, nsec.s, nsec.len, 10, NSEC_MAX))
		return false;
	id->birth = is_negative ? -(int64_t)number : (int64_t)number;
	id->birth_nsec = (uint32_t)fraction;
	return true;
}

static int
parse_identity(struct identity *id, struct word word, struct fault *f)
{
	struct word rest = word, dev, ino, sec;

	if (cut(&dev, &rest, ':') && cut(&ino, &rest, ':') &&
	    cut(&sec, &rest, '.') &&
	    num_parse(&id->dev, dev.s, dev.len, 10, UINT64_MAX) &&
	    num_parse(&id->ino, ino.s, ino.len, 10, UINT64_MAX) &&
	    parse_birth(id, sec, rest))
		return 0;
	return fault_set(f, FAULT_INPUT,
	    "'%.*s' does not say which file it is: DEV:INODE:BIRTH.NANOSECONDS",
	    word.len < SHOWN ? (int)word.len : SHOWN, word.s);
}

static int
parse_number(uint32_t *number, struct word v, struct fault *f)
{
	uint64_t n;

	if (!num_parse(&n, v.s, v.len, 10, DEED_COUNT_MAX) || n == 0)
		return fault_set(f, FAULT_INPUT,
		    "'%.*s' is not the number of a deed",
		    v.len < SHOWN ? (int)v.len : SHOWN, v.s);
	*number = (uint32_t)n;
	return 0;
}

/* "PART[,PART]...:NUMBER" */
static int
parse_by(struct journal_line *line, struct word v, struct fault *f)
{
	unsigned taken = 0, parts;
	uint32_t number = 0;

	for (int i = 0; i < DEED_PARTS; i++)
		taken |= line->by[i] != 0 ? 1u << i : 0;
	if (deed_cut_parts(&parts, taken, &v, f) < 0 ||
	    parse_number(&number, v, f) < 0)
		return -1;
	for (int i = 0; i < DEED_PARTS; i++) {
		if ((parts & 1u << i) != 0)
			line->by[i] = number;
	}
	return 0;
}

static int
check_deeds(const struct journal_line *line, struct fault *f)
{
	const unsigned parts = deed_parts(line->spec.binds);

	for (int i = 0; i < DEED_PARTS; i++) {
		if (line->by[i] != 0 && (parts & 1u << i) == 0)
			return fault_set(f, FAULT_INPUT,
			    "the line says who did what it does not state");
	}
	return 0;
}

static int
parse_word(struct value_reader *r, struct journal_line *line, struct word word,
    struct fault *f)
{
	struct spec *s = &line->spec;
	struct word name, v = { 0 };
	unsigned bit = 0;

	if (!word_split(word, &name, &v))
		return fault_set(f, FAULT_INPUT, "'%.*s' has no value",
		    word.len < SHOWN ? (int)word.len : SHOWN, word.s);
	if (word_is(name, "by"))
		return parse_by(line, v, f);
	if (keyword_bit(&bit, name, f) < 0)
		return -1;
	if ((bit & JOURNAL_KEYWORDS) == 0)
		return fault_set(f, FAULT_INPUT, "'%.*s' is never recorded",
		    (int)name.len, name.s);
	s->has |= bit;
	if (bit == KEYWORD_CAPS)
		return note_parse_caps(&s->caps, r, v, f);
	return keyword_parse(r, s, word, f);
}

int
journal_parse(struct value_reader *r, struct journal_line *line,
    const char *bytes, size_t len, struct fault *f)
{
	struct word rest = { bytes, len }, word;
	struct spec *s = &line->spec;

	*line = (struct journal_line){ 0 };
	r->takes_any_id = true;
	(void)word_next(&rest, &word); /* none is no identity either */
	if (parse_identity(&line->id, word, f) < 0)
		return -1;
	while (word_next(&rest, &word)) {
		if (parse_word(r, line, word, f) < 0)
			return -1;
	}
	s->binds = s->has;
	spec_set_recorded(s);
	return check_device(s, f) < 0 ? -1 : check_deeds(line, f);
}

bool
journal_is_deed(const char *bytes, size_t len)
{
	const size_t word = strlen(deed_word);

	return len >= word && memcmp(bytes, deed_word, word) == 0;
}

int
journal_format_deed(
    struct buf *b, const struct journal_deed *deed, struct fault *f)
{
	if (deed_check(deed->text, strlen(deed->text), f) < 0 ||
	    buf_addf(b, f, "%s%" PRIu32 ":", deed_word, deed->number) < 0 ||
	    manifest_add_value(b, deed->text, f) < 0)
		return -1;
	return buf_adds(b, "\n", f);
}

int
journal_parse_deed(struct value_reader *r, struct journal_deed *deed,
    const char *bytes, size_t len, struct fault *f)
{
	struct word rest = { bytes + strlen(deed_word),
		len - strlen(deed_word) };
	struct word number = rest;

	if (!cut(&number, &rest, ':'))
		return fault_set(f, FAULT_INPUT, "a deed without a colon");
	if (parse_number(&deed->number, number, f) < 0 ||
	    value_decode(r, rest, f) < 0 ||
	    deed_check(r->text.data, r->text.len, f) < 0)
		return -1;
	deed->text = buf_end(&r->text, f);
	return deed->text == NULL ? -1 : 0;
}
