/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/walk.h"

#include "engine/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/* A walk under way. */
struct way {
	pid_t pid;
	int root, at; /* O_PATH; -1: not open */
	int links; /* met so far */
	bool is_followed;
	char rest[2 *
	    PATH_MAX]; /* of the path; what links said is put in front */
};

static void
close_path(int fd)
{
	const int error = errno;

	if (fd >= 0)
		(void)close(fd); /* O_PATH: nothing to lose */
	errno = error;
}

static int
move_to(struct way *w, int fd)
{
	if (fd < 0)
		return -1;
	close_path(w->at);
	w->at = fd;
	return 0;
}

static bool
is_at_root(const struct way *w)
{
	struct stat here, root;

	return fstat(w->at, &here) == 0 && fstat(w->root, &root) == 0 &&
	    here.st_dev == root.st_dev && here.st_ino == root.st_ino;
}

/* Cut the next component off; false at the end.  Says if it was the last. */
static bool
cut(struct way *w, char *name, bool *is_last, bool *is_slashed, int *error)
{
	const char *from = w->rest + strspn(w->rest, "/");
	const size_t len = strcspn(from, "/");
	const char *next = from + len + strspn(from + len, "/");

	*error = len > NAME_MAX ? ENAMETOOLONG : 0;
	if (len == 0 || *error != 0)
		return false;
	memcpy(name, from, len);
	name[len] = '\0';
	*is_slashed = from[len] == '/';
	*is_last = *next == '\0';
	memmove(w->rest, next, strlen(next) + 1);
	return true;
}

/* Let what a link says stand in front of the rest, or of the slash behind it. */
static int
put_front(struct way *w, const char *text, bool is_slashed)
{
	const size_t len = strlen(text), rest = strlen(w->rest);

	if (len == 0 || len + 1 + rest >= sizeof(w->rest)) {
		errno = len == 0 ? ENOENT : ENAMETOOLONG;
		return -1;
	}
	memmove(w->rest + len + 1, w->rest, rest + 1);
	memcpy(w->rest, text, len);
	w->rest[len] = '/';
	if (rest == 0 && !is_slashed)
		w->rest[len] = '\0';
	if (*text != '/')
		return 0;
	return move_to(w, fcntl(w->root, F_DUPFD_CLOEXEC, 0));
}

static bool
is_in_proc(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/* A link that the kernel does not follow by its text. */
static bool
is_magic(const struct way *w, const char *name)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_NO_MAGICLINKS,
	};
	const int fd =
	    (int)syscall(SYS_openat2, w->at, name, &how, sizeof(how));
	const bool is_refused = fd < 0 && errno == ELOOP;

	close_path(fd);
	return is_refused;
}

/*
 * What "self" or "thread-self" is to the caller.  The link says who reads it: if
 * that is not us, this /proc is that of a process namespace of the caller's.
 */
static int
put_self(const struct way *w, int link, bool is_thread, char *text, size_t size)
{
	const ssize_t len = readlinkat(link, "", text, size - 1);
	int pid = (int)w->pid;

	text[len < 0 ? 0 : len] = '\0';
	if (strtol(text, NULL, 10) != getpid())
		pid = (int)process_inner_number(w->pid);
	if (pid <= 0) {
		errno = ENOENT;
		return -1;
	}
	snprintf(text, size, is_thread ? "%d/task/%d" : "%d", pid, pid);
	return 0;
}

/* 1 if the way goes on, 0 if `at` is its end, -1 on failure. */
static int
follow(struct way *w, const char *name, int link, bool is_last, bool is_slashed)
{
	const int kind = is_last && !is_slashed ? 0 : O_DIRECTORY;
	char text[PATH_MAX];
	const bool is_proc = is_in_proc(link);
	const bool is_thread = strcmp(name, "thread-self") == 0;
	ssize_t len;

	if (++w->links > WALK_LINKS_MAX) {
		errno = ELOOP;
		return -1;
	}
	if (is_proc && (is_thread || strcmp(name, "self") == 0)) {
		if (put_self(w, link, is_thread, text, sizeof(text)) < 0)
			return -1;
	} else if (is_proc && is_magic(w, name)) {
		if (move_to(w, openat(w->at, name, O_PATH | O_CLOEXEC | kind)) <
		    0)
			return -1;
		return is_last ? 0 : 1;
	} else {
		len = readlinkat(link, "", text, sizeof(text) - 1);
		if (len < 0)
			return -1;
		text[len] = '\0';
	}
	return put_front(w, text, is_slashed) < 0 ? -1 : 1;
}

/* One component; as follow(). */
static int
step(struct way *w, struct walk_end *end, const char *name, bool is_last,
    bool is_slashed)
{
	struct stat st = { 0 };
	int fd, r = 1;

	if (strcmp(name, "..") == 0 && !is_at_root(w))
		return move_to(w, openat(w->at, "..", O_PATH | O_CLOEXEC)) < 0
		    ? -1
		    : 1;
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 1;
	fd = openat(w->at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && !(errno == ENOENT && is_last))
		return -1;
	if (fd >= 0)
		(void)fstat(fd, &st); /* cannot fail */
	if (S_ISLNK(st.st_mode) && (!is_last || is_slashed || w->is_followed)) {
		r = follow(w, name, fd, is_last, is_slashed);
		close_path(fd);
		return r;
	}
	if (fd < 0 || (is_last && !is_slashed)) {
		close_path(fd);
		snprintf(end->name, sizeof(end->name), "%s%s", name,
		    is_slashed ? "/" : "");
		return 0;
	}
	if (!S_ISDIR(st.st_mode)) {
		close_path(fd);
		errno = ENOTDIR;
		return -1;
	}
	return move_to(w, fd) < 0 ? -1 : 1;
}

static int
walk(struct way *w, struct walk_end *end)
{
	char name[NAME_MAX + 1];
	bool is_last, is_slashed;
	int r = 1, error = 0;

	if (*w->rest == '/' &&
	    move_to(w, fcntl(w->root, F_DUPFD_CLOEXEC, 0)) < 0)
		return -1;
	while (r > 0 && cut(w, name, &is_last, &is_slashed, &error))
		r = step(w, end, name, is_last, is_slashed);
	if (error != 0) {
		errno = error;
		return -1;
	}
	return r < 0 ? -1 : 0;
}

int
walk_find(struct walk_end *end, pid_t pid, const char *base, const char *path,
    bool is_followed)
{
	struct way w = {
		.pid = pid, .root = -1, .at = -1, .is_followed = is_followed
	};
	char root[64];
	int r = 0;

	*end = (struct walk_end){ .dirfd = -1 };
	if (strlen(path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(w.rest, path, strlen(path) + 1);
	snprintf(root, sizeof(root), "/proc/%d/root", (int)pid);
	w.root = open(root, O_PATH | O_CLOEXEC);
	if (w.root < 0)
		r = -1;
	else if (*path != '/')
		r = move_to(&w, open(base, O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (r == 0)
		r = walk(&w, end);
	close_path(w.root);
	if (r < 0)
		close_path(w.at);
	else
		end->dirfd = w.at;
	return r;
}
