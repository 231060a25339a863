/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/token.h"

#include <string.h>

static bool
is_number(struct word w)
{
	for (size_t i = 0; i < w.len; i++) {
		if (w.s[i] < '0' || w.s[i] > '9')
			return false;
	}
	return true;
}

/* True if the line is the delimiter without its quotes. */
static bool
is_delimiter(struct word line, struct word d)
{
	size_t at = 0;

	for (size_t i = 0; i < d.len; i++) {
		if (d.s[i] == '\'' || d.s[i] == '"')
			continue;
		if (d.s[i] == '\\' && i + 1 < d.len)
			i++;
		if (at == line.len || line.s[at++] != d.s[i])
			return false;
	}
	return at == line.len;
}

static bool
is_quoted(struct word w)
{
	return memchr(w.s, '\'', w.len) != NULL ||
	    memchr(w.s, '"', w.len) != NULL || memchr(w.s, '\\', w.len) != NULL;
}

/* True if an escaped newline joins the next line to this one. */
static bool
is_continued(struct word line)
{
	size_t backslashes = 0;

	while (backslashes < line.len &&
	    line.s[line.len - 1 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2 == 1;
}

static void
skip_document(struct cursor *c, const struct token_document *d)
{
	const bool is_plain = is_quoted(d->delimiter);
	bool is_inside = false;

	while (c->s < c->end) {
		struct word line = { c->s,
			(size_t)(cursor_line_end(c) - c->s) };

		cursor_skip(c, line.len + 1);
		while (d->has_tabs && line.len > 0 && *line.s == '\t') {
			line.s++;
			line.len--;
		}
		if (!is_inside && is_delimiter(line, d->delimiter))
			return;
		is_inside = !is_plain && is_continued(line);
	}
}

/* Here-documents begin on the line behind the one that announces them. */
static void
skip_documents(struct token_reader *t)
{
	for (unsigned i = t->first_document; i < t->document_count; i++)
		skip_document(&t->words.cursor, &t->documents[i]);
	t->document_count = t->first_document;
}

static enum token
take_redirection(struct token_reader *t)
{
	struct cursor *c = &t->words.cursor;
	const bool is_document = cursor_is_at(c, 0, '<') &&
	    cursor_is_at(c, 1, '<') && !cursor_is_at(c, 2, '<');
	const bool has_tabs = is_document && cursor_is_at(c, 2, '-');

	while (cursor_is_at(c, 0, '<') || cursor_is_at(c, 0, '>'))
		cursor_skip(c, 1);
	if (has_tabs || cursor_is_at(c, 0, '&') || cursor_is_at(c, 0, '|'))
		cursor_skip(c, 1);
	shword_skip_blanks(&t->words);
	t->word = shword_take(&t->words);
	if (is_document && t->document_count == TOKEN_DOCUMENTS)
		cursor_give_up(c);
	else if (is_document)
		t->documents[t->document_count++] =
		    (struct token_document){ t->word, has_tabs };
	return TOKEN_REDIRECTION;
}

static enum token
take_operator(struct cursor *c)
{
	static const struct {
		char c;
		enum token one, two;
	} operators[] = {
		{ '(', TOKEN_OPEN, TOKEN_OPEN },
		{ ')', TOKEN_CLOSE, TOKEN_CLOSE },
		{ ';', TOKEN_SEMICOLON, TOKEN_ITEM_END },
		{ '&', TOKEN_BACKGROUND, TOKEN_LOGICAL },
		{ '|', TOKEN_PIPE, TOKEN_LOGICAL },
	};
	size_t i = 0;

	while (operators[i].c != *c->s)
		i++;
	cursor_skip(c, 1);
	if (!cursor_is_at(c, 0, operators[i].c) ||
	    operators[i].one == operators[i].two)
		return operators[i].one;
	cursor_skip(c, 1);
	return operators[i].two;
}

enum token
token_next(struct token_reader *t)
{
	struct cursor *c = &t->words.cursor;

	shword_skip_blanks(&t->words);
	if (cursor_is_at(c, 0, '#'))
		c->s = cursor_line_end(c);
	if (c->s == c->end)
		return TOKEN_END;
	if (*c->s == '\n') {
		cursor_skip(c, 1);
		skip_documents(t);
		return TOKEN_NEWLINE;
	}
	if (*c->s == '<' || *c->s == '>')
		return take_redirection(t);
	if (shword_is_end(*c->s))
		return take_operator(c);
	t->word = shword_take(&t->words);
	/* as in 2>file */
	if (is_number(t->word) &&
	    (cursor_is_at(c, 0, '<') || cursor_is_at(c, 0, '>')))
		return take_redirection(t);
	return TOKEN_WORD;
}

unsigned
token_open(struct token_reader *t)
{
	const unsigned outer = t->first_document;

	t->first_document = t->document_count;
	return outer;
}

void
token_close(struct token_reader *t, unsigned outer)
{
	t->first_document = outer;
}
