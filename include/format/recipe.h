/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recipe - what an APKBUILD does about owners, read without running it
 *
 *	struct recipe r = { 0 };
 *	if (recipe_parse(&r, bytes, len, f) < 0) ...
 *	... r.variables, r.calls[0 ... r.count - 1]
 *	recipe_release(&r);
 *
 * Beside the variables (format/apkbuild.h) these are calls of chown, chgrp,
 * setcap, amtree, and of install with -o or -g, wherever a command can stand:
 * in functions, behind `&&`, in $( ), behind `find -exec` and programs that run
 * others, as xargs.  What is in comments, in quotes and in here-documents is
 * none, nor is what is done by a program that the recipe calls.
 */
#ifndef FORMAT_RECIPE_H
#define FORMAT_RECIPE_H

#include "base/arena.h"
#include "format/apkbuild.h"

#include <stdbool.h>
#include <stddef.h>

struct fault;

enum { RECIPE_TEXT_MAX = 160 };

enum recipe_tool {
	RECIPE_CHOWN,
	RECIPE_CHGRP,
	RECIPE_INSTALL, /* with an owner or a group */
	RECIPE_SETCAP,
	RECIPE_AMTREE,
	RECIPE_TOOLS,
};

/* On one line, several calls of one tool are one. */
struct recipe_call {
	enum recipe_tool tool;
	unsigned line; /* from 1 */
	const char *text; /* that line, at most so much of it; any bytes */
};

/* Starts life as { 0 }. */
struct recipe {
	struct apkbuild variables;
	struct arena arena; /* holds the texts */
	struct recipe_call *calls; /* owned; in the order of the recipe */
	size_t count;
	bool is_open; /* quotes or commands stay open: not all was read */
};

void recipe_release(struct recipe *r);

/* Read the bytes of an APKBUILD, whatever they are; a fault is lack of memory. */
int recipe_parse(
    struct recipe *r, const char *bytes, size_t len, struct fault *f);

/* "chown" and so on. */
const char *recipe_tool_name(enum recipe_tool tool);

/* The recipe has a call of it. */
bool recipe_calls(const struct recipe *r, enum recipe_tool tool);

/* The variable of that name has a value, or one that cannot be known. */
bool recipe_sets(const struct recipe *r, const char *name);

#endif
