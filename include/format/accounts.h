/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * accounts - the users or the groups of a machine, and some that it lacks
 *
 * A copy of passwd(5) or group(5), to which names can be added that need no
 * account on this machine; who is given the copy to read resolves them all.
 *
 *	struct accounts users = { .kind = ACCOUNTS_USERS };
 *	accounts_parse(&users, text, len, f);
 *	accounts_add(&users, "www", gid, f);
 *	... users.text is the file to show
 *	name = accounts_name(&users, 82);
 *	accounts_release(&users);
 */
#ifndef FORMAT_ACCOUNTS_H
#define FORMAT_ACCOUNTS_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;

enum accounts_kind { ACCOUNTS_USERS, ACCOUNTS_GROUPS };

enum {
	ACCOUNTS_FIRST = 999, /* where looking for a free number begins */
	ACCOUNTS_LAST = 100, /* and where it ends */
};

struct account {
	const char *name; /* in the arena */
	uint32_t id;
};

/* Starts life with just its kind. */
struct accounts {
	enum accounts_kind kind;
	struct arena arena;
	struct buf text; /* the file, with what was added */
	struct account *items; /* owned; in the order of the file */
	size_t count, cap;
	size_t added; /* how many of them are not the machine's */
};

void accounts_release(struct accounts *a);

/*
 * Take over the bytes of a passwd or group file.  Lines that are none (comments,
 * "+" of old NIS, too few fields, no number) are kept in the text and otherwise
 * passed over.  A last line without newline gets one.
 */
int accounts_parse(
    struct accounts *a, const char *bytes, size_t len, struct fault *f);

/* Find by name, the first that has it; false if there is none. */
bool accounts_find(const struct accounts *a, const char *name, uint32_t *id);

/*
 * The first name of an account with that number that a package can have
 * (format/owner.h), or NULL.
 */
const char *accounts_name(const struct accounts *a, uint32_t id);

/*
 * Add an account unless there is one of that name, which keeps its number.  A
 * new one gets the first number from ACCOUNTS_FIRST down to ACCOUNTS_LAST that
 * neither this list nor `other` (may be NULL) has.  A user's group is the group
 * of `other` with the same name, else OWNER_NOBODY.  FAULT_INPUT if the name is
 * none (format/owner.h) or all numbers are taken.
 */
int accounts_add(struct accounts *a, const char *name,
    const struct accounts *other, struct fault *f);

#endif
