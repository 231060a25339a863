/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/filecalls.h"

#include "base/fault.h"
#include "engine/calls.h"
#include "engine/filter.h"
#include "engine/notify.h"
#include "engine/scene.h"
#include "engine/trap.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

enum { PERMISSIONS = 07777, NARROW_KEEP = 0xffff, MODES = 01777 };

/* A user or group in an argument, as wide as the call has it. */
static uint32_t
get_id(const struct scene *s, int offset)
{
	const uint32_t id = (uint32_t)scene_arg(s, offset);

	if (!s->row->has_short_ids || !s->abi->has_short_ids)
		return id;
	return (id & NARROW_KEEP) == NARROW_KEEP ? RECORD_KEEP
						 : id & NARROW_KEEP;
}

/* True if that owner is what files have anyway. */
static bool
is_roots(const struct record_set *set, uint32_t uid, uint32_t gid)
{
	return (uid == 0 || uid == RECORD_KEEP || uid == set->user) &&
	    (gid == 0 || gid == RECORD_KEEP ||
		(gid == set->group && uid == set->user));
}

/*
 * Find the file.  To be root's is not to be recorded of most files, which then are
 * not looked at as closely as one that changes.
 */
static int
look_for_chown(struct scene *s, bool is_plain)
{
	const struct record_set *set = &s->trap->records;

	if (!is_plain)
		return scene_look(s, RECORD_CHANGE);
	if (scene_find(s, true) < 0 || scene_look_again(s, RECORD_LOOK) < 0)
		return -1;
	if (s->record == NULL && s->facts.uid == set->user &&
	    (set->user != 0 || s->facts.gid == 0))
		return 0;
	return scene_look_again(s, RECORD_CHANGE);
}

int
filecalls_chown(struct scene *s)
{
	struct record_set *records = &s->trap->records;
	const uint32_t uid = get_id(s, 0), gid = get_id(s, 1);
	const bool is_plain = is_roots(records, uid, gid);
	const struct record *changed;
	struct trap_refusal refusal = {
		.wanted = { .uid = uid,
		    .gid = gid,
		    .has = RECORD_UID | RECORD_GID },
	};

	errno = EBADF;
	if (scene_has_mere_path(s) || look_for_chown(s, is_plain) < 0)
		return scene_leave(s);
	if (s->trap->is_strict && !is_plain) {
		if (uid == RECORD_KEEP)
			refusal.wanted.has = RECORD_GID;
		if (gid == RECORD_KEEP)
			refusal.wanted.has = RECORD_UID;
		scene_refuse(s, &refusal);
		return 0;
	}
	if (record_chown(records, &s->facts, uid, gid, &changed, s->fault) < 0)
		return -1;
	return scene_settle(s, changed);
}

/*
 * Where nothing is recorded and nobody would be locked out, or with --strict, the
 * kernel can do it unwatched.
 */
static bool
is_plain_mode(const struct scene *s, uint32_t mode)
{
	if (s->trap->is_strict)
		return true;
	return s->trap->records.mode_count == 0 &&
	    (mode & (S_ISUID | S_ISGID)) == 0 && (mode & S_IRWXU) == S_IRWXU;
}

int
filecalls_chmod(struct scene *s)
{
	struct record_set *records = &s->trap->records;
	const uint32_t mode = (uint32_t)scene_arg(s, 0) & PERMISSIONS;
	const struct target *t = &s->target;
	const struct record *changed;
	struct stat st;
	uint32_t real;

	if (is_plain_mode(s, mode) || scene_has_mere_path(s) ||
	    scene_find(s, true) < 0 || scene_hold(s) < 0 ||
	    S_ISLNK(s->facts.mode))
		return scene_pass(s);
	real = record_real_mode(s->facts.mode, mode);
	if (fchmodat(t->dirfd, t->path, real, 0) < 0) {
		if (errno != EPERM)
			return scene_fail(s, errno);
		real = s->facts.mode; /* not the builder's own: as it was */
	} else if ((real & S_ISGID) != 0 &&
	    fstatat(t->dirfd, t->path, &st, t->flags) == 0) {
		real = st.st_mode; /* the kernel may have kept that bit back */
	}
	if (record_chmod(records, &s->facts, mode, real, &changed, s->fault) <
	    0)
		return -1;
	return scene_settle(s, changed);
}

/* The permissions of something new, as its maker's umask lets them be. */
static int
get_new_mode(struct scene *s, uint32_t *mode)
{
	mode_t mask;

	if (tracee_umask(&s->tracee, &mask) < 0) {
		(void)scene_give_up(s);
		return -1;
	}
	*mode = (uint32_t)scene_arg(s, 0) & ~(uint32_t)mask;
	return 0;
}

/*
 * Make an empty file, and hold it from the first moment on: another could take its
 * name, and be a device from then on.
 */
static int
make_file(struct target *t, uint32_t mode)
{
	const int fd = openat(t->dirfd, t->path,
	    O_RDONLY | O_CREAT | O_EXCL | O_NOCTTY | O_CLOEXEC, mode);

	if (fd >= 0)
		target_hold(t, fd);
	else if (errno == EISDIR) /* "..", or a slash at the end */
		return mknodat(t->dirfd, t->path, S_IFREG | mode, 0);
	return fd < 0 ? -1 : 0;
}

/* Make what is not to obey our own umask. */
static int
make(struct scene *s, bool is_directory, uint32_t mode)
{
	struct target *t = &s->target;
	const mode_t mask = umask(0);
	const int r = is_directory ? mkdirat(t->dirfd, t->path, mode)
				   : make_file(t, mode);

	(void)umask(mask); /* cannot fail */
	return r;
}

int
filecalls_mknod(struct scene *s)
{
	const dev_t device = (uint32_t)scene_arg(s, 1);
	const struct record *changed;
	uint32_t mode;

	if (scene_find(s, true) < 0 || get_new_mode(s, &mode) < 0)
		return scene_pass(s);
	if (s->trap->is_strict) {
		struct trap_refusal refusal = {
			.wanted = { .mode = (uint16_t)mode,
			    .major = major(device),
			    .minor = minor(device),
			    .has = RECORD_DEVICE | RECORD_MODE },
		};

		scene_refuse(s, &refusal);
		return 0;
	}
	if (make(s, false, record_real_mode(S_IFREG, mode)) < 0 ||
	    scene_hold(s) < 0)
		return scene_fail(s, errno);
	if (record_device(&s->trap->records, &s->facts, mode, major(device),
		minor(device), &changed, s->fault) < 0)
		return -1;
	return scene_settle(s, changed);
}

/* True if what is made there inherits set-group-ID. */
static bool
inherits(const struct scene *s)
{
	const struct target *t = &s->target;
	size_t len = strlen(t->path);
	char parent[sizeof(t->text)] = ".";
	struct stat st;

	while (len > 1 && t->path[len - 1] == '/')
		len--;
	while (len > 0 && t->path[len - 1] != '/')
		len--;
	if (len > 0) {
		memcpy(parent, t->path, len);
		parent[len] = '\0';
	}
	return fstatat(t->dirfd, parent, &st, 0) == 0 &&
	    (st.st_mode & S_ISGID) != 0;
}

/*
 * As under fakeroot, a directory has the mode that was asked for, set-group-ID
 * too, and does not inherit that bit: a checkout that lies in a directory with it
 * would give it to all that is packaged.
 */
int
filecalls_mkdir(struct scene *s)
{
	const struct record *changed;
	const struct target *t = &s->target;
	const uint32_t asked = (uint32_t)scene_arg(s, 0);
	uint32_t mode, real;

	if (s->trap->is_strict || scene_find(s, true) < 0)
		return scene_pass(s);
	if ((asked & S_IRWXU) == S_IRWXU &&
	    (asked & (S_ISUID | S_ISGID)) == 0 && !inherits(s))
		return scene_pass(s);
	if (get_new_mode(s, &mode) < 0)
		return scene_pass(s);
	mode &= PERMISSIONS;
	real = record_real_mode(S_IFDIR, mode & MODES);
	if (make(s, true, real) < 0 || scene_hold(s) < 0)
		return scene_fail(s, errno);
	if ((s->facts.mode & S_ISGID) != 0 &&
	    fchmodat(t->dirfd, t->path, real, 0) == 0)
		s->facts.mode &= ~(uint32_t)S_ISGID;
	if (record_chmod(&s->trap->records, &s->facts, mode, s->facts.mode,
		&changed, s->fault) < 0)
		return -1;
	return scene_settle(s, changed);
}
