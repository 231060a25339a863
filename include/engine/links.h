/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * links - which entries of a tree are names of one and the same file
 *
 *	struct links l = { 0 };
 *	if (links_load(&l, &tree, f) < 0) ...
 *	first = links_first(&l, &tree.entries[i]);
 *	links_release(&l);
 *
 * Only what the tree itself holds counts: a file with other names elsewhere is
 * as if it had one.
 */
#ifndef ENGINE_LINKS_H
#define ENGINE_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct entry;
struct fault;
struct tree;

struct link_name {
	uint64_t dev, ino;
	size_t index; /* of the entry in its tree */
};

struct links {
	struct link_name *names; /* owned; those of one file together, sorted */
	size_t count;
};

/* True if both entries, of one tree, are names of one file. */
bool links_are_one(const struct entry *a, const struct entry *b);

/* Look through a sorted tree, which must then keep its order. */
int links_load(struct links *l, const struct tree *t, struct fault *f);
void links_release(struct links *l);

/*
 * The index of the first entry that is a name of the same file; SIZE_MAX for a
 * file with one name.
 */
size_t links_first(const struct links *l, const struct entry *e);

/*
 * The names of one file after another: `*at` starts as 0 and moves behind the
 * group that is returned, of `*count` names; NULL at the end.
 */
const struct link_name *links_next(
    const struct links *l, size_t *at, size_t *count);

#endif
