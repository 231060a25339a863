/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pairing - which package of one repository goes with which of another
 *
 * Packages go together that have the same name and architecture.  Of several
 * versions, those that are in both go together; of what is left, the newest with
 * the newest (format/version.h), and so on.
 *
 *	struct pairing p = { 0 };
 *	pairing_add(&p, 0, &package, f); ...	(0 and 1: the two repositories)
 *	pairing_make(&p, f);
 *	... p.pairs[0 ... p.pair_count - 1]
 *	pairing_release(&p);
 *
 * Pure: strings in, pairs out, in the order of name, architecture and version,
 * whatever the order they came in.
 */
#ifndef ENGINE_PAIRING_H
#define ENGINE_PAIRING_H

#include "base/arena.h"

#include <stddef.h>

struct fault;

struct pairing_package {
	const char *name, *arch, *version, *file;
};

/* One that is in one repository alone has NULL on the other side. */
struct pairing_pair {
	const struct pairing_package *sides[2];
};

struct pairing_list {
	struct pairing_package *items; /* owned */
	size_t count, cap;
};

struct pairing {
	struct arena arena; /* holds the strings */
	struct pairing_list lists[2];
	struct pairing_pair *pairs; /* owned */
	size_t pair_count;
};

void pairing_release(struct pairing *p);

/* Add a copy of a package to one of the repositories. */
int pairing_add(struct pairing *p, int side,
    const struct pairing_package *package, struct fault *f);

/* All are there: sort them, and make the pairs. */
int pairing_make(struct pairing *p, struct fault *f);

#endif
