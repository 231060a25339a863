/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/keyword.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/num.h"
#include "base/path.h"
#include "format/owner.h"
#include "format/vis.h"

#include <string.h>

enum { SHOWN = 40, NSEC_MAX = 999999999 };

typedef int parse_fn(struct keyword_reader *r, struct spec *spec, struct word v,
    struct fault *f);

struct keyword {
	const char *name;
	enum { STATES, MARKS, FACT, REFUSED } kind;
	unsigned bit;
	parse_fn *parse;
};

void
keyword_release(struct keyword_reader *r)
{
	buf_release(&r->text);
}

static int
bad_value(const char *what, struct word v, struct fault *f)
{
	return fault_set(f, FAULT_INPUT, "invalid %s '%.*s'", what,
	    v.len < SHOWN ? (int)v.len : SHOWN, v.s);
}

bool
keyword_is(struct word v, const char *word)
{
	return v.len == strlen(word) && memcmp(v.s, word, v.len) == 0;
}

int
keyword_decode(struct keyword_reader *r, struct word v, struct fault *f)
{
	buf_reset(&r->text);
	return vis_parse(&r->text, v.s, v.len, f);
}

static int
parse_type(
    struct keyword_reader *r, struct spec *spec, struct word v, struct fault *f)
{
	enum entry_type type;

	(void)r;
	if (keyword_is(v, "socket"))
		return fault_set(
		    f, FAULT_INPUT, "a package cannot have a socket");
	if (!entry_type_parse(&type, v.s, v.len))
		return bad_value("type", v, f);
	spec->entry.type = (uint8_t)type;
	return 0;
}

static int
parse_mode(
    struct keyword_reader *r, struct spec *spec, struct word v, struct fault *f)
{
	uint64_t mode;

	(void)r;
	if (!num_parse(&mode, v.s, v.len, 8, ENTRY_MODE_MASK))
		return bad_value("octal mode", v, f);
	spec->entry.mode = (uint16_t)mode;
	return 0;
}

/* Few accounts own many files: give equal names one string. */
static const char *
intern(struct keyword_reader *r, struct word v, struct fault *f)
{
	const size_t slots = sizeof(r->names) / sizeof(*r->names);
	const char *name;

	for (size_t i = 0; i < slots; i++) {
		if (r->names[i] != NULL && keyword_is(v, r->names[i]))
			return r->names[i];
	}
	name = arena_string(r->arena, v.s, v.len, f);
	if (name != NULL)
		r->names[r->next_name++ % slots] = name;
	return name;
}

static int
parse_uname(
    struct keyword_reader *r, struct spec *spec, struct word v, struct fault *f)
{
	if (owner_check("user", v.s, v.len, f) < 0)
		return -1;
	spec->entry.uname = intern(r, v, f);
	return spec->entry.uname == NULL ? -1 : 0;
}

static int
parse_gname(
    struct keyword_reader *r, struct spec *spec, struct word v, struct fault *f)
{
	if (owner_check("group", v.s, v.len, f) < 0)
		return -1;
	spec->entry.gname = intern(r, v, f);
	return spec->entry.gname == NULL ? -1 : 0;
}

static int
parse_id(const struct keyword_reader *r, const char *what, uint32_t *id,
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
    struct keyword_reader *r, struct spec *spec, struct word v, struct fault *f)
{
	return parse_id(r, "uid", &spec->entry.uid, v, f);
}

static int
parse_gid(
    struct keyword_reader *r, struct spec *spec, struct word v, struct fault *f)
{
	return parse_id(r, "gid", &spec->entry.gid, v, f);
}

static int
parse_link(
    struct keyword_reader *r, struct spec *spec, struct word v, struct fault *f)
{
	if (keyword_decode(r, v, f) < 0)
		return -1;
	if (r->text.len == 0 || r->text.len > PATH_LIMIT)
		return bad_value("link target", v, f);
	spec->entry.link = arena_string(r->arena, r->text.data, r->text.len, f);
	return spec->entry.link == NULL ? -1 : 0;
}

/* "native,MAJOR,MINOR"; "linux" packs the same numbers. */
static int
parse_device(
    struct keyword_reader *r, struct spec *spec, struct word v, struct fault *f)
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
	if ((!keyword_is(v, "native") && !keyword_is(v, "linux")) ||
	    !num_parse(&major, first + 1, (size_t)(second - first - 1), 10,
		ENTRY_MAJOR_MAX) ||
	    !num_parse(&minor, second + 1, (size_t)(end - second - 1), 10,
		ENTRY_MINOR_MAX)) {
		v.len = (size_t)(end - v.s);
		return bad_value("device", v, f);
	}
	spec->entry.major = (uint32_t)major;
	spec->entry.minor = (uint32_t)minor;
	return 0;
}

/* "SECONDS[.NANOSECONDS]"; what follows the dot counts nanoseconds. */
static int
parse_time(
    struct keyword_reader *r, struct spec *spec, struct word v, struct fault *f)
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
	spec->entry.mtime = is_negative ? -(int64_t)sec : (int64_t)sec;
	spec->entry.mtime_nsec = (uint32_t)nsec;
	return 0;
}

static int
parse_size(
    struct keyword_reader *r, struct spec *spec, struct word v, struct fault *f)
{
	(void)r;
	if (!num_parse(&spec->entry.size, v.s, v.len, 10, INT64_MAX))
		return bad_value("size", v, f);
	return 0;
}

static const struct keyword keywords[] = {
	{ "type", STATES, KEYWORD_TYPE, parse_type },
	{ "mode", STATES, KEYWORD_MODE, parse_mode },
	{ "uname", STATES, KEYWORD_USER, parse_uname },
	{ "gname", STATES, KEYWORD_GROUP, parse_gname },
	{ "uid", STATES, KEYWORD_USER, parse_uid },
	{ "gid", STATES, KEYWORD_GROUP, parse_gid },
	{ "link", STATES, KEYWORD_LINK, parse_link },
	{ "device", STATES, KEYWORD_DEVICE, parse_device },
	{ "time", STATES, KEYWORD_TIME, parse_time },
	{ "size", STATES, KEYWORD_SIZE, parse_size },
	{ "optional", MARKS, KEYWORD_OPTIONAL, NULL },
	{ "nlink", FACT, 0, NULL },
	{ "inode", FACT, 0, NULL },
	{ "resdevice", FACT, 0, NULL },
	{ "flags", FACT, 0, NULL },
	{ "tags", FACT, 0, NULL },
	{ "cksum", FACT, 0, NULL },
	{ "md5", FACT, 0, NULL },
	{ "md5digest", FACT, 0, NULL },
	{ "rmd160", FACT, 0, NULL },
	{ "rmd160digest", FACT, 0, NULL },
	{ "ripemd160digest", FACT, 0, NULL },
	{ "sha1", FACT, 0, NULL },
	{ "sha1digest", FACT, 0, NULL },
	{ "sha256", FACT, 0, NULL },
	{ "sha256digest", FACT, 0, NULL },
	{ "sha384", FACT, 0, NULL },
	{ "sha384digest", FACT, 0, NULL },
	{ "sha512", FACT, 0, NULL },
	{ "sha512digest", FACT, 0, NULL },
	{ "content", REFUSED, 0, NULL },
	{ "contents", REFUSED, 0, NULL },
	{ "ignore", REFUSED, 0, NULL },
	{ "nochange", REFUSED, 0, NULL },
};

/* Stands in comments only, so it is not in the table. */
static const char caps_word[] = "caps";

static const struct keyword *
find_keyword(struct word name)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		if (keyword_is(name, keywords[i].name))
			return &keywords[i];
	}
	return NULL;
}

const char *
keyword_name(enum keyword_bit bit)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		if (keywords[i].bit == (unsigned)bit)
			return keywords[i].name;
	}
	return caps_word;
}

/* Fault: no keyword is called so. */
static int
unknown(struct word v, struct fault *f)
{
	return fault_set(f, FAULT_INPUT, "unknown keyword '%.*s'",
	    v.len < SHOWN ? (int)v.len : SHOWN, v.s);
}

int
keyword_bit(unsigned *bit, struct word name, struct fault *f)
{
	const struct keyword *k = find_keyword(name);

	*bit = k != NULL ? k->bit : KEYWORD_CAPS;
	if (k == NULL && !keyword_is(name, caps_word))
		return unknown(name, f);
	return 0;
}

bool
keyword_next_word(struct word *rest, struct word *word)
{
	while (rest->len > 0 && (*rest->s == ' ' || *rest->s == '\t')) {
		rest->s++;
		rest->len--;
	}
	word->s = rest->s;
	word->len = 0;
	while (rest->len > 0 && *rest->s != ' ' && *rest->s != '\t') {
		rest->s++;
		rest->len--;
		word->len++;
	}
	return word->len > 0;
}

bool
keyword_split(struct word word, struct word *name, struct word *v)
{
	const char *eq = memchr(word.s, '=', word.len);

	*name = word;
	if (eq == NULL)
		return false;
	name->len = (size_t)(eq - word.s);
	v->s = eq + 1;
	v->len = word.len - name->len - 1;
	return true;
}

/*
 * A uid takes the place of an older name, from /set say, but not of a name
 * that stands beside it.
 */
static void
forget_name(struct spec *spec, unsigned bit, unsigned stated)
{
	if ((bit & KEYWORD_USER & ~stated) != 0)
		spec->entry.uname = NULL;
	if ((bit & KEYWORD_GROUP & ~stated) != 0)
		spec->entry.gname = NULL;
}

/* A number counts where there is no name; merged files state both. */
static void
name_root(struct spec *spec, unsigned stated)
{
	struct entry *e = &spec->entry;

	if ((stated & KEYWORD_USER) != 0 && e->uname == NULL && e->uid == 0)
		e->uname = "root";
	if ((stated & KEYWORD_GROUP) != 0 && e->gname == NULL && e->gid == 0)
		e->gname = "root";
}

int
keyword_parse(struct keyword_reader *r, struct spec *spec, struct word rest,
    struct fault *f)
{
	struct word word, name, v = { 0 };
	unsigned stated = 0;

	while (keyword_next_word(&rest, &word)) {
		const bool has_value = keyword_split(word, &name, &v);
		const struct keyword *k = find_keyword(name);

		if (k == NULL)
			return unknown(name, f);
		if (k->kind == REFUSED)
			return fault_set(f, FAULT_INPUT,
			    "keyword '%s' has no meaning for a package",
			    k->name);
		if (has_value == (k->kind == MARKS))
			return fault_set(f, FAULT_INPUT,
			    has_value ? "keyword '%s' takes no value"
				      : "keyword '%s' needs a value",
			    k->name);
		forget_name(spec, k->bit, stated);
		if (k->parse != NULL && k->parse(r, spec, v, f) < 0)
			return -1;
		stated |= k->bit;
	}
	name_root(spec, stated);
	spec->has |= stated;
	return 0;
}

void
keyword_set_recorded(struct spec *spec)
{
	const unsigned device = KEYWORD_TYPE | KEYWORD_DEVICE;
	const struct entry *e = &spec->entry;

	spec->recorded = spec->binds;
	spec->has |= KEYWORD_RECORDED;
	if ((spec->binds & device) == device &&
	    (e->type == ENTRY_CHAR || e->type == ENTRY_BLOCK))
		spec->has |= KEYWORD_PLACEHOLDER;
}
