/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * matchup - two packages, read, compared and put into words
 *
 *	struct matchup v = { 0 };
 *	matchup_compare(&v, &options, &a, &b, f);	(in any thread)
 *	... v.text, v.messages, v.differences
 *	matchup_release(&v);
 */
#ifndef ENGINE_MATCHUP_H
#define ENGINE_MATCHUP_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct difference_ignore;
struct fault;
struct merge_options;

enum matchup_form {
	MATCHUP_NONE, /* how many there are is enough */
	MATCHUP_TEXT,
	MATCHUP_JSON,
	MATCHUP_JUNIT, /* a testcase, see engine/junit.h */
};

struct matchup_options {
	const struct difference_ignore *ignore;
	enum matchup_form form;
	bool is_one_of_many; /* say in text what package it is */
};

/* One of the two: an archive, or a package's tree. */
struct matchup_side {
	const char *file; /* NULL: a tree */
	const struct merge_options *tree;
};

/* A package that only one of two repositories has. */
struct matchup_package {
	const char *name, *arch, *version, *file; /* all but file may be NULL */
};

struct matchup {
	struct buf text; /* for standard output */
	struct buf messages; /* for people, each with a NUL behind it */
	size_t differences;
	bool is_broken; /* something could not be compared */
};

enum { MATCHUP_TEXT_MAX = 256 << 20 }; /* bytes of lines of one package */

void matchup_release(struct matchup *v);

/*
 * Compare two.  A file that is not whole, or has more differences than
 * MATCHUP_TEXT_MAX can tell, is a DIFFERENCE_BROKEN and a message.
 */
int matchup_compare(struct matchup *v, const struct matchup_options *o,
    const struct matchup_side *a, const struct matchup_side *b,
    struct fault *f);

/* A package was added, or removed. */
int matchup_lone(struct matchup *v, const struct matchup_options *o,
    const struct matchup_package *p, bool is_added, struct fault *f);

/* A file cannot be compared; `texts` has why, with a NUL behind each. */
int matchup_broken(struct matchup *v, const struct matchup_options *o,
    const struct matchup_package *p, const struct buf *texts, struct fault *f);

#endif
