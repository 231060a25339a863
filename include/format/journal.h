/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * journal - what amtree-run has recorded so far, as text
 *
 * A file that amtree-run appends to while it runs, so that amtree-merge and
 * amtree-build, started by the same build, know what was recorded.  Line 1 is
 * JOURNAL_SIGNATURE.  Each further line is all that is recorded about one file;
 * of two lines about one file the later counts:
 *
 *	254:1310:1784211213.120000000 uname=www gid=82 mode=4755 caps=none
 *
 * that is DEV:INODE:BIRTH.NANOSECONDS, DEV as one number, all of them decimal,
 * nine digits behind the dot, and then keywords as in mtree(5): uname or uid,
 * gname or gid, mode, type and device, each only if it was recorded; "caps=" as in
 * a comment of an override file (format/note.h).  The type is "char" or "block",
 * and comes with its device.  A number may be any, also one that no package can
 * have: the file may never enter one.  A line without keywords says that nothing
 * is recorded any more.
 */
#ifndef FORMAT_JOURNAL_H
#define FORMAT_JOURNAL_H

#include "format/identity.h"
#include "format/keyword.h"

#include <stddef.h>

struct buf;
struct fault;

#define JOURNAL_SIGNATURE "#amtree journal 1\n"

/* The keywords that a line may have. */
enum {
	JOURNAL_KEYWORDS = KEYWORD_USER | KEYWORD_GROUP | KEYWORD_MODE |
	    KEYWORD_TYPE | KEYWORD_DEVICE | KEYWORD_CAPS,
};

/* spec.binds says which of JOURNAL_KEYWORDS count. */
struct journal_line {
	struct identity id;
	struct spec spec; /* no path; strings in the reader's arena */
};

/*
 * Append a line, its newline too.  FAULT_INPUT for what nobody could read back: a
 * name that is none (format/owner.h), a type that is no device's, or without its
 * device, capabilities that no file can have; the buffer then has half a line.
 */
int journal_format(
    struct buf *b, const struct journal_line *line, struct fault *f);

/*
 * Read the `len` bytes of a line without its newline.  FAULT_INPUT says why.  What
 * comes out is marked as recorded (keyword_set_recorded()), and has line number 0.
 */
int journal_parse(struct keyword_reader *r, struct journal_line *line,
    const char *bytes, size_t len, struct fault *f);

#endif
