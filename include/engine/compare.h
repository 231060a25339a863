/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * compare - all in which two packages differ
 *
 * Pure: what was read of both goes in, differences come out; a join of sorted
 * arrays, n log n at most.
 *
 *	const struct compare_side a = { .tree = &t, .info = &i }, b = ...;
 *	compare_sides(&ds, &a, &b, f);
 *
 * The order of the entries does not matter, but how often a path is there does
 * (DIFFERENCE_DUPLICATE); the first of each is compared with the first, and so on,
 * what is left over with the last.
 *
 * Hard links: two names that are one file in one package, and two files in the
 * other, are a DIFFERENCE_LINK of the name that comes later.  Which of the names
 * has the contents in the archive does not matter, nor do names that only one of
 * the packages has.
 */
#ifndef ENGINE_COMPARE_H
#define ENGINE_COMPARE_H

struct differences;
struct fault;
struct pkginfo;
struct tree;

struct compare_side {
	const struct tree *tree; /* sorted; links as links.h and cargo.h say */
	const struct tree *control; /* sorted; NULL: not known */
	const struct pkginfo *info; /* sorted; NULL: not known */
};

/*
 * Add how `b` differs from `a`, sorted.  Control files and .PKGINFO are compared
 * if both are known.  Of .PKGINFO each key is a set of values; datahash and
 * builddate, which differ whenever anything does, do not count.
 */
int compare_sides(struct differences *ds, const struct compare_side *a,
    const struct compare_side *b, struct fault *f);

#endif
