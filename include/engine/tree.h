/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree - the entries of a directory tree, or of what stands for one
 *
 * An array, sorted by path once it is complete, and the root on disk that the paths
 * are below, if there is one (engine/survey.h).
 *
 *	struct tree t = TREE_INIT;
 *	if (tree_open(&t, "pkg/foo", f) < 0 || survey_walk(&t, "", &o, f) < 0)
 *		...
 *	tree_sort(&t);
 *	for (size_t i = 0; i < t.count; i++)
 *		use(&t.entries[i]);
 *	tree_release(&t);
 *
 * Memory: an entry, its path and a third of both for sorting.
 */
#ifndef ENGINE_TREE_H
#define ENGINE_TREE_H

#include "base/arena.h"
#include "format/entry.h"

struct fault;

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

/* Name the root, which must be a directory. */
int tree_open(struct tree *t, const char *root, struct fault *f);
void tree_release(struct tree *t);

/* Add an empty entry, root:root, for the caller to fill in; NULL on failure. */
struct entry *tree_append(struct tree *t, struct fault *f);

/* Sort bytewise by path, the order that a package has. */
void tree_sort(struct tree *t);

/* FAULT_INPUT if a sorted tree has a path twice. */
int tree_check_unique(const struct tree *t, struct fault *f);

/* Find by path in a sorted tree; NULL if there is none. */
struct entry *tree_find(const struct tree *t, const char *path);

#endif
