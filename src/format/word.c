/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/word.h"

#include <string.h>

bool
word_is(struct word w, const char *text)
{
	return w.len == strlen(text) && memcmp(w.s, text, w.len) == 0;
}

bool
word_next(struct word *rest, struct word *word)
{
	while (rest->len > 0 && (*rest->s == ' ' || *rest->s == '\t')) {
		rest->s++;
		rest->len--;
	}
	word->s = rest->s;
	word->len = 0;
	while (rest->len > 0 && *rest->s != ' ' && *rest->s != '\t') {
		rest->s++;
		rest->len--;
		word->len++;
	}
	return word->len > 0;
}

bool
word_split(struct word word, struct word *name, struct word *v)
{
	const char *eq = memchr(word.s, '=', word.len);

	*name = word;
	if (eq == NULL)
		return false;
	name->len = (size_t)(eq - word.s);
	v->s = eq + 1;
	v->len = word.len - name->len - 1;
	return true;
}
