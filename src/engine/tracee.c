/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/tracee.h"

#include "engine/notify.h"
#include "engine/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <linux/openat2.h>

enum { PAGE = 4096, FIRST_LOOK = 256, STATUS_MAX = 4096 };

/* Kernels may lack process_vm_readv(2), and sandboxes refuse it. */
static ssize_t
move_by_file(const struct tracee *t, uint64_t address, void *bytes, size_t len,
    bool is_write)
{
	char name[64];
	ssize_t r = -1;
	int fd, error;

	snprintf(name, sizeof(name), "/proc/%d/mem", (int)t->call->pid);
	fd = open(name, (is_write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* what was opened is the caller's, if it is alive after that */
	if (!notify_is_valid(t->listener, t->call))
		errno = ESRCH;
	else if (is_write)
		r = pwrite(fd, bytes, len, (off_t)address);
	else
		r = pread(fd, bytes, len, (off_t)address);
	error = errno == EIO ? EFAULT : errno;
	(void)close(fd); /* memory, no file */
	errno = error;
	return r;
}

/* Move up to `len` bytes, fewer where memory ends. */
static ssize_t
move(const struct tracee *t, uint64_t address, void *bytes, size_t len,
    bool is_write)
{
	const pid_t pid = t->call->pid;
	/* what is read into has no value yet */
	/* cppcheck-suppress ctuuninitvar */
	const struct iovec here = { bytes, len };
	const struct iovec there = { (void *)(uintptr_t)address, len };
	const ssize_t r = is_write
	    ? process_vm_writev(pid, &here, 1, &there, 1, 0)
	    : process_vm_readv(pid, &here, 1, &there, 1, 0);

	if (r >= 0 || (errno != ENOSYS && errno != EPERM))
		return r;
	return move_by_file(t, address, bytes, len, is_write);
}

int
tracee_read(const struct tracee *t, uint64_t address, void *bytes, size_t len)
{
	const ssize_t got = move(t, address, bytes, len, false);

	if (got >= 0 && (size_t)got != len)
		errno = EFAULT;
	return got >= 0 && (size_t)got == len ? 0 : -1;
}

/* Most strings are short: look at little first, never over a page's end. */
ssize_t
tracee_read_string(
    const struct tracee *t, uint64_t address, char *text, size_t size)
{
	size_t len = 0, most = FIRST_LOOK;

	while (len < size) {
		const uint64_t from = address + len;
		size_t part = PAGE - (size_t)(from % PAGE);
		const char *end;
		ssize_t got;

		if (part > most)
			part = most;
		if (part > size - len)
			part = size - len;
		got = move(t, from, text + len, part, false);
		if (got <= 0) {
			if (got == 0)
				errno = EFAULT;
			return -1;
		}
		end = memchr(text + len, '\0', (size_t)got);
		if (end != NULL)
			return end - text;
		len += (size_t)got;
		most = PAGE;
	}
	errno = ENAMETOOLONG;
	return -1;
}

int
tracee_write(
    const struct tracee *t, uint64_t address, const void *bytes, size_t len)
{
	ssize_t done;

	if (!notify_is_valid(t->listener, t->call)) {
		errno = ESRCH;
		return -1;
	}
	done = move(t, address, (void *)(uintptr_t)bytes, len, true);
	if (done >= 0 && (size_t)done != len)
		errno = EFAULT;
	return done >= 0 && (size_t)done == len ? 0 : -1;
}

/* What the kernel says of the caller behind `key`, a line's begin. */
static int
read_status(const struct tracee *t, const char *key, char *value, size_t size)
{
	char name[64], status[STATUS_MAX + 1];
	const char *line;
	ssize_t got;
	int fd;

	snprintf(name, sizeof(name), "/proc/%d/status", (int)t->call->pid);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	got = read(fd, status, STATUS_MAX);
	(void)close(fd); /* nothing was written */
	if (got < 0)
		return -1;
	status[got] = '\0';
	line = strstr(status, key);
	if (line == NULL || !notify_is_valid(t->listener, t->call)) {
		errno = ESRCH;
		return -1;
	}
	snprintf(value, size, "%s", line + strlen(key));
	return 0;
}

int
tracee_umask(const struct tracee *t, mode_t *mask)
{
	char value[16];

	if (read_status(t, "\nUmask:", value, sizeof(value)) < 0)
		return -1;
	*mask = (mode_t)strtoul(value, NULL, 8) & 07777;
	return 0;
}

bool
tracee_has_user(const struct tracee *t, uid_t user)
{
	char value[64], *rest = value;

	if (read_status(t, "\nUid:", value, sizeof(value)) < 0)
		return false;
	/* real, effective, saved, file system */
	for (int i = 0; i < 4; i++)
		if (strtoul(rest, &rest, 10) != user)
			return false;
	return true;
}

void
tracee_release(struct target *target)
{
	const int error = errno;

	if (target->dirfd >= 0)
		(void)close(target->dirfd); /* O_PATH: nothing to lose */
	target->dirfd = AT_FDCWD;
	errno = error;
}

/* The directory that a relative path starts from, or the file itself. */
static int
put_base(char *text, size_t size, const struct tracee *t, int dirfd)
{
	const int pid = (int)t->call->pid;

	return dirfd == AT_FDCWD
	    ? snprintf(text, size, "/proc/%d/cwd", pid)
	    : snprintf(text, size, "/proc/%d/fd/%d", pid, dirfd);
}

/*
 * The names by which a process sees itself: /proc/self and what leads there.
 * Returns the rest of the path behind such a name, and puts what takes its place
 * into `text`.
 */
static const char *
put_own(char *text, size_t size, const struct tracee *t, const char *path)
{
	static const struct {
		const char *name, *means;
	} own[] = {
		{ "/proc/self", "" },
		{ "/proc/thread-self", "" },
		{ "/dev/fd", "/fd" },
		{ "/dev/stdin", "/fd/0" },
		{ "/dev/stdout", "/fd/1" },
		{ "/dev/stderr", "/fd/2" },
	};

	if (strncmp(path, "/proc", 5) != 0 && strncmp(path, "/dev", 4) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		const size_t len = strlen(own[i].name);

		if (strncmp(path, own[i].name, len) != 0 ||
		    (path[len] != '/' && path[len] != '\0'))
			continue;
		snprintf(
		    text, size, "/proc/%d%s", (int)t->call->pid, own[i].means);
		return path + len;
	}
	return NULL;
}

/* Go by hand, step by step, as the caller itself would go. */
static int
find_by_walk(struct target *target, const struct tracee *t,
    const struct operand *o, const char *path)
{
	struct walk_end end;
	char base[64];

	put_base(base, sizeof(base), t, o->dirfd);
	if (walk_find(&end, t->call->pid, base, path, o->is_followed) < 0)
		return -1;
	target->dirfd = end.dirfd;
	target->path = target->text;
	target->flags = AT_SYMLINK_NOFOLLOW;
	memcpy(target->text, end.name, sizeof(end.name));
	if (*end.name != '\0')
		return 0;
	snprintf(
	    target->text, sizeof(target->text), "/proc/self/fd/%d", end.dirfd);
	target->flags = 0;
	return 0;
}

/*
 * A link on the way may lead to /proc/self, which is someone else to us.  The
 * kernel tells, for what we would find there are its magic links.
 */
static bool
is_straight(const struct target *target)
{
	const bool is_followed = (target->flags & AT_SYMLINK_NOFOLLOW) == 0;
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC |
		    (is_followed ? 0 : (unsigned)O_NOFOLLOW),
		.resolve = RESOLVE_NO_MAGICLINKS,
	};
	const char *path = target->path;
	long fd;
	int base = AT_FDCWD;

	/* our own way into the caller's directory is such a link itself */
	if (target->dirfd >= 0)
		base = target->dirfd;
	fd = syscall(SYS_openat2, base, path, &how, sizeof(how));
	if (fd >= 0)
		(void)close((int)fd); /* O_PATH: nothing to lose */
	return fd >= 0 || errno != ELOOP;
}

static int
find_base(
    struct target *target, const struct tracee *t, const struct operand *o)
{
	put_base(target->text, sizeof(target->text), t, o->dirfd);
	target->path = target->text;
	target->flags = 0;
	return 0;
}

/* True if there may be links on the way, which must not mislead us. */
static bool
has_detours(const struct operand *o, const char *path)
{
	return o->is_exact && (o->is_followed || strchr(path, '/') != NULL);
}

/* Put the parts together, or open the first where that is too long. */
static int
join(struct target *target, const struct tracee *t, const struct operand *o,
    const char *path, size_t len)
{
	char *text = target->text;
	const char *rest = NULL;
	int head = 0;

	if (path[0] == '/')
		rest = put_own(text, sizeof(target->text), t, path);
	if (rest != NULL) {
		head = (int)strlen(text);
		len -= (size_t)(rest - path);
	} else if (path[0] != '/') {
		head = put_base(text, sizeof(target->text), t, o->dirfd);
		rest = path;
	} else {
		rest = path;
	}
	target->path = text;
	if (head > 0 && rest == path &&
	    (has_detours(o, path) || (size_t)head + 1 + len >= PATH_MAX)) {
		target->dirfd = open(text, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (target->dirfd < 0)
			return -1;
		head = 0;
	}
	if ((size_t)head + 1 + len >= sizeof(target->text)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (head > 0 && rest == path)
		text[head++] = '/';
	memcpy(text + head, rest, len + 1);
	return 0;
}

int
tracee_find(
    struct target *target, const struct tracee *t, const struct operand *o)
{
	char path[PATH_MAX];
	ssize_t len;

	target->dirfd = AT_FDCWD;
	target->flags = o->is_followed ? 0 : AT_SYMLINK_NOFOLLOW;
	target->is_loose = false;
	if (o->path == 0)
		return find_base(target, t, o);
	len = tracee_read_string(t, o->path, path, sizeof(path));
	if (len < 0)
		return -1;
	if (len == 0 && o->is_empty_allowed)
		return find_base(target, t, o);
	if (len == 0) {
		errno = ENOENT;
		return -1;
	}
	if (t->has_other_root)
		return find_by_walk(target, t, o, path);
	if (join(target, t, o, path, (size_t)len) < 0)
		return -1;
	if (has_detours(o, path) && !is_straight(target)) {
		tracee_release(target);
		return find_by_walk(target, t, o, path);
	}
	target->is_loose = o->is_followed && !o->is_exact;
	return 0;
}
