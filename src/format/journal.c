/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/journal.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/num.h"
#include "format/manifest.h"
#include "format/note.h"
#include "format/owner.h"

#include <inttypes.h>
#include <string.h>

enum {
	SHOWN = 40,
	NSEC_DIGITS = 9,
	NSEC_MAX = 999999999,
	DEVICE = KEYWORD_TYPE | KEYWORD_DEVICE,
};

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

static int
add_caps(struct buf *b, const struct xattr *caps, struct fault *f)
{
	struct buf value = BUF_INIT;
	int r = -1;

	if (manifest_add_caps(&value, caps, f) == 0 &&
	    buf_end(&value, f) != NULL && buf_adds(b, " caps=", f) == 0)
		r = manifest_add_value(b, value.data, f);
	buf_release(&value);
	return r;
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
	    ((s->binds & KEYWORD_CAPS) != 0 && add_caps(b, s->caps, f) < 0))
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
parse_word(
    struct keyword_reader *r, struct spec *s, struct word word, struct fault *f)
{
	struct word name, v = { 0 };
	unsigned bit = 0;

	if (!keyword_split(word, &name, &v))
		return fault_set(f, FAULT_INPUT, "'%.*s' has no value",
		    word.len < SHOWN ? (int)word.len : SHOWN, word.s);
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
journal_parse(struct keyword_reader *r, struct journal_line *line,
    const char *bytes, size_t len, struct fault *f)
{
	struct word rest = { bytes, len }, word;
	struct spec *s = &line->spec;

	*line = (struct journal_line){ 0 };
	r->takes_any_id = true;
	(void)keyword_next_word(&rest, &word); /* none is no identity either */
	if (parse_identity(&line->id, word, f) < 0)
		return -1;
	while (keyword_next_word(&rest, &word)) {
		if (parse_word(r, s, word, f) < 0)
			return -1;
	}
	s->binds = s->has;
	keyword_set_recorded(s);
	return check_device(s, f);
}
