/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * note - what an "#amtree" comment says of the entry on the next line
 *
 * mtree(5) has no word for it, so it stands in a line that other readers pass
 * over: "#amtree " and a list of words.
 *	bind=KEYWORD[,KEYWORD]...	only these keywords count, the others are
 *					there for readers; without it all count
 *	create			its object is to be made, and never is one that
 *				was moved to another package
 *	recorded		what binds was seen by amtree-run, and counts
 *				only where no other entry says otherwise
 *	caps=CAPS		file capabilities: TEXT as setcap(8) takes them;
 *				"none"; or 0xHEX, the value of security.capability
 *				where no text says all of it (a root user id).
 *				Encoded as names are
 *	by=PART[,PART]...:CALL:COMMAND	with "recorded": the call that these
 *				parts stem from (format/deed.h), encoded as
 *				names are; once for each such call
 */
#ifndef FORMAT_NOTE_H
#define FORMAT_NOTE_H

#include "format/keyword.h"

struct fault;

/* What takes the place of capabilities where a file shall have none. */
#define NOTE_NO_CAPS "none"

/* What stands in front of a value in hex. */
#define NOTE_HEX "0x"

struct note {
	unsigned has; /* KEYWORD_CREATE, KEYWORD_RECORDED, KEYWORD_CAPS */
	unsigned binds; /* KEYWORD_BINDABLE without "bind" */
	bool has_binds; /* there is a "bind", which the entry has to keep */
	const struct xattr *caps; /* in the reader's arena; NULL for none */
	const struct deed_list *by; /* in the reader's arena; NULL: unknown */
	unsigned line; /* of the comment; 0: there is none */
};

/*
 * Read the words behind "#amtree"; `line` is the number of their line.
 * FAULT_INPUT says what is wrong with them.
 */
int note_parse(struct note *note, struct value_reader *r, struct word words,
    unsigned line, struct fault *f);

/*
 * Let an entry bind what the note has it bind, all that it states without one.
 * FAULT_INPUT if it does not state something that it shall bind, or does not bind
 * what is someone's deed.
 */
int note_apply(const struct note *note, struct spec *spec, struct fault *f);

/* Read the value of "caps=": an attribute in the reader's arena, NULL for none. */
int note_parse_caps(const struct xattr **caps, struct value_reader *r,
    struct word v, struct fault *f);

#endif
