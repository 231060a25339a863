/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"

#include "engine/difference.h"
#include "engine/junit.h"

#include <stdio.h>
#include <string.h>

static const struct junit_case foo = { "foo", "x86" };

static void
expect(struct buf *b, const char *want)
{
	struct fault f = { 0 };

	assert_non_null(buf_end(b, &f));
	assert_string_equal(b->data, want);
	buf_release(b);
}

static void
a_report_begins_with_how_many_there_are(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(junit_begin(&b, 5, 2, 1, &f), &f);
	assert_ok(junit_end(&b, &f), &f);
	expect(&b,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuite name=\"amtree-diff\" tests=\"5\" failures=\"2\" "
	    "errors=\"1\">\n</testsuite>\n");
}

static void
a_package_without_a_difference_passes(void **state)
{
	const struct differences none = { 0 };
	const struct junit_case nameless = { "a/b c.apk", NULL };
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(junit_add_case(&b, &foo, &none, &f), &f);
	assert_ok(junit_add_case(&b, &nameless, &none, &f), &f);
	expect(&b,
	    "  <testcase classname=\"x86\" name=\"foo\"/>\n"
	    "  <testcase classname=\"amtree-diff\" "
	    "name=\"a/b\\040c.apk\"/>\n");
}

static void
no_name_can_end_the_attribute_that_it_stands_in(void **state)
{
	const struct differences none = { 0 };
	const struct junit_case hostile = { "\"/><x a=\"\n\x1b", "'&" };
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(junit_add_case(&b, &hostile, &none, &f), &f);
	expect(&b,
	    "  <testcase classname=\"&apos;&amp;\" "
	    "name=\"&quot;/&gt;&lt;x\\040a\\075&quot;\\012\\033\"/>\n");
}

static void
a_message_is_a_line_of_an_error(void **state)
{
	static char messages[] = "a.apk: <cut>\0a.apk: \x1b[m";
	const struct buf texts = { messages, sizeof(messages),
		sizeof(messages) };
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(junit_add_error(&b, &foo, &texts, &f), &f);
	expect(&b,
	    "  <testcase classname=\"x86\" name=\"foo\">\n"
	    "    <error message=\"broken\">\n"
	    "a.apk: &lt;cut&gt;\n"
	    "a.apk: \\033[m\n"
	    "    </error>\n  </testcase>\n");
}

static int
add_modes(struct differences *ds, size_t count, struct fault *f)
{
	const struct difference d = {
		.kind = DIFFERENCE_MODE,
		.path = "usr/x",
		.before = "0644",
		.after = "0600",
	};

	for (size_t i = 0; i < count; i++) {
		if (difference_add(ds, &d, f) < 0)
			return -1;
	}
	return 0;
}

static void
a_package_that_differs_fails_with_its_lines(void **state)
{
	struct differences ds = { 0 };
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(add_modes(&ds, 2, &f), &f);
	assert_ok(junit_add_case(&b, &foo, &ds, &f), &f);
	expect(&b,
	    "  <testcase classname=\"x86\" name=\"foo\">\n"
	    "    <failure message=\"differences: 2; the riskiest: mode\">\n"
	    "mode       usr/x 0644 -&gt; 0600\n"
	    "mode       usr/x 0644 -&gt; 0600\n"
	    "    </failure>\n  </testcase>\n");
	difference_release(&ds);
}

static void
of_too_many_lines_the_rest_is_counted(void **state)
{
	enum { MANY = 5000, LINE = 33 };
	struct differences ds = { 0 };
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	const char *more;
	char want[80];

	(void)state;
	assert_ok(add_modes(&ds, MANY, &f), &f);
	assert_ok(junit_add_case(&b, &foo, &ds, &f), &f);
	assert_true(b.len < JUNIT_LINES_MAX + 500);
	assert_non_null(buf_end(&b, &f));
	more = strstr(b.data, "... and ");
	assert_non_null(more);
	snprintf(want, sizeof(want),
	    "... and %d more\n    </failure>\n  </testcase>\n",
	    MANY - (JUNIT_LINES_MAX + LINE - 1) / LINE);
	assert_string_equal(more, want);
	buf_release(&b);
	difference_release(&ds);
}

static int
add_all(struct buf *b, struct fault *f)
{
	static char messages[] = "a.apk: cut";
	const struct buf texts = { messages, sizeof(messages),
		sizeof(messages) };
	struct differences ds = { 0 };
	int r = add_modes(&ds, 1, f);

	if (r == 0 &&
	    (junit_begin(b, 2, 1, 1, f) < 0 ||
		junit_add_case(b, &foo, &ds, f) < 0 ||
		junit_add_error(b, &foo, &texts, f) < 0 || junit_end(b, f) < 0))
		r = -1;
	difference_release(&ds);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each_text(add_all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_begins_with_how_many_there_are),
		cmocka_unit_test(a_package_without_a_difference_passes),
		cmocka_unit_test(
		    no_name_can_end_the_attribute_that_it_stands_in),
		cmocka_unit_test(a_message_is_a_line_of_an_error),
		cmocka_unit_test(a_package_that_differs_fails_with_its_lines),
		cmocka_unit_test(of_too_many_lines_the_rest_is_counted),
		cmocka_unit_test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("junit", tests, NULL, NULL);
}
