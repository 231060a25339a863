/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * word - bytes of a line or a script, where they stand
 *
 * Borrowed, and not NUL-terminated.
 *
 *	while (word_next(&rest, &word)) {
 *		if (word_split(word, &name, &value) && word_is(name, "mode"))
 *			...
 *	}
 */
#ifndef FORMAT_WORD_H
#define FORMAT_WORD_H

#include <stdbool.h>
#include <stddef.h>

struct word {
	const char *s;
	size_t len;
};

/* True if the word is exactly this text. */
bool word_is(struct word w, const char *text);

/* Cut the next word between blanks and tabs off `*rest`; false at its end. */
bool word_next(struct word *rest, struct word *word);

/* Split "name=value"; false, with the whole as name, if there is no "=". */
bool word_split(struct word word, struct word *name, struct word *v);

#endif
