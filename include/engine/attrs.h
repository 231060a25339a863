/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attrs - the extended attributes of a file that belong into a package
 *
 * All but those that say something about this machine or that only root can
 * see: security.selinux, which stock abuild excludes as well, and trusted.*, so
 * that a package comes out the same whoever builds it.
 */
#ifndef ENGINE_ATTRS_H
#define ENGINE_ATTRS_H

struct arena;
struct fault;
struct xattr;

/*
 * Read the attributes of `name` in the directory `dirfd`, a symbolic link's own,
 * into a list sorted by name that lives in `arena`.  A file system without them
 * gives an empty list.
 */
int attrs_load(const struct xattr **list, struct arena *arena, int dirfd,
    const char *name, struct fault *f);

#endif
