/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/kstat.h"

#include "base/statx.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/sysmacros.h>

_Static_assert(sizeof(struct stat) <= KSTAT_MAX, "struct stat is too large");

static struct timespec
time_of(struct statx_timestamp t)
{
	return (struct timespec){ .tv_sec = (time_t)t.tv_sec,
		.tv_nsec = (long)t.tv_nsec };
}

size_t
kstat_native(unsigned char out[KSTAT_MAX], const struct statx *from)
{
	struct stat st;

	if (sizeof(long) < 8)
		return 0;
	memset(&st, 0, sizeof(st)); /* no byte of ours leaks through padding */
	st.st_dev = makedev(from->stx_dev_major, from->stx_dev_minor);
	st.st_ino = (ino_t)from->stx_ino;
	st.st_mode = from->stx_mode;
	st.st_nlink = from->stx_nlink;
	st.st_uid = from->stx_uid;
	st.st_gid = from->stx_gid;
	st.st_rdev = makedev(from->stx_rdev_major, from->stx_rdev_minor);
	st.st_size = (off_t)from->stx_size;
	st.st_blksize = (blksize_t)from->stx_blksize;
	st.st_blocks = (blkcnt_t)from->stx_blocks;
	st.st_atim = time_of(from->stx_atime);
	st.st_mtim = time_of(from->stx_mtime);
	st.st_ctim = time_of(from->stx_ctime);
	memcpy(out, &st, sizeof(st));
	return sizeof(st);
}

/*
 * As arch/x86/include/uapi/asm/stat.h in Linux lays it out: what the compiler for
 * i386 makes of it.  ARM has the same members, aligned in its own way.
 */
#ifdef __x86_64__
#define AS_I386 __attribute__((packed))
#else
#define AS_I386
#endif

struct i386_stat64 {
	uint64_t dev;
	uint32_t pad0;
	uint32_t low_ino;
	uint32_t mode, nlink, uid, gid;
	uint64_t rdev;
	uint32_t pad1;
	int64_t size;
	uint32_t blksize;
	int64_t blocks;
	uint32_t atime, atime_nsec, mtime, mtime_nsec, ctime, ctime_nsec;
	uint64_t ino;
} AS_I386;

#if defined(__x86_64__) || defined(__i386__)
_Static_assert(sizeof(struct i386_stat64) == KSTAT64_I386, "stat64 of i386");
#endif

#if defined(__x86_64__) || defined(__i386__) || defined(__arm__)
static const bool is_known = true;
#else
static const bool is_known = false;
#endif

size_t
kstat_i386(unsigned char out[KSTAT_MAX], const struct statx *from)
{
	const struct i386_stat64 st = {
		.dev = makedev(from->stx_dev_major, from->stx_dev_minor),
		.low_ino = (uint32_t)from->stx_ino,
		.mode = from->stx_mode,
		.nlink = from->stx_nlink,
		.uid = from->stx_uid,
		.gid = from->stx_gid,
		.rdev = makedev(from->stx_rdev_major, from->stx_rdev_minor),
		.size = (int64_t)from->stx_size,
		.blksize = from->stx_blksize,
		.blocks = (int64_t)from->stx_blocks,
		.atime = (uint32_t)from->stx_atime.tv_sec,
		.atime_nsec = from->stx_atime.tv_nsec,
		.mtime = (uint32_t)from->stx_mtime.tv_sec,
		.mtime_nsec = from->stx_mtime.tv_nsec,
		.ctime = (uint32_t)from->stx_ctime.tv_sec,
		.ctime_nsec = from->stx_ctime.tv_nsec,
		.ino = from->stx_ino,
	};

	memcpy(out, &st, sizeof(st));
	return is_known ? sizeof(st) : 0;
}
