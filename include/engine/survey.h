/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * survey - files on disk, as entries of a tree
 *
 * Looks below the root of a tree without ever leaving it (no symbolic link is
 * followed, whatever is swapped in meanwhile) and gives each file an entry that
 * belongs to root:root, whoever owns it on disk.
 *
 *	static const struct survey_options o = { .is_package = true };
 *	if (survey_walk(&tree, "", &o, f) < 0)
 *		...
 *
 * Entries come in no order (tree_sort()).  Descriptors: a few, however deep the
 * tree.
 */
#ifndef ENGINE_SURVEY_H
#define ENGINE_SURVEY_H

#include <stdbool.h>

struct fault;
struct notice;
struct tree;

struct survey_options {
	const struct notice *notice; /* hears what is left out */
	bool has_xattrs; /* read extended attributes too */
	bool is_package; /* leave out what no package can have */
	bool leaves_sockets; /* named ones, too */
};

/*
 * Add everything below canonical directory `dir` ("" is the root), but not `dir`
 * itself.  Of a package, sockets and names at the top that begin with a dot are
 * left out, with a notice.  All other things are a fault if they cannot be
 * read, or if their path exceeds PATH_LIMIT.
 */
int survey_walk(struct tree *t, const char *dir, const struct survey_options *o,
    struct fault *f);

/*
 * Add one file by its canonical path.  1 if it was added, 0 if it is not there
 * (or something on the way is no directory), -1 on a fault.  A socket is
 * one, or is left out with a notice (1), as the options say.
 */
int survey_add(struct tree *t, const char *path, const struct survey_options *o,
    struct fault *f);

#endif
