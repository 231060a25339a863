/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inspection - a package or a recipe read, and what there is to say of it
 *
 *	struct inspection i = { .options = &o, .file = "foo-1-r0.apk" };
 *	if (inspection_run(&i, f) < 0) ...	(in any thread)
 *	if (i.is_large && inspection_run_large(&i, write, arg, f) < 0) ...
 *	... i.text, i.messages, i.census
 *	inspection_release(&i);
 *
 * Many of them run at a time, so one may not take much memory: a package with
 * more than INSPECTION_MEMORY of entries, or with more to say than REPORT_PIECE,
 * is given up as `is_large`, with nothing else said, and can then be run alone.
 * So is standard input, "-", which can be read but once.
 */
#ifndef ENGINE_INSPECTION_H
#define ENGINE_INSPECTION_H

#include "base/buf.h"
#include "engine/census.h"

#include <stdbool.h>

struct fault;
struct policy;

enum { INSPECTION_MEMORY = 16 * 1024 * 1024 };

enum inspection_form {
	INSPECTION_LIST, /* what is not plain */
	INSPECTION_SUGGEST, /* as lines of amtree */
	INSPECTION_POLICY, /* as lines of a policy */
	INSPECTION_CHECK, /* what a policy does not allow */
	INSPECTION_SUMMARY, /* nothing but the census */
};

struct inspection_options {
	enum inspection_form form;
	bool is_json;
	bool is_quiet; /* no findings but those of broken files */
	const struct policy *policy; /* for CHECK and POLICY; may be NULL */
};

struct inspection {
	const struct inspection_options *options;
	const char *file;
	const char *why; /* it cannot be read, for this reason; else NULL */
	struct buf text; /* for standard output */
	struct buf messages; /* each with a NUL behind it */
	struct census census;
	bool is_guilty; /* has what a policy does not allow */
	bool is_large;
};

/* Takes APKBUILD, with a directory or without, for a recipe. */
int inspection_run(struct inspection *i, struct fault *f);

/* The same of a large one; `write` gets the text, a piece at a time. */
int inspection_run_large(struct inspection *i,
    int (*write)(void *arg, const struct buf *text, struct fault *f), void *arg,
    struct fault *f);

/* Forget what was found; it can be used again. */
void inspection_release(struct inspection *i);

#endif
