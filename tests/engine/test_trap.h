/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_trap - what a supervised program sees of a file, by every call there is
 *
 *	child_check(chown("file", NOBODYS, NOBODIES) == 0);
 *	check_file("file", NOBODYS, NOBODIES);
 *
 * For acts, see supervised.h.
 */
#ifndef TESTS_TEST_TRAP_H
#define TESTS_TEST_TRAP_H

#include "supervised.h"

#include <sys/sysmacros.h>

enum {
	FCHMODAT2 = 452, /* Linux 6.6; ours to answer here */
	KEEP = RECORD_KEEP,
};

/* What stat(2) has to say of a file. */
struct seen {
	uid_t uid;
	gid_t gid;
	mode_t mode; /* the type, too */
	dev_t device;
};

static inline void
check_stat(const char *call, const char *file, const struct stat *st,
    const struct seen *want)
{
	if (st->st_uid == want->uid && st->st_gid == want->gid &&
	    st->st_mode == want->mode && st->st_rdev == want->device)
		return;
	fprintf(stderr, "%s('%s'): %u:%u, mode %o, device %#lx\n", call, file,
	    st->st_uid, st->st_gid, st->st_mode, (unsigned long)st->st_rdev);
	_exit(1);
}

static inline void
check_statx(const char *file, const struct statx *sx, const struct seen *want)
{
	const unsigned mask = STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID;

	child_check((sx->stx_mask & mask) == mask);
	check_stat("statx", file,
	    &(const struct stat){ .st_uid = sx->stx_uid,
		.st_gid = sx->stx_gid,
		.st_mode = sx->stx_mode,
		.st_rdev = makedev(sx->stx_rdev_major, sx->stx_rdev_minor) },
	    want);
}

/* By every stat(2), made by hand where it writes our struct stat. */
static inline void
check_stats(int fd, const char *file, const struct seen *want)
{
	struct stat st;

#ifdef SYS_newfstatat
#ifdef SYS_stat
	if (!S_ISLNK(want->mode)) {
		child_check(syscall(SYS_stat, file, &st) == 0);
		check_stat("stat", file, &st, want);
	}
	child_check(syscall(SYS_lstat, file, &st) == 0);
	check_stat("lstat", file, &st, want);
#endif
	child_check(syscall(SYS_fstat, fd, &st) == 0);
	check_stat("fstat", file, &st, want);
	child_check(syscall(SYS_newfstatat, AT_FDCWD, file, &st,
			AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0);
	check_stat("newfstatat", file, &st, want);
	child_check(syscall(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH) == 0);
	check_stat("newfstatat of a descriptor", file, &st, want);
#else
	child_check(fstat(fd, &st) == 0);
	check_stat("fstat", file, &st, want);
	child_check(lstat(file, &st) == 0);
	check_stat("lstat", file, &st, want);
#endif
}

/* By every call that there is. */
static inline void
check_seen(const char *file, const struct seen *want)
{
	const int fd = open(file, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct statx sx;

	child_check(fd >= 0);
	check_stats(fd, file, want);
	child_check(syscall(SYS_statx, AT_FDCWD, file,
			AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC,
			STATX_BASIC_STATS, &sx) == 0);
	check_statx(file, &sx, want);
	child_check(
	    syscall(SYS_statx, fd, "", AT_EMPTY_PATH,
		STATX_UID | STATX_GID | STATX_MODE | STATX_TYPE, &sx) == 0);
	check_statx(file, &sx, want);
	child_check(close(fd) == 0);
}

static inline void
check_file(const char *file, uid_t uid, gid_t gid)
{
	const struct seen want = {
		.uid = uid, .gid = gid, .mode = S_IFREG | 0644
	};

	check_seen(file, &want);
}

static inline void
check_mode(const char *file, mode_t mode)
{
	const struct seen want = { .mode = mode };

	check_seen(file, &want);
}

static inline void
make_files(void)
{
	static const char *const files[] = { "a", "b", "c", "d", "e", "f" };

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		scratch_file(files[i], "contents");
	scratch_symlink("d", "link-d");
	scratch_symlink("e", "link-e");
}

#endif
