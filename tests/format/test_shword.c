/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "format/shword.h"

#include <string.h>

/* A reader of commands that knows nothing of words: up to the next ")". */
static void
skip_commands(void *arg)
{
	struct shword_reader *r = arg;

	cursor_skip_past(&r->cursor, ')');
}

/* The text begins with the word `want`, and is broken if that says so. */
static void
expect_taken(const char *text, const char *want, bool is_broken)
{
	struct shword_reader r = {
		.cursor = { .s = text, .end = text + strlen(text) },
		.commands = skip_commands,
		.arg = &r,
	};
	const struct word w = shword_take(&r);

	if (w.len != strlen(want) || memcmp(w.s, want, w.len) != 0)
		fail_msg("'%s' begins with '%.*s', not with '%s'", text,
		    (int)w.len, w.s, want);
	if (r.cursor.is_broken != is_broken)
		fail_msg("'%s' is %s", text, is_broken ? "whole" : "broken");
}

static void
a_word_ends_at_a_blank_or_an_operator(void **state)
{
	(void)state;
	expect_taken("a b", "a", false);
	expect_taken("a\tb", "a", false);
	expect_taken("a\nb", "a", false);
	expect_taken("a;b", "a", false);
	expect_taken("a&b", "a", false);
	expect_taken("a|b", "a", false);
	expect_taken("a<b", "a", false);
	expect_taken("a>b", "a", false);
	expect_taken("a(b", "a", false);
	expect_taken("a)b", "a", false);
	expect_taken("a", "a", false);
	expect_taken("a#b{c}=d", "a#b{c}=d", false);
}

static void
where_no_word_begins_it_is_empty(void **state)
{
	(void)state;
	expect_taken("", "", false);
	expect_taken(" a", "", false);
	expect_taken(";", "", false);
}

static void
quotes_hide_what_would_end_it(void **state)
{
	(void)state;
	expect_taken("'a b;'c d", "'a b;'c", false);
	expect_taken("'a\\' b", "'a\\'", false);
	expect_taken("\"a b\\\" c\" d", "\"a b\\\" c\"", false);
	expect_taken("\"it's\" b", "\"it's\"", false);
	expect_taken("a\\ b c", "a\\ b", false);
	expect_taken("`a \\` b` c", "`a \\` b`", false);
	expect_taken("$'a\\' b' c", "$'a\\' b'", false);
	expect_taken("\"$'a\" b", "\"$'a\"", false);
}

static void
expansions_are_part_of_it_whatever_is_in_them(void **state)
{
	(void)state;
	expect_taken("${a b} c", "${a b}", false);
	expect_taken("${a#'}'} c", "${a#'}'}", false);
	expect_taken("${a-${b c}} d", "${a-${b c}}", false);
	expect_taken("$(a b) c", "$(a b)", false);
	expect_taken("\"$(a b)\" c", "\"$(a b)\"", false);
	expect_taken("$((1 + (2 * 3))) c", "$((1 + (2 * 3)))", false);
	expect_taken("$((1 << ${n})) c", "$((1 << ${n}))", false);
	expect_taken("$ c", "$", false);
}

static void
within_double_quotes_a_quote_is_plain_behind_a_default_only(void **state)
{
	(void)state;
	expect_taken("\"${a-it's}\" b", "\"${a-it's}\"", false);
	expect_taken("\"${a:+it's}\" b", "\"${a:+it's}\"", false);
	expect_taken("\"${@:-it's}\" b", "\"${@:-it's}\"", false);
	expect_taken("\"${a#'}'}\" b", "\"${a#'}'}\"", false);
	expect_taken("\"${a%%'\"'}\" b", "\"${a%%'\"'}\"", false);
}

static void
what_stays_open_is_broken(void **state)
{
	static const char *const texts[] = { "'a", "\"a", "`a", "`a\\`", "${a",
		"${a'}", "$(a", "$((1)", "$'a\\'", "\"${a#'}\"" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		expect_taken(texts[i], texts[i], true);
	/* a backslash at the end has nothing behind it, as a shell takes it */
	expect_taken("a\\", "a\\", false);
}

static void
what_holds_itself_too_often_is_broken_and_not_followed(void **state)
{
	enum { MANY = 100000 };
	static char text[2 * MANY + 1];

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		memcpy(text + 2 * i, "${", 2);
	expect_taken(text, text, true);
}

static void
an_escaped_newline_is_a_blank_between_words_and_nothing_in_one(void **state)
{
	static const char text[] = " \t\\\n \\\nab\\\ncd\\\n e";
	struct shword_reader r = {
		.cursor = { .s = text, .end = text + strlen(text) },
	};
	struct word w;

	(void)state;
	shword_skip_blanks(&r);
	w = shword_take(&r);
	assert_true(word_is(w, "ab\\\ncd"));
	shword_skip_blanks(&r);
	w = shword_take(&r);
	assert_true(word_is(w, "e"));
	assert_false(r.cursor.is_broken);
}

static void
a_nul_is_a_byte_like_any_other(void **state)
{
	static const char text[] = "a\0b c";
	struct shword_reader r = {
		.cursor = { .s = text, .end = text + sizeof(text) - 1 },
	};
	const struct word w = shword_take(&r);

	(void)state;
	assert_int_equal(w.len, 3);
	assert_memory_equal(w.s, "a\0b", 3);
	assert_false(shword_is_end('\0'));
	assert_false(shword_is_name_char('\0'));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_ends_at_a_blank_or_an_operator),
		cmocka_unit_test(where_no_word_begins_it_is_empty),
		cmocka_unit_test(quotes_hide_what_would_end_it),
		cmocka_unit_test(expansions_are_part_of_it_whatever_is_in_them),
		cmocka_unit_test(
		    within_double_quotes_a_quote_is_plain_behind_a_default_only),
		cmocka_unit_test(what_stays_open_is_broken),
		cmocka_unit_test(
		    what_holds_itself_too_often_is_broken_and_not_followed),
		cmocka_unit_test(
		    an_escaped_newline_is_a_blank_between_words_and_nothing_in_one),
		cmocka_unit_test(a_nul_is_a_byte_like_any_other),
	};

	return cmocka_run_group_tests_name("shword", tests, NULL, NULL);
}
