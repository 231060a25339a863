/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * census - how many packages have what is not plain root:root
 *
 *	struct census one = { 0 }, all = { 0 };
 *	census_count(&one, &apk, f);	(in any thread)
 *	census_merge(&all, &one, f);
 *
 * Pure: what was read goes in, figures come out.  All of them are numbers of
 * packages but for `entries`, or numbers of recipes.  Merging gives the same in
 * any order, unless there are so many accounts that their names take more than
 * CENSUS_NAMES_MAX bytes: no further ones are kept then.
 */
#ifndef ENGINE_CENSUS_H
#define ENGINE_CENSUS_H

#include "base/arena.h"
#include "engine/findings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct apk;
struct aport;
struct entry;
struct fault;

/* What of an entry is not plain; bits. */
enum {
	CENSUS_USER = 1 << 0,
	CENSUS_GROUP = 1 << 1,
	CENSUS_SETID = 1 << 2,
	CENSUS_CAPS = 1 << 3,
	CENSUS_DEVICE = 1 << 4,
};

enum { CENSUS_NAMES_MAX = 4 * 1024 * 1024 };

/* A user or a group other than root, and in how many packages it is. */
struct census_account {
	const char *name; /* digits if it is a number */
	bool is_group, is_number;
	uint64_t packages;
};

/* Numbers of recipes. */
struct census_recipes {
	uint64_t read, broken;
	uint64_t pkgusers, pkggroups, both;
	uint64_t chown; /* or chgrp */
	uint64_t install, setcap;
	uint64_t any; /* of all these */
	uint64_t undeclared; /* of `any`, without pkgusers and pkggroups */
	uint64_t amtree;
};

struct census {
	uint64_t packages, broken, entries;
	uint64_t special; /* with anything at all that is not plain */
	uint64_t user, group, both, setid, caps, device;
	uint64_t number; /* with an owner that has a number and no name */
	struct census_recipes recipes;
	uint64_t findings[FINDINGS_KINDS]; /* numbers of files */
	struct arena arena; /* holds the names */
	size_t names; /* bytes of them */
	struct census_account *accounts; /* owned; users first, by name */
	size_t account_count;
	uint64_t more_accounts; /* that are not kept, once for each package */
};

void census_release(struct census *c);

/* Which CENSUS_* the entry has. */
unsigned census_marks(const struct entry *e);

/* Make an empty census that of one package. */
int census_count(struct census *c, const struct apk *a, struct fault *f);

/* Make an empty census that of one recipe. */
void census_count_recipe(struct census *c, const struct aport *a);

/* Add another's figures; `from` is empty then. */
int census_merge(struct census *c, struct census *from, struct fault *f);

#endif
