/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * diffline - a difference as a line
 *
 * For people, in columns without a blank in them, as all is encoded as in mtree(5)
 * (format/vis.h):
 *
 *	[PACKAGE] KIND [PATH] [FIELD] BEFORE -> AFTER
 *
 * where "-" stands for what is not there, "" for what is empty, and contents are
 * SIZE:DIGEST, the digest cut short.  For programs, one JSON object, see amtree-diff(1).
 */
#ifndef ENGINE_DIFFLINE_H
#define ENGINE_DIFFLINE_H

struct buf;
struct difference;
struct fault;

/* What package it is of; each NULL if it is not known. */
struct diffline_package {
	const char *name, *arch;
};

/* Append the line for people; without `package` there is no such column. */
int diffline_add_text(struct buf *b, const struct diffline_package *package,
    const struct difference *d, struct fault *f);

/* Append the object. */
int diffline_add_json(struct buf *b, const struct diffline_package *package,
    const struct difference *d, struct fault *f);

#endif
