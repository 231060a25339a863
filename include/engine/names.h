/* SPDX-License-Identifier: BSD-2-Clause */
/* names - a tree made of a list of names, as `find -print0` gives them */
#ifndef ENGINE_NAMES_H
#define ENGINE_NAMES_H

#include <stddef.h>

struct fault;
struct tree;
struct survey_options;

/*
 * Add the files that `names` lists, a NUL behind each.  Names are relative to
 * the root, "./" in front and a slash behind or not; "." adds nothing.  A name
 * that leads out of the root or does not exist is a fault.
 */
int names_add(struct tree *t, const char *names, size_t len,
    const struct survey_options *o, struct fault *f);

#endif
