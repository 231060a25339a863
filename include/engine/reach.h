/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reach - opening what lies below a root, whatever its mode
 *
 * A package may hold files that their owner may not read (mode 0, 4111) and
 * directories that he may not enter.  The builder owns them, so the mode is
 * lifted for the moment that it takes and put back, as he would do by hand.
 * Nothing is opened before it is known to be what it should be: a FIFO that
 * took the place of a file is never touched.
 *
 * Needs /proc, which reaches a file through a descriptor that names it.
 */
#ifndef ENGINE_REACH_H
#define ENGINE_REACH_H

#include <stdbool.h>
#include <sys/types.h>

struct fault;

/* A mode that was lifted; `= REACH_INIT` for none. */
struct reach_lift {
	int fd; /* O_PATH or not, borrowed; -1: nothing lifted */
	mode_t mode; /* to be put back */
};

/* clang-format off */
#define REACH_INIT { .fd = -1 }
/* clang-format on */

/*
 * Name canonical `path` ("" is the root itself) below `rootfd` by an O_PATH
 * descriptor, through no symbolic link; a last one is named itself.  A failure
 * leaves errno as well: reach_is_absence() is true of it where there is nothing
 * of that name.
 */
int reach_name(int rootfd, const char *path, struct fault *f);
bool reach_is_absence(int err);

/*
 * Open what `fd` (O_PATH) names for reading; it must be of type `type` (S_IFREG
 * or S_IFDIR), else that is a fault.
 */
int reach_read(int fd, mode_t type, struct fault *f);

/*
 * Give the owner `bits` (0700 on a directory) on what `fd` names, if he lacks
 * them and we are he.  reach_restore() puts the mode back, and does nothing for
 * what was not lifted.  It fails where the kernel keeps something back: the
 * set-group-ID bit of a group that is not ours.
 */
int reach_raise(struct reach_lift *lift, int fd, mode_t bits, struct fault *f);
int reach_restore(struct reach_lift *lift, struct fault *f);

#endif
