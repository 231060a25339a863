/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * side - one of the two that are compared, contents and all
 *
 * A package file or archive is read as engine/apk.h has it.  The tree of a package
 * is what amtree-build(1) would make of it (engine/merge.h), with the digests of
 * its contents; what its .PKGINFO and scripts say is taken from its control
 * directory, if abuild has already put a .PKGINFO there.
 *
 *	struct side s = SIDE_INIT;
 *	side_load_file(&s, "foo.apk", f);
 *	... s.apk.findings says whether it could be read
 *	view = side_view(&s);
 *	side_release(&s);
 */
#ifndef ENGINE_SIDE_H
#define ENGINE_SIDE_H

#include "engine/apk.h"
#include "engine/compare.h"

#include <stdbool.h>

struct fault;
struct merge_options;

struct side {
	struct apk apk; /* of a tree: its entries, .PKGINFO and scripts */
};

/* clang-format off */
#define SIDE_INIT { .apk = APK_INIT }
/* clang-format on */

/* What is wrong with the file is a finding, not a fault; then it has no tree. */
int side_load_file(struct side *s, const char *file, struct fault *f);

/* What is wrong with a tree or its overrides is a fault. */
int side_load_tree(
    struct side *s, const struct merge_options *o, struct fault *f);

/* It can be compared. */
bool side_is_whole(const struct side *s);

/* What there is to compare, borrowed from it. */
struct compare_side side_view(const struct side *s);

void side_release(struct side *s);

#endif
