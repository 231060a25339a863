/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/version.h"

#include "format/word.h"

#include <stdbool.h>
#include <string.h>

/* Of a part; the oldest first, where two versions go on differently. */
enum kind {
	KIND_EARLY, /* a suffix that comes before the version without one */
	KIND_REST, /* no part of any version */
	KIND_END,
	KIND_RELEASE,
	KIND_HASH,
	KIND_COUNT, /* the number of a suffix */
	KIND_SUFFIX,
	KIND_LETTER,
	KIND_NUMBER, /* behind a dot */
	KIND_FIRST,
	KIND_BEGIN, /* no part, but what is before the first */
};

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"

/* What a part looks like, and behind which kinds it may stand. */
static const struct form {
	enum kind kind, first, last;
	const char *head;
	const char *bytes; /* what it is made of, one at least */
} forms[] = {
	{ KIND_FIRST, KIND_BEGIN, KIND_BEGIN, "", DIGITS },
	{ KIND_NUMBER, KIND_NUMBER, KIND_FIRST, ".", DIGITS },
	{ KIND_LETTER, KIND_NUMBER, KIND_FIRST, "", LETTERS },
	{ KIND_SUFFIX, KIND_COUNT, KIND_FIRST, "_", LETTERS },
	{ KIND_COUNT, KIND_SUFFIX, KIND_SUFFIX, "", DIGITS },
	{ KIND_HASH, KIND_COUNT, KIND_FIRST, "~", DIGITS "abcdef" },
	{ KIND_RELEASE, KIND_HASH, KIND_FIRST, "-r", DIGITS },
};

/* The oldest first. */
static const struct {
	const char *name;
	bool is_early;
} suffixes[] = {
	{ "alpha", true },
	{ "beta", true },
	{ "pre", true },
	{ "rc", true },
	{ "cvs", false },
	{ "svn", false },
	{ "git", false },
	{ "hg", false },
	{ "p", false },
};

enum { SUFFIXES = sizeof(suffixes) / sizeof(*suffixes) };

struct part {
	enum kind kind;
	struct word text; /* without what it begins with */
	size_t suffix; /* which one */
};

/* A suffix, if there is one of that name. */
static bool
set_suffix(struct part *p)
{
	for (p->suffix = 0; p->suffix < SUFFIXES; p->suffix++) {
		if (word_is(p->text, suffixes[p->suffix].name)) {
			p->kind = suffixes[p->suffix].is_early ? KIND_EARLY
							       : KIND_SUFFIX;
			return true;
		}
	}
	return false;
}

/* The part at the begin of `rest`, if there is one. */
static bool
find(struct part *p, const char *rest, enum kind before)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		const struct form *o = &forms[i];
		const size_t head = strlen(o->head);

		if (before < o->first || before > o->last ||
		    strncmp(rest, o->head, head) != 0)
			continue;
		p->kind = o->kind;
		p->text.s = rest + head;
		p->text.len = strspn(p->text.s, o->bytes);
		if (p->kind == KIND_LETTER && p->text.len > 0)
			p->text.len = 1;
		if (p->text.len > 0)
			return p->kind != KIND_SUFFIX || set_suffix(p);
	}
	return false;
}

/* Cut off the part that stands behind one of that kind. */
static struct part
cut(const char **rest, enum kind before)
{
	struct part p = { 0 };

	if (!find(&p, *rest, before)) {
		p.kind = **rest == '\0' ? KIND_END : KIND_REST;
		p.text = (struct word){ *rest, strlen(*rest) };
	}
	*rest = p.text.s + p.text.len;
	return p;
}

static int
sign(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int
compare_bytes(struct word a, struct word b)
{
	const int r = memcmp(a.s, b.s, a.len < b.len ? a.len : b.len);

	return r != 0 ? r : sign(a.len, b.len);
}

static struct word
without_zeros(struct word w)
{
	while (w.len > 0 && *w.s == '0') {
		w.s++;
		w.len--;
	}
	return w;
}

static int
compare_numbers(struct word a, struct word b)
{
	const struct word x = without_zeros(a), y = without_zeros(b);

	return x.len != y.len ? sign(x.len, y.len) : compare_bytes(x, y);
}

/* Two of the same kind. */
static int
compare_parts(const struct part *a, const struct part *b)
{
	switch (a->kind) {
	case KIND_EARLY:
	case KIND_SUFFIX:
		return sign(a->suffix, b->suffix);
	case KIND_NUMBER:
		if (*a->text.s == '0' || *b->text.s == '0')
			return compare_bytes(a->text, b->text);
		return compare_numbers(a->text, b->text);
	case KIND_FIRST:
	case KIND_COUNT:
	case KIND_RELEASE:
		return compare_numbers(a->text, b->text);
	case KIND_REST:
	case KIND_HASH:
	case KIND_LETTER:
		return compare_bytes(a->text, b->text);
	case KIND_END:
	case KIND_BEGIN:
		break;
	}
	return 0;
}

int
version_compare(const char *a, const char *b)
{
	const char *x = a, *y = b;
	enum kind before = KIND_BEGIN;

	while (before != KIND_END && before != KIND_REST) {
		const struct part p = cut(&x, before), q = cut(&y, before);
		const int r = p.kind != q.kind ? sign(p.kind, q.kind)
					       : compare_parts(&p, &q);

		if (r != 0)
			return r;
		before = p.kind == KIND_EARLY ? KIND_SUFFIX : p.kind;
	}
	return strcmp(a, b);
}
