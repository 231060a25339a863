/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outfile - an output that appears whole or not at all
 *
 * What is put into it goes to a nameless file in the directory of its target;
 * outfile_commit() makes it durable and gives it its name in one step.  Until
 * then an older file of that name stays as it is, and whatever ends the program
 * (SIGKILL too, where the file system knows O_TMPFILE) leaves nothing behind.
 *
 *	struct outfile out = OUTFILE_INIT;
 *	if (outfile_open(&out, "data.tar.gz", f) < 0 || sink_put(...) < 0 ||
 *	    outfile_commit(&out, f) < 0)
 *		...
 *	outfile_release(&out);
 *
 * A symbolic link is followed: its target is replaced; but not a stranger's in a
 * directory like /tmp, where anybody may put one.  A target that is no
 * regular file (a pipe, /dev/null) and "-", standard output, are written to
 * directly: there, "whole or not at all" cannot be had.
 */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

#include "base/sink.h"

#include <stdbool.h>

struct fault;

struct outfile {
	struct sink sink; /* first: an outfile is a sink */
	int fd; /* -1: not open */
	bool is_nameless; /* it gets a name when it is whole */
	char *target; /* owned; the name it will get, NULL if none */
	char *temp; /* owned; the name it has now, NULL if none */
};

/* clang-format off */
#define OUTFILE_INIT { .fd = -1 }
/* clang-format on */

/* Begin an output for `path`; "-" is standard output. */
int outfile_open(struct outfile *o, const char *path, struct fault *f);

/* Make it durable and visible.  Nothing more may be put into it. */
int outfile_commit(struct outfile *o, struct fault *f);

/* Close it; what was not committed is gone. */
void outfile_release(struct outfile *o);

#endif
