/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layout - the packages of one build, and how a packager names them
 *
 * Either the ones that the caller lists, or all that an abuild has under pkg/
 * beside its APKBUILD, whenever they appear.
 *
 *	struct layout l = { 0 };
 *	if (layout_find_recipe(&l, ".", f) > 0) ...	... or layout_add()
 *	layout_update(&l, f);
 *	for (size_t i = 0; i < l.count; i++)
 *		use(&l.items[i]);
 *	layout_release(&l);
 */
#ifndef ENGINE_LAYOUT_H
#define ENGINE_LAYOUT_H

#include "format/apkbuild.h"

#include <stdbool.h>
#include <stddef.h>

struct fault;

struct layout_package {
	char *root; /* owned; absolute, may not exist */
	char *control; /* owned; the same */
	const char
	    *spelling; /* "$pkgdir" in its quotes, or NULL for the root */
	bool is_subpackage; /* whose spelling is that of others, too */
};

/* Starts life as { 0 }. */
struct layout {
	struct layout_package *items; /* owned */
	size_t count, cap;
	char *startdir; /* owned; where the APKBUILD is, or NULL */
	struct apkbuild recipe; /* what it says */
};

void layout_release(struct layout *l);

enum { LAYOUT_RECIPE_MAX = 1024 * 1024 }; /* bytes of an APKBUILD */

/*
 * Look for an APKBUILD in `dir` and read it.  1 if there is one, which makes all
 * of pkg/ the packages, 0 if not, -1 on a fault.
 */
int layout_find_recipe(struct layout *l, const char *dir, struct fault *f);

/*
 * Add a package; neither directory need exist yet.  Without `control` it is the
 * one that abuild has for the root (engine/place.h).
 */
int layout_add(
    struct layout *l, const char *root, const char *control, struct fault *f);

/* Find the packages that an APKBUILD has by now. */
int layout_update(struct layout *l, struct fault *f);

/*
 * The package that an absolute path lies in, and in *rest the path below its
 * root; NULL if it is in none.
 */
const struct layout_package *layout_locate(
    const struct layout *l, const char *path, const char **rest);

/*
 * The names that a variable of the recipe lists, ended by NULL and allocated as
 * one: free(3) them.  A variable that is not there is an empty list, one that
 * cannot be known (format/apkbuild.h) too, with *is_unknown set.
 */
const char **layout_names(const struct layout *l, const char *variable,
    bool *is_unknown, struct fault *f);

#endif
