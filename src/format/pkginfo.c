/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/pkginfo.h"

#include "base/fault.h"
#include "base/grow.h"

#include <stdlib.h>
#include <string.h>

enum { BETWEEN_LEN = 3 };

static const char between[] = " = ";

void
pkginfo_release(struct pkginfo *p)
{
	arena_release(&p->arena);
	free(p->lines);
	*p = (struct pkginfo){ 0 };
}

static int
grow(struct pkginfo *p, struct fault *f)
{
	struct pkginfo_line *lines;

	if (p->count == PKGINFO_LINES_MAX)
		return fault_set(f, FAULT_INPUT,
		    ".PKGINFO has more than %d lines", PKGINFO_LINES_MAX);
	lines = grow_array(p->lines, &p->cap, sizeof(*lines), "lines", f);
	if (lines == NULL)
		return -1;
	p->lines = lines;
	return 0;
}

static int
parse_line(struct pkginfo *p, const char *s, size_t len, struct fault *f)
{
	const char *equals = memmem(s, len, between, BETWEEN_LEN);
	struct pkginfo_line line;
	const char *value;

	if (equals == NULL || equals == s || *s == '#')
		return 0;
	if ((p->count == p->cap || p->count == PKGINFO_LINES_MAX) &&
	    grow(p, f) < 0)
		return -1;
	value = equals + BETWEEN_LEN;
	line.key = arena_string(&p->arena, s, (size_t)(equals - s), f);
	line.value =
	    arena_string(&p->arena, value, (size_t)(s + len - value), f);
	if (line.key == NULL || line.value == NULL)
		return -1;
	p->lines[p->count++] = line;
	return 0;
}

int
pkginfo_parse(struct pkginfo *p, const char *bytes, size_t len, struct fault *f)
{
	const char *s = bytes, *end = s + len;

	while (s < end) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));

		if (stop == NULL)
			stop = end;
		if (parse_line(p, s, (size_t)(stop - s), f) < 0)
			return -1;
		s = stop + (stop < end);
	}
	return 0;
}

const char *
pkginfo_value(const struct pkginfo *p, const char *key)
{
	for (size_t i = p->count; i > 0; i--) {
		if (strcmp(p->lines[i - 1].key, key) == 0)
			return p->lines[i - 1].value;
	}
	return NULL;
}

static int
compare(const void *a, const void *b)
{
	const struct pkginfo_line *x = a, *y = b;
	const int r = strcmp(x->key, y->key);

	return r != 0 ? r : strcmp(x->value, y->value);
}

void
pkginfo_sort(struct pkginfo *p)
{
	if (p->count > 0)
		qsort(p->lines, p->count, sizeof(*p->lines), compare);
}
