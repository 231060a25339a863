/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/scribe.h"

#include "base/fault.h"
#include "base/io.h"
#include "base/statx.h"
#include "engine/ledger.h"
#include "engine/record.h"
#include "engine/roster.h"
#include "format/entry.h"
#include "format/journal.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static_assert((int)DEED_PARTS == (int)RECORD_PARTS &&
	1 << DEED_USER == RECORD_UID && 1 << DEED_GROUP == RECORD_GID &&
	1 << DEED_MODE == RECORD_MODE && 1 << DEED_DEVICE == RECORD_DEVICE &&
	1 << DEED_CAPS == RECORD_CAPS,
    "the deeds of a record are copied as they are");

static int
make_journal(struct fault *f)
{
	const int fd = memfd_create("amtree-journal", MFD_CLOEXEC);

	return fd < 0 ? fault_sys(f, "cannot make a journal") : fd;
}

static int
put(struct scribe *s, const char *bytes, size_t len, struct fault *f)
{
	if (io_write(s->fd, bytes, len, f) < 0)
		return -1;
	s->size += len;
	return 0;
}

/* By its name too: without /proc and statx(2) nothing could be recorded. */
int
scribe_open(
    struct scribe *s, const struct scribe_sources *from, struct fault *f)
{
	struct statx named;
	struct stat st;

	*s = (struct scribe){ .from = *from };
	s->fd = make_journal(f);
	if (s->fd < 0)
		return -1;
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
	return put(s, JOURNAL_SIGNATURE, strlen(JOURNAL_SIGNATURE), f);
}

static void
set_owner(const struct scribe *s, const struct record *r, struct spec *spec)
{
	struct entry *e = &spec->entry;

	if ((r->has & RECORD_UID) != 0) {
		spec->binds |= KEYWORD_USER;
		e->uname = accounts_name(&s->from.roster->users, r->uid);
		e->uid = r->uid;
	}
	if ((r->has & RECORD_GID) != 0) {
		spec->binds |= KEYWORD_GROUP;
		e->gname = accounts_name(&s->from.roster->groups, r->gid);
		e->gid = r->gid;
	}
}

/* Append the line that says what is recorded of a file now. */
static int
add_line(struct scribe *s, const struct record *r, struct fault *f)
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
	memcpy(line.by, r->deeds, sizeof(line.by));
	s->line_count++;
	return journal_format(&s->lines, &line, f);
}

/* Append the deeds that the journal does not tell of yet. */
static int
add_deeds(struct scribe *s, struct fault *f)
{
	while (s->deed_count < s->from.deeds->count) {
		struct journal_deed deed = {
			.number = (uint32_t)s->deed_count + 1,
		};

		deed.text = ledger_text(s->from.deeds, deed.number);
		if (journal_format_deed(&s->lines, &deed, f) < 0)
			return -1;
		s->deed_count++;
	}
	return 0;
}

/* Lines of files, behind the deeds that they speak of. */
static int
add_waiting(struct scribe *s, struct fault *f)
{
	const struct record *items = s->from.records->items;

	if (add_deeds(s, f) < 0)
		return -1;
	for (size_t i = 0; i < s->waiting_count; i++) {
		if (add_line(s, &items[s->waiting[i]], f) < 0)
			return -1;
	}
	return 0;
}

int
scribe_renew(struct scribe *s, struct fault *f)
{
	const struct record_set *set = s->from.records;
	const int fd = make_journal(f);
	int r = fd < 0 ? -1 : 0;

	s->line_count = s->deed_count = s->waiting_count = 0;
	buf_reset(&s->lines);
	if (r == 0)
		r = buf_adds(&s->lines, JOURNAL_SIGNATURE, f);
	if (r == 0)
		r = add_deeds(s, f);
	for (size_t i = 0; r == 0 && i < set->count; i++) {
		if (set->items[i].has != 0)
			r = add_line(s, &set->items[i], f);
	}
	if (r == 0)
		r = io_write(fd, s->lines.data, s->lines.len, f);
	if (r == 0 && dup3(fd, s->fd, O_CLOEXEC) < 0)
		r = fault_sys(f, "cannot renew the journal");
	if (r == 0)
		s->size = s->lines.len;
	if (fd >= 0)
		(void)close(fd); /* memory: nothing to lose */
	buf_reset(&s->lines);
	return r;
}

/* Most of a long journal is not true any more. */
static bool
is_stale(const struct scribe *s)
{
	return s->line_count > SCRIBE_STALE_MAX &&
	    s->line_count / 2 > s->from.records->count;
}

/* Bring the journal up to date. */
int
scribe_flush(struct scribe *s, struct fault *f)
{
	int r = add_waiting(s, f);

	s->waiting_count = 0;
	if (r == 0 && is_stale(s))
		r = scribe_renew(s, f);
	else if (r == 0 && s->lines.len > 0)
		r = put(s, s->lines.data, s->lines.len, f);
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
	const struct record_set *set = s->from.records;
	uint32_t index;

	/* one that its file has outlived is not in the set any more */
	if (r < set->items || r >= set->items + set->count)
		return add_line(s, r, f);
	index = (uint32_t)(r - set->items);
	if (s->waiting_count > 0 && s->waiting[s->waiting_count - 1] == index)
		return 0;
	s->waiting[s->waiting_count++] = index;
	return s->waiting_count == SCRIBE_WAITING_MAX ? scribe_flush(s, f) : 0;
}

int
scribe_check(const struct scribe *s, struct fault *f)
{
	struct stat st;

	if (fstat(s->fd, &st) < 0)
		return fault_sys(f, "cannot stat '%s'", s->name);
	if ((uint64_t)st.st_size == s->size)
		return 0;
	return fault_set(f, FAULT_INPUT,
	    "'%s', the journal, was changed by somebody else", s->name);
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
	io_drop(&s->fd);
}
