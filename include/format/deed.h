/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deed - a call that was recorded, and the command that made it
 *
 * "fchownat:chown -R www pkg/foo": the name of the system call, a colon, and the
 * command line as one would type it (format/quote.h), which ends in "..." where
 * it is long.  Each half of what is recorded of a file may be another deed's.
 *
 * What says whose deed something is, is a word "by=PART[,PART]...:DEED", where a
 * part is uname, gname, mode, device or caps; in a comment of an override file
 * (format/note.h) DEED is the text, in a journal (format/journal.h) a number.
 */
#ifndef FORMAT_DEED_H
#define FORMAT_DEED_H

#include "format/keyword.h"

#include <stddef.h>
#include <stdint.h>

struct buf;
struct fault;

enum {
	DEED_CALL_MAX = 32, /* bytes of the call's name */
	DEED_COMMAND_MAX = 200, /* bytes of the command line */
	DEED_MAX = DEED_CALL_MAX + 1 + DEED_COMMAND_MAX,
	DEED_COUNT_MAX = 65535, /* deeds of one run; later ones are unknown */
};

/* What a deed may have set; "device" stands for the type, too. */
enum deed_part {
	DEED_USER,
	DEED_GROUP,
	DEED_MODE,
	DEED_DEVICE,
	DEED_CAPS,
	DEED_PARTS,
};

/* Whose deed each part is; NULL where nobody knows. */
struct deed_list {
	const char *of[DEED_PARTS];
};

/* The part that a keyword (one bit) belongs to; DEED_PARTS: to none. */
enum deed_part deed_part_of(unsigned keyword);

/* The parts of these keywords, as a set of 1 << enum deed_part. */
unsigned deed_parts(unsigned keywords);

/*
 * Append a deed.  `args` are the words of the command line, `len` bytes with a NUL
 * behind each, of which the last may be cut off, as /proc/PID/cmdline has them.
 */
int deed_add(struct buf *b, const char *call, const char *args, size_t len,
    struct fault *f);

/* FAULT_INPUT if that is no deed. */
int deed_check(const char *text, size_t len, struct fault *f);

/* Append " by=PART[,PART]...:", for a set of parts. */
int deed_add_parts(struct buf *b, unsigned parts, struct fault *f);

/*
 * Cut "PART[,PART]...:" off the value of a "by=", into a set of parts of which none
 * is among `taken`.  FAULT_INPUT says what is wrong.
 */
int deed_cut_parts(
    unsigned *parts, unsigned taken, struct word *v, struct fault *f);

#endif
