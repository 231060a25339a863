/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scratch - a directory of its own for each test, and what belongs into it
 *
 *	const struct CMUnitTest tests[] = { test(name_of_the_function), ... };
 *
 * The test runs inside the directory, which is gone after it.  A test that
 * leaves a descriptor open fails at its end.  What cannot be made fails at
 * once.  It lies below $TMPDIR, else /tmp, which must keep user.* attributes.
 */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include "../tests.h"

#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* The fault is of this kind and has these words somewhere. */
#define assert_says(f, want_kind, words)                          \
	do {                                                      \
		if ((f)->kind != (want_kind) ||                   \
		    strstr((f)->text, (words)) == NULL)           \
			fail_msg("kind %d, '%s' instead of '%s'", \
			    (int)(f)->kind, (f)->text, (words));  \
	} while (0)

/* The call fails with such a fault. */
#define assert_refused(call, f, want_kind, words)       \
	do {                                            \
		if ((call) >= 0)                        \
			fail_msg("%s succeeds", #call); \
		assert_says(f, want_kind, words);       \
	} while (0)

/* The system call succeeds. */
#define must(call)                                                  \
	do {                                                        \
		if ((call) < 0)                                     \
			fail_msg("%s: %s", #call, strerror(errno)); \
	} while (0)

/* A test that runs in a directory of its own. */
#define test(name) \
	cmocka_unit_test_setup_teardown(name, scratch_begin, scratch_end)

struct scratch {
	char path[256];
	int open_count; /* descriptors at the start */
};

static inline int
scratch_count_open(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static inline int
scratch_begin(void **state)
{
	const char *base = getenv("TMPDIR");
	struct scratch *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	umask(022);
	s->open_count = scratch_count_open();
	snprintf(s->path, sizeof(s->path), "%s/amtree-test.XXXXXX",
	    base != NULL && *base == '/' ? base : "/tmp");
	if (mkdtemp(s->path) == NULL || chdir(s->path) < 0)
		return -1;
	*state = s;
	return 0;
}

/* Let a directory be emptied and moved; nothing else is touched. */
static inline void
scratch_open_up(int dirfd, const char *name)
{
	struct stat st;

	must(fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW));
	if (S_ISDIR(st.st_mode))
		must(fchmodat(dirfd, name, 0700, 0));
}

/* Move what is in directory `name` up to `top`, so that it can be removed. */
static inline void
scratch_lift(int top, const char *name, unsigned *serial)
{
	const int fd =
	    openat(top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *de;
	char to[32];

	assert_non_null(d);
	while ((de = readdir(d)) != NULL) {
		if (strcmp(de->d_name, ".") == 0 ||
		    strcmp(de->d_name, "..") == 0)
			continue;
		scratch_open_up(fd, de->d_name);
		snprintf(to, sizeof(to), "lifted-%u", (*serial)++);
		must(renameat(fd, de->d_name, top, to));
	}
	closedir(d);
}

/* Remove one entry of the top directory; what a directory has comes up. */
static inline void
scratch_remove_one(int top, const char *name, unsigned *serial)
{
	struct stat st;

	must(fstatat(top, name, &st, AT_SYMLINK_NOFOLLOW));
	if (!S_ISDIR(st.st_mode)) {
		must(unlinkat(top, name, 0));
		return;
	}
	scratch_open_up(top, name);
	scratch_lift(top, name, serial);
	must(unlinkat(top, name, AT_REMOVEDIR));
}

/* However deep it is: never more than two directories are open. */
static inline void
scratch_remove(const char *path)
{
	unsigned serial = 0;
	bool is_empty;

	do {
		DIR *d = opendir(path);
		const struct dirent *de;

		assert_non_null(d);
		is_empty = true;
		while ((de = readdir(d)) != NULL) {
			if (strcmp(de->d_name, ".") == 0 ||
			    strcmp(de->d_name, "..") == 0)
				continue;
			is_empty = false;
			scratch_remove_one(dirfd(d), de->d_name, &serial);
		}
		closedir(d);
	} while (!is_empty);
	must(rmdir(path));
}

static inline int
scratch_end(void **state)
{
	struct scratch *s = *state;
	int left;

	must(chdir("/"));
	scratch_remove(s->path);
	left = scratch_count_open() - s->open_count;
	free(s);
	if (left != 0)
		print_error("%d descriptors were left open\n", left);
	return left == 0 ? 0 : -1;
}

/* Make a directory and those above it. */
static inline void
scratch_dir(const char *path)
{
	char copy[4096];

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *s = strchr(copy + 1, '/'); s != NULL;
	     s = strchr(s + 1, '/')) {
		*s = '\0';
		if (mkdir(copy, 0755) < 0 && errno != EEXIST)
			fail_msg("mkdir %s: %s", copy, strerror(errno));
		*s = '/';
	}
	if (mkdir(copy, 0755) < 0 && errno != EEXIST)
		fail_msg("mkdir %s: %s", copy, strerror(errno));
}

static inline void
scratch_parent(const char *path)
{
	char copy[4096], *slash;

	snprintf(copy, sizeof(copy), "%s", path);
	slash = strrchr(copy, '/');
	if (slash == NULL || slash == copy)
		return;
	*slash = '\0';
	scratch_dir(copy);
}

/* Make or rewrite a file; its directories are made too. */
static inline void
scratch_write(const char *path, const void *bytes, size_t len)
{
	int fd;

	scratch_parent(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	must(fd);
	if (len > 0)
		assert_int_equal(write(fd, bytes, len), len);
	must(close(fd));
}

static inline void
scratch_file(const char *path, const char *text)
{
	scratch_write(path, text, strlen(text));
}

/* A file of `len` bytes that do not compress well. */
static inline void
scratch_noise(const char *path, size_t len)
{
	unsigned char *bytes = malloc(len);
	uint32_t x = 1;

	assert_non_null(bytes);
	for (size_t i = 0; i < len; i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (unsigned char)(x >> 24);
	}
	scratch_write(path, bytes, len);
	free(bytes);
}

static inline void
scratch_symlink(const char *target, const char *path)
{
	scratch_parent(path);
	must(symlink(target, path));
}

static inline void
scratch_socket(const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	scratch_parent(path);
	must(fd);
	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);
	must(bind(fd, (const struct sockaddr *)&sa, sizeof(sa)));
	must(close(fd));
}

/* The contents of a file. */
static inline void
scratch_load(struct buf *b, const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct fault f = { 0 };
	char piece[65536];
	ssize_t n;

	must(fd);
	buf_reset(b);
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		assert_ok(buf_add(b, piece, (size_t)n, &f), &f);
	must(n);
	must(close(fd));
}

/* The file has exactly this text. */
static inline void
scratch_expect(const char *path, const char *text)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	scratch_load(&b, path);
	assert_non_null(buf_end(&b, &f));
	assert_string_equal(b.data, text);
	buf_release(&b);
}

static inline bool
scratch_has(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static inline unsigned
scratch_mode(const char *path)
{
	struct stat st;

	must(lstat(path, &st));
	return st.st_mode & 07777;
}

static inline void
scratch_pause(long milliseconds)
{
	const struct timespec t = { .tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

#endif
