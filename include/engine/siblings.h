/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * siblings - the other packages of a build, found beside one of them
 *
 * abuild has the tree of each package in pkg/NAME and its control directory in
 * pkg/.control.NAME.  A split function may have moved files from one to another.
 */
#ifndef ENGINE_SIBLINGS_H
#define ENGINE_SIBLINGS_H

#include <stddef.h>

struct fault;
struct merge_package;

/* Starts life as { 0 }. */
struct siblings {
	struct merge_package *items; /* owned, strings too; sorted */
	size_t count, cap;
};

void siblings_release(struct siblings *s);

/*
 * Find those of the package: all of pkg/ that have both directories, itself too.
 * None if its own are not named as abuild names them.
 */
int siblings_find(
    struct siblings *s, const struct merge_package *package, struct fault *f);

#endif
