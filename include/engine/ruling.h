/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ruling - what a package has and may not have
 *
 *	struct ruling r = { 0 };
 *	if (ruling_judge(&r, &apk, "foo-1-r0.apk", &policy, f) < 0) ...
 *	... r.charges[0 ... r.count - 1]
 *	ruling_release(&r);
 *
 * Each account is one charge, however many entries have it; of all else each
 * entry is one.  Accounts come first, users before groups, by name; then the
 * entries as they stand in the package.
 */
#ifndef ENGINE_RULING_H
#define ENGINE_RULING_H

#include "base/arena.h"
#include "format/policy.h"

#include <stddef.h>

struct apk;
struct fault;

struct ruling_charge {
	struct policy_claim claim; /* its path is that of the first entry */
	size_t first; /* that entry's place in the package */
	size_t entries; /* how many have that account; else 1 */
};

/* Starts life as { 0 }; borrows from the package. */
struct ruling {
	struct arena arena; /* holds numbers and devices as text */
	struct ruling_charge *charges; /* owned */
	size_t count, cap;
};

/*
 * Judge a package by a policy; NULL is one that allows nothing.  Where no
 * .PKGINFO gives a name, that of the file, without directories, is the package's.
 */
int ruling_judge(struct ruling *r, const struct apk *a, const char *file,
    const struct policy *p, struct fault *f);

void ruling_release(struct ruling *r);

#endif
