/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * merge - the default, with all overrides laid over it
 *
 * Takes a package's tree as it is on disk, everything root:root, and lays over
 * it what was recorded of its files, what its control directory says, and what the
 * control directories of its siblings say about files that were moved here.  What
 * comes out is the package, entry by entry, in its order: a tree to be listed
 * (format/manifest.h) or packed (engine/pack.h).
 *
 *	struct tree t = TREE_INIT;
 *	const struct merge_options o = {
 *		.package = { "pkg/foo", "pkg/.control.foo" } };
 *	if (merge_load(&t, &o, f) < 0) ...
 *	tree_release(&t);
 *
 * A missing file, a contradiction, a broken line: each is a fault that names
 * file and line.
 */
#ifndef ENGINE_MERGE_H
#define ENGINE_MERGE_H

#include "engine/claim.h"
#include "engine/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;
struct notice;

/* A package of this build: its tree and its control directory. */
struct merge_package {
	const char *root;
	const char *control; /* NULL: it has no overrides */
};

/* The last second that a tar header can hold in eleven octal digits; a macro, for
 * it is more than an int. */
#define MERGE_EPOCH_MAX (((int64_t)1 << 33) - 1)

struct merge_options {
	struct merge_package package;
	const struct merge_package *siblings; /* all others of the build */
	size_t sibling_count;
	const char *journal; /* what amtree-run has recorded; NULL: none */
	const char
	    *manifest; /* a merged file in place of the above; - is stdin */
	const char *names; /* NUL-terminated names, one behind the other, in
			    * place of a walk; NULL: walk */
	size_t names_len;
	const struct notice *notice; /* may be NULL */
	bool has_epoch; /* all times are `epoch` */
	int64_t epoch; /* seconds, 0 to MERGE_EPOCH_MAX; SOURCE_DATE_EPOCH */
};

/*
 * Fill in `t`, which stays open for reading its files.  It is to be released
 * after a fault, too.
 *
 * Hard links are one file: an override of one name counts for all names, and
 * two that disagree are a fault.  A created object's directory has to be there.
 */
int merge_load(struct tree *t, const struct merge_options *o, struct fault *f);

/*
 * Look for everything that is wrong with the package's own overrides, not just
 * the first.  Each finding goes to `notice` as "FILE:LINE: what"; returns how
 * many there were, or -1 on a fault that kept us from looking.
 */
int merge_check(const struct merge_options *o, struct fault *f);

/* What is asked of one path, and what was claimed of it. */
struct merge_trace {
	const char *path; /* canonical */
	struct claim_list claims; /* of all names of its file, as they came */
};

/*
 * Merge, but with the overrides of one file alone, whatever may be wrong with
 * others.  The strings of the claims live as long as the tree; the list is to be
 * released after a fault, too.  It is none if there is no such path.
 */
int merge_trace(struct tree *t, const struct merge_options *o,
    struct merge_trace *trace, struct fault *f);

#endif
