/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * origins - all that is said of one file of a package, the word that counts first
 *
 * A merge folds it all into one entry; here it stays apart, line by line and record
 * by record, for who asks where an owner came from.
 *
 *	struct origins all = ORIGINS_INIT;
 *	if (origins_load(&all, &o, "usr/bin/su", f) < 0) ...
 *	for (at = 0; (from = origins_next(&all, KEYWORD_USER, &at)) != NULL;)
 *		...	from->file, from->spec.line say so, and what comes is overridden
 *	origins_release(&all);
 *
 * What the first origin says of a keyword is what the merged entry has, and if there
 * is none, the entry has what it has without overrides.
 */
#ifndef ENGINE_ORIGINS_H
#define ENGINE_ORIGINS_H

#include "engine/claim.h"
#include "engine/merge.h"
#include "format/keyword.h"

struct fault;

struct origin {
	enum claim_rank rank;
	const char *file; /* the override file or the journal */
	struct spec spec; /* of one line; path and line number, too */
};

struct origins {
	struct tree merged; /* holds most strings */
	struct tree disk; /* the file alone, without overrides */
	struct arena arena; /* the strings of the lines */
	struct origin *items; /* owned; what counts first, first */
	size_t count, cap;
	const struct entry *entry; /* as a package gets it */
	const struct entry *found; /* on disk; NULL if it is to be created */
};

/* clang-format off */
#define ORIGINS_INIT { .merged = TREE_INIT, .disk = TREE_INIT }
/* clang-format on */

void origins_release(struct origins *all);

/*
 * Find out all about a canonical path.  FAULT_INPUT if the package has no such
 * entry, or if overrides of this file contradict each other; what is wrong with
 * others does not matter.  Of a hard-linked file the lines of all names count.
 */
int origins_load(struct origins *all, const struct merge_options *o,
    const char *path, struct fault *f);

/*
 * The next origin that binds the keyword, from *at, which begins as 0; NULL behind
 * the last.  Those that a merge passes over, such as the mode of a symbolic link,
 * are none.
 */
const struct origin *origins_next(
    const struct origins *all, enum keyword_bit keyword, size_t *at);

#endif
