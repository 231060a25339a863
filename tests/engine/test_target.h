/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_target - a file of a supervised program, by names of all kinds
 *
 * Each act is somewhere else than its supervisor, and has other files open: what
 * it names must be found as it sees it.
 *
 *	go_elsewhere();
 *	check_named(AT_FDCWD, "dir/file", 0);
 */
#ifndef TESTS_TEST_TARGET_H
#define TESTS_TEST_TARGET_H

#include "supervised.h"

static char here[PATH_MAX]; /* where the supervisor is */

static inline void
go_elsewhere(void)
{
	child_check(getcwd(here, sizeof(here)) != NULL);
	child_check(chdir("elsewhere") == 0);
}

static inline void
make_files(void)
{
	scratch_file("file", "");
	scratch_file("elsewhere/file", "");
	scratch_file("elsewhere/dir/file", "");
}

static inline uid_t
owner_of(const char *path)
{
	struct stat st;

	child_check(fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) == 0);
	return st.st_uid;
}

/* Give the file away as it is named there, each time to another. */
static inline uid_t
give_named(int dirfd, const char *path, int flags)
{
	static uid_t uid = NOBODYS;
	char plain[PATH_MAX + 32];

	uid++;
	if (fchownat(dirfd, path, uid, uid + 1, flags) != 0) {
		fprintf(stderr, "'%.80s': %s\n", path, strerror(errno));
		_exit(1);
	}
	snprintf(plain, sizeof(plain), "%s/elsewhere/dir/file", here);
	if (owner_of(plain) != uid) {
		fprintf(stderr, "'%.80s' is another file\n", path);
		_exit(1);
	}
	return uid;
}

/* And so it looks by that name. */
static inline void
check_named(int dirfd, const char *path, int flags)
{
	const uid_t uid = give_named(dirfd, path, flags);
	struct stat st;
	struct statx sx;

	if (fstatat(dirfd, path, &st, flags) != 0 ||
	    statx(dirfd, path, flags, STATX_BASIC_STATS, &sx) != 0) {
		fprintf(stderr, "'%.80s': %s\n", path, strerror(errno));
		_exit(1);
	}
	if (st.st_uid != uid || st.st_gid != uid + 1 || sx.stx_uid != uid) {
		fprintf(stderr, "'%.80s' looks like another's\n", path);
		_exit(1);
	}
}

/* Named by a format that takes a descriptor's number. */
static inline void
check_numbered(const char *format, int fd)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), format, fd);
	check_named(AT_FDCWD, path, 0);
}

/* A path of that many bytes; what it leads to comes last. */
static inline const char *
lengthen(const char *begin, const char *end, size_t len)
{
	static char path[PATH_MAX + 1];
	size_t at = strlen(begin);
	const size_t tail = strlen(end);

	memcpy(path, begin, at);
	while (at + 2 <= len - tail) {
		memcpy(path + at, "./", 2);
		at += 2;
	}
	if (at < len - tail)
		path[at++] = '/';
	memcpy(path + at, end, tail + 1);
	child_check(strlen(path) == len);
	return path;
}

#endif
