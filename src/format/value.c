/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/value.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/num.h"
#include "base/path.h"
#include "format/entry.h"
#include "format/owner.h"
#include "format/vis.h"

#include <string.h>

enum { SHOWN = 40, NSEC_MAX = 999999999 };

typedef int parse_fn(
    struct value_reader *r, struct entry *e, struct word v, struct fault *f);

void
value_release(struct value_reader *r)
{
	buf_release(&r->text);
}

static int
bad_value(const char *what, struct word v, struct fault *f)
{
	return fault_set(f, FAULT_INPUT, "invalid %s '%.*s'", what,
	    v.len < SHOWN ? (int)v.len : SHOWN, v.s);
}

int
value_decode(struct value_reader *r, struct word v, struct fault *f)
{
	buf_reset(&r->text);
	return vis_parse(&r->text, v.s, v.len, f);
}

static int
parse_type(
    struct value_reader *r, struct entry *e, struct word v, struct fault *f)
{
	enum entry_type type;

	(void)r;
	if (word_is(v, "socket"))
		return fault_set(
		    f, FAULT_INPUT, "a package cannot have a socket");
	if (!entry_type_parse(&type, v.s, v.len))
		return bad_value("type", v, f);
	e->type = (uint8_t)type;
	return 0;
}

static int
parse_mode(
    struct value_reader *r, struct entry *e, struct word v, struct fault *f)
{
	uint64_t mode;

	(void)r;
	if (!num_parse(&mode, v.s, v.len, 8, ENTRY_MODE_MASK))
		return bad_value("octal mode", v, f);
	e->mode = (uint16_t)mode;
	return 0;
}

/* Few accounts own many files: give equal names one string. */
static const char *
intern(struct value_reader *r, struct word v, struct fault *f)
{
	const size_t slots = sizeof(r->names) / sizeof(*r->names);
	const char *name;

	for (size_t i = 0; i < slots; i++) {
		if (r->names[i] != NULL && word_is(v, r->names[i]))
			return r->names[i];
	}
	name = arena_string(r->arena, v.s, v.len, f);
	if (name != NULL)
		r->names[r->next_name++ % slots] = name;
	return name;
}

static int
parse_uname(
    struct value_reader *r, struct entry *e, struct word v, struct fault *f)
{
	if (owner_check("user", v.s, v.len, f) < 0)
		return -1;
	e->uname = intern(r, v, f);
	return e->uname == NULL ? -1 : 0;
}

static int
parse_gname(
    struct value_reader *r, struct entry *e, struct word v, struct fault *f)
{
	if (owner_check("group", v.s, v.len, f) < 0)
		return -1;
	e->gname = intern(r, v, f);
	return e->gname == NULL ? -1 : 0;
}

static int
parse_id(const struct value_reader *r, const char *what, uint32_t *id,
    struct word v, struct fault *f)
{
	const uint64_t max = r->takes_any_id ? UINT32_MAX : OWNER_ID_MAX;
	uint64_t number;

	if (!num_parse(&number, v.s, v.len, 10, max))
		return bad_value(what, v, f);
	*id = (uint32_t)number;
	return 0;
}

static int
parse_uid(
    struct value_reader *r, struct entry *e, struct word v, struct fault *f)
{
	return parse_id(r, "uid", &e->uid, v, f);
}

static int
parse_gid(
    struct value_reader *r, struct entry *e, struct word v, struct fault *f)
{
	return parse_id(r, "gid", &e->gid, v, f);
}

static int
parse_link(
    struct value_reader *r, struct entry *e, struct word v, struct fault *f)
{
	if (value_decode(r, v, f) < 0)
		return -1;
	if (r->text.len == 0 || r->text.len > PATH_LIMIT)
		return bad_value("link target", v, f);
	e->link = arena_string(r->arena, r->text.data, r->text.len, f);
	return e->link == NULL ? -1 : 0;
}

/* "native,MAJOR,MINOR"; "linux" packs the same numbers. */
static int
parse_device(
    struct value_reader *r, struct entry *e, struct word v, struct fault *f)
{
	const char *end = v.s + v.len, *first, *second;
	uint64_t major, minor;

	(void)r;
	first = memchr(v.s, ',', v.len);
	second = first != NULL
	    ? memchr(first + 1, ',', (size_t)(end - first - 1))
	    : NULL;
	if (second == NULL)
		return bad_value("device", v, f);
	v.len = (size_t)(first - v.s);
	if ((!word_is(v, "native") && !word_is(v, "linux")) ||
	    !num_parse(&major, first + 1, (size_t)(second - first - 1), 10,
		ENTRY_MAJOR_MAX) ||
	    !num_parse(&minor, second + 1, (size_t)(end - second - 1), 10,
		ENTRY_MINOR_MAX)) {
		v.len = (size_t)(end - v.s);
		return bad_value("device", v, f);
	}
	e->major = (uint32_t)major;
	e->minor = (uint32_t)minor;
	return 0;
}

/* "SECONDS[.NANOSECONDS]"; what follows the dot counts nanoseconds. */
static int
parse_time(
    struct value_reader *r, struct entry *e, struct word v, struct fault *f)
{
	const bool is_negative = v.len > 0 && v.s[0] == '-';
	const char *digits = v.s + is_negative, *end = v.s + v.len;
	const char *dot = memchr(v.s, '.', v.len);
	const char *stop = dot != NULL ? dot : end;
	uint64_t sec, nsec = 0;

	(void)r;
	if (!num_parse(&sec, digits, (size_t)(stop - digits), 10, INT64_MAX) ||
	    (dot != NULL &&
		!num_parse(
		    &nsec, dot + 1, (size_t)(end - dot - 1), 10, NSEC_MAX)))
		return bad_value("time", v, f);
	e->mtime = is_negative ? -(int64_t)sec : (int64_t)sec;
	e->mtime_nsec = (uint32_t)nsec;
	return 0;
}

static int
parse_size(
    struct value_reader *r, struct entry *e, struct word v, struct fault *f)
{
	(void)r;
	if (!num_parse(&e->size, v.s, v.len, 10, INT64_MAX))
		return bad_value("size", v, f);
	return 0;
}

int
value_parse(struct value_reader *r, enum value_kind kind, struct entry *e,
    struct word v, struct fault *f)
{
	static parse_fn *const parsers[] = {
		[VALUE_NONE] = NULL,
		[VALUE_TYPE] = parse_type,
		[VALUE_MODE] = parse_mode,
		[VALUE_UNAME] = parse_uname,
		[VALUE_GNAME] = parse_gname,
		[VALUE_UID] = parse_uid,
		[VALUE_GID] = parse_gid,
		[VALUE_LINK] = parse_link,
		[VALUE_DEVICE] = parse_device,
		[VALUE_TIME] = parse_time,
		[VALUE_SIZE] = parse_size,
	};

	return kind == VALUE_NONE ? 0 : parsers[kind](r, e, v, f);
}
