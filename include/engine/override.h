/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * override - what a control directory's .mtree says about its package
 *
 * Entries are kept in the order of the file until override_settle() folds all
 * that concern one path into one: they add up keyword by keyword, the later
 * winning, and only the keywords that an entry binds count (format/note.h).
 * What was recorded is laid first, wherever it stands, so that what is explicit
 * wins over it.
 *
 *	struct override_set set = { 0 };
 *	if (override_load(&set, file, f) < 0)
 *		...
 *	override_settle(&set);
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

/* Before that: leave only the entries that were recorded. */
void override_keep_recorded(struct override_set *set);

/*
 * Fold the entries of each path into one, and sort by path.  An optional one
 * makes the path optional, but for a recorded one where others are explicit.
 */
void override_settle(struct override_set *set);

/* What a settled set says about a path; NULL for nothing. */
const struct spec *override_find(
    const struct override_set *set, const char *path);

#endif
