/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * script - the assignments at the top level of a shell script
 *
 * Finds them without running anything, by the grammar of POSIX sh as ash and
 * dash read it, and leaves what they mean to the caller (format/apkbuild.h):
 *
 *	struct script s = { 0 };
 *	struct script_assignment a;
 *	script_init(&s, bytes, len);
 *	while ((r = script_next(&s, &a, f)) > 0)
 *		...
 *	script_release(&s);
 *
 * An assignment counts if running the script always makes it, for the script
 * itself: one in a function, a compound command (`if`, `case`, `for`, `{ }`,
 * `( )`), behind `&&`, `||` or `|`, in the background, or before the name of a
 * command does not.  Those behind `export` and `readonly` do.
 *
 * No promise is made for what only a run can tell (`eval`, `unset`, `read`, a
 * function that assigns, `exit`).  What is no shell script has no assignments,
 * or odd ones; where quotes or nested commands stay open, or lie deeper than
 * SCRIPT_DEPTH, nothing behind that is found.
 */
#ifndef FORMAT_SCRIPT_H
#define FORMAT_SCRIPT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct fault;

enum {
	SCRIPT_DEPTH = 200, /* of commands and expansions in each other */
	SCRIPT_DOCUMENTS = 16, /* here-documents that one line may announce */
};

/* Words borrow from the script. */
struct script_word {
	const char *s;
	size_t len;
};

struct script_assignment {
	struct script_word name; /* letters, digits and "_" */
	struct script_word value; /* as it is written, quotes and all */
	bool is_appended; /* += */
	unsigned line; /* where it begins, from 1 */
};

struct script_document {
	struct script_word delimiter; /* as it is written */
	bool has_tabs; /* <<- */
};

enum script_place {
	SCRIPT_COMMAND, /* a command begins */
	SCRIPT_ASSIGNMENTS, /* one began with assignments and nothing else */
	SCRIPT_DECLARATION, /* `export` or `readonly` was read */
	SCRIPT_ARGUMENTS, /* another command's name was read */
};

enum script_guard {
	SCRIPT_ALWAYS, /* the command is run whatever the others do */
	SCRIPT_AWAITED, /* `&&`, `||` or `|` wants a command, maybe a line on */
	SCRIPT_SOMETIMES, /* this is that command */
};

/* How far a list of commands was read. */
struct script_list {
	enum script_place place;
	enum script_guard guard;
};

/* Needs script_init(); all of it is for script.c alone. */
struct script {
	const char *s, *end; /* what is left */
	struct script_word word; /* the last one read */
	struct script_list top;
	struct script_document documents[SCRIPT_DOCUMENTS]; /* to come */
	unsigned first_document, document_count, depth;
	bool is_broken; /* something stayed open */
	const char *counted; /* up to here, lines are */
	unsigned line;
	struct buf found; /* assignments of the command under way */
	size_t ready,
	    taken; /* bytes of `found` that count, and that are done */
};

/* Begin to read bytes, whatever they are; they are borrowed. */
void script_init(struct script *s, const char *bytes, size_t len);

void script_release(struct script *s);

/* 1 and the next assignment, 0 at the end, -1 if memory is lacking. */
int script_next(struct script *s, struct script_assignment *a, struct fault *f);

#endif
