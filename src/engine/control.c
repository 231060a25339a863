/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/control.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/outfile.h"
#include "base/stop.h"
#include "engine/override.h"
#include "format/manifest.h"
#include "format/mtree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_PAUSE = 1000000, LAST_PAUSE = 20000000, SECOND = 1000000000 };

/* Ask again and again, so that a holder who hangs cannot hang us. */
static int
lock(const struct control *c, enum control_use use, struct fault *f)
{
	const int op = use == CONTROL_APPEND ? LOCK_EX : LOCK_SH;
	struct timespec pause = { .tv_nsec = FIRST_PAUSE }, now;
	time_t deadline;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail on Linux */
	deadline = now.tv_sec + CONTROL_WAIT;
	while (flock(c->fd, op | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return fault_sys(f, "cannot lock '%s'", c->file);
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > deadline)
			return fault_set(f, FAULT_SYSTEM,
			    "cannot lock '%s': another process has held the "
			    "lock for %d seconds",
			    c->file, CONTROL_WAIT);
		if (stop_check(f) < 0)
			return -1;
		(void)nanosleep(&pause, NULL); /* a signal only cuts it short */
		if (pause.tv_nsec < LAST_PAUSE)
			pause.tv_nsec += FIRST_PAUSE;
	}
	return 0;
}

/* Open and lock what the name leads to; 1, or 0 if there is nothing to read. */
static int
open_locked(
    struct control *c, const char *dir, enum control_use use, struct fault *f)
{
	const int flags =
	    use == CONTROL_APPEND ? O_RDWR | O_APPEND | O_CREAT : O_RDONLY;
	struct stat st;

	if (use == CONTROL_APPEND && mkdir(dir, 0777) < 0 && errno != EEXIST)
		return fault_sys(f, "cannot create '%s'", dir);
	c->fd =
	    open(c->file, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
	if (c->fd < 0 && errno == ENOENT && use == CONTROL_READ)
		return 0;
	if (c->fd < 0)
		return fault_sys(f, "cannot open '%s'", c->file);
	if (fstat(c->fd, &st) < 0)
		return fault_sys(f, "cannot stat '%s'", c->file);
	if (!S_ISREG(st.st_mode))
		return fault_set(
		    f, FAULT_INPUT, "'%s' is no regular file", c->file);
	return lock(c, use, f) < 0 ? -1 : 1;
}

/* False if another file has got the name while we waited for the lock. */
static bool
has_its_name(const struct control *c, const struct stat *st)
{
	struct stat named;

	return lstat(c->file, &named) == 0 && named.st_dev == st->st_dev &&
	    named.st_ino == st->st_ino;
}

int
control_open(
    struct control *c, const char *dir, enum control_use use, struct fault *f)
{
	struct buf file = BUF_INIT;
	struct stat st;
	int r;

	*c = (struct control)CONTROL_INIT;
	if (buf_adds(&file, dir, f) < 0 || buf_adds(&file, "/.mtree", f) < 0 ||
	    buf_end(&file, f) == NULL) {
		buf_release(&file);
		return -1;
	}
	c->file = file.data;
	while ((r = open_locked(c, dir, use, f)) > 0) {
		if (fstat(c->fd, &st) < 0)
			return fault_sys(f, "cannot stat '%s'", c->file);
		c->state =
		    (struct control_state){ st.st_size, st.st_ino, st.st_mtim };
		if (has_its_name(c, &st))
			return 0;
		/* editors and sed -i replace it: a line would be lost */
		(void)close(c->fd); /* nothing was written */
		*c = (struct control){ .fd = -1, .file = c->file };
		if (stop_check(f) < 0)
			return -1;
	}
	return r;
}

void
control_close(struct control *c)
{
	if (c->fd >= 0)
		(void)close(c->fd); /* appends reported their own errors */
	free(c->file);
	*c = (struct control)CONTROL_INIT;
}

int
control_load(const char *dir, struct override_set *set, struct fault *f)
{
	struct control c = CONTROL_INIT;
	int r = control_open(&c, dir, CONTROL_READ, f);

	if (r == 0 && c.fd >= 0)
		r = override_read(set, c.fd, c.file, f);
	control_close(&c);
	override_settle(set);
	return r;
}

static int
write_all(const struct control *c, const struct buf *text, struct fault *f)
{
	if (io_write(c->fd, text->data, text->len, f) == 0)
		return 0;
	fault_wrap(f, "'%s'", c->file);
	if (ftruncate(c->fd, c->state.size) < 0)
		return fault_wrap(f,
		    "'%s' now ends in half an entry, and it cannot be cut off",
		    c->file);
	return -1;
}

int
control_append(const struct control *c, const struct buf *text, struct fault *f)
{
	struct buf whole = BUF_INIT;
	int r = -1;

	if (text->len == 0)
		return 0;
	if (c->state.size > 0)
		return write_all(c, text, f);
	if (buf_adds(&whole, MANIFEST_SIGNATURE, f) == 0 &&
	    buf_add(&whole, text->data, text->len, f) == 0)
		r = write_all(c, &whole, f);
	buf_release(&whole);
	return r;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* True if the line is the comment of an entry that was recorded. */
static bool
is_recorded(const char *line, size_t len)
{
	static const char note[] = "#amtree", word[] = "recorded";
	const size_t note_len = sizeof(note) - 1, size = sizeof(word) - 1;

	if (len <= note_len || memcmp(line, note, note_len) != 0 ||
	    !is_blank(line[note_len]))
		return false;
	for (size_t i = note_len + 1; i + size <= len; i++) {
		if (memcmp(line + i, word, size) == 0 &&
		    is_blank(line[i - 1]) &&
		    (i + size == len || is_blank(line[i + size])))
			return true;
	}
	return false;
}

/* The length of the line that begins here, newline and all. */
static size_t
line_size(const char *line, const char *end)
{
	const char *next = memchr(line, '\n', (size_t)(end - line));

	return next != NULL ? (size_t)(next - line) + 1 : (size_t)(end - line);
}

/* The same with those that it is continued in. */
static size_t
whole_size(const char *line, const char *end)
{
	size_t size = 0, last;

	do {
		last = line_size(line + size, end);
		size += last;
	} while (line + size < end &&
	    mtree_is_continued(line + size - last, last - 1));
	return size;
}

/* Copy the lines but for such comments and the entries behind them. */
static int
leave_out(struct buf *kept, const struct buf *all, struct fault *f)
{
	const char *line = all->data, *end = all->data + all->len;
	bool is_entry = false; /* of a comment that was left out */

	while (line < end) {
		const size_t size = whole_size(line, end);

		if (is_entry)
			is_entry = false;
		else if (is_recorded(line, size - (line[size - 1] == '\n')))
			is_entry = true;
		else if (buf_add(kept, line, size, f) < 0)
			return -1;
		line += size;
	}
	return 0;
}

static int
replace(const struct control *c, const struct buf *text, struct fault *f)
{
	struct outfile out = OUTFILE_INIT;
	int r = -1;

	if (outfile_open(&out, c->file, f) == 0 &&
	    sink_put(&out.sink, text->data, text->len, f) == 0)
		r = outfile_commit(&out, f);
	outfile_release(&out);
	return r;
}

int
control_forget(struct control *c, struct fault *f)
{
	struct buf all = BUF_INIT, kept = BUF_INIT;
	size_t got;
	int r = buf_reserve(&all, (size_t)c->state.size, f);

	if (r == 0 && lseek(c->fd, 0, SEEK_SET) < 0)
		r = fault_sys(f, "cannot read");
	if (r == 0)
		r = io_read(c->fd, all.data, (size_t)c->state.size, &got, f);
	if (r == 0) {
		all.len = got;
		r = leave_out(&kept, &all, f);
	}
	if (r == 0 && kept.len < all.len)
		r = replace(c, &kept, f);
	buf_release(&all);
	buf_release(&kept);
	return r < 0 ? fault_wrap(f, "'%s'", c->file) : 0;
}
