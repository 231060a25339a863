/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cargo - the entries of an archive, copied into a tree one by one
 *
 * What a tar entry has is borrowed, and a hard link is no more than a name; here
 * the strings get a place in the tree's arena, and the names of one file are
 * brought together in the end:
 *
 *	struct cargo c = { 0 };
 *	cargo_add(&c, &tree, tar_entry, f); ...
 *	cargo_tie(&c, &tree, f);
 *	cargo_release(&c);
 *
 * It counts the memory that this takes, so that the caller can put an end to it:
 * names repeated from one entry to the next are had once, and what arrays that
 * grow by doubling have too much is not counted.
 */
#ifndef ENGINE_CARGO_H
#define ENGINE_CARGO_H

#include <stddef.h>
#include <stdint.h>

struct fault;
struct tar_entry;
struct tree;

struct cargo {
	const char **targets; /* owned; of hard links, one an entry, or NULL */
	size_t cap;
	uint64_t bytes; /* that the entries take until now */
};

void cargo_release(struct cargo *c);

/*
 * Add a copy of the entry, behind those that are there.  A hard link has nlink 2,
 * for what it is worth.
 */
int cargo_add(struct cargo *c, struct tree *t, const struct tar_entry *e,
    struct fault *f);

/* Give the last entry of the tree its digest. */
int cargo_set_digest(
    struct cargo *c, struct tree *t, const char *hex, struct fault *f);

/*
 * All entries are there: give all names of one file the same number (`ino`, `dev`
 * 0), nlink 2, and what their own headers do not say: type, size, digest, link,
 * device, attributes.  Then sort by path, those of one path as they came.
 *
 * Of several entries with the target's name the last one before the link counts,
 * else the first behind it; a link without any keeps the name in `link`, its
 * nlink is 1.  Takes n log n.
 */
int cargo_tie(const struct cargo *c, struct tree *t, struct fault *f);

#endif
