/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/trap.h"

#include "base/fault.h"
#include "engine/calls.h"
#include "engine/capcalls.h"
#include "engine/filter.h"
#include "engine/notify.h"
#include "engine/scene.h"
#include "format/kstat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { PERMISSIONS = 07777, NARROW_KEEP = 0xffff, MODES = 01777 };

/* A user or group in an argument, as wide as the call has it. */
static uint32_t
get_id(const struct scene *s, int offset)
{
	const uint32_t id = (uint32_t)scene_arg(s, offset);

	if (!s->row->is_narrow || !s->abi->is_narrow)
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

static int
answer_chown(struct scene *s)
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

	if (scene_look(s, is_plain ? RECORD_LOOK : RECORD_CHANGE) < 0)
		return scene_pass(s);
	if (s->trap->is_strict && !is_plain) {
		if (uid == RECORD_KEEP)
			refusal.wanted.has = RECORD_GID;
		if (gid == RECORD_KEEP)
			refusal.wanted.has = RECORD_UID;
		scene_refuse(s, &refusal);
		return 0;
	}
	if (record_chown(records, &s->facts, uid, gid, &changed, s->fault) <
		0 ||
	    scene_note(s, changed) < 0)
		return -1;
	return scene_return(s, 0);
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

static int
answer_chmod(struct scene *s)
{
	struct record_set *records = &s->trap->records;
	const uint32_t mode = (uint32_t)scene_arg(s, 0) & PERMISSIONS;
	const struct target *t = &s->target;
	const struct record *changed;
	struct stat st;
	uint32_t real;

	if (is_plain_mode(s, mode) || scene_look(s, RECORD_CHANGE) < 0 ||
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
		0 ||
	    scene_note(s, changed) < 0)
		return -1;
	return scene_return(s, 0);
}

/* The permissions of something new, as its maker's umask lets them be. */
static int
get_new_mode(const struct scene *s, uint32_t *mode)
{
	mode_t mask;

	if (tracee_umask(&s->tracee, &mask) < 0)
		return -1;
	*mode = (uint32_t)scene_arg(s, 0) & ~(uint32_t)mask;
	return 0;
}

/* Make what is not to obey our own umask. */
static int
make(const struct scene *s, bool is_directory, uint32_t mode)
{
	const struct target *t = &s->target;
	const mode_t mask = umask(0);
	const int r = is_directory
	    ? mkdirat(t->dirfd, t->path, mode)
	    : mknodat(t->dirfd, t->path, S_IFREG | mode, 0);

	(void)umask(mask); /* cannot fail */
	return r;
}

static int
answer_mknod(struct scene *s)
{
	const dev_t device = (uint32_t)scene_arg(s, 1);
	const struct record *changed;
	uint32_t mode;

	if (scene_find(s, false) < 0 || get_new_mode(s, &mode) < 0)
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
	    scene_look_again(s, RECORD_CHANGE) < 0)
		return scene_fail(s, errno);
	if (record_device(&s->trap->records, &s->facts, mode, major(device),
		minor(device), &changed, s->fault) < 0 ||
	    scene_note(s, changed) < 0)
		return -1;
	return scene_return(s, 0);
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
static int
answer_mkdir(struct scene *s)
{
	const struct record *changed;
	const struct target *t = &s->target;
	const uint32_t asked = (uint32_t)scene_arg(s, 0);
	uint32_t mode, real;

	if (s->trap->is_strict || scene_find(s, false) < 0)
		return scene_pass(s);
	if ((asked & S_IRWXU) == S_IRWXU &&
	    (asked & (S_ISUID | S_ISGID)) == 0 && !inherits(s))
		return scene_pass(s);
	if (get_new_mode(s, &mode) < 0)
		return scene_pass(s);
	mode &= PERMISSIONS;
	real = record_real_mode(S_IFDIR, mode & MODES);
	if (make(s, true, real) < 0 || scene_look_again(s, RECORD_CHANGE) < 0)
		return scene_fail(s, errno);
	if ((s->facts.mode & S_ISGID) != 0 &&
	    fchmodat(t->dirfd, t->path, real, 0) == 0)
		s->facts.mode &= ~(uint32_t)S_ISGID;
	if (record_chmod(&s->trap->records, &s->facts, mode, s->facts.mode,
		&changed, s->fault) < 0 ||
	    scene_note(s, changed) < 0)
		return -1;
	return scene_return(s, 0);
}

/* Put what the records say into what the disk says. */
static void
forge(struct scene *s)
{
	struct statx *sx = &s->on_disk;

	sx->stx_uid = s->facts.uid;
	sx->stx_gid = s->facts.gid;
	sx->stx_mode = (uint16_t)s->facts.mode;
	sx->stx_rdev_major = s->facts.major;
	sx->stx_rdev_minor = s->facts.minor;
}

static int
answer_stat(struct scene *s)
{
	const enum call_kind kind = (enum call_kind)s->row->kind;
	const struct record_set *records = &s->trap->records;
	unsigned char bytes[KSTAT_MAX];
	uint64_t to = scene_arg(s, 0);
	const void *from = bytes;
	size_t len;

	if (kind == CALL_STAT && s->abi->is_narrow)
		return scene_fail(s, ENOSYS); /* long gone from C libraries */
	if (records->count == 0 && records->user == 0)
		return scene_pass(s);
	if (scene_look(s, RECORD_LOOK) < 0 ||
	    !record_show(records, s->record, &s->facts))
		return scene_pass(s);
	forge(s);
	if (kind == CALL_STATX) {
		to = scene_arg(s, 1);
		from = &s->on_disk;
		len = sizeof(s->on_disk);
	} else if (kind == CALL_STAT64) {
		len = kstat_i386(bytes, &s->on_disk);
	} else {
		len = kstat_native(bytes, &s->on_disk);
	}
	if (len == 0)
		return scene_fail(s, ENOSYS);
	if (tracee_write(&s->tracee, to, from, len) < 0)
		return scene_fail(s, errno);
	return scene_return(s, 0);
}

/* The three of getresuid(2); where they go may be nowhere. */
static int
answer_ids(struct scene *s)
{
	static const uint32_t zero = 0;
	const size_t len = s->row->is_narrow && s->abi->is_narrow
	    ? sizeof(uint16_t)
	    : sizeof(uint32_t);

	for (int i = 0; i < 3; i++) {
		if (tracee_write(&s->tracee, scene_arg(s, i), &zero, len) < 0)
			return scene_fail(s, errno);
	}
	return scene_return(s, 0);
}

/* The flags of an open, which openat2(2) has in memory. */
static int
get_open_flags(const struct scene *s, uint64_t *flags)
{
	struct open_how how;

	if (!s->row->is_at) {
		*flags = (uint32_t)scene_arg(s, 0);
		return 0;
	}
	if (scene_arg(s, 1) < sizeof(how))
		return -1;
	if (tracee_read(&s->tracee, scene_arg(s, 0), &how, sizeof(how)) < 0)
		return -1;
	*flags = how.flags;
	return 0;
}

/* The file that an open is to give instead of its own, or NULL. */
static const struct trap_file *
find_file(struct scene *s)
{
	const char *last;

	if (scene_find(s, false) < 0)
		return NULL;
	last = strrchr(s->target.path, '/');
	last = last != NULL ? last + 1 : s->target.path;
	for (int i = 0; i < TRAP_FILES; i++) {
		const struct trap_file *file = &s->trap->files[i];

		if (file->name == NULL || strcmp(last, file->name) != 0)
			continue;
		if (scene_look_again(s, RECORD_LOOK) == 0 &&
		    s->facts.id.dev == file->dev &&
		    s->facts.id.ino == file->ino)
			return file;
	}
	return NULL;
}

static int
answer_open(struct scene *s)
{
	const struct trap_file *file = find_file(s);
	uint64_t flags;
	char name[64];
	int fd, r;

	if (file == NULL || get_open_flags(s, &flags) < 0 ||
	    (flags & (O_ACCMODE | O_PATH | O_CREAT | O_DIRECTORY)) != 0)
		return scene_pass(s);
	/* each reader has a place of its own in the file */
	snprintf(name, sizeof(name), "/proc/self/fd/%d", file->fd);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return scene_fail(s, errno);
	r = notify_give(s->trap->listener, s->call, fd, flags & O_CLOEXEC);
	if (r < 0 && errno != ENOENT)
		r = scene_fail(s, errno);
	else
		s->answer = SCENE_DONE;
	(void)close(fd); /* nothing was written */
	return 0;
}

static int
answer(struct scene *s)
{
	switch ((enum call_kind)s->row->kind) {
	case CALL_CHOWN:
		return answer_chown(s);
	case CALL_CHMOD:
		return answer_chmod(s);
	case CALL_MKNOD:
		return answer_mknod(s);
	case CALL_MKDIR:
		return answer_mkdir(s);
	case CALL_STAT:
	case CALL_STAT64:
	case CALL_STATX:
		return answer_stat(s);
	case CALL_GETXATTR:
		return capcalls_get(s);
	case CALL_LISTXATTR:
		return capcalls_list(s);
	case CALL_SETXATTR:
		return capcalls_set(s);
	case CALL_REMOVEXATTR:
		return capcalls_remove(s);
	case CALL_OPEN:
		return answer_open(s);
	case CALL_IDS:
		return answer_ids(s);
	case CALL_ROOT:
		s->trap->has_other_root = true;
		return scene_pass(s);
	case CALL_ID:
		break; /* the filter's own */
	}
	return scene_pass(s);
}

static int
send(struct scene *s)
{
	const int listener = s->trap->listener;
	int r = 0;

	switch (s->answer) {
	case SCENE_PASS:
		r = notify_continue(listener, s->call);
		break;
	case SCENE_RETURN:
		r = notify_answer(listener, s->call, s->value, 0);
		break;
	case SCENE_FAIL:
		r = notify_answer(listener, s->call, 0, (int)s->value);
		break;
	case SCENE_DONE:
		break;
	}
	if (r < 0 && errno != ENOENT)
		return fault_sys(s->fault, "cannot answer a system call");
	return 0;
}

/* A program of an ABI that we do not know would go unrecorded. */
static int
kill_caller(struct trap *t, const struct notify_call *call)
{
	if (notify_is_valid(t->listener, call)) {
		t->tells.killed(t->tells.arg, call->pid);
		(void)kill(call->pid, SIGKILL); /* else it is gone */
	}
	(void)notify_answer(t->listener, call, 0, ENOSYS); /* as above */
	return 0;
}

int
trap_answer(struct trap *t, const struct notify_call *call, struct fault *f)
{
	struct scene s; /* most of it is a name's room, and left as it is */
	int r;

	s.row = filter_find(t->filter, call->arch, call->number, &s.abi);
	if (s.row == NULL)
		return kill_caller(t, call);
	s.trap = t;
	s.call = call;
	s.tracee = (struct tracee){ t->listener, call, t->has_other_root };
	s.target.dirfd = AT_FDCWD;
	s.record = NULL;
	s.fault = f;
	/* what we do for the caller, it must be allowed to do itself */
	if (t->checks_user && !tracee_has_user(&s.tracee, t->records.user))
		r = scene_pass(&s);
	else
		r = answer(&s);
	tracee_release(&s.target);
	if (r < 0 || f->kind != FAULT_NONE)
		return -1;
	return send(&s);
}
