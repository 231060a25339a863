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

/* Lay what `over` binds over `under`, which then binds it too. */
void override_fold(struct spec *under, const struct spec *over);

/* The lowest keyword that both bind to different values; 0 for none. */
unsigned override_conflict(const struct spec *a, const struct spec *b);

/* The keywords (but for size) that are not the same in both. */
unsigned override_difference(const struct entry *a, const struct entry *b);

/*
 * True if the spec can make its object: a type is bound, not a file's, and was
 * not just recorded.
 */
bool override_creates(const struct spec *s);

/*
 * True if the spec makes the entry a device: a recording says that it is one, for
 * which an empty file stands on disk.
 */
bool override_is_device(const struct spec *s, const struct entry *e);

/*
 * Give the entry what the spec binds, and mark it as changed if that differs
 * from what it had.  FAULT_INPUT, without a name in front, for what cannot be:
 * another type than the one that is declared, capabilities of a directory; but
 * capabilities that were just recorded are passed over there.
 */
int override_apply(struct entry *e, const struct spec *s, struct arena *arena,
    struct fault *f);

#endif
