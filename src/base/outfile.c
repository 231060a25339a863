/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/outfile.h"

#include "base/fault.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_TRIES = 100, LINK_HOPS = 40 };

static int
put(struct sink *s, const void *bytes, size_t len, struct fault *f)
{
	struct outfile *o = (struct outfile *)s;

	if (io_write(o->fd, bytes, len, f) < 0)
		return fault_wrap(f, "'%s'",
		    o->target != NULL ? o->target : "standard output");
	return 0;
}

static char *
copy(const char *path, struct fault *f)
{
	char *s = strdup(path);

	if (s == NULL)
		fault_sys(f, "cannot allocate the name of an output");
	return s;
}

/* "DIR/NAME" for a NAME beside `path`. */
static char *
beside(const char *path, const char *name, struct fault *f)
{
	const char *slash = name[0] == '/' ? NULL : strrchr(path, '/');
	const size_t dir_len = slash != NULL ? (size_t)(slash - path) + 1 : 0;
	const size_t name_len = strlen(name);
	char *s = malloc(dir_len + name_len + 1);

	if (s == NULL) {
		fault_sys(f, "cannot allocate the name of an output");
		return NULL;
	}
	memcpy(s, path, dir_len);
	memcpy(s + dir_len, name, name_len + 1);
	return s;
}

/* Follow `o->target` to what it links to, which need not exist. */
static int
follow(struct outfile *o, struct fault *f)
{
	char link[4096];

	for (int hops = 0; hops < LINK_HOPS; hops++) {
		const ssize_t len = readlink(o->target, link, sizeof(link) - 1);
		char *next;

		if (len < 0)
			return 0;
		link[len] = '\0';
		next = beside(o->target, link, f);
		if (next == NULL)
			return -1;
		free(o->target);
		o->target = next;
	}
	errno = ELOOP;
	return fault_sys(f, "cannot write '%s'", o->target);
}

/* Call `make` with fresh names until one is free. */
static int
name_temp(struct outfile *o, int (*make)(struct outfile *o), struct fault *f)
{
	for (int i = 0; i < NAME_TRIES; i++) {
		char name[64];

		snprintf(
		    name, sizeof(name), ".amtree-%ld-%d", (long)getpid(), i);
		free(o->temp);
		o->temp = beside(o->target, name, f);
		if (o->temp == NULL)
			return -1;
		if (make(o) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	fault_sys(f, "cannot create a file beside '%s'", o->target);
	free(o->temp);
	o->temp = NULL;
	return -1;
}

static int
create_named(struct outfile *o)
{
	o->fd = open(o->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	return o->fd < 0 ? -1 : 0;
}

static int
link_nameless(struct outfile *o)
{
	char self[64];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", o->fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, o->temp, AT_SYMLINK_FOLLOW);
}

/* A file without a name, where file system and /proc can do that. */
static int
create_nameless(struct outfile *o, struct fault *f)
{
	char *dir = beside(o->target, ".", f);

	if (dir == NULL)
		return -1;
	if (access("/proc/self/fd", X_OK) == 0)
		o->fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	free(dir);
	return 0;
}

int
outfile_open(struct outfile *o, const char *path, struct fault *f)
{
	struct stat st;

	*o = (struct outfile){ .sink.put = put, .fd = -1 };
	if (strcmp(path, "-") == 0) {
		o->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		if (o->fd < 0)
			return fault_sys(f, "cannot write standard output");
		return 0;
	}
	o->target = copy(path, f);
	if (o->target == NULL)
		return -1;
	if (path[0] == '\0')
		return fault_set(f, FAULT_USAGE, "empty name of an output");
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		o->fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
		if (o->fd < 0)
			return fault_sys(f, "cannot write '%s'", path);
		return 0;
	}
	if (follow(o, f) < 0 || create_nameless(o, f) < 0)
		return -1;
	if (o->fd >= 0)
		return 0;
	return name_temp(o, create_named, f);
}

/* True if the file still has to get its name: no pipe, no device. */
static bool
is_replacing(const struct outfile *o)
{
	struct stat st;

	return o->temp != NULL ||
	    (o->target != NULL && fstat(o->fd, &st) == 0 && st.st_nlink == 0);
}

int
outfile_commit(struct outfile *o, struct fault *f)
{
	const char *name = o->target != NULL ? o->target : "standard output";
	const int fd = o->fd;

	if (is_replacing(o)) {
		if (fdatasync(fd) < 0)
			return fault_sys(f, "cannot write '%s'", name);
		if (o->temp == NULL && name_temp(o, link_nameless, f) < 0)
			return -1;
	}
	o->fd = -1;
	if (close(fd) < 0)
		return fault_sys(f, "cannot write '%s'", name);
	if (o->temp == NULL)
		return 0;
	if (rename(o->temp, o->target) < 0)
		return fault_sys(f, "cannot rename to '%s'", name);
	free(o->temp);
	o->temp = NULL;
	return 0;
}

void
outfile_release(struct outfile *o)
{
	if (o->fd >= 0)
		(void)close(o->fd); /* given up: its errors no longer matter */
	if (o->temp != NULL)
		(void)unlink(o->temp); /* may be gone already */
	free(o->temp);
	free(o->target);
	*o = (struct outfile)OUTFILE_INIT;
}
