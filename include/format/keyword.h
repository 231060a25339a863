/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keyword - the words of an mtree(5) line: "mode=755", "optional"
 *
 * They come in three kinds: those that say what the package shall have (enum
 * keyword_bit); those that state facts about contents and have no effect here
 * (nlink, inode, digests, flags, tags); and those that would change what is
 * packed in ways that we do not offer (contents, ignore, nochange), which are
 * faults, as is any other word.
 */
#ifndef FORMAT_KEYWORD_H
#define FORMAT_KEYWORD_H

#include "format/spec.h"
#include "format/word.h"

struct fault;
struct value_reader;

enum keyword_bit {
	KEYWORD_TYPE = 1 << 0,
	KEYWORD_MODE = 1 << 1,
	KEYWORD_USER = 1 << 2, /* uname or uid */
	KEYWORD_GROUP = 1 << 3, /* gname or gid */
	KEYWORD_LINK = 1 << 4,
	KEYWORD_DEVICE = 1 << 5,
	KEYWORD_TIME = 1 << 6,
	KEYWORD_SIZE = 1 << 7, /* stated, never bound */
	KEYWORD_OPTIONAL = 1 << 8, /* no error if there is no such file */
	KEYWORD_CAPS = 1 << 9, /* in a comment: mtree(5) has no word for it */
	KEYWORD_IDS = 1 << 10, /* writing only: numbers beside names */
	KEYWORD_DOTTED = 1 << 11, /* writing only: "./" before every name */
	KEYWORD_CREATE = 1 << 12, /* in a comment: there was no such file */
	KEYWORD_RECORDED = 1 << 13, /* in a comment: amtree-run saw it */
	KEYWORD_PLACEHOLDER = 1 << 14, /* a recording has it for a device */
	KEYWORD_BINDABLE = KEYWORD_TYPE | KEYWORD_MODE | KEYWORD_USER |
	    KEYWORD_GROUP | KEYWORD_LINK | KEYWORD_DEVICE | KEYWORD_TIME |
	    KEYWORD_CAPS,
};

/* The bit of a keyword, "caps" too; 0 for one that states a mere fact. */
int keyword_bit(unsigned *bit, struct word name, struct fault *f);

/* The keyword that a bit stands for ("uname" for KEYWORD_USER). */
const char *keyword_name(enum keyword_bit bit);

/*
 * Take all words of `rest` into `spec`, over what it states already.  Where one
 * line has both a name and a number, the name counts.  FAULT_INPUT names what is
 * wrong.
 */
int keyword_parse(struct value_reader *r, struct spec *spec, struct word rest,
    struct fault *f);

#endif
