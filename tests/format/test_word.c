/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "format/word.h"

#include <string.h>

static void
words_are_divided_by_blanks_and_tabs(void **state)
{
	static const char text[] = "  a\t b=c \t";
	struct word rest = { text, strlen(text) }, word, name, v = { 0 };

	(void)state;
	assert_true(word_next(&rest, &word));
	assert_true(word_is(word, "a"));
	assert_false(word_split(word, &name, &v));
	assert_true(word_is(name, "a"));
	assert_true(word_next(&rest, &word));
	assert_true(word_split(word, &name, &v));
	assert_true(word_is(name, "b"));
	assert_true(word_is(v, "c"));
	assert_false(word_next(&rest, &word));
	assert_false(word_next(&rest, &word));
	word = (struct word){ "a=b=c", 5 };
	assert_true(word_split(word, &name, &v));
	assert_true(word_is(name, "a"));
	assert_true(word_is(v, "b=c"));
}

static void
a_word_is_all_of_its_text(void **state)
{
	(void)state;
	assert_true(word_is((struct word){ "modest", 4 }, "mode"));
	assert_false(word_is((struct word){ "mode", 4 }, "modest"));
	assert_false(word_is((struct word){ "mode", 4 }, "mod"));
	assert_false(word_is((struct word){ "mo\0e", 4 }, "mo"));
	assert_true(word_is((struct word){ "", 0 }, ""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_divided_by_blanks_and_tabs),
		cmocka_unit_test(a_word_is_all_of_its_text),
	};

	return cmocka_run_group_tests_name("word", tests, NULL, NULL);
}
