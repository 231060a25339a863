/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders - packages that the files of another may have been moved from
 *
 * What such a package says of a file's mode is in force where that file is now
 * (see engine/merge), and so is what a symbolic mode is relative to:
 *
 *	struct senders s = { 0 };
 *	if (senders_open(&s, &package, f) == 0)
 *		senders_lay_mode(&s, &entry, own, f);
 *	senders_close(&s);
 *
 * They are the siblings of a package (engine/siblings).  That two of them claim
 * one file is for the merger to say.
 */
#ifndef ENGINE_SENDERS_H
#define ENGINE_SENDERS_H

#include "base/arena.h"
#include "engine/siblings.h"

#include <stddef.h>

struct entry;
struct fault;
struct merge_package;
struct package;
struct spec;

/* Starts life as { 0 }. */
struct senders {
	struct siblings siblings;
	struct package *packages; /* owned; all but the package itself */
	size_t count;
	struct arena arena; /* strings of their overrides */
};

/* Find the siblings of the package, and read what they say. */
int senders_open(
    struct senders *s, const struct merge_package *package, struct fault *f);

void senders_close(struct senders *s);

/*
 * Give the entry, a file in the package's tree, the mode that was said of it
 * where it has been moved from, unless `own`, which may be NULL, has said it
 * and goes before that.
 */
int senders_lay_mode(const struct senders *s, struct entry *e,
    const struct spec *own, struct fault *f);

#endif
