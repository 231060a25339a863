/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/scene.h"

#include "base/fault.h"
#include "engine/calls.h"
#include "engine/identify.h"
#include "engine/notify.h"
#include "engine/trap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

uint64_t
scene_arg(const struct scene *s, int offset)
{
	return s->call->args[s->row->value + offset];
}

/* The operand of the call; false and errno if it is wrong whatever it names. */
static bool
get_operand(const struct scene *s, struct target_operand *o)
{
	const struct call *row = s->row;
	const uint64_t *args = s->call->args;
	const int flags = row->flags == CALL_NONE ? 0 : (int)args[row->flags];
	const bool is_stat = row->kind == CALL_STAT ||
	    row->kind == CALL_STAT64 || row->kind == CALL_STATX;
	const int known = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH |
	    (is_stat ? AT_NO_AUTOMOUNT | AT_STATX_SYNC_TYPE : 0);

	*o = (struct target_operand){
		.dirfd =
		    row->dirfd == CALL_NONE ? AT_FDCWD : (int)args[row->dirfd],
		.path = row->path == CALL_NONE ? 0 : args[row->path],
		.is_followed =
		    !row->is_nofollow && (flags & AT_SYMLINK_NOFOLLOW) == 0,
		.is_empty_allowed = (flags & AT_EMPTY_PATH) != 0,
		.is_new = row->kind == CALL_MKNOD || row->kind == CALL_MKDIR,
	};
	if ((flags & ~known) != 0)
		errno = EINVAL;
	else if (row->path == CALL_NONE && o->dirfd == AT_FDCWD)
		errno = EBADF; /* is no descriptor */
	else if (o->path == 0 && row->path != CALL_NONE &&
	    (!o->is_empty_allowed || row->kind == CALL_CHOWN))
		errno = EFAULT; /* none is an empty one to who just looks */
	else
		return true;
	return false;
}

/* The kernel, at the same call, may have its reasons to say what is excepted. */
int
scene_give_up(struct scene *s)
{
	if (errno != 0 && errno != EACCES && errno != EBADF &&
	    errno != EFAULT && errno != EINVAL && errno != ELOOP &&
	    errno != ENAMETOOLONG && errno != ENOENT && errno != ENOSYS &&
	    errno != ENOTDIR && errno != EOPNOTSUPP && errno != EOVERFLOW &&
	    errno != EPERM && errno != ESRCH)
		s->trouble = errno;
	return -1;
}

int
scene_find(struct scene *s, bool is_exact)
{
	struct target_operand o;

	if (!get_operand(s, &o))
		return -1;
	o.is_exact = is_exact;
	return target_find(&s->target, &s->tracee, &o) < 0 ? scene_give_up(s)
							   : 0;
}

/* For name_to_handle_at(2): what is held is behind a link of /proc. */
static const int held_flags = AT_SYMLINK_FOLLOW;

static void
set_facts(struct facts *facts, const struct statx *sx)
{
	const bool has_birth = (sx->stx_mask & STATX_BTIME) != 0;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	*facts = (struct facts){
		.id = {
			.dev = makedev(sx->stx_dev_major, sx->stx_dev_minor),
			.ino = sx->stx_ino,
			.birth = has_birth ? sx->stx_btime.tv_sec : 0,
			.birth_nsec = has_birth ? sx->stx_btime.tv_nsec : 0,
		},
		.now = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec,
		.uid = sx->stx_uid,
		.gid = sx->stx_gid,
		.mode = sx->stx_mode,
		.major = sx->stx_rdev_major,
		.minor = sx->stx_rdev_minor,
	};
}

/* All that is needed here, and for the caller. */
static unsigned
get_mask(const struct scene *s)
{
	const unsigned mask = STATX_BASIC_STATS | STATX_BTIME;

	return s->row->kind != CALL_STATX ? mask
					  : mask | (unsigned)scene_arg(s, 0);
}

/* Errors are our own. */
static int
tell(struct scene *s, const struct record *record)
{
	const struct trap_listener *tells = &s->trap->tells;

	if (tells->changed(tells->arg, record, s->fault) == 0)
		return 0;
	errno = EIO;
	return -1;
}

/* As stat(2), but unlike statx(2), nothing is mounted for a look. */
static int
look_on_disk(struct scene *s, enum record_use use)
{
	const int mounts = s->row->kind == CALL_STATX
	    ? (int)s->call->args[s->row->flags] & AT_NO_AUTOMOUNT
	    : AT_NO_AUTOMOUNT;

	if (statx(s->target.dirfd, s->target.path, s->target.flags | mounts,
		get_mask(s), &s->on_disk) < 0)
		return scene_give_up(s);
	/* else the file may be one of another process with that number */
	if (use == RECORD_CHANGE &&
	    !notify_is_valid(s->trap->listener, s->call)) {
		errno = ESRCH;
		return -1;
	}
	return 0;
}

static int
hold(struct scene *s)
{
	struct target *t = &s->target;
	int fd;

	if (t->is_held)
		return 0;
	fd = target_open(t);
	if (fd < 0)
		return scene_give_up(s);
	target_hold(t, fd);
	return 0;
}

/*
 * What statx(2) does not tell of the file, its handle does.  By a name that may
 * be another file's meanwhile the two would not go together, and a record would
 * be taken for that of a file that is gone: so that one is held.
 */
static int
complete_facts(struct scene *s, enum record_use use)
{
	const struct record_set *records = &s->trap->records;
	const bool is_born = (s->on_disk.stx_mask & STATX_BTIME) != 0;
	const struct target *t = &s->target;

	set_facts(&s->facts, &s->on_disk);
	if (is_born && !record_wants_token(records, &s->facts, use))
		return 0;
	if (!t->is_held) {
		if (hold(s) < 0 || look_on_disk(s, use) < 0)
			return -1;
		return complete_facts(s, use);
	}
	errno = 0;
	if (!is_born)
		identify_unborn(&s->facts.id, t->dirfd, t->path, held_flags);
	if (record_wants_token(records, &s->facts, use))
		s->facts.token = identify_token(t->dirfd, t->path, held_flags);
	(void)scene_give_up(s); /* unless there just are no handles */
	return s->trouble != 0 ? -1 : 0;
}

int
scene_look_again(struct scene *s, enum record_use use)
{
	struct record gone;

	if (look_on_disk(s, use) < 0)
		return -1;
	if (use == RECORD_CHANGE &&
	    layer_raise(&s->trap->layer, &s->target, &s->on_disk) &&
	    look_on_disk(s, use) < 0)
		return -1;
	if (complete_facts(s, use) < 0)
		return -1;
	s->record = record_find(&s->trap->records, &s->facts, &gone);
	if (gone.has == 0)
		return 0;
	gone.has = 0;
	return tell(s, &gone);
}

int
scene_hold(struct scene *s)
{
	return hold(s) < 0 ? -1 : scene_look_again(s, RECORD_CHANGE);
}

/* What the call's descriptor is called in /proc; its length. */
static size_t
name_descriptor(const struct scene *s, char *name, size_t size)
{
	return (size_t)snprintf(name, size, "/proc/%d/fd/%d", (int)s->call->pid,
	    (int)s->call->args[s->row->dirfd]);
}

/* The kernel shows what a descriptor may do as the mode of a link. */
bool
scene_has_mere_path(const struct scene *s)
{
	char name[64];
	struct stat st;

	if (s->row->path != CALL_NONE)
		return false;
	(void)name_descriptor(s, name, sizeof(name)); /* it fits */
	return lstat(name, &st) == 0 && (st.st_mode & S_IRWXU) == 0;
}

/* True if what was looked for began at a descriptor that is not open. */
static bool
has_no_descriptor(const struct scene *s)
{
	const char *text = s->target.text;
	char name[64];
	struct stat st;
	size_t len;

	if (s->row->dirfd == CALL_NONE)
		return false;
	len = name_descriptor(s, name, sizeof(name));
	return strncmp(text, name, len) == 0 &&
	    (text[len] == '/' || text[len] == '\0') && lstat(name, &st) < 0;
}

/*
 * To the kernel, what cannot be found may be there: it reads the path anew, and
 * another thread may have changed it.
 */
int
scene_leave(struct scene *s)
{
	const int error = errno;

	if (s->trap->records.user != 0 || s->trouble != 0)
		return scene_pass(s);
	return scene_fail(
	    s, error == ENOENT && has_no_descriptor(s) ? EBADF : error);
}

/*
 * A link may lead to /proc/self, which is someone else to us.  Most of what is
 * looked at is none, and tells so itself.
 */
int
scene_look(struct scene *s, enum record_use use)
{
	if (scene_find(s, use == RECORD_CHANGE) < 0)
		return -1;
	if (!s->target.is_loose)
		return scene_look_again(s, use);
	s->target.flags = AT_SYMLINK_NOFOLLOW;
	if (scene_look_again(s, use) < 0)
		return -1;
	if (!S_ISLNK(s->facts.mode))
		return 0;
	target_release(&s->target);
	return scene_find(s, true) < 0 ? -1 : scene_look_again(s, use);
}

/* Tell of a changed record, and whose deed that was. */
static int
note(struct scene *s, const struct record *record)
{
	struct record_set *records = &s->trap->records;
	const struct witness_call c = { &s->tracee, s->row->name,
		s->facts.now };
	uint32_t deed;

	if (witness_ask(&s->trap->witness, &c, &deed, s->fault) < 0) {
		errno = EIO;
		return -1;
	}
	record_sign(records, record, records->changed, deed);
	return tell(s, record);
}

int
scene_settle(struct scene *s, const struct record *record)
{
	if (record != NULL && note(s, record) < 0)
		return -1;
	return scene_return(s, 0);
}

void
scene_refuse(struct scene *s, struct trap_refusal *refusal)
{
	char path[PATH_MAX + NAME_MAX + 1];

	target_name(&s->target, path, sizeof(path));
	refusal->path = path;
	refusal->pid = s->call->pid;
	s->trap->tells.refused(s->trap->tells.arg, refusal);
	(void)scene_fail(s, EPERM);
}

int
scene_pass(struct scene *s)
{
	s->answer = SCENE_PASS;
	return 0;
}

int
scene_return(struct scene *s, int64_t value)
{
	s->answer = SCENE_RETURN;
	s->value = value;
	return 0;
}

int
scene_fail(struct scene *s, int error)
{
	s->answer = SCENE_FAIL;
	s->value = error;
	return 0;
}
