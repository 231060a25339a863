/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_apkbuild.h"

#include "base/buf.h"
#include "format/apkbuild.h"

#include <stdio.h>
#include <string.h>

static void
no_bytes_are_no_variables(void **state)
{
	struct apkbuild a;
	struct fault f = { 0 };

	(void)state;
	parse(&a, "", 0);
	assert_int_equal(a.count, 0);
	assert_ok(apkbuild_parse(&a, NULL, 0, &f), &f);
	assert_null(apkbuild_find(&a, "v"));
	apkbuild_release(&a);
	apkbuild_release(&a);
}

static void
any_byte_stands_in_a_value_as_it_is(void **state)
{
	char want[256], text[300];
	size_t len = 0;

	(void)state;
	for (int c = 1; c < 256; c++) {
		if (c != '\'')
			want[len++] = (char)c;
	}
	want[len] = '\0';
	snprintf(text, sizeof(text), "v='%s'", want);
	expect(text, want);
}

static void
many_variables_are_told_apart_and_found_again(void **state)
{
	enum { MANY = 50000 };
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	struct apkbuild a;
	char want[16];

	(void)state;
	for (int i = 0; i < MANY; i++)
		assert_ok(buf_addf(&text, &f, "a%d=%d\n", i, i), &f);
	for (int i = 0; i < MANY; i++)
		assert_ok(buf_addf(&text, &f, "b%d=$a%d\n", i, i), &f);
	parse(&a, text.data, text.len);
	assert_int_equal(a.count, 2 * MANY);
	for (int i = 0; i < MANY; i++) {
		snprintf(want, sizeof(want), "%d", i);
		assert_string_equal(a.variables[MANY + i].value, want);
		assert_int_equal(a.variables[i].line, i + 1);
	}
	apkbuild_release(&a);
	buf_release(&text);
}

static void
values_that_double_and_double_end_as_unknown(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	struct apkbuild a;
	size_t known = 0;

	(void)state;
	assert_ok(buf_adds(&text, "v0=12345678\n", &f), &f);
	for (int i = 0; i < 60; i++)
		assert_ok(
		    buf_addf(&text, &f, "v%d=$v%d$v%d\n", i + 1, i, i), &f);
	assert_ok(buf_adds(&text, "w=1\nx=$w\n", &f), &f);
	parse(&a, text.data, text.len);
	while (known < a.count && a.variables[known].value != NULL)
		known++;
	assert_in_range(known, 10, 20);
	assert_true(
	    strlen(a.variables[known - 1].value) <= APKBUILD_EXPANSION_MAX);
	expect_unknown(&a, "v60");
	apkbuild_release(&a);
	buf_release(&text);
}

static void
a_value_of_a_megabyte_is_known(void **state)
{
	enum { LONG = 1024 * 1024 };
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	struct apkbuild a;

	(void)state;
	assert_ok(buf_adds(&text, "v=\"", &f), &f);
	for (int i = 0; i < LONG; i++)
		assert_ok(buf_add(&text, "\n", 1, &f), &f);
	/* it may be had once more, and no byte after that */
	assert_ok(buf_adds(&text, "\"\nw=$v\nx=1 y=$x\nz=1\n", &f), &f);
	parse(&a, text.data, text.len);
	assert_int_equal(strlen(get(&a, "v")->value), LONG);
	assert_int_equal(strlen(get(&a, "w")->value), LONG);
	assert_int_equal(get(&a, "w")->line, LONG + 2);
	expect_known(&a, "x", "1");
	expect_unknown(&a, "y");
	expect_known(&a, "z", "1");
	apkbuild_release(&a);
	buf_release(&text);
}

static void
appending_again_and_again_ends_as_unknown(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(buf_adds(&text, "v=1", &f), &f);
	for (int i = 0; i < 100000; i++)
		assert_ok(buf_adds(&text, ";v+=1", &f), &f);
	expect(buf_end(&text, &f), NULL);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_bytes_are_no_variables),
		cmocka_unit_test(any_byte_stands_in_a_value_as_it_is),
		cmocka_unit_test(many_variables_are_told_apart_and_found_again),
		cmocka_unit_test(values_that_double_and_double_end_as_unknown),
		cmocka_unit_test(a_value_of_a_megabyte_is_known),
		cmocka_unit_test(appending_again_and_again_ends_as_unknown),
	};

	return cmocka_run_group_tests_name("apkbuild_size", tests, NULL, NULL);
}
