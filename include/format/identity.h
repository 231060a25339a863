/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * identity - which file it is, whatever its names are
 *
 * Device and inode number tell files apart that exist at one time; the time of
 * birth tells a file from a later one that got the same number.  Where a file
 * system keeps none, a number below 0 stands for it (engine/identify), or 0.
 */
#ifndef FORMAT_IDENTITY_H
#define FORMAT_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

struct identity {
	uint64_t dev, ino; /* as stat(2) has them in st_dev and st_ino */
	int64_t birth; /* seconds since the Epoch; statx(2) */
	uint32_t birth_nsec;
};

static inline bool
identity_is_same(const struct identity *a, const struct identity *b)
{
	return a->ino == b->ino && a->dev == b->dev && a->birth == b->birth &&
	    a->birth_nsec == b->birth_nsec;
}

#endif
