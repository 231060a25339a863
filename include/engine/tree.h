/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree - the entries of a directory tree, as they are on disk
 *
 * Walks below a root without ever leaving it (no symbolic link is followed,
 * whatever is swapped in meanwhile) and gives each file an entry that belongs to
 * root:root, whoever owns it on disk.
 *
 *	struct tree t = TREE_INIT;
 *	if (tree_open(&t, "pkg/foo", f) < 0 || tree_walk(&t, "", &o, f) < 0)
 *		...
 *	tree_sort(&t);
 *	for (size_t i = 0; i < t.count; i++)
 *		use(&t.entries[i]);
 *	tree_release(&t);
 *
 * Memory: an entry, its path and a third of both for sorting; descriptors: a
 * few, however deep the tree.
 */
#ifndef ENGINE_TREE_H
#define ENGINE_TREE_H

#include "base/arena.h"
#include "format/entry.h"

struct fault;
struct notice;

struct tree {
	struct arena arena; /* holds all strings of the entries */
	struct entry *entries; /* owned */
	size_t count, cap;
	const char *root; /* as it was given, for messages */
	int rootfd; /* O_PATH; -1: not open */
};

/* clang-format off */
#define TREE_INIT { .rootfd = -1 }
/* clang-format on */

struct tree_options {
	const struct notice *notice; /* hears what is left out */
	bool has_xattrs; /* read extended attributes too */
	bool is_package; /* leave out what no package can have */
	bool leaves_sockets; /* named ones, too */
};

/* Name the root, which must be a directory. */
int tree_open(struct tree *t, const char *root, struct fault *f);
void tree_release(struct tree *t);

/*
 * Add everything below canonical directory `dir` ("" is the root), but not `dir`
 * itself.  Of a package, sockets and names at the top that begin with a dot are
 * left out, with a notice.  All other things are a fault if they cannot be
 * read, or if their path exceeds PATH_LIMIT.
 */
int tree_walk(struct tree *t, const char *dir, const struct tree_options *o,
    struct fault *f);

/*
 * Add one file by its canonical path.  1 if it was added, 0 if it is not there
 * (or something on the way is no directory), -1 on a fault.  A socket is
 * one, or is left out with a notice (1), as the options say.
 */
int tree_add(struct tree *t, const char *path, const struct tree_options *o,
    struct fault *f);

/* Add an empty entry, root:root, for the caller to fill in; NULL on failure. */
struct entry *tree_append(struct tree *t, struct fault *f);

/* Sort bytewise by path, the order that a package has. */
void tree_sort(struct tree *t);

/* FAULT_INPUT if a sorted tree has a path twice. */
int tree_check_unique(const struct tree *t, struct fault *f);

/* Find by path in a sorted tree; NULL if there is none. */
struct entry *tree_find(const struct tree *t, const char *path);

#endif
