/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/scribe.h"

#include "base/fault.h"
#include "base/io.h"
#include "engine/record.h"
#include "engine/roster.h"
#include "format/entry.h"
#include "format/journal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* By its name too: without /proc and statx(2) nothing could be recorded. */
int
scribe_open(struct scribe *s, const struct roster *roster,
    const struct record_set *records, struct fault *f)
{
	struct statx named;
	struct stat st;

	*s = (struct scribe){ .roster = roster, .records = records };
	s->fd = memfd_create("amtree-journal", MFD_CLOEXEC);
	if (s->fd < 0)
		return fault_sys(f, "cannot make a journal");
	snprintf(
	    s->name, sizeof(s->name), "/proc/%d/fd/%d", (int)getpid(), s->fd);
	if (fstat(s->fd, &st) < 0 ||
	    statx(AT_FDCWD, s->name, 0, STATX_BASIC_STATS, &named) < 0)
		return fault_sys(
		    f, "/proc and statx(2) are needed: '%s'", s->name);
	if (named.stx_ino != st.st_ino ||
	    makedev(named.stx_dev_major, named.stx_dev_minor) != st.st_dev)
		return fault_set(f, FAULT_SYSTEM,
		    "/proc is needed, and this one is of other processes");
	return io_write(s->fd, JOURNAL_SIGNATURE, strlen(JOURNAL_SIGNATURE), f);
}

static void
set_owner(const struct scribe *s, const struct record *r, struct spec *spec)
{
	struct entry *e = &spec->entry;

	if ((r->has & RECORD_UID) != 0) {
		spec->binds |= KEYWORD_USER;
		e->uname = accounts_name(&s->roster->users, r->uid);
		e->uid = r->uid;
	}
	if ((r->has & RECORD_GID) != 0) {
		spec->binds |= KEYWORD_GROUP;
		e->gname = accounts_name(&s->roster->groups, r->gid);
		e->gid = r->gid;
	}
}

/* Append the line that says what is recorded of a file now. */
static int
add_line(struct buf *text, const struct scribe *s, const struct record *r,
    struct fault *f)
{
	struct journal_line line = { .id = r->id };
	struct spec *spec = &line.spec;
	const struct xattr caps = {
		.name = ENTRY_CAPS_XATTR,
		.value = r->caps,
		.len = r->caps_len,
	};

	set_owner(s, r, spec);
	if ((r->has & RECORD_MODE) != 0) {
		spec->binds |= KEYWORD_MODE;
		spec->entry.mode = r->mode & ENTRY_MODE_MASK;
	}
	if ((r->has & RECORD_DEVICE) != 0) {
		spec->binds |= KEYWORD_TYPE | KEYWORD_DEVICE;
		spec->entry.type = S_ISCHR(r->mode) ? ENTRY_CHAR : ENTRY_BLOCK;
		spec->entry.major = r->major;
		spec->entry.minor = r->minor;
	}
	if ((r->has & RECORD_CAPS) != 0) {
		spec->binds |= KEYWORD_CAPS;
		spec->caps = r->caps_len > 0 ? &caps : NULL;
	}
	spec->has = spec->binds;
	return journal_format(text, &line, f);
}

/* Bring the journal up to date. */
int
scribe_flush(struct scribe *s, struct fault *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->waiting_count; i++)
		r = add_line(
		    &s->lines, s, &s->records->items[s->waiting[i]], f);
	s->waiting_count = 0;
	if (r == 0 && s->lines.len > 0)
		r = io_write(s->fd, s->lines.data, s->lines.len, f);
	buf_reset(&s->lines);
	return r < 0 ? fault_wrap(f, "cannot record") : 0;
}

/*
 * Take note of a record.  It waits, for `chown -R` makes thousands one after the
 * other, until any other call is stopped: by then somebody may read the journal.
 */
int
scribe_note(struct scribe *s, const struct record *r, struct fault *f)
{
	const struct record_set *set = s->records;

	/* one that its file has outlived is not in the set any more */
	if (r < set->items || r >= set->items + set->count)
		return add_line(&s->lines, s, r, f);
	s->waiting[s->waiting_count++] = (uint32_t)(r - set->items);
	return s->waiting_count == SCRIBE_WAITING_MAX ? scribe_flush(s, f) : 0;
}

bool
scribe_is_behind(const struct scribe *s)
{
	return s->waiting_count > 0 || s->lines.len > 0;
}

void
scribe_close(struct scribe *s)
{
	buf_release(&s->lines);
	if (s->fd >= 0)
		(void)close(s->fd); /* memory: nothing to lose */
	s->fd = -1;
}
