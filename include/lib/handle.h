/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * handle - what is behind the opaque names of amtree.h
 *
 * The floor lib is for programs what cmd is for people: a thin one, over engine.  It
 * does not print, exit, or read the environment.  Its modules export what amtree.h
 * declares, and this header is for themselves only.
 */
#ifndef LIB_HANDLE_H
#define LIB_HANDLE_H

#include "amtree.h"
#include "base/fault.h"
#include "base/notice.h"
#include "engine/build.h"
#include "engine/merge.h"
#include "engine/override.h"
#include "engine/tree.h"

#include <stdbool.h>

struct amtree_entry {
	const struct entry *entry;
	const struct xattr *caps; /* NULL: none */
	unsigned binds, recorded; /* sets of enum amtree_keyword */
};

struct amtree {
	struct merge_options merge;
	struct merge_package
	    *siblings; /* owned, as are all strings of packages */
	char *journal; /* owned */
	struct build_options build;
	struct notice notice;
	struct fault fault; /* of the last call */

	/* What was loaded: of tree and set one is in use. */
	struct tree tree;
	struct override_set set;
	struct amtree_entry *entries; /* owned; one for each of theirs */
	size_t count;
	bool is_merged;
};

/* A call begins, and what the last one had to say is over. */
static inline struct fault *
handle_begin(struct amtree *a)
{
	a->fault = (struct fault){ 0 };
	return &a->fault;
}

/* Let go of what was loaded. */
void handle_unload(struct amtree *a);

#endif
