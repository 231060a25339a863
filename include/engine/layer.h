/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layer - files that an overlayfs keeps in a lower layer until they change
 *
 * Such a file gets another time of birth with its first change, for then it is
 * copied to the upper layer, and what was recorded of it would be lost.  So it
 * has to be there before anything is recorded.
 */
#ifndef ENGINE_LAYER_H
#define ENGINE_LAYER_H

#include <stdbool.h>
#include <stdint.h>

struct statx;
struct target;

/* What is known of the device that was asked for last; all zero at first. */
struct layer {
	uint64_t dev; /* 0: nothing yet, for no file system has that */
	bool is_overlay;
};

/*
 * Have the file that `sx` tells of copied up if it is in an overlayfs.  True if
 * it may be known by something else now.  That of somebody else, whom we may
 * not act for, stays where it is.
 */
bool layer_raise(
    struct layer *l, const struct target *file, const struct statx *sx);

#endif
