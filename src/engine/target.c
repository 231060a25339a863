/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/target.h"

#include "engine/notify.h"
#include "engine/tracee.h"
#include "engine/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/openat2.h>

void
target_release(struct target *target)
{
	const int error = errno;

	if (target->dirfd >= 0)
		(void)close(target->dirfd); /* O_PATH: nothing to lose */
	target->dirfd = AT_FDCWD;
	errno = error;
}

void
target_hold(struct target *target, int fd)
{
	target_release(target);
	target->dirfd = fd;
	target->flags = 0; /* the file itself, a link too */
	target->is_held = true;
	target->path = target->text;
	snprintf(target->text, sizeof(target->text), "/proc/self/fd/%d", fd);
}

int
target_open(const struct target *target)
{
	const int nofollow =
	    (target->flags & AT_SYMLINK_NOFOLLOW) != 0 ? O_NOFOLLOW : 0;

	return openat(
	    target->dirfd, target->path, O_PATH | O_CLOEXEC | nofollow);
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
 * into `text`.  They are links, of which one that is not followed is the same for
 * all.
 */
static const char *
put_own(char *text, size_t size, const struct tracee *t, const char *path,
    bool is_followed)
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
		    (path[len] != '/' && (path[len] != '\0' || !is_followed)))
			continue;
		snprintf(
		    text, size, "/proc/%d%s", (int)t->call->pid, own[i].means);
		return path + len;
	}
	return NULL;
}

/* Cut slashes off the end of a path that is more; true if there were any. */
static bool
cut_slashes(char *path)
{
	size_t len = strlen(path);
	const bool is_slashed = len > 1 && path[len - 1] == '/';

	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
	return is_slashed;
}

/*
 * Go by hand, step by step, as the caller itself would go.  A slash does not make
 * a link be followed where something new is to be.
 */
static int
find_by_walk(struct target *target, const struct tracee *t,
    const struct target_operand *o, char *path)
{
	const char *end_slash = o->is_new && cut_slashes(path) ? "/" : "";
	struct walk_end end;
	char base[64];

	put_base(base, sizeof(base), t, o->dirfd);
	/* where it began, if it fails */
	snprintf(
	    target->text, sizeof(target->text), "%s", *path != '/' ? base : "");
	if (walk_find(&end, t->call->pid, base, path, o->is_followed) < 0)
		return -1;
	if (*end.name == '\0') {
		target_hold(target, end.dirfd);
		return 0;
	}
	target->dirfd = end.dirfd;
	target->path = target->text;
	target->flags = AT_SYMLINK_NOFOLLOW;
	snprintf(
	    target->text, sizeof(target->text), "%s%s", end.name, end_slash);
	return 0;
}

/*
 * A link on the way may lead to /proc/self, which is someone else to us.  The
 * kernel tells, for what we would find there are its magic links.  What is open
 * anyway is held.
 */
static bool
is_straight(struct target *target, bool is_new)
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
	if (fd < 0)
		return errno != ELOOP;
	if (is_new)
		(void)close((int)fd); /* O_PATH: nothing to lose */
	else
		target_hold(target, (int)fd);
	return true;
}

static int
find_base(struct target *target, const struct tracee *t,
    const struct target_operand *o)
{
	put_base(target->text, sizeof(target->text), t, o->dirfd);
	target->path = target->text;
	target->flags = 0;
	return 0;
}

/*
 * True if there may be links on the way, which must not mislead us; or if the
 * caller's directory must be the one that it was when it asked.
 */
static bool
has_detours(const struct target_operand *o, const char *path)
{
	return o->is_exact &&
	    (o->is_new || o->is_followed || strchr(path, '/') != NULL);
}

/* Put the parts together, or open the first where that is too long. */
static int
join(struct target *target, const struct tracee *t,
    const struct target_operand *o, const char *path, size_t len)
{
	char *text = target->text;
	const char *rest = NULL;
	int head = 0;

	if (path[0] == '/')
		rest = put_own(
		    text, sizeof(target->text), t, path, o->is_followed);
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
target_find(struct target *target, const struct tracee *t,
    const struct target_operand *o)
{
	char path[PATH_MAX];
	ssize_t len;

	target->dirfd = AT_FDCWD;
	target->flags = o->is_followed ? 0 : AT_SYMLINK_NOFOLLOW;
	target->is_loose = target->is_held = false;
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
	if (has_detours(o, path) && !is_straight(target, o->is_new)) {
		target_release(target);
		return find_by_walk(target, t, o, path);
	}
	target->is_loose = o->is_followed && !o->is_exact;
	return 0;
}

/* The absolute name of what is open; the length, 0 if there is none. */
static size_t
name_open(int fd, char *path, size_t size)
{
	char name[64];
	ssize_t len;

	if (fd < 0)
		return 0;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	len = readlink(name, path, size - 1);
	(void)close(fd); /* O_PATH: nothing to lose */
	path[len < 0 ? 0 : len] = '\0';
	return len < 0 ? 0 : (size_t)len;
}

void
target_name(const struct target *t, char *path, size_t size)
{
	const char *slash = strrchr(t->path, '/');
	char parent[sizeof(t->text)] = ".";
	size_t len;

	if (name_open(target_open(t), path, size) > 0)
		return;
	if (slash != NULL) {
		memcpy(parent, t->path, (size_t)(slash - t->path) + 1);
		parent[slash - t->path + 1] = '\0';
	}
	len =
	    name_open(openat(t->dirfd, parent, O_PATH | O_CLOEXEC), path, size);
	if (len == 0) /* deeper than a path can be long */
		len = (size_t)snprintf(path, size, "...");
	snprintf(
	    path + len, size - len, "/%s", slash != NULL ? slash + 1 : t->path);
}
