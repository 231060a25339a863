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

/* The operand of the call; false if only the kernel knows what is wrong. */
static bool
get_operand(const struct scene *s, struct operand *o)
{
	const struct call *row = s->row;
	const uint64_t *args = s->call->args;
	const int flags = row->flags == CALL_NONE ? 0 : (int)args[row->flags];
	const bool is_stat = row->kind == CALL_STAT ||
	    row->kind == CALL_STAT64 || row->kind == CALL_STATX;
	const int known = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH |
	    (is_stat ? AT_NO_AUTOMOUNT | AT_STATX_SYNC_TYPE : 0);

	*o = (struct operand){
		.dirfd =
		    row->dirfd == CALL_NONE ? AT_FDCWD : (int)args[row->dirfd],
		.path = row->path == CALL_NONE ? 0 : args[row->path],
		.is_followed =
		    !row->is_nofollow && (flags & AT_SYMLINK_NOFOLLOW) == 0,
		.is_empty_allowed = (flags & AT_EMPTY_PATH) != 0,
	};
	if ((flags & ~known) != 0)
		return false;
	if (row->path == CALL_NONE && o->dirfd == AT_FDCWD)
		return false; /* is no descriptor */
	return o->path != 0 || row->path == CALL_NONE || o->is_empty_allowed;
}

int
scene_find(struct scene *s, bool is_exact)
{
	struct operand o;

	if (!get_operand(s, &o)) {
		errno = EFAULT;
		return -1;
	}
	o.is_exact = is_exact;
	return tracee_find(&s->target, &s->tracee, &o);
}

/* For name_to_handle_at(2), which asks the other way round. */
static int
handle_flags(const struct target *t)
{
	return (t->flags & AT_SYMLINK_NOFOLLOW) != 0 ? 0 : AT_SYMLINK_FOLLOW;
}

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

int
scene_look_again(struct scene *s, enum record_use use)
{
	struct record_set *records = &s->trap->records;
	struct record gone;

	if (statx(s->target.dirfd, s->target.path, s->target.flags, get_mask(s),
		&s->on_disk) < 0)
		return -1;
	set_facts(&s->facts, &s->on_disk);
	if ((s->on_disk.stx_mask & STATX_BTIME) == 0)
		identify_unborn(&s->facts.id, s->target.dirfd, s->target.path,
		    handle_flags(&s->target));
	if (record_wants_token(records, &s->facts, use))
		s->facts.token = identify_token(
		    s->target.dirfd, s->target.path, handle_flags(&s->target));
	/* else the file may be one of another process with that number */
	if (use == RECORD_CHANGE &&
	    !notify_is_valid(s->trap->listener, s->call)) {
		errno = ESRCH;
		return -1;
	}
	s->record = record_find(records, &s->facts, &gone);
	if (gone.has == 0)
		return 0;
	gone.has = 0;
	return scene_note(s, &gone);
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
	tracee_release(&s->target);
	return scene_find(s, true) < 0 ? -1 : scene_look_again(s, use);
}

int
scene_note(struct scene *s, const struct record *record)
{
	const struct trap_listener *tells = &s->trap->tells;

	if (record == NULL)
		return 0;
	if (tells->changed(tells->arg, record, s->fault) < 0) {
		errno = EIO;
		return -1;
	}
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

/* The absolute name of a target, of one that does not exist yet too. */
static void
name_target(const struct target *t, char *path, size_t size)
{
	const int flags = O_PATH | O_CLOEXEC |
	    ((t->flags & AT_SYMLINK_NOFOLLOW) != 0 ? O_NOFOLLOW : 0);
	const char *slash = strrchr(t->path, '/');
	char parent[sizeof(t->text)] = ".";
	size_t len;

	if (name_open(openat(t->dirfd, t->path, flags), path, size) > 0)
		return;
	if (slash != NULL) {
		memcpy(parent, t->path, (size_t)(slash - t->path) + 1);
		parent[slash - t->path + 1] = '\0';
	}
	len =
	    name_open(openat(t->dirfd, parent, O_PATH | O_CLOEXEC), path, size);
	snprintf(
	    path + len, size - len, "/%s", slash != NULL ? slash + 1 : t->path);
}

void
scene_refuse(struct scene *s, struct trap_refusal *refusal)
{
	char path[PATH_MAX + NAME_MAX + 1];

	name_target(&s->target, path, sizeof(path));
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
