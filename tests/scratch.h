/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scratch - a directory to make files in, gone when the tests have ended
 *
 *	return cmocka_run_group_tests_name(
 *	    "io", tests, scratch_setup, scratch_teardown);
 *
 * The tests of the group run inside it.
 */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include "tests.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch_dir[4096];

static inline int
scratch_setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(scratch_dir, sizeof(scratch_dir), "%s/amtree-test-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	umask(022);
	return mkdtemp(scratch_dir) == NULL || chdir(scratch_dir) < 0 ? -1 : 0;
}

static inline int
scratch_remove_one(
    const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline int
scratch_teardown(void **state)
{
	(void)state;
	return chdir("/") < 0 ||
		nftw(scratch_dir, scratch_remove_one, 16,
		    FTW_DEPTH | FTW_PHYS) != 0
	    ? -1
	    : 0;
}

/* Make `path` a file that has just this text. */
static inline void
scratch_write(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
}

/* The file at `path` has just this text. */
static inline void
assert_contents(const char *path, const char *text)
{
	const size_t len = strlen(text);
	char bytes[512];
	const int fd = open(path, O_RDONLY);

	assert_true(len < sizeof(bytes));
	if (fd < 0)
		fail_msg("cannot open '%s'", path);
	assert_int_equal(read(fd, bytes, sizeof(bytes)), len);
	assert_int_equal(close(fd), 0);
	assert_memory_equal(bytes, text, len);
}

#endif
