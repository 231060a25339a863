/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * apkbuild - the variables of an APKBUILD, read without running it
 *
 * An APKBUILD is a shell script; running it to learn two lists of names would be
 * slow, and dangerous for programs that look at recipes of strangers.  This reads
 * assignments at the top level:
 *
 *	pkgname=foo
 *	pkgusers="$pkgname ${pkgname}-log"
 *	pkggroups="www
 *		mail"
 *
 * with double, single and no quotes, backslashes, line continuations, += and
 * variables that were assigned before ($name, ${name}).  An assignment that is
 * not always made (in a function or a conditional, see format/script.h) is
 * passed over, and one whose value needs more than that to be known (a command,
 * ~, ${name%pattern}, an unknown variable) makes the variable unknown.
 */
#ifndef FORMAT_APKBUILD_H
#define FORMAT_APKBUILD_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct fault;

/*
 * What variables may bring into the values of others, in bytes and all in all,
 * so that no script can grow without end; behind that, such values are unknown.
 */
enum { APKBUILD_EXPANSION_MAX = 1024 * 1024 };

struct apkbuild_variable {
	const char *name; /* in the arena */
	const char *value; /* in the arena; NULL if it cannot be known */
	unsigned line; /* of its last assignment, from 1 */
};

/* Starts life as { 0 }. */
struct apkbuild {
	struct arena arena;
	struct apkbuild_variable *variables; /* owned; in order of appearance */
	size_t count, cap;
};

void apkbuild_release(struct apkbuild *a);

/*
 * Read the bytes of an APKBUILD, whatever they are.  Only lack of memory is a
 * fault: what is no assignment is passed over.
 */
int apkbuild_parse(
    struct apkbuild *a, const char *bytes, size_t len, struct fault *f);

/* The variable of that name, or NULL if it is not assigned at all. */
const struct apkbuild_variable *apkbuild_find(
    const struct apkbuild *a, const char *name);

#endif
