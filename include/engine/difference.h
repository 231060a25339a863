/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * difference - what two packages do not have in common, one thing each
 *
 * A difference has a kind, which programs can go by, and a risk, by which those
 * of a package are sorted.
 *
 *	struct differences ds = { .ignore = &ignore };
 *	difference_add(&ds, &(struct difference){ .kind = DIFFERENCE_MODE,
 *	    .path = "usr/x", .before = "0644", .after = "0600" }, f);
 *	difference_sort(&ds);
 *	... ds.list[0 ... ds.count - 1]
 *	difference_release(&ds);
 */
#ifndef ENGINE_DIFFERENCE_H
#define ENGINE_DIFFERENCE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;

enum {
	DIFFERENCE_FIELDS_MAX = 64, /* that can be ignored */
	DIFFERENCE_RISK_MAX = 100,
};

/* In the order of risk. */
enum difference_kind {
	DIFFERENCE_BROKEN, /* a file was not compared */
	DIFFERENCE_SETID, /* set-id bits gained */
	DIFFERENCE_CAPS, /* capabilities gained */
	DIFFERENCE_SCRIPT, /* a file of the control archive */
	DIFFERENCE_OWNER,
	DIFFERENCE_GROUP,
	DIFFERENCE_SETID_LOST,
	DIFFERENCE_CAPS_LOST,
	DIFFERENCE_MODE, /* the bits that are not set-id */
	DIFFERENCE_TYPE,
	DIFFERENCE_DEVICE,
	DIFFERENCE_LINK, /* a target, or which names are one file */
	DIFFERENCE_MISSING,
	DIFFERENCE_EXTRA,
	DIFFERENCE_PACKAGE_REMOVED,
	DIFFERENCE_PACKAGE_ADDED,
	DIFFERENCE_DUPLICATE, /* more entries of one path, or fewer */
	DIFFERENCE_CONTENTS,
	DIFFERENCE_XATTR, /* other than capabilities */
	DIFFERENCE_METADATA, /* a field of .PKGINFO */
	DIFFERENCE_NUMBER, /* beside the same name */
	DIFFERENCE_TIME,
	DIFFERENCE_KINDS,
};

struct difference {
	enum difference_kind kind;
	unsigned risk; /* 0: that of its kind */
	const char *path; /* any bytes; NULL if it is about no file */
	const char *field; /* of .PKGINFO; attribute; "hard", "uid", "gid" */
	const char *before, *after; /* NULL: there is none */
	uint64_t before_size, after_size; /* of contents; 0 else */
};

/* What is not to be a difference; begins as zeros. */
struct difference_ignore {
	uint32_t kinds; /* a bit each */
	struct {
		const char *name; /* borrowed, `len` bytes */
		size_t len;
	} fields[DIFFERENCE_FIELDS_MAX]; /* of .PKGINFO */
	size_t field_count;
};

struct differences {
	const struct difference_ignore *ignore; /* NULL: nothing */
	struct arena arena; /* for strings that are made for them */
	struct difference *list; /* owned */
	size_t count, cap;
};

void difference_release(struct differences *ds);

/*
 * Add one, unless it is ignored.  Strings are borrowed: from what is compared, or
 * from the arena.
 */
int difference_add(
    struct differences *ds, const struct difference *d, struct fault *f);

/* Greatest risk first, then by path, kind, field and values. */
void difference_sort(struct differences *ds);

/* The word for a kind: "setid-lost". */
const char *difference_name(enum difference_kind kind);

/* Its risk, from 1 to DIFFERENCE_RISK_MAX. */
unsigned difference_risk(enum difference_kind kind);

/*
 * Take in "KIND,KIND,...", where "metadata:FIELD" is one field of .PKGINFO.  The
 * text is borrowed.  FAULT_USAGE for what is no kind, and for "broken".
 */
int difference_ignore_add(
    struct difference_ignore *i, const char *text, struct fault *f);

#endif
