/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * token - what a shell script consists of: words, operators, redirections
 *
 * Comments and here-documents are passed over.  What a word in the place of a
 * command means is for format/script.h.
 *
 *	struct token_reader t = { .words = { ... } };
 *	while ((token = token_next(&t)) != TOKEN_END)
 *		...
 */
#ifndef FORMAT_TOKEN_H
#define FORMAT_TOKEN_H

#include "format/shword.h"

enum { TOKEN_DOCUMENTS = 16 }; /* here-documents that one line may announce */

enum token {
	TOKEN_END,
	TOKEN_NEWLINE,
	TOKEN_WORD,
	TOKEN_REDIRECTION, /* with its file, or all that it announces */
	TOKEN_OPEN, /* ( */
	TOKEN_CLOSE, /* ) */
	TOKEN_SEMICOLON,
	TOKEN_ITEM_END, /* ;; */
	TOKEN_BACKGROUND, /* & */
	TOKEN_LOGICAL, /* && and || */
	TOKEN_PIPE,
};

struct token_document {
	struct word delimiter; /* as it is written */
	bool has_tabs; /* <<- */
};

/* Set `words` (format/shword.h), leave the rest zero. */
struct token_reader {
	struct shword_reader words;
	struct word word; /* the last one read, of a redirection too */
	struct token_document documents[TOKEN_DOCUMENTS]; /* to come */
	unsigned first_document, document_count;
};

enum token token_next(struct token_reader *t);

/*
 * A "$(" begins: the lines in it are none that a document announced outside could
 * begin on.  Hand back to token_close() what token_open() returned.
 */
unsigned token_open(struct token_reader *t);
void token_close(struct token_reader *t, unsigned outer);

#endif
