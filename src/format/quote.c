/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/quote.h"

#include "base/buf.h"
#include "base/fault.h"
#include "format/vis.h"

#include <stdbool.h>
#include <string.h>

/* True for a byte that means itself anywhere in a word, to any shell. */
static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr("%+,-./:=@_", c) != NULL);
}

/* 1 if the word can be shown, 0 if not. */
static int
can_show(const char *word, size_t len, struct fault *f)
{
	struct buf shown = BUF_INIT;
	int r = -1;

	if (vis_show(&shown, word, len, f) == 0)
		r = shown.len == len;
	buf_release(&shown);
	return r;
}

static int
add_quoted(struct buf *b, const char *word, struct fault *f)
{
	for (;;) {
		const size_t run = strcspn(word, "'");

		if (buf_adds(b, "'", f) < 0 || buf_add(b, word, run, f) < 0 ||
		    buf_adds(b, "'", f) < 0)
			return -1;
		word += run;
		if (*word == '\0')
			return 0;
		if (buf_adds(b, "\\'", f) < 0)
			return -1;
		word++;
	}
}

/* As a format for the shell to print; a first "-" would be an option. */
static int
add_printed(struct buf *b, const char *word, struct fault *f)
{
	if (buf_adds(b, "\"$(printf '", f) < 0)
		return -1;
	for (const char *s = word; *s != '\0'; s++) {
		const bool is_itself =
		    is_plain(*s) && *s != '%' && !(s == word && *s == '-');

		if ((is_itself ? buf_add(b, s, 1, f)
			       : buf_addf(b, f, "\\%03o",
				     (unsigned)(unsigned char)*s)) < 0)
			return -1;
	}
	return buf_adds(b, "')\"", f);
}

static int
add(struct buf *b, const char *word, struct fault *f)
{
	const size_t len = strlen(word);
	size_t plain = 0;
	int r;

	while (is_plain(word[plain]))
		plain++;
	if (len > 0 && plain == len)
		return buf_adds(b, word, f);
	r = can_show(word, len, f);
	if (r < 0)
		return -1;
	return r > 0 ? add_quoted(b, word, f) : add_printed(b, word, f);
}

int
quote_add(struct buf *b, const char *word, struct fault *f)
{
	const size_t start = b->len, len = strlen(word);

	if (len > 0 && word[len - 1] == '\n')
		return fault_set(f, FAULT_INPUT,
		    "ends in a newline, which a shell would drop");
	if (add(b, word, f) == 0)
		return 0;
	b->len = start;
	return -1;
}
