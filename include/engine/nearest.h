/* SPDX-License-Identifier: BSD-2-Clause */
/* nearest - the file that was meant, for "did you mean" */
#ifndef ENGINE_NEAREST_H
#define ENGINE_NEAREST_H

struct tree;

/*
 * The path of the tree that is most like `path`, but another: a few letters
 * apart, else the first with the same last component; NULL if there is neither.
 */
const char *nearest_path(const struct tree *t, const char *path);

#endif
