/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * claim - which override speaks for which entry
 *
 * Merging first finds out who claims what, then settles it, then applies it:
 * what is explicit goes before what was recorded, a package's own word before
 * that of the package a file was moved from, and all names of a hard-linked file
 * share what is said of any of them.
 */
#ifndef ENGINE_CLAIM_H
#define ENGINE_CLAIM_H

#include "base/arena.h"

#include <stddef.h>

struct fault;
struct spec;
struct tree;

/* Lower ranks are laid first, so the higher win. */
enum claim_rank {
	CLAIM_RECORDED_MOVED, /* the recorded part of a CLAIM_MOVED */
	CLAIM_RECORDED_OWN, /* and of a CLAIM_OWN */
	CLAIM_JOURNAL, /* what is known of this very file */
	CLAIM_MOVED,
	CLAIM_OWN,
};

struct claim {
	size_t index; /* of the entry in its tree */
	enum claim_rank rank;
	const struct spec *spec; /* borrowed, or in the list's arena */
	const char *file; /* where it stands, for messages */
};

/* Starts life as { 0 }. */
struct claim_list {
	struct arena arena; /* specs made of several */
	struct claim *items; /* owned */
	size_t count, cap;
	size_t sorted; /* how many of them are in order */
};

void claim_release(struct claim_list *list);

/*
 * Add a claim of rank CLAIM_JOURNAL, CLAIM_MOVED or CLAIM_OWN.  What was recorded
 * of the latter two becomes a claim of its own.
 */
int claim_add(
    struct claim_list *list, const struct claim *claim, struct fault *f);

/* Add all claims of another list, with specs of their own. */
int claim_copy(
    struct claim_list *list, const struct claim_list *from, struct fault *f);

/*
 * Leave one claim for each entry that has any, and the same one for all names of
 * a hard-linked file; a package's own word for one name goes before what came with
 * another that was moved.  FAULT_INPUT, naming both places, if two packages claim
 * one moved file, or recorded different things of it, or if two names of one file
 * are given different things.
 */
int claim_settle(
    struct claim_list *list, const struct tree *t, struct fault *f);

/* Give the entry what its claim says. */
int claim_apply(const struct claim *claim, struct tree *t, struct fault *f);

#endif
