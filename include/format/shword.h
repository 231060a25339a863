/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shword - a word of a shell script, with the quotes and expansions in it
 *
 * Finds where it ends, by the grammar of POSIX sh, and leaves it as it is written.
 * Words hold commands, in $( ), and commands hold words: who knows what a command
 * is says so in `commands`.
 *
 *	struct shword_reader r = {
 *		.cursor = { .s = bytes, .end = bytes + len },
 *		.commands = skip_commands,
 *		.arg = me,
 *	};
 *	shword_skip_blanks(&r);
 *	word = shword_take(&r);
 *
 * What is in backquotes is passed over unread.
 */
#ifndef FORMAT_SHWORD_H
#define FORMAT_SHWORD_H

#include "format/cursor.h"
#include "format/word.h"

struct shword_reader {
	struct cursor cursor;
	/* Move behind the ")" of a "$(", from behind that on. */
	void (*commands)(void *arg);
	void *arg;
};

/* True for what no word has unless it is quoted: blanks and ;&|<>() */
bool shword_is_end(char c);

/* True for a letter, digit or "_". */
bool shword_is_name_char(char c);

/* Move over blanks and escaped newlines. */
void shword_skip_blanks(struct shword_reader *r);

/* Take the word here; its length is 0 if none begins. */
struct word shword_take(struct shword_reader *r);

#endif
