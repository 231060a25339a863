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

#include "base/buf.h"
#include "format/entry.h"

struct arena;
struct fault;

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

/* What one entry line says. */
struct spec {
	struct entry entry; /* fields of keywords not in `has` mean nothing */
	const struct xattr *caps; /* KEYWORD_CAPS: the value, NULL for none */
	unsigned has; /* set of enum keyword_bit */
	unsigned binds; /* those of them that count */
	unsigned recorded; /* those of these that stem from recordings */
	unsigned line; /* number in its file, from 1 */
};

/* Bytes of a line, borrowed, not NUL-terminated. */
struct word {
	const char *s;
	size_t len;
};

/* What reading values needs: set `arena`, leave the rest zero. */
struct keyword_reader {
	struct arena *arena; /* takes names and link targets */
	struct buf text; /* the value decoded last */
	const char *names[8]; /* account names seen lately */
	unsigned next_name;
	bool takes_any_id; /* numbers that no archive can hold, too */
};

void keyword_release(struct keyword_reader *r);

/* Cut the next blank-separated word off `*rest`; false at its end. */
bool keyword_next_word(struct word *rest, struct word *word);

/* Split "name=value"; false, with the whole as name, if there is no "=". */
bool keyword_split(struct word word, struct word *name, struct word *v);

/* True if `w` is exactly this word. */
bool keyword_is(struct word w, const char *word);

/* Decode an encoded value into `r->text` (format/vis.h). */
int keyword_decode(struct keyword_reader *r, struct word v, struct fault *f);

/* The bit of a keyword, "caps" too; 0 for one that states a mere fact. */
int keyword_bit(unsigned *bit, struct word name, struct fault *f);

/* The keyword that a bit stands for ("uname" for KEYWORD_USER). */
const char *keyword_name(enum keyword_bit bit);

/*
 * Take all words of `rest` into `spec`, over what it states already.  Where one
 * line has both a name and a number, the name counts.  FAULT_INPUT names what is
 * wrong.
 */
int keyword_parse(struct keyword_reader *r, struct spec *spec, struct word rest,
    struct fault *f);

/*
 * All that the entry binds was recorded.  If that is a device, its file on disk
 * may be an empty one that stands for it.
 */
void keyword_set_recorded(struct spec *spec);

#endif
