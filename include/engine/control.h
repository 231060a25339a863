/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control - a package's control directory and the override file in it
 *
 * abuild keeps what describes package NAME in pkg/.control.NAME; our overrides
 * are its file ".mtree".  Many programs may append at once and others read: all
 * hold a lock (flock(2)) while they do.
 *
 *	struct control c = CONTROL_INIT;
 *	if (control_open(&c, dir, CONTROL_APPEND, f) < 0 ||
 *	    control_append(&c, &text, f) < 0)
 *		...
 *	control_close(&c);
 */
#ifndef ENGINE_CONTROL_H
#define ENGINE_CONTROL_H

#include <sys/types.h>
#include <time.h>

struct buf;
struct fault;
struct override_set;

enum control_use {
	CONTROL_READ, /* a shared lock; a missing file is an empty one */
	CONTROL_APPEND, /* an exclusive lock; what is missing is made */
};

enum { CONTROL_WAIT = 60 }; /* seconds that another may hold the lock */

/* What another file of that name, or one that was written to, differs in. */
struct control_state {
	off_t size; /* 0 if there is nothing to read */
	ino_t ino;
	struct timespec written;
};

struct control {
	char *file; /* owned; "DIR/.mtree" */
	int fd; /* -1: not open, or nothing to read */
	struct control_state state; /* when it was locked */
};

/* clang-format off */
#define CONTROL_INIT { .fd = -1 }
/* clang-format on */

/*
 * Open and lock DIR/.mtree.  The directory itself may be missing, as it is while
 * package() runs.  A lock that another holds for longer than CONTROL_WAIT, or
 * that cannot be had, is a fault.  A file that was replaced while we waited is
 * let go, and the one that has its name now is opened.
 */
int control_open(
    struct control *c, const char *dir, enum control_use use, struct fault *f);

/* Let go of file and lock. */
void control_close(struct control *c);

/* Read and settle what the file of DIR says, under a lock of our own. */
int control_load(const char *dir, struct override_set *set, struct fault *f);

/*
 * Append `text` in one write; a new file gets its first line before it.  All of
 * it gets there, or the file is as it was.
 */
int control_append(
    const struct control *c, const struct buf *text, struct fault *f);

/*
 * Take out of a file that is open for CONTROL_APPEND what was recorded (see
 * format/note.h), and leave all else, byte by byte.  The file is replaced in one
 * step; it is to be closed then.
 */
int control_forget(struct control *c, struct fault *f);

#endif
