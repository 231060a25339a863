/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/script.h"

#include "base/fault.h"

#include <string.h>

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

/* A list holds words, which hold lists. */
static enum event skip_list(struct script *c, const char *closer);

static struct cursor *
cursor(struct script *c)
{
	return &c->tokens.words.cursor;
}

/* Read the commands of a "$(", from behind it on. */
static void
skip_commands(void *arg)
{
	struct script *c = arg;
	const unsigned outer = token_open(&c->tokens);

	(void)skip_list(c, ")"); /* nothing else can end it */
	token_close(&c->tokens, outer);
}

/* Read the patterns of a case's item; false if there is none. */
static bool
skip_patterns(struct script *c)
{
	enum token t = token_next(&c->tokens);

	while (t == TOKEN_NEWLINE)
		t = token_next(&c->tokens);
	if (t == TOKEN_WORD && word_is(c->tokens.word, "esac"))
		return false;
	while (t != TOKEN_CLOSE && t != TOKEN_END)
		t = token_next(&c->tokens);
	if (t == TOKEN_END)
		cursor_give_up(cursor(c));
	return t == TOKEN_CLOSE;
}

/* Read what is behind `case`. */
static void
skip_case(struct script *c)
{
	enum token t;

	(void)token_next(&c->tokens); /* the word that is matched */
	if (!cursor_enter(cursor(c)))
		return;
	do
		t = token_next(&c->tokens);
	while (t != TOKEN_END &&
	    !(t == TOKEN_WORD && word_is(c->tokens.word, "in")));
	while (skip_patterns(c)) {
		if (skip_list(c, "esac") == EVENT_CLOSED)
			break;
	}
	cursor_leave(cursor(c));
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

	if (word_is(c->tokens.word, "case")) {
		skip_case(c);
		return true;
	}
	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		if (!word_is(c->tokens.word, reserved[i].word))
			continue;
		if (reserved[i].has_name)
			(void)token_next(&c->tokens);
		if (reserved[i].closer != NULL)
			(void)skip_list(c, reserved[i].closer);
		return true;
	}
	return false;
}

/* How long the name of an assignment is; 0 if the word is none. */
static size_t
name_len(struct word w)
{
	size_t len = 0;

	if (w.len > 0 && w.s[0] >= '0' && w.s[0] <= '9')
		return 0;
	while (len < w.len && shword_is_name_char(w.s[len]))
		len++;
	if (len < w.len && w.s[len] == '=')
		return len;
	return w.len - len >= 2 && memcmp(w.s + len, "+=", 2) == 0 ? len : 0;
}

/* Show the word read, unless it is the name of a function that is defined. */
static void
show_word(struct script *c, struct script_list *list)
{
	if (c->visitor.word == NULL)
		return;
	if (list->place == SCRIPT_COMMAND ||
	    list->place == SCRIPT_ASSIGNMENTS) {
		shword_skip_blanks(&c->tokens.words);
		if (cursor_is_at(cursor(c), 0, '('))
			return;
		list->command =
		    (struct script_command){ .name = c->tokens.word };
	}
	c->visitor.word(c->visitor.arg, &list->command, c->tokens.word);
}

static enum event
read_word(struct script *c, struct script_list *list, const char *closer)
{
	if (list->guard == SCRIPT_AWAITED)
		list->guard = SCRIPT_SOMETIMES;
	if (list->place == SCRIPT_COMMAND) {
		if (closer != NULL && word_is(c->tokens.word, closer))
			return EVENT_CLOSED;
		if (take_reserved(c))
			return EVENT_NONE;
	}
	if (list->place == SCRIPT_ARGUMENTS) {
		show_word(c, list);
		return EVENT_NONE;
	}
	if (name_len(c->tokens.word) > 0) {
		if (list->place == SCRIPT_COMMAND)
			list->place = SCRIPT_ASSIGNMENTS;
		return list->guard == SCRIPT_ALWAYS ? EVENT_ASSIGNMENT
						    : EVENT_NONE;
	}
	if (word_is(c->tokens.word, "export") ||
	    word_is(c->tokens.word, "readonly")) {
		list->place = SCRIPT_DECLARATION;
	} else if (list->place != SCRIPT_DECLARATION) {
		show_word(c, list);
		list->place = SCRIPT_ARGUMENTS;
	}
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
	switch (token_next(&c->tokens)) {
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
	struct script_list list = { .place = SCRIPT_COMMAND };
	enum event e;

	if (!cursor_enter(cursor(c)))
		return EVENT_END;
	do
		e = read_list(c, &list, closer);
	while (e < EVENT_ITEM_END);
	if (e == EVENT_END)
		cursor_give_up(cursor(c));
	cursor_leave(cursor(c));
	return e;
}

void
script_init(struct script *c, const char *bytes, size_t len)
{
	if (len == 0)
		bytes = ""; /* NULL is no place to begin at */
	*c = (struct script){
		.tokens.words = {
			.cursor = { .s = bytes, .end = bytes + len },
			.commands = skip_commands,
			.arg = c,
		},
		.counted = bytes,
		.line = 1,
	};
}

void
script_release(struct script *c)
{
	buf_release(&c->found);
	*c = (struct script){ 0 };
}

bool
script_is_broken(const struct script *c)
{
	return c->tokens.words.cursor.is_broken;
}

static int
add_assignment(struct script *c, struct fault *f)
{
	const struct word w = c->tokens.word;
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
			settle(c, e == EVENT_DONE && !script_is_broken(c));
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
