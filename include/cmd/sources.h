/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sources - the options that say which package, alike in amtree-merge and
 * amtree-build
 */
#ifndef CMD_SOURCES_H
#define CMD_SOURCES_H

#include "base/buf.h"
#include "engine/merge.h"
#include "engine/place.h"

#include <stdbool.h>

struct cli;
struct fault;
struct tree;

enum { SOURCES_MAX = 1000 }; /* siblings; no build has so many packages */

/* Ids of the options, which a program's own begin behind. */
enum {
	SOURCES_ROOT,
	SOURCES_CONTROL,
	SOURCES_SIBLING,
	SOURCES_JOURNAL,
	SOURCES_END,
};

/* Rows for a program's table; see cmd/cli.h. */
/* clang-format off */
#define SOURCES_OPTIONS \
	{ SOURCES_ROOT, 0, "root", "DIR", "the package's tree", 0 }, \
	{ SOURCES_CONTROL, 0, "control", "DIR", "its control directory", 0 }, \
	{ SOURCES_SIBLING, 0, "sibling", "ROOT=CONTROL", \
	    "another package of the same build", 0 }, \
	{ SOURCES_JOURNAL, 0, "journal", "FILE", \
	    "what amtree-run has recorded", 0 }
/* clang-format on */

struct sources {
	struct merge_options merge; /* what is made of them */
	struct merge_package *siblings; /* owned, as are their strings */
	struct place place; /* where we are, if that had to be found */
	struct buf names; /* what --files-from read */
	char *control; /* owned; made from the root */
};

void sources_release(struct sources *s);

/* Take in one option of SOURCES_OPTIONS. */
int sources_set(struct sources *s, int id, const char *value, struct fault *f);

/* Read the names that --files-from has, NUL-separated; "-" is stdin. */
int sources_read_names(struct sources *s, const char *file, struct fault *f);

/*
 * All options are in: fill in what they left open from $AMTREE_ROOT and
 * $AMTREE_CONTROL, the current directory, $AMTREE_JOURNAL and
 * $SOURCE_DATE_EPOCH.
 */
int sources_settle(struct sources *s, struct fault *f);

/* Merge what the options say; notices are the program's. */
int sources_load(const struct sources *s, const struct cli *cli, struct tree *t,
    struct fault *f);

bool sources_is_directory(const char *path);

/*
 * The "=" of ROOT=CONTROL, either of which may have one of its own: the last that
 * has a directory on both sides; NULL if there is none.
 */
char *sources_find_equals(char *text);

#endif
