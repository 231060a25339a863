/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * place - which package a path belongs to
 *
 * A packager names a file as the shell does ("$pkgdir"/usr/bin/su); we need the
 * root of its package, the control directory and the path between.
 */
#ifndef ENGINE_PLACE_H
#define ENGINE_PLACE_H

#include <stddef.h>

struct fault;

struct place {
	char *root; /* owned; no symbolic link in it */
	char *control; /* owned; the control directory, which may be missing */
	char *path; /* owned; canonical, "" for the root itself */
};

/* Where to look; NULL where the caller was told nothing. */
struct place_hint {
	const char *root, *control;
};

void place_release(struct place *p);

/*
 * Find the place of `path`, relative to the current directory or absolute.
 * Directories on the way are followed through symbolic links, as chown(1) does,
 * but never out of the root; a last one is named itself.  Directories that do
 * not exist are taken as they are spelt.
 *
 * Without a root in `hint`, the path has to lead through pkg/NAME where
 * pkg/.control.NAME exists, or an APKBUILD beside pkg; the outermost such place
 * counts, because what is deeper may come from the package.  Without a control
 * directory it is .control.NAME beside the root.
 */
int place_find(struct place *p, const char *path, const struct place_hint *hint,
    struct fault *f);

/*
 * The absolute name of `path`, allocated, as place_find() understands it: what
 * does not exist at its end is as it is spelt.
 */
char *place_resolve(const char *path, struct fault *f);

/* The control directory that goes with a root, allocated: as above. */
char *place_control_of(const char *root, struct fault *f);

/*
 * The same, by the name alone: of a root, `len` bytes, whose last component is
 * what it is called.  Nothing is looked up.
 */
char *place_control_beside(const char *root, size_t len, struct fault *f);

#endif
