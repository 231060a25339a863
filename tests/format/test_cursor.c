/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "format/cursor.h"

static struct cursor
cursor_of(const char *bytes, size_t len)
{
	return (struct cursor){ .s = bytes, .end = bytes + len };
}

static void
no_step_goes_beyond_the_end(void **state)
{
	struct cursor c = cursor_of("abc", 2);

	(void)state;
	cursor_skip(&c, 1);
	assert_int_equal(c.end - c.s, 1);
	cursor_skip(&c, 2);
	assert_ptr_equal(c.s, c.end);
	cursor_skip(&c, SIZE_MAX);
	assert_ptr_equal(c.s, c.end);
	assert_false(c.is_broken);
}

static void
nothing_is_looked_at_beyond_the_end(void **state)
{
	const struct cursor c = cursor_of("ab\nc", 2);

	(void)state;
	assert_true(cursor_is_at(&c, 0, 'a'));
	assert_true(cursor_is_at(&c, 1, 'b'));
	assert_false(cursor_is_at(&c, 0, 'b'));
	assert_false(cursor_is_at(&c, 2, '\n'));
	assert_false(cursor_is_at(&c, SIZE_MAX, 'a'));
	assert_ptr_equal(cursor_line_end(&c), c.end);
}

static void
a_line_ends_at_the_next_newline(void **state)
{
	const struct cursor c = cursor_of("ab\nc\n", 5);
	const struct cursor empty = cursor_of("\n", 1);

	(void)state;
	assert_int_equal(cursor_line_end(&c) - c.s, 2);
	assert_ptr_equal(cursor_line_end(&empty), empty.s);
}

static void
a_stop_is_passed_over_and_without_one_the_reading_ends(void **state)
{
	struct cursor c = cursor_of("a\0b}c}", 6);

	(void)state;
	cursor_skip_past(&c, '}');
	assert_int_equal(c.end - c.s, 2);
	cursor_skip_past(&c, '}');
	assert_ptr_equal(c.s, c.end);
	assert_false(c.is_broken);
	cursor_skip_past(&c, '}');
	assert_true(c.is_broken);
	c = cursor_of("abc}", 3);
	cursor_skip_past(&c, '}');
	assert_ptr_equal(c.s, c.end);
	assert_true(c.is_broken);
}

static void
what_lies_too_deep_ends_the_reading(void **state)
{
	struct cursor c = cursor_of("x", 1);

	(void)state;
	for (int i = 0; i < CURSOR_DEPTH; i++)
		assert_true(cursor_enter(&c));
	cursor_leave(&c);
	assert_true(cursor_enter(&c));
	assert_false(c.is_broken);
	assert_false(cursor_enter(&c));
	assert_true(c.is_broken);
	assert_ptr_equal(c.s, c.end);
	assert_int_equal(c.depth, CURSOR_DEPTH);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_step_goes_beyond_the_end),
		cmocka_unit_test(nothing_is_looked_at_beyond_the_end),
		cmocka_unit_test(a_line_ends_at_the_next_newline),
		cmocka_unit_test(
		    a_stop_is_passed_over_and_without_one_the_reading_ends),
		cmocka_unit_test(what_lies_too_deep_ends_the_reading),
	};

	return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
