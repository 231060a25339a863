/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * journal - what amtree-run has recorded so far, as text
 *
 * A file that amtree-run appends to while it runs, so that amtree-merge and
 * amtree-build, started by the same build, know what was recorded.  Line 1 is
 * JOURNAL_SIGNATURE.  Each further line is all that is recorded about one file;
 * of two lines about one file the later counts:
 *
 *	254:1310:1784211213.120000000 uname=www gid=82 mode=4755 by=uname,gname:3
 *
 * that is DEV:INODE:BIRTH.NANOSECONDS, DEV as one number, all of them decimal,
 * nine digits behind the dot, and then keywords as in mtree(5): uname or uid,
 * gname or gid, mode, type and device, each only if it was recorded; "caps=" as in
 * a comment of an override file (format/note.h).  The type is "char" or "block",
 * and comes with its device.  A number may be any, also one that no package can
 * have: the file may never enter one.  A line without keywords says that nothing
 * is recorded any more.
 *
 * Words "by=" have the number of the deed (format/deed.h) that some of these stem
 * from; those that are in none are nobody's.  A line before has told what deed it
 * is, encoded as names are; they are numbered from 1, one after the other:
 *
 *	deed=3:fchownat:chown\040-R\040www\040pkg/foo
 */
#ifndef FORMAT_JOURNAL_H
#define FORMAT_JOURNAL_H

#include "format/deed.h"
#include "format/identity.h"
#include "format/keyword.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	uint32_t by[DEED_PARTS]; /* whose deed each is; 0: nobody's */
};

/* The line that tells what a number in later lines stands for. */
struct journal_deed {
	uint32_t number; /* from 1 to DEED_COUNT_MAX */
	const char *text;
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
 * comes out is marked as recorded (spec_set_recorded()), and has line number 0.
 */
int journal_parse(struct value_reader *r, struct journal_line *line,
    const char *bytes, size_t len, struct fault *f);

/* True if a line tells of a deed. */
bool journal_is_deed(const char *bytes, size_t len);

/* Such a line: as above.  What is read lasts until the reader's next line. */
int journal_format_deed(
    struct buf *b, const struct journal_deed *deed, struct fault *f);
int journal_parse_deed(struct value_reader *r, struct journal_deed *deed,
    const char *bytes, size_t len, struct fault *f);

#endif
