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

/*
 * In a directory where anybody may put a link, /tmp say, one of somebody else
 * shall not lead us to a file of our own, nor shall a FIFO make us wait, or take
 * what we write.  The kernel has the same rules, see fs.protected_symlinks and
 * fs.protected_fifos in proc_sys_fs(5), but not where we go by hand.
 */
static int
check_owner(const char *path, const struct stat *of, struct fault *f)
{
	const uid_t owner = of->st_uid;
	const bool is_link = S_ISLNK(of->st_mode);
	char *dir = beside(path, ".", f);
	struct stat st = { 0 };
	int r;

	if (dir == NULL)
		return -1;
	r = stat(dir, &st);
	free(dir);
	if (r < 0)
		return fault_sys(f, "cannot write '%s'", path);
	if (owner == geteuid() || owner == st.st_uid ||
	    (~st.st_mode & (S_ISVTX | S_IWOTH)) != 0)
		return 0;
	return fault_set(f, FAULT_SYSTEM,
	    is_link ? "'%s' is a link that user %u has put there: not followed"
		    : "'%s' is a FIFO that user %u has put there: not opened",
	    path, (unsigned)owner);
}

/* Read what `path` links to; the length, 0 if it is no link. */
static int
read_link(const char *path, char *link, size_t size, struct fault *f)
{
	const int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st = { 0 };
	ssize_t len = 0;

	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && S_ISLNK(st.st_mode))
		len = readlinkat(fd, "", link, size);
	(void)close(fd); /* O_PATH: nothing to lose */
	if ((len > 0 || S_ISFIFO(st.st_mode)) && check_owner(path, &st, f) < 0)
		return -1;
	return len > 0 ? (int)len : 0;
}

/* Follow `o->target` to what it links to, which need not exist. */
static int
follow(struct outfile *o, struct fault *f)
{
	char link[4096];

	for (int hops = 0; hops < LINK_HOPS; hops++) {
		const int len = read_link(o->target, link, sizeof(link) - 1, f);
		char *next;

		if (len <= 0)
			return len;
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
	o->is_nameless = o->fd >= 0;
	return 0;
}

/* What is there already and no regular file is written to as it is. */
static int
open_directly(struct outfile *o, struct fault *f)
{
	char link[4096];

	if (read_link(o->target, link, sizeof(link), f) < 0)
		return -1;
	o->fd = open(o->target, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (o->fd < 0)
		return fault_sys(f, "cannot write '%s'", o->target);
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
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return open_directly(o, f);
	if (follow(o, f) < 0 || create_nameless(o, f) < 0)
		return -1;
	if (o->fd >= 0)
		return 0;
	return name_temp(o, create_named, f);
}

int
outfile_commit(struct outfile *o, struct fault *f)
{
	const char *name = o->target != NULL ? o->target : "standard output";
	const int fd = o->fd;

	if ((o->is_nameless || o->temp != NULL) && fdatasync(fd) < 0)
		return fault_sys(f, "cannot write '%s'", name);
	if (o->is_nameless && o->target != NULL &&
	    name_temp(o, link_nameless, f) < 0)
		return -1;
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
