/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "format/token.h"

#include <stdio.h>
#include <string.h>

/* A letter for each, a word as it is between quotes. */
static const char letters[] = "EN?R();2&L|";

static void
skip_commands(void *arg)
{
	struct token_reader *t = arg;
	const unsigned outer = token_open(t);
	enum token token;

	do
		token = token_next(t);
	while (token != TOKEN_END && token != TOKEN_CLOSE);
	token_close(t, outer);
}

static struct token_reader
reader_of(const char *text, struct token_reader *self)
{
	return (struct token_reader){
		.words = {
			.cursor = { .s = text, .end = text + strlen(text) },
			.commands = skip_commands,
			.arg = self,
		},
	};
}

/* All tokens of the text, in letters and words, are these. */
static void
expect_tokens(const char *text, const char *want)
{
	struct token_reader t = reader_of(text, &t);
	char got[256] = "";
	size_t len = 0;
	enum token token;

	while ((token = token_next(&t)) != TOKEN_END && len < 200) {
		if (token == TOKEN_WORD)
			len += (size_t)snprintf(got + len, sizeof(got) - len,
			    "[%.*s]", (int)t.word.len, t.word.s);
		else
			got[len++] = letters[token];
	}
	if (t.words.cursor.is_broken)
		got[len++] = '!';
	got[len] = '\0';
	if (strcmp(got, want) != 0)
		fail_msg("'%s' is %s, not %s", text, got, want);
}

static void
words_and_operators_are_told_apart(void **state)
{
	(void)state;
	expect_tokens("", "");
	expect_tokens("a 'b c'", "[a]['b c']");
	expect_tokens("a;b&c|d", "[a];[b]&[c]|[d]");
	expect_tokens("a&&b||c", "[a]L[b]L[c]");
	expect_tokens("x) y;;", "[x])[y]2");
	expect_tokens("a() (b)", "[a]()([b])");
	expect_tokens("((a))", "(([a]))");
	expect_tokens("a\nb\n", "[a]N[b]N");
	expect_tokens("a \\\n b", "[a][b]");
}

static void
a_comment_begins_where_a_word_could(void **state)
{
	(void)state;
	expect_tokens("# a\nb", "N[b]");
	expect_tokens("a # b; c", "[a]");
	expect_tokens("a;# b\nc", "[a];N[c]");
	expect_tokens("a#b '#' \\#", "[a#b]['#'][\\#]");
}

static void
a_redirection_takes_its_file_and_its_number_along(void **state)
{
	(void)state;
	expect_tokens("a >b c", "[a]R[c]");
	expect_tokens("a 2>/dev/null c", "[a]R[c]");
	expect_tokens("a >&2 c", "[a]R[c]");
	expect_tokens("a >|b c", "[a]R[c]");
	expect_tokens("a <>b c", "[a]R[c]");
	expect_tokens("a <<<b c", "[a]R[c]");
	expect_tokens("a b2>c", "[a][b2]R");
	expect_tokens("a 2 >c", "[a][2]R");
}

static void
a_document_begins_on_the_next_line_and_ends_at_its_delimiter(void **state)
{
	(void)state;
	expect_tokens("a <<E b\nx; y\nE\nc", "[a]R[b]N[c]");
	expect_tokens("a <<E\nE x\n E\nE\nc", "[a]RN[c]");
	expect_tokens("a <<-E\n\tx\n\t\tE\nc", "[a]RN[c]");
	expect_tokens("a <<'E F'\nx\nE F\nc", "[a]RN[c]");
	expect_tokens("a <<\\E\nx\nE\nc", "[a]RN[c]");
	expect_tokens("a <<A <<B\nx\nA\ny\nB\nc", "[a]RRN[c]");
	expect_tokens("a <<E\nx", "[a]RN");
}

static void
a_joined_line_hides_a_delimiter_unless_that_is_quoted(void **state)
{
	(void)state;
	expect_tokens("a <<E\nx\\\nE\nE\nc", "[a]RN[c]");
	expect_tokens("a <<E\nx\\\\\nE\nc", "[a]RN[c]");
	expect_tokens("a <<'E'\nx\\\nE\nc", "[a]RN[c]");
}

static void
a_line_within_a_command_of_a_word_begins_no_document_from_outside(void **state)
{
	(void)state;
	expect_tokens("a <<E $(b\nc) d\nx\nE\ne", "[a]R[$(b\nc)][d]N[e]");
	expect_tokens("a $(b <<E\nx )\nE\n) c", "[a][$(b <<E\nx )\nE\n)][c]");
}

static void
more_documents_than_a_line_may_announce_end_the_reading(void **state)
{
	char text[8 * (TOKEN_DOCUMENTS + 2)] = "a";

	(void)state;
	for (int i = 0; i < TOKEN_DOCUMENTS; i++)
		strncat(text, " <<E", sizeof(text) - strlen(text) - 1);
	expect_tokens(text, "[a]RRRRRRRRRRRRRRRR");
	strncat(text, " <<E b", sizeof(text) - strlen(text) - 1);
	expect_tokens(text, "[a]RRRRRRRRRRRRRRRRR!");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_operators_are_told_apart),
		cmocka_unit_test(a_comment_begins_where_a_word_could),
		cmocka_unit_test(
		    a_redirection_takes_its_file_and_its_number_along),
		cmocka_unit_test(
		    a_document_begins_on_the_next_line_and_ends_at_its_delimiter),
		cmocka_unit_test(
		    a_joined_line_hides_a_delimiter_unless_that_is_quoted),
		cmocka_unit_test(
		    a_line_within_a_command_of_a_word_begins_no_document_from_outside),
		cmocka_unit_test(
		    more_documents_than_a_line_may_announce_end_the_reading),
	};

	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
