/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/script.h"

#include "base/fault.h"

#include <string.h>

enum token {
	TOKEN_END,
	TOKEN_NEWLINE,
	TOKEN_WORD,
	TOKEN_REDIRECTION,
	TOKEN_OPEN, /* ( */
	TOKEN_CLOSE, /* ) */
	TOKEN_SEMICOLON,
	TOKEN_ITEM_END, /* ;; */
	TOKEN_BACKGROUND, /* & */
	TOKEN_LOGICAL, /* && and || */
	TOKEN_PIPE,
};

/* What reading one token of a list of commands has brought. */
enum event {
	EVENT_NONE,
	EVENT_ASSIGNMENT, /* the word read is one, and may count */
	EVENT_DONE, /* a command ended, its assignments count */
	EVENT_DROPPED, /* they do not */
	EVENT_ITEM_END, /* ;; in a case */
	EVENT_CLOSED, /* the list ended, as it should */
	EVENT_END, /* the bytes ended */
};

enum quoting { UNQUOTED, QUOTED };

/* Commands hold words, and words hold commands. */
static enum event skip_list(struct script *c, const char *closer);
static void skip_part(struct script *c, enum quoting quoting);

static bool
is_at(const struct script *c, size_t offset, char wanted)
{
	return offset < (size_t)(c->end - c->s) && c->s[offset] == wanted;
}

static void
skip(struct script *c, size_t count)
{
	const size_t left = (size_t)(c->end - c->s);

	c->s += count < left ? count : left;
}

static void
give_up(struct script *c)
{
	c->s = c->end;
	c->is_broken = true;
}

static bool
enter(struct script *c)
{
	if (c->depth == SCRIPT_DEPTH) {
		give_up(c);
		return false;
	}
	c->depth++;
	return true;
}

static void
skip_past(struct script *c, char stop)
{
	const char *at = memchr(c->s, stop, (size_t)(c->end - c->s));

	if (at == NULL)
		give_up(c);
	else
		c->s = at + 1;
}

/* In backquotes and $'...', a backslash before the stop takes it away. */
static void
skip_past_unescaped(struct script *c, char stop)
{
	while (c->s < c->end && *c->s != stop)
		skip(c, *c->s == '\\' ? 2 : 1);
	skip_past(c, stop);
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_';
}

/*
 * Within double quotes, the quote in ${name-it's} is itself, that in
 * ${name#'}'} quotes.  A colon may stand before the sign.
 */
static bool
has_plain_word(const struct script *c)
{
	const char *s = c->s;

	while (s < c->end && is_name_char(*s))
		s++;
	if (s == c->s && s < c->end) /* $@, $* and so on */
		s++;
	if (s < c->end && *s == ':')
		s++;
	return s < c->end && *s != '\0' && strchr("-+=?", *s) != NULL;
}

/* Read "${...}", from the brace on. */
static void
skip_parameter(struct script *c, enum quoting quoting)
{
	if (!enter(c))
		return;
	skip(c, 1);
	if (!has_plain_word(c))
		quoting = UNQUOTED;
	while (c->s < c->end && *c->s != '}')
		skip_part(c, quoting);
	skip_past(c, '}');
	c->depth--;
}

/* Read "$((...))", from the first parenthesis on. */
static void
skip_arithmetic(struct script *c)
{
	size_t open = 2;

	if (!enter(c))
		return;
	skip(c, open);
	while (c->s < c->end && open > 0) {
		if (*c->s == '(' || *c->s == ')') {
			open += *c->s == '(' ? 1 : (size_t)-1;
			skip(c, 1);
		} else {
			skip_part(c, UNQUOTED);
		}
	}
	if (open > 0)
		give_up(c);
	c->depth--;
}

/*
 * Read "$(...)", from behind the parenthesis on.  The lines in it are none that
 * a document announced outside could begin on.
 */
static void
skip_command(struct script *c)
{
	const unsigned outer = c->first_document;

	c->first_document = c->document_count;
	(void)skip_list(c, ")"); /* nothing else can end it */
	c->first_document = outer;
}

static void
skip_dollar(struct script *c, enum quoting quoting)
{
	skip(c, 1);
	if (is_at(c, 0, '{')) {
		skip_parameter(c, quoting);
	} else if (is_at(c, 0, '(') && is_at(c, 1, '(')) {
		skip_arithmetic(c);
	} else if (is_at(c, 0, '(')) {
		skip(c, 1);
		skip_command(c);
	} else if (is_at(c, 0, '\'') && quoting == UNQUOTED) {
		skip(c, 1);
		skip_past_unescaped(c, '\'');
	}
}

static void
skip_double_quotes(struct script *c)
{
	skip(c, 1);
	while (c->s < c->end && *c->s != '"')
		skip_part(c, QUOTED);
	skip_past(c, '"');
}

/* Read a byte of a word, or all that it begins. */
static void
skip_part(struct script *c, enum quoting quoting)
{
	switch (*c->s) {
	case '\\':
		skip(c, 2);
		break;
	case '\'':
		skip(c, 1);
		if (quoting == UNQUOTED)
			skip_past(c, '\'');
		break;
	case '"':
		skip_double_quotes(c);
		break;
	case '`':
		skip(c, 1);
		skip_past_unescaped(c, '`');
		break;
	case '$':
		skip_dollar(c, quoting);
		break;
	default:
		skip(c, 1);
	}
}

static bool
ends_word(char c)
{
	return c != '\0' && strchr(" \t\n;&|<>()", c) != NULL;
}

static bool
is_at_continuation(const struct script *c)
{
	return is_at(c, 0, '\\') && is_at(c, 1, '\n');
}

static void
take_word(struct script *c)
{
	const char *start = c->s, *end = c->s;

	while (c->s < c->end && !ends_word(*c->s)) {
		const bool is_continuation = is_at_continuation(c);

		skip_part(c, UNQUOTED);
		if (!is_continuation)
			end = c->s;
	}
	c->word = (struct script_word){ start, (size_t)(end - start) };
}

/* A comparison as it stands: with quotes, no word is reserved. */
static bool
is_word(const struct script *c, const char *text)
{
	return c->word.len == strlen(text) &&
	    memcmp(c->word.s, text, c->word.len) == 0;
}

static bool
is_number(struct script_word w)
{
	for (size_t i = 0; i < w.len; i++) {
		if (w.s[i] < '0' || w.s[i] > '9')
			return false;
	}
	return true;
}

static void
skip_blanks(struct script *c)
{
	for (;;) {
		if (is_at(c, 0, ' ') || is_at(c, 0, '\t'))
			skip(c, 1);
		else if (is_at_continuation(c))
			skip(c, 2);
		else
			return;
	}
}

/* True if the line is the delimiter without its quotes. */
static bool
is_delimiter(struct script_word line, struct script_word d)
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
is_quoted(struct script_word w)
{
	return memchr(w.s, '\'', w.len) != NULL ||
	    memchr(w.s, '"', w.len) != NULL || memchr(w.s, '\\', w.len) != NULL;
}

/* True if an escaped newline joins the next line to this one. */
static bool
is_continued(struct script_word line)
{
	size_t backslashes = 0;

	while (backslashes < line.len &&
	    line.s[line.len - 1 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2 == 1;
}

static void
skip_document(struct script *c, const struct script_document *d)
{
	const bool is_plain = is_quoted(d->delimiter);
	bool is_inside = false;

	while (c->s < c->end) {
		const size_t left = (size_t)(c->end - c->s);
		const char *newline = memchr(c->s, '\n', left);
		struct script_word line = { c->s,
			newline != NULL ? (size_t)(newline - c->s) : left };

		skip(c, line.len + 1);
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
skip_documents(struct script *c)
{
	for (unsigned i = c->first_document; i < c->document_count; i++)
		skip_document(c, &c->documents[i]);
	c->document_count = c->first_document;
}

static enum token
take_redirection(struct script *c)
{
	const bool is_document =
	    is_at(c, 0, '<') && is_at(c, 1, '<') && !is_at(c, 2, '<');
	const bool has_tabs = is_document && is_at(c, 2, '-');

	while (is_at(c, 0, '<') || is_at(c, 0, '>'))
		skip(c, 1);
	if (has_tabs || is_at(c, 0, '&') || is_at(c, 0, '|'))
		skip(c, 1);
	skip_blanks(c);
	take_word(c);
	if (is_document && c->document_count == SCRIPT_DOCUMENTS)
		give_up(c);
	else if (is_document)
		c->documents[c->document_count++] =
		    (struct script_document){ c->word, has_tabs };
	return TOKEN_REDIRECTION;
}

static enum token
take_operator(struct script *c)
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
	skip(c, 1);
	if (!is_at(c, 0, operators[i].c) ||
	    operators[i].one == operators[i].two)
		return operators[i].one;
	skip(c, 1);
	return operators[i].two;
}

static enum token
next_token(struct script *c)
{
	skip_blanks(c);
	if (is_at(c, 0, '#')) {
		const size_t left = (size_t)(c->end - c->s);
		const char *newline = memchr(c->s, '\n', left);

		c->s = newline != NULL ? newline : c->end;
	}
	if (c->s == c->end)
		return TOKEN_END;
	if (*c->s == '\n') {
		skip(c, 1);
		skip_documents(c);
		return TOKEN_NEWLINE;
	}
	if (*c->s == '<' || *c->s == '>')
		return take_redirection(c);
	if (ends_word(*c->s))
		return take_operator(c);
	take_word(c);
	/* as in 2>file */
	if (is_number(c->word) && (is_at(c, 0, '<') || is_at(c, 0, '>')))
		return take_redirection(c);
	return TOKEN_WORD;
}

/* Read the patterns of a case's item; false if there is none. */
static bool
skip_patterns(struct script *c)
{
	enum token t = next_token(c);

	while (t == TOKEN_NEWLINE)
		t = next_token(c);
	if (t == TOKEN_WORD && is_word(c, "esac"))
		return false;
	while (t != TOKEN_CLOSE && t != TOKEN_END)
		t = next_token(c);
	if (t == TOKEN_END)
		give_up(c);
	return t == TOKEN_CLOSE;
}

/* Read what is behind `case`. */
static void
skip_case(struct script *c)
{
	enum token t;

	(void)next_token(c); /* the word that is matched */
	if (!enter(c))
		return;
	do
		t = next_token(c);
	while (t != TOKEN_END && !(t == TOKEN_WORD && is_word(c, "in")));
	while (skip_patterns(c)) {
		if (skip_list(c, "esac") == EVENT_CLOSED)
			break;
	}
	c->depth--;
}

/* If the word read is reserved, read what belongs to it. */
static bool
take_reserved(struct script *c)
{
	static const struct {
		const char *word, *closer;
		bool has_name;
	} reserved[] = {
		{ .word = "{", .closer = "}" },
		{ .word = "if", .closer = "fi" },
		{ .word = "for", .closer = "done", .has_name = true },
		{ .word = "while", .closer = "done" },
		{ .word = "until", .closer = "done" },
		{ .word = "function", .has_name = true },
		{ .word = "then" },
		{ .word = "elif" },
		{ .word = "else" },
		{ .word = "do" },
		{ .word = "!" },
	};

	if (is_word(c, "case")) {
		skip_case(c);
		return true;
	}
	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		if (!is_word(c, reserved[i].word))
			continue;
		if (reserved[i].has_name)
			(void)next_token(c);
		if (reserved[i].closer != NULL)
			(void)skip_list(c, reserved[i].closer);
		return true;
	}
	return false;
}

/* How long the name of an assignment is; 0 if the word is none. */
static size_t
name_len(struct script_word w)
{
	size_t len = 0;

	if (w.len > 0 && w.s[0] >= '0' && w.s[0] <= '9')
		return 0;
	while (len < w.len && is_name_char(w.s[len]))
		len++;
	if (len < w.len && w.s[len] == '=')
		return len;
	return w.len - len >= 2 && memcmp(w.s + len, "+=", 2) == 0 ? len : 0;
}

static enum event
read_word(struct script *c, struct script_list *list, const char *closer)
{
	if (list->guard == SCRIPT_AWAITED)
		list->guard = SCRIPT_SOMETIMES;
	if (list->place == SCRIPT_COMMAND) {
		if (closer != NULL && is_word(c, closer))
			return EVENT_CLOSED;
		if (take_reserved(c))
			return EVENT_NONE;
	}
	if (list->place == SCRIPT_ARGUMENTS)
		return EVENT_NONE;
	if (name_len(c->word) > 0) {
		if (list->place == SCRIPT_COMMAND)
			list->place = SCRIPT_ASSIGNMENTS;
		return list->guard == SCRIPT_ALWAYS ? EVENT_ASSIGNMENT
						    : EVENT_NONE;
	}
	if (is_word(c, "export") || is_word(c, "readonly"))
		list->place = SCRIPT_DECLARATION;
	else if (list->place != SCRIPT_DECLARATION)
		list->place = SCRIPT_ARGUMENTS;
	return EVENT_NONE;
}

static enum event
end_command(struct script_list *list, enum script_guard next)
{
	const bool counts = list->place != SCRIPT_ARGUMENTS;

	list->place = SCRIPT_COMMAND;
	list->guard = next;
	return counts ? EVENT_DONE : EVENT_DROPPED;
}

/* Read a token of a list of commands that `closer` ends, or NULL the bytes. */
static enum event
read_list(struct script *c, struct script_list *list, const char *closer)
{
	switch (next_token(c)) {
	case TOKEN_END:
		return EVENT_END;
	case TOKEN_NEWLINE:
		if (list->guard == SCRIPT_AWAITED)
			return EVENT_NONE;
		return end_command(list, SCRIPT_ALWAYS);
	case TOKEN_WORD:
		return read_word(c, list, closer);
	case TOKEN_REDIRECTION:
		return EVENT_NONE;
	case TOKEN_OPEN:
		/* a subshell, or the () of a function, whose body follows */
		(void)skip_list(c, ")");
		(void)end_command(list, SCRIPT_SOMETIMES);
		return EVENT_DROPPED;
	case TOKEN_CLOSE:
		return closer != NULL && *closer == ')' ? EVENT_CLOSED
							: EVENT_NONE;
	case TOKEN_ITEM_END:
		if (closer != NULL && strcmp(closer, "esac") == 0)
			return EVENT_ITEM_END;
		return end_command(list, SCRIPT_ALWAYS);
	case TOKEN_SEMICOLON:
		return end_command(list, SCRIPT_ALWAYS);
	case TOKEN_LOGICAL:
		return end_command(list, SCRIPT_AWAITED);
	case TOKEN_BACKGROUND:
		(void)end_command(list, SCRIPT_ALWAYS);
		return EVENT_DROPPED;
	case TOKEN_PIPE:
		(void)end_command(list, SCRIPT_AWAITED);
		return EVENT_DROPPED;
	}
	return EVENT_NONE;
}

/* Read a list of commands inside something else. */
static enum event
skip_list(struct script *c, const char *closer)
{
	struct script_list list = { SCRIPT_COMMAND, SCRIPT_ALWAYS };
	enum event e;

	if (!enter(c))
		return EVENT_END;
	do
		e = read_list(c, &list, closer);
	while (e < EVENT_ITEM_END);
	if (e == EVENT_END)
		give_up(c);
	c->depth--;
	return e;
}

void
script_init(struct script *c, const char *bytes, size_t len)
{
	if (len == 0)
		bytes = ""; /* NULL is no place to begin at */
	*c = (struct script){
		.s = bytes, .end = bytes + len, .counted = bytes, .line = 1
	};
}

void
script_release(struct script *c)
{
	buf_release(&c->found);
	*c = (struct script){ 0 };
}

static int
add_assignment(struct script *c, struct fault *f)
{
	const struct script_word w = c->word;
	const size_t name = name_len(w);
	const bool is_appended = w.s[name] == '+';
	const size_t value = name + (is_appended ? 2 : 1);
	struct script_assignment a = { .name = { w.s, name },
		.value = { w.s + value, w.len - value },
		.is_appended = is_appended };

	for (; c->counted < w.s; c->counted++)
		c->line += *c->counted == '\n';
	a.line = c->line;
	return buf_add(&c->found, &a, sizeof(a), f);
}

/* Those found count, or not; either way a new command begins. */
static void
settle(struct script *c, bool counts)
{
	if (!counts)
		buf_reset(&c->found);
	c->ready = c->found.len;
}

int
script_next(struct script *c, struct script_assignment *a, struct fault *f)
{
	while (c->taken == c->ready) {
		enum event e;

		if (c->ready > 0) {
			buf_reset(&c->found);
			c->ready = c->taken = 0;
		}
		e = read_list(c, &c->top, NULL);
		if (e == EVENT_ASSIGNMENT && add_assignment(c, f) < 0)
			return -1;
		if (e == EVENT_END) {
			e = end_command(&c->top, SCRIPT_ALWAYS);
			settle(c, e == EVENT_DONE && !c->is_broken);
			if (c->ready == 0)
				return 0;
		} else if (e == EVENT_DONE || e == EVENT_DROPPED) {
			settle(c, e == EVENT_DONE);
		}
	}
	memcpy(a, c->found.data + c->taken, sizeof(*a));
	c->taken += sizeof(*a);
	return 1;
}
