/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/survey.h"

#include "base/fault.h"
#include "base/notice.h"
#include "base/path.h"
#include "base/stop.h"
#include "engine/attrs.h"
#include "engine/reach.h"
#include "engine/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* False for a socket, which has no place among our types. */
static bool
set_type(struct entry *e, mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		e->type = ENTRY_FILE;
		return true;
	case S_IFDIR:
		e->type = ENTRY_DIR;
		return true;
	case S_IFLNK:
		e->type = ENTRY_LINK;
		return true;
	case S_IFCHR:
		e->type = ENTRY_CHAR;
		return true;
	case S_IFBLK:
		e->type = ENTRY_BLOCK;
		return true;
	case S_IFIFO:
		e->type = ENTRY_FIFO;
		return true;
	default:
		return false;
	}
}

static void
set_facts(struct entry *e, const struct stat *st)
{
	e->mode = e->type == ENTRY_LINK ? 0777 : st->st_mode & ENTRY_MODE_MASK;
	e->mtime = st->st_mtim.tv_sec;
	e->mtime_nsec = (uint32_t)st->st_mtim.tv_nsec;
	e->dev = st->st_dev;
	e->ino = st->st_ino;
	e->nlink = (uint32_t)st->st_nlink;
	if (e->type == ENTRY_FILE)
		e->size = (uint64_t)st->st_size;
	if (e->type == ENTRY_CHAR || e->type == ENTRY_BLOCK) {
		e->major = major(st->st_rdev);
		e->minor = minor(st->st_rdev);
	}
}

static int
read_link(struct tree *t, struct entry *e, int dirfd, const char *name,
    struct fault *f)
{
	char target[PATH_LIMIT + 1];
	const ssize_t len = readlinkat(dirfd, name, target, sizeof(target));

	if (len < 0)
		return fault_sys(f, "cannot read link");
	if (len == 0 || (size_t)len > PATH_LIMIT)
		return fault_set(f, FAULT_INPUT,
		    "link target is longer than %d bytes, more than apk takes",
		    PATH_LIMIT);
	e->link = arena_string(&t->arena, target, (size_t)len, f);
	return e->link == NULL ? -1 : 0;
}

/* Add `name` in the directory; 1 if it was added, 0 if it is a socket. */
static int
add_child(struct tree *t, int dirfd, const char *name, const char *path,
    const struct survey_options *o, struct fault *f)
{
	const size_t mark = t->count;
	struct entry *e;
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fault_sys(f, "cannot stat");
	if (S_ISSOCK(st.st_mode))
		return 0;
	e = tree_append(t, f);
	if (e == NULL)
		return -1;
	e->path = path;
	if (!set_type(e, st.st_mode)) {
		t->count = mark;
		return fault_set(f, FAULT_INPUT, "is of an unknown type");
	}
	set_facts(e, &st);
	if (e->type == ENTRY_LINK && read_link(t, e, dirfd, name, f) < 0)
		return -1;
	if (o->has_xattrs &&
	    attrs_load(&e->xattrs, &t->arena, dirfd, name, f) < 0)
		return -1;
	return 1;
}

static const char *
join(struct tree *t, const char *dir, const char *name, struct fault *f)
{
	char path[PATH_LIMIT + 1];
	const size_t dir_len = strlen(dir), name_len = strlen(name);
	const size_t sep = dir_len > 0;

	if (dir_len + sep + name_len > PATH_LIMIT) {
		fault_set(f, FAULT_INPUT,
		    "'%s/%s': path of %zu bytes, apk takes at most %d", dir,
		    name, dir_len + sep + name_len, PATH_LIMIT);
		return NULL;
	}
	memcpy(path, dir, dir_len);
	path[dir_len] = '/';
	memcpy(path + dir_len + sep, name, name_len);
	return arena_string(&t->arena, path, dir_len + sep + name_len, f);
}

static bool
is_hidden_top(const char *dir, const char *name)
{
	return *dir == '\0' && *name == '.';
}

static void
leave_socket(const char *path, const struct survey_options *o)
{
	notice_say(o->notice, "'%s' is a socket: left out", path);
}

static int
add_named(struct tree *t, int dirfd, const char *dir, const char *name,
    const struct survey_options *o, struct fault *f)
{
	const char *path;
	int r;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 0;
	if (o->is_package && is_hidden_top(dir, name)) {
		notice_say(o->notice,
		    "'%s' begins with a dot, apk would skip it: left out",
		    name);
		return 0;
	}
	path = join(t, dir, name, f);
	if (path == NULL)
		return -1;
	r = add_child(t, dirfd, name, path, o, f);
	if (r < 0)
		return fault_wrap(f, "'%s/%s'", t->root, path);
	if (r == 0)
		leave_socket(path, o);
	return 0;
}

static int
add_children(struct tree *t, DIR *d, const char *dir,
    const struct survey_options *o, struct fault *f)
{
	for (;;) {
		const struct dirent *de;

		errno = 0;
		de = readdir(d);
		if (de == NULL && errno != 0)
			return fault_sys(
			    f, "cannot read '%s/%s'", t->root, dir);
		if (de == NULL)
			return 0;
		if (stop_check(f) < 0 ||
		    add_named(t, dirfd(d), dir, de->d_name, o, f) < 0)
			return -1;
	}
}

static DIR *
open_dir(int fd, struct fault *f)
{
	const int opened = reach_read(fd, S_IFDIR, f);
	DIR *d;

	if (opened < 0)
		return NULL;
	d = fdopendir(opened);
	if (d == NULL) {
		fault_sys(f, "cannot read");
		(void)close(opened); /* nothing was written */
	}
	return d;
}

/* Children are looked at while the directory may be entered. */
static int
read_dir(struct tree *t, const char *dir, const struct survey_options *o,
    struct fault *f)
{
	const int fd = reach_name(t->rootfd, dir, f);
	struct reach_lift lift = REACH_INIT;
	DIR *d = NULL;
	int r = -1;

	if (fd < 0 || reach_raise(&lift, fd, S_IRUSR | S_IXUSR, f) < 0) {
		fault_wrap(f, "'%s/%s'", t->root, dir);
		goto out;
	}
	d = open_dir(fd, f);
	if (d == NULL) {
		fault_wrap(f, "'%s/%s'", t->root, dir);
		goto out;
	}
	r = add_children(t, d, dir, o, f);
out:
	if (reach_restore(&lift, f) < 0)
		r = r < 0 ? -1 : fault_wrap(f, "'%s/%s'", t->root, dir);
	if (d != NULL)
		(void)closedir(d); /* nothing was written */
	if (fd >= 0)
		(void)close(fd); /* O_PATH: nothing to lose */
	return r;
}

/* The entries are the queue too: each directory adds behind the last. */
int
survey_walk(struct tree *t, const char *dir, const struct survey_options *o,
    struct fault *f)
{
	size_t next = t->count;

	if (read_dir(t, dir, o, f) < 0)
		return -1;
	for (; next < t->count; next++) {
		if (t->entries[next].type == ENTRY_DIR &&
		    read_dir(t, t->entries[next].path, o, f) < 0)
			return -1;
	}
	return 0;
}

static int
open_parent(const struct tree *t, const char *path, struct fault *f)
{
	char parent[PATH_LIMIT + 1];
	const size_t len = path_parent_len(path);

	memcpy(parent, path, len);
	parent[len] = '\0';
	return reach_name(t->rootfd, parent, f);
}

int
survey_add(struct tree *t, const char *path, const struct survey_options *o,
    struct fault *f)
{
	struct reach_lift lift = REACH_INIT;
	struct fault tried = { 0 };
	const char *copy;
	struct stat st;
	int dirfd, r = -1;

	dirfd = open_parent(t, path, &tried);
	if (dirfd < 0 && reach_is_absence(errno))
		return 0;
	if (dirfd < 0) {
		*f = tried;
		return fault_wrap(f, "'%s/%s'", t->root, path);
	}
	if (reach_raise(&lift, dirfd, S_IXUSR, f) < 0)
		goto out;
	if (fstatat(dirfd, path_base(path), &st, AT_SYMLINK_NOFOLLOW) < 0 &&
	    reach_is_absence(errno)) {
		r = 0;
		goto out;
	}
	copy = arena_string(&t->arena, path, strlen(path), f);
	if (copy != NULL)
		r = add_child(t, dirfd, path_base(path), copy, o, f);
	if (r == 0 && o->leaves_sockets) {
		leave_socket(path, o);
		r = 1;
	} else if (r == 0)
		r = fault_set(f, FAULT_INPUT, "a package cannot have a socket");
out:
	if (reach_restore(&lift, f) < 0)
		r = -1;
	if (r < 0)
		fault_wrap(f, "'%s/%s'", t->root, path);
	(void)close(dirfd); /* O_PATH: nothing to lose */
	return r;
}
