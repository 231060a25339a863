/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/member.h"

#include "base/fault.h"
#include "format/entry.h"

#include <archive_entry.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

static mode_t
file_type(enum entry_type type)
{
	switch (type) {
	case ENTRY_FILE:
		return AE_IFREG;
	case ENTRY_DIR:
		return AE_IFDIR;
	case ENTRY_LINK:
		return AE_IFLNK;
	case ENTRY_CHAR:
		return AE_IFCHR;
	case ENTRY_BLOCK:
		return AE_IFBLK;
	case ENTRY_FIFO:
		return AE_IFIFO;
	}
	return 0;
}

/*
 * glibc has two kinds of time_t on 32 bits, and libarchive may have been built
 * with the shorter one, as in Debian 12.  Then it takes half of a long one, in
 * memory or in registers, for what comes next, the nanoseconds.
 */
static bool
has_short_time(struct archive_entry *ae)
{
	const int64_t ones = ((int64_t)1 << 32) + 1; /* in both halves */

	if (sizeof(time_t) == sizeof(long))
		return false;
	archive_entry_set_mtime(ae, (time_t)ones, 0);
	return archive_entry_mtime_nsec(ae) != 0;
}

/* archive_entry_set_mtime(3), as it is there. */
void set_short_mtime(struct archive_entry *, int32_t, long) __asm__(
    "archive_entry_set_mtime");

static int
set_time(struct archive_entry *ae, const struct entry *e, struct fault *f)
{
	/* one before the Epoch stands in a record, see format/records */
	const int64_t seconds = e->mtime >= 0 ? e->mtime : 0;
	const long rest = e->mtime >= 0 ? (long)e->mtime_nsec : 0;

	if (!has_short_time(ae)) {
		archive_entry_set_mtime(ae, (time_t)seconds, rest);
		return 0;
	}
	if (seconds > INT32_MAX)
		return fault_set(f, FAULT_INPUT,
		    "time is beyond what this machine's libarchive can hold");
	set_short_mtime(ae, (int32_t)seconds, rest);
	return 0;
}

int
member_fill(struct archive_entry *ae, const struct entry *e, const char *target,
    struct fault *f)
{
	archive_entry_clear(ae);
	archive_entry_set_pathname(ae, e->path);
	archive_entry_set_mode(
	    ae, file_type((enum entry_type)e->type) | e->mode);
	archive_entry_set_uid(ae, e->uid);
	archive_entry_set_gid(ae, e->gid);
	archive_entry_set_uname(ae, e->uname);
	archive_entry_set_gname(ae, e->gname);
	archive_entry_set_size(
	    ae, e->type == ENTRY_FILE ? (la_int64_t)e->size : 0);
	if (e->type == ENTRY_CHAR || e->type == ENTRY_BLOCK) {
		archive_entry_set_rdevmajor(ae, e->major);
		archive_entry_set_rdevminor(ae, e->minor);
	}
	if (e->type == ENTRY_LINK)
		archive_entry_set_symlink(ae, e->link);
	if (target != NULL)
		archive_entry_set_hardlink(ae, target);
	return set_time(ae, e, f);
}
