/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * statx - statx(2) and its struct, which musl has from 1.2.5 on
 *
 * Include this where <sys/stat.h> would be enough with newer C libraries.  It
 * needs the kernel's headers, so it is not for what libc alone suffices for.
 */
#ifndef BASE_STATX_H
#define BASE_STATX_H

#include <sys/stat.h>

#ifndef STATX_TYPE

#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int
statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *sx)
{
	return (int)syscall(SYS_statx, dirfd, path, flags, mask, sx);
}

#endif

#endif
