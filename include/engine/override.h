/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * override - what a control directory's .mtree says about its package
 *
 * Entries are kept in the order of the file until override_settle() folds all
 * that concern one path into one: they add up keyword by keyword, the later
 * winning, and only the keywords that an entry binds count (format/mtree.h).
 *
 *	struct override_set set = { 0 };
 *	if (override_load(&set, file, f) < 0 || override_settle(&set, f) < 0)
 *		...
 *	spec = override_find(&set, "var/cache/distfiles");
 *	override_release(&set);
 */
#ifndef ENGINE_OVERRIDE_H
#define ENGINE_OVERRIDE_H

#include "base/arena.h"
#include "format/keyword.h"

struct fault;

struct override_set {
	struct arena arena; /* holds the strings of the specs */
	struct spec *specs; /* owned */
	size_t count, cap;
	const char *file; /* its name, for messages */
};

void override_release(struct override_set *set);

/* Read all entries of a file, borrowed and open at its start. */
int override_read(
    struct override_set *set, int fd, const char *file, struct fault *f);

/* Open and read a file; one that does not exist is an empty set. */
int override_load(struct override_set *set, const char *file, struct fault *f);

/* Fold the entries of each path into one, and sort by path. */
void override_settle(struct override_set *set);

/* What a settled set says about a path; NULL for nothing. */
const struct spec *override_find(
    const struct override_set *set, const char *path);

/* Lay what `over` binds over `under`, which then binds it too. */
void override_fold(struct spec *under, const struct spec *over);

/* The lowest keyword that both bind to different values; 0 for none. */
unsigned override_conflict(const struct spec *a, const struct spec *b);

/* True if the spec can make its object: a type is bound, and not a file's. */
bool override_creates(const struct spec *s);

/*
 * Give the entry what the spec binds, and mark it as changed if that differs
 * from what it had.  FAULT_INPUT, without a name in front, for what cannot be:
 * another type than the one that is declared, capabilities of a directory.
 */
int override_apply(struct entry *e, const struct spec *s, struct arena *arena,
    struct fault *f);

#endif
