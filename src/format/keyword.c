/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/keyword.h"

#include "base/fault.h"
#include "format/value.h"

#include <string.h>

enum { SHOWN = 40 };

struct keyword {
	const char *name;
	enum { STATES, MARKS, FACT, REFUSED } kind;
	unsigned bit;
	enum value_kind value;
};

static const struct keyword keywords[] = {
	{ "type", STATES, KEYWORD_TYPE, VALUE_TYPE },
	{ "mode", STATES, KEYWORD_MODE, VALUE_MODE },
	{ "uname", STATES, KEYWORD_USER, VALUE_UNAME },
	{ "gname", STATES, KEYWORD_GROUP, VALUE_GNAME },
	{ "uid", STATES, KEYWORD_USER, VALUE_UID },
	{ "gid", STATES, KEYWORD_GROUP, VALUE_GID },
	{ "link", STATES, KEYWORD_LINK, VALUE_LINK },
	{ "device", STATES, KEYWORD_DEVICE, VALUE_DEVICE },
	{ "time", STATES, KEYWORD_TIME, VALUE_TIME },
	{ "size", STATES, KEYWORD_SIZE, VALUE_SIZE },
	{ "optional", MARKS, KEYWORD_OPTIONAL, VALUE_NONE },
	{ "nlink", FACT, 0, VALUE_NONE },
	{ "inode", FACT, 0, VALUE_NONE },
	{ "resdevice", FACT, 0, VALUE_NONE },
	{ "flags", FACT, 0, VALUE_NONE },
	{ "tags", FACT, 0, VALUE_NONE },
	{ "cksum", FACT, 0, VALUE_NONE },
	{ "md5", FACT, 0, VALUE_NONE },
	{ "md5digest", FACT, 0, VALUE_NONE },
	{ "rmd160", FACT, 0, VALUE_NONE },
	{ "rmd160digest", FACT, 0, VALUE_NONE },
	{ "ripemd160digest", FACT, 0, VALUE_NONE },
	{ "sha1", FACT, 0, VALUE_NONE },
	{ "sha1digest", FACT, 0, VALUE_NONE },
	{ "sha256", FACT, 0, VALUE_NONE },
	{ "sha256digest", FACT, 0, VALUE_NONE },
	{ "sha384", FACT, 0, VALUE_NONE },
	{ "sha384digest", FACT, 0, VALUE_NONE },
	{ "sha512", FACT, 0, VALUE_NONE },
	{ "sha512digest", FACT, 0, VALUE_NONE },
	{ "content", REFUSED, 0, VALUE_NONE },
	{ "contents", REFUSED, 0, VALUE_NONE },
	{ "ignore", REFUSED, 0, VALUE_NONE },
	{ "nochange", REFUSED, 0, VALUE_NONE },
};

/* Stands in comments only, so it is not in the table. */
static const char caps_word[] = "caps";

static const struct keyword *
find_keyword(struct word name)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		if (word_is(name, keywords[i].name))
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
	if (k == NULL && !word_is(name, caps_word))
		return unknown(name, f);
	return 0;
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
keyword_parse(struct value_reader *r, struct spec *spec, struct word rest,
    struct fault *f)
{
	struct word word, name, v = { 0 };
	unsigned stated = 0;

	while (word_next(&rest, &word)) {
		const bool has_value = word_split(word, &name, &v);
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
		if (value_parse(r, k->value, &spec->entry, v, f) < 0)
			return -1;
		stated |= k->bit;
	}
	name_root(spec, stated);
	spec->has |= stated;
	return 0;
}
