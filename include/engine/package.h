/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * package - one package of a build: its tree's root and its overrides
 *
 * Merging looks at several: the one that is merged and its siblings, between
 * which a split function may have moved files.
 */
#ifndef ENGINE_PACKAGE_H
#define ENGINE_PACKAGE_H

#include "engine/override.h"

#include <stddef.h>

struct buf;
struct fault;

struct package {
	const char *root; /* as it was given, for messages */
	int rootfd; /* O_PATH; -1: not open */
	struct override_set set; /* settled */
};

/* clang-format off */
#define PACKAGE_INIT { .rootfd = -1 }
/* clang-format on */

/* Open the root and read the overrides; without `control` there are none. */
int package_open(
    struct package *p, const char *root, const char *control, struct fault *f);

/* True if both have one root, however it is spelt. */
bool package_is_same(const struct package *a, const struct package *b);

/* Close it; `heir` takes over the strings of the overrides. */
void package_close(struct package *p, struct arena *heir);

/*
 * 1 if something has that canonical path below the root, directories that their
 * owner may not enter notwithstanding; 0 if nothing has; -1 on a fault.
 */
int package_has(const struct package *p, const char *path, struct fault *f);

/*
 * Append to `roots` those of `count` packages that have `path`, but for
 * `except`, parted by ", " and NUL-terminated.  Returns how many, -1 on a fault.
 */
int package_holders(const struct package *packages, size_t count,
    const char *path, const struct package *except, struct buf *roots,
    struct fault *f);

#endif
