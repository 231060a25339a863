/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * path - names below a root, in their one canonical spelling
 *
 * Inside a package a path is relative, has no "." or ".." and no empty
 * component, and does not end in a slash: "usr/bin/su".  Everything that comes
 * from outside passes through path_canon() first, so that two spellings of one
 * file never meet and nothing leads out of the root.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

struct fault;

enum {
	PATH_LIMIT = 4085, /* bytes of a path; apk-tools refuses longer ones */
	PATH_NAME_LIMIT = 255, /* bytes of one component; NAME_MAX on Linux */
};

/*
 * Narrow (*path, *len), any bytes, to the canonical part of it: leading "./"
 * goes away, and "." alone becomes length 0, the root.  Fails with FAULT_INPUT
 * for an empty or absolute path, a NUL, "." or ".." or an empty component
 * further on, and anything over the limits.
 */
int path_canon(const char **path, size_t *len, struct fault *f);

/* The length of the directory part of canonical `path`; 0 at the top level. */
size_t path_parent_len(const char *path);

/* The last component of canonical `path`. */
const char *path_base(const char *path);

/* True if canonical `path` is `dir` or lies below it; "" is the root. */
bool path_is_within(const char *path, const char *dir);

/* True if it has a control character of ASCII, which a line must not have. */
bool path_has_control(const char *path);

#endif
