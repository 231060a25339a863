/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pkginfo - the lines of a .PKGINFO, which says what a package is
 *
 * "KEY = VALUE", one a line; a key may be there several times (depend, provides).
 * Comments (#) and lines of another form count for nothing.
 *
 *	struct pkginfo p = { 0 };
 *	pkginfo_parse(&p, bytes, len, f);
 *	name = pkginfo_value(&p, "pkgname");
 *	pkginfo_release(&p);
 */
#ifndef FORMAT_PKGINFO_H
#define FORMAT_PKGINFO_H

#include "base/arena.h"

#include <stddef.h>

struct fault;

enum { PKGINFO_LINES_MAX = 100000 };

struct pkginfo_line {
	const char *key, *value; /* a value ends at a NUL, if there is one */
};

struct pkginfo {
	struct arena arena; /* holds the strings */
	struct pkginfo_line *lines; /* owned; in their order */
	size_t count, cap;
};

/*
 * Read the lines into an empty one.  FAULT_INPUT, with those before it read, if
 * there are more than PKGINFO_LINES_MAX.
 */
int pkginfo_parse(
    struct pkginfo *p, const char *bytes, size_t len, struct fault *f);
void pkginfo_release(struct pkginfo *p);

/* The last value of a key, which is the one that apk takes; NULL if there is none. */
const char *pkginfo_value(const struct pkginfo *p, const char *key);

/* Sort by key, then by value, bytewise. */
void pkginfo_sort(struct pkginfo *p);

#endif
