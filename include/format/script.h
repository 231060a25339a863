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
 * CURSOR_DEPTH, nothing behind that is found.
 *
 * Who sets `visitor` behind script_init() is shown the words of all commands on
 * the way, also of those in functions, in compound commands and in $( ), but
 * not in backquotes, nor what is in quotes or here-documents.
 */
#ifndef FORMAT_SCRIPT_H
#define FORMAT_SCRIPT_H

#include "base/buf.h"
#include "format/token.h"

#include <stdbool.h>
#include <stddef.h>

struct fault;

/* Words borrow from the script. */
struct script_assignment {
	struct word name; /* letters, digits and "_" */
	struct word value; /* as it is written, quotes and all */
	bool is_appended; /* += */
	unsigned line; /* where it begins, from 1 */
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

/* A command of which words are shown, for who looks at them. */
struct script_command {
	struct word name; /* as it is written */
	unsigned memo; /* the visitor's; 0 when the command begins */
};

struct script_visitor {
	/* A word of a command; the first is its name.  May be NULL. */
	void (*word)(void *arg, struct script_command *c, struct word w);
	void *arg;
};

/* How far a list of commands was read. */
struct script_list {
	enum script_place place;
	enum script_guard guard;
	struct script_command command; /* once its name was read */
};

/*
 * Needs script_init(), and stays where it was then; but for the visitor, it is for
 * script.c alone.
 */
struct script {
	struct script_visitor visitor; /* the caller's */
	struct token_reader tokens;
	struct script_list top;
	const char *counted; /* up to here, lines are */
	unsigned line;
	struct buf found; /* assignments of the command under way */
	size_t ready,
	    taken; /* bytes of `found` that count, and that are done */
};

/* Begin to read bytes, whatever they are; they are borrowed. */
void script_init(struct script *s, const char *bytes, size_t len);

void script_release(struct script *s);

/* True if something stayed open, of what was read so far. */
bool script_is_broken(const struct script *s);

/* 1 and the next assignment, 0 at the end, -1 if memory is lacking. */
int script_next(struct script *s, struct script_assignment *a, struct fault *f);

#endif
