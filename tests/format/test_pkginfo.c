/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "format/pkginfo.h"

#include <stdlib.h>
#include <string.h>

static void
parse(struct pkginfo *p, const char *text)
{
	struct fault f = { 0 };

	*p = (struct pkginfo){ 0 };
	assert_ok(pkginfo_parse(p, text, strlen(text), &f), &f);
}

static void
lines_are_keys_and_values_in_their_order(void **state)
{
	struct pkginfo p;

	(void)state;
	parse(&p,
	    "# a = comment\npkgname = foo\npkgdesc = a = b\n"
	    "depend = so:x\ndepend = y\nempty = \n");
	assert_int_equal(p.count, 5);
	assert_string_equal(pkginfo_value(&p, "pkgname"), "foo");
	assert_string_equal(pkginfo_value(&p, "pkgdesc"), "a = b");
	assert_string_equal(pkginfo_value(&p, "depend"), "y");
	assert_string_equal(p.lines[2].value, "so:x");
	assert_string_equal(pkginfo_value(&p, "empty"), "");
	assert_null(pkginfo_value(&p, "a"));
	assert_null(pkginfo_value(&p, "pkg"));
	pkginfo_release(&p);
}

static void
what_is_no_line_counts_for_nothing(void **state)
{
	struct pkginfo p;

	(void)state;
	parse(&p, "\n\npkgname=foo\n = x\nkey =\nno line\n#\na = b");
	assert_int_equal(p.count, 1);
	assert_string_equal(pkginfo_value(&p, "a"), "b");
	pkginfo_release(&p);
	parse(&p, "");
	assert_int_equal(p.count, 0);
	pkginfo_sort(&p);
	pkginfo_release(&p);
}

static void
a_value_ends_at_a_nul(void **state)
{
	struct pkginfo p = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(pkginfo_parse(&p, "a = b\0c\nd = e\n", 14, &f), &f);
	assert_string_equal(pkginfo_value(&p, "a"), "b");
	assert_string_equal(pkginfo_value(&p, "d"), "e");
	pkginfo_release(&p);
}

static void
sorting_is_by_key_and_then_by_value(void **state)
{
	static const char *const want[] = { "a1", "b1", "b2", "c0" };
	struct pkginfo p;

	(void)state;
	parse(&p, "c = 0\nb = 2\na = 1\nb = 1\n");
	pkginfo_sort(&p);
	for (size_t i = 0; i < p.count; i++) {
		assert_int_equal(p.lines[i].key[0], want[i][0]);
		assert_int_equal(p.lines[i].value[0], want[i][1]);
	}
	pkginfo_release(&p);
}

static void
there_is_an_end_to_the_lines(void **state)
{
	const size_t len = strlen("a = b\n"), count = PKGINFO_LINES_MAX + 1;
	char *text = malloc(count * len);
	struct pkginfo p = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < count; i++)
		memcpy(text + i * len, "a = b\n", len);
	assert_ok(pkginfo_parse(&p, text, (count - 1) * len, &f), &f);
	pkginfo_release(&p);
	assert_fault(pkginfo_parse(&p, text, count * len, &f), &f, FAULT_INPUT,
	    ".PKGINFO has more than 100000 lines");
	assert_int_equal(p.count, PKGINFO_LINES_MAX);
	pkginfo_release(&p);
	free(text);
}

static int
parse_and_release(void *arg, struct fault *f)
{
	struct pkginfo p = { 0 };
	const int r = pkginfo_parse(&p, arg, strlen(arg), f);

	pkginfo_release(&p);
	return r;
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	char text[33 * 8 + 1] = "";

	(void)state;
	for (int i = 0; i < 33; i++)
		memcpy(text + i * 8, "ab = cd\n", 8);
	alloc_fail_each(parse_and_release, text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_keys_and_values_in_their_order),
		cmocka_unit_test(what_is_no_line_counts_for_nothing),
		cmocka_unit_test(a_value_ends_at_a_nul),
		cmocka_unit_test(sorting_is_by_key_and_then_by_value),
		cmocka_unit_test(there_is_an_end_to_the_lines),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
