/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * catalog - the packages and recipes that some operands stand for
 *
 *	struct catalog c = { 0 };
 *	catalog_add(&c, "x86_64", f); ...
 *	... c.files[0 ... c.count - 1].name
 *	catalog_release(&c);
 *
 * A directory stands for all files below it whose names end in .apk, and with
 * `has_recipes` for those that are called APKBUILD, bytewise sorted; anything else
 * for itself, whether it is there or not.  Symbolic links are followed to files, and
 * to the directory that is an operand, but to no directory below it.
 *
 * A directory that cannot be read or searched stands in the place of what is below
 * it, with the reason, and the rest goes on.
 */
#ifndef ENGINE_CATALOG_H
#define ENGINE_CATALOG_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct fault;

struct catalog_file {
	const char *name;
	const char *why; /* it cannot be read, for this reason; else NULL */
};

struct catalog {
	bool has_recipes; /* the caller's wish */
	struct arena arena; /* holds the names */
	struct catalog_file *files; /* owned; in the order of the operands */
	size_t count, cap;
};

void catalog_release(struct catalog *c);

/* Add what an operand stands for. */
int catalog_add(struct catalog *c, const char *operand, struct fault *f);

/* The file is called APKBUILD, in whatever directory. */
bool catalog_is_recipe(const char *file);

#endif
