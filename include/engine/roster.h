/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * roster - the accounts of this machine, and those that a package is to have
 *
 * Names that a recipe lists need not exist here.  They are added to copies of
 * passwd(5) and group(5), and a traced program that opens one of these files gets
 * the copy to read (engine/trap).
 */
#ifndef ENGINE_ROSTER_H
#define ENGINE_ROSTER_H

#include "format/accounts.h"

struct fault;
struct trap_file;

struct roster_options {
	const char *const *users; /* names that are to resolve; ends in NULL */
	const char *const *groups; /* either may be NULL */
};

struct roster {
	struct accounts users, groups; /* of the machine, and the added ones */
};

/* clang-format off */
#define ROSTER_INIT { \
	.users = { .kind = ACCOUNTS_USERS }, \
	.groups = { .kind = ACCOUNTS_GROUPS } }
/* clang-format on */

/*
 * Read the files and add the names.  `shown` says for users and for groups which
 * file has a copy, and its descriptor, if anything had to be added; it is the
 * caller's to close.
 */
int roster_load(struct roster *r, const struct roster_options *o,
    struct trap_file *shown, struct fault *f);

void roster_release(struct roster *r);

#endif
