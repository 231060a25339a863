/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/control.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/stop.h"
#include "engine/override.h"
#include "format/manifest.h"

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
		c->size = st.st_size;
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
control_load(const struct control *c, struct override_set *set, struct fault *f)
{
	if (c->fd >= 0 && override_read(set, c->fd, c->file, f) < 0)
		return -1;
	override_settle(set);
	return 0;
}

static int
write_all(const struct control *c, const struct buf *text, struct fault *f)
{
	if (io_write(c->fd, text->data, text->len, f) == 0)
		return 0;
	fault_wrap(f, "'%s'", c->file);
	if (ftruncate(c->fd, c->size) < 0)
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
	if (c->size > 0)
		return write_all(c, text, f);
	if (buf_adds(&whole, MANIFEST_SIGNATURE, f) == 0 &&
	    buf_add(&whole, text->data, text->len, f) == 0)
		r = write_all(c, &whole, f);
	buf_release(&whole);
	return r;
}
