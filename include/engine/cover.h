/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cover - the directories whose owner `amtree -R` had better give to all below
 *
 *	for (i = 0; i < tree.count; i++)
 *		covers[i] = (struct cover){ &tree.entries[i], keywords[i] };
 *	cover_find(covers, tree.count);
 *	... amtree -R for each that is_top, then a line of its own for each that
 *	    is not cover_has_owners(): in the order of their paths
 *
 * A directory is a top if it needs an owner that -R from further up does not give
 * it, if most of what -R then hits needs just that owner, and all else that it
 * hits needs another one: what needs none is never touched.
 */
#ifndef ENGINE_COVER_H
#define ENGINE_COVER_H

#include "format/keyword.h"

#include <stdint.h>

/* In the place of an index: no top at all. */
#define COVER_NONE SIZE_MAX

enum { COVER_OWNERS = KEYWORD_USER | KEYWORD_GROUP };

/* One entry of a tree; the first two are for the caller to fill in. */
struct cover {
	const struct entry *entry;
	unsigned keywords; /* that have to be declared; see suggest.h */
	bool is_top;
	size_t above; /* the innermost top above it, whose -R hits it last */
};

/* Find the tops among the entries of a sorted tree. */
void cover_find(struct cover *covers, size_t count);

/*
 * True if the tops give `covers[at]` the owners that it needs.  They do not count
 * for what is to be created (KEYWORD_TYPE): it may not be there yet.
 */
bool cover_has_owners(const struct cover *covers, size_t at);

#endif
