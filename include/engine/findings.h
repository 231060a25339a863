/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * findings - what is wrong with a package, or what apk would make of it
 *
 * A finding is data, not a fault: it has a kind, which other programs can go by,
 * the entry that it is about, and perhaps a detail.  Of each kind
 * FINDINGS_KEPT are kept and all are counted, so that a hostile package cannot
 * fill a terminal or the memory.
 *
 *	struct findings fs = { 0 };
 *	findings_add(&fs, FINDINGS_DUPLICATE, "usr/bin/x", NULL, f);
 *	... fs.list[0 ... fs.count - 1], fs.counts[kind]
 *	findings_release(&fs);
 */
#ifndef ENGINE_FINDINGS_H
#define ENGINE_FINDINGS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct fault;

enum {
	FINDINGS_KEPT = 20,
	FINDINGS_TEXT_MAX = 8192, /* bytes of a path or detail that are kept */
};

enum findings_kind {
	/* The file is not, or not all of, what it should be. */
	FINDINGS_UNREADABLE,
	FINDINGS_VERSION_3,
	FINDINGS_NO_ARCHIVE,
	FINDINGS_TRUNCATED,
	FINDINGS_CORRUPT,
	FINDINGS_EXTRA_MEMBER,
	FINDINGS_GARBAGE,
	FINDINGS_WRONG_ORDER,
	FINDINGS_NO_PKGINFO,
	FINDINGS_NO_DATAHASH,
	FINDINGS_WRONG_DATAHASH,
	FINDINGS_TOO_LARGE,
	FINDINGS_OPEN_SCRIPT,
	FINDINGS_BROKEN_END,

	/* It is, but apk would skip something, or trip over it. */
	FINDINGS_DOT_NAME = FINDINGS_BROKEN_END,
	FINDINGS_ODD_NAME,
	FINDINGS_CONTROL_CHARACTER,
	FINDINGS_DUPLICATE,
	FINDINGS_PARENT_ORDER,
	FINDINGS_LINK_ORDER,
	FINDINGS_LARGE_ID,
	FINDINGS_LARGE_FILE,
	FINDINGS_ODD_NUMBER,
	FINDINGS_IGNORED_RECORD,
	FINDINGS_BAD_RECORD,
	FINDINGS_NO_CHECKSUM,
	FINDINGS_ODD_HEADER,
	FINDINGS_ODD_TYPE,
	FINDINGS_SPARSE,
	FINDINGS_LONG_LINK,
	FINDINGS_LINK_MODE,
	FINDINGS_BAD_CAPS,
	FINDINGS_LENDS_ROOT,
	FINDINGS_CONTROL_OWNER,
	FINDINGS_BEHIND_END,
	FINDINGS_KINDS,
};

struct finding {
	enum findings_kind kind;
	const char *path; /* of an entry, any bytes; NULL: the whole file */
	const char *detail; /* what just this one is; NULL for nothing */
};

struct findings {
	struct arena arena; /* holds the strings */
	struct finding *list; /* owned; as they were found */
	size_t count, cap;
	size_t counts[FINDINGS_KINDS]; /* also of those that are not kept */
};

void findings_release(struct findings *fs);

/* Add one; the strings are copied, and may be NULL. */
int findings_add(struct findings *fs, enum findings_kind kind, const char *path,
    const char *detail, struct fault *f);

/* A word for programs: "wrong-datahash". */
const char *findings_name(enum findings_kind kind);

/* A phrase for people: "its data is not what .PKGINFO's datahash says". */
const char *findings_text(enum findings_kind kind);

/* The kind is one of a file that is not what it should be. */
bool findings_is_broken(enum findings_kind kind);

/* There is one of these. */
bool findings_has_broken(const struct findings *fs);

#endif
