/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * value - what stands behind the "=" of an mtree(5) keyword
 *
 *	struct value_reader r = { .arena = &arena };
 *	if (value_parse(&r, VALUE_MODE, &entry, v, f) < 0)
 *		...
 *	value_release(&r);
 *
 * Numbers are strict, and within what an archive can hold; names of accounts
 * have the characters that they may have (format/owner.h); targets of links are
 * decoded (format/vis.h).  Which keyword takes what is in format/keyword.h.
 */
#ifndef FORMAT_VALUE_H
#define FORMAT_VALUE_H

#include "base/buf.h"
#include "format/word.h"

#include <stdbool.h>

struct arena;
struct deed_list;
struct entry;
struct fault;

enum value_kind {
	VALUE_NONE, /* says nothing about an entry, whatever it is */
	VALUE_TYPE,
	VALUE_MODE, /* octal */
	VALUE_UNAME,
	VALUE_GNAME,
	VALUE_UID,
	VALUE_GID,
	VALUE_LINK, /* encoded */
	VALUE_DEVICE, /* native,MAJOR,MINOR; "linux" packs the same numbers */
	VALUE_TIME, /* SECONDS[.NANOSECONDS] */
	VALUE_SIZE,
};

/*
 * What reading needs, and what was read lately, so that equal values of many lines
 * are there once.  Set `arena`, leave the rest zero.
 */
struct value_reader {
	struct arena *arena; /* takes names and link targets */
	struct buf text; /* the value decoded last */
	const char *names[8]; /* account names seen lately */
	unsigned next_name;
	const struct deed_list *by; /* the deeds of a line before */
	bool takes_any_id; /* numbers that no archive can hold, too */
};

void value_release(struct value_reader *r);

/*
 * Read a value into the fields of `e` that it is of.  FAULT_INPUT tells what it is
 * not.
 */
int value_parse(struct value_reader *r, enum value_kind kind, struct entry *e,
    struct word v, struct fault *f);

/* Decode an encoded value into `r->text` (format/vis.h). */
int value_decode(struct value_reader *r, struct word v, struct fault *f);

#endif
