/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * work - one merge under way, and the steps that its parts share
 *
 * What engine/merge begins and ends; not for others.
 */
#ifndef ENGINE_WORK_H
#define ENGINE_WORK_H

#include "engine/claim.h"
#include "engine/merge.h"
#include "engine/package.h"
#include "engine/recording.h"

#include <stdbool.h>

struct fault;
struct spec;

struct work {
	struct tree *tree;
	const struct merge_options *o;
	struct package own;
	struct package *siblings; /* owned */
	size_t sibling_count; /* without those that are ours */
	struct recording recording; /* of the journal, if there is one */
	struct claim_list claims;
	const char *only; /* NULL, or the path that all is about */
	bool has_created;
	bool goes_on; /* findings are told and counted; see merge_check() */
	int findings;
};

/*
 * Something is wrong with an override: -1 and the end of a merge, but only a
 * finding to a check, which goes on.
 */
int work_found(struct work *w, struct fault *f);

/* Fault: our override has no file; names the nearest. */
int work_missing(const struct work *w, const struct spec *s, struct fault *f);

/* What an override of `from` says counts for an entry. */
int work_claim(struct work *w, size_t index, const struct package *from,
    const struct spec *s, struct fault *f);

/* Add the object that an override of ours declares, behind all entries. */
int work_create(struct work *w, const struct spec *s, struct fault *f);

/* The directory that a created object lies in must be in the sorted tree. */
int work_check_parents(struct work *w, struct fault *f);

#endif
