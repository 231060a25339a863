/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/lookcalls.h"

#include "base/fault.h"
#include "engine/calls.h"
#include "engine/filter.h"
#include "engine/notify.h"
#include "engine/scene.h"
#include "engine/trap.h"
#include "format/kstat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

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

/*
 * What callers got to read in place of a file is that file to them, or cp(1)
 * takes it for one that was swapped in.
 */
static bool
disguise(struct scene *s)
{
	for (int i = 0; i < TRAP_FILES; i++) {
		const struct trap_file *file = &s->trap->files[i];

		if (file->fd < 0 || s->facts.id.ino != file->own_ino ||
		    s->facts.id.dev != file->own_dev)
			continue;
		s->on_disk.stx_dev_major = major(file->dev);
		s->on_disk.stx_dev_minor = minor(file->dev);
		s->on_disk.stx_ino = file->ino;
		return true;
	}
	return false;
}

int
lookcalls_stat(struct scene *s)
{
	const enum call_kind kind = (enum call_kind)s->row->kind;
	const struct record_set *records = &s->trap->records;
	unsigned char bytes[KSTAT_MAX];
	uint64_t to = scene_arg(s, 0);
	const void *from = bytes;
	bool is_other;
	size_t len;

	if (kind == CALL_STAT && s->abi->is_narrow)
		return scene_fail(s, ENOSYS); /* long gone from C libraries */
	if (records->count == 0 && records->user == 0 &&
	    s->trap->files[0].fd < 0 && s->trap->files[1].fd < 0)
		return scene_pass(s);
	if (scene_look(s, RECORD_LOOK) < 0)
		return scene_pass(s);
	is_other = record_show(records, s->record, &s->facts);
	is_other |= disguise(s);
	if (!is_other)
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
int
lookcalls_ids(struct scene *s)
{
	static const uint32_t zero = 0;
	const size_t len = s->row->has_short_ids && s->abi->has_short_ids
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

		if (file->fd < 0 || strcmp(last, file->name) != 0)
			continue;
		if (scene_look_again(s, RECORD_LOOK) == 0 &&
		    s->facts.id.dev == file->dev &&
		    s->facts.id.ino == file->ino)
			return file;
	}
	return NULL;
}

int
lookcalls_open(struct scene *s)
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
		(void)scene_fail(s, errno); /* cannot itself */
	else
		s->answer = SCENE_DONE;
	(void)close(fd); /* nothing was written */
	return 0;
}
