/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"

#include "engine/difference.h"
#include "engine/metadata.h"
#include "format/pkginfo.h"

#include <string.h>

/* Append "FIELD BEFORE>AFTER;" for each difference of two .PKGINFO. */
static int
put_differences(struct buf *out, const char *const texts[2], struct fault *f)
{
	struct differences ds = { 0 };
	struct pkginfo infos[2] = { 0 };
	int r = 0;

	for (int i = 0; r == 0 && i < 2; i++) {
		r = pkginfo_parse(&infos[i], texts[i], strlen(texts[i]), f);
		pkginfo_sort(&infos[i]);
	}
	if (r == 0)
		r = metadata_compare(&ds, &infos[0], &infos[1], f);
	for (size_t i = 0; r == 0 && i < ds.count; i++) {
		const struct difference *d = &ds.list[i];

		assert_int_equal(d->kind, DIFFERENCE_METADATA);
		assert_null(d->path);
		r = buf_addf(out, f, "%s %s>%s;", d->field,
		    d->before != NULL ? d->before : "-",
		    d->after != NULL ? d->after : "-");
	}
	difference_release(&ds);
	pkginfo_release(&infos[0]);
	pkginfo_release(&infos[1]);
	return r;
}

static void
expect(const char *a, const char *b, const char *want)
{
	const char *const texts[] = { a, b };
	struct buf got = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(put_differences(&got, texts, &f), &f);
	assert_string_equal(buf_end(&got, &f), want);
	buf_release(&got);
}

static void
the_same_lines_in_any_order_and_number_are_no_difference(void **state)
{
	(void)state;
	expect("", "", "");
	expect("a = 1\nb = 2\n", "b = 2\na = 1\n", "");
	expect("d = x\nd = y\nd = x\n", "d = y\nd = x\n", "");
	expect("# made by a\na = 1\n", "# made by b\na = 1\n", "");
}

static void
one_value_that_took_the_place_of_another_is_one_difference(void **state)
{
	(void)state;
	expect("v = 1\n", "v = 2\n", "v 1>2;");
	expect("d = a\nd = b\nd = c\n", "d = a\nd = c\nd = d\n", "d b>d;");
	/* which of the two sorts first is no matter */
	expect("v = 2\n", "v = 1\n", "v 2>1;");
	expect("v = 2\nv = 2\n", "v = 1\nv = 1\n", "v 2>1;");
}

static void
else_each_value_that_only_one_has_is_a_difference(void **state)
{
	(void)state;
	expect("d = a\n", "", "d a>-;");
	expect("", "d = a\n", "d ->a;");
	expect("d = a\nd = b\n", "", "d a>-;d b>-;");
	expect("d = a\nd = b\n", "d = c\n", "d a>-;d b>-;d ->c;");
	expect("d = a\nd = b\n", "d = c\nd = d\n", "d a>-;d b>-;d ->c;d ->d;");
	expect("d = a\nd = k\n", "d = b\nd = c\nd = k\n", "d a>-;d ->b;d ->c;");
}

static void
fields_come_by_name_and_do_not_touch_each_other(void **state)
{
	(void)state;
	expect("a = 1\nb = 1\nd = 1\n", "b = 2\nc = 1\nd = 1\n",
	    "a 1>-;b 1>2;c ->1;");
	expect("a = x\n", "b = x\n", "a x>-;b ->x;");
}

static void
what_differs_whenever_anything_does_is_left_out(void **state)
{
	(void)state;
	expect("datahash = a\nbuilddate = 1\nsize = 1\n",
	    "datahash = b\nsize = 2\n", "size 1>2;");
	expect("builddate = 1\n", "datahash = b\n", "");
	/* but only by its full name */
	expect("datahashes = 1\n", "datahashes = 2\n", "datahashes 1>2;");
}

static int
compare_some(void *arg, struct fault *f)
{
	const char *const texts[] = { "a = 1\nb = 1\nb = 2\n", "a = 2\n" };
	struct buf got = BUF_INIT;
	const int r = put_differences(&got, texts, f);

	(void)arg;
	buf_release(&got);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(compare_some, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_same_lines_in_any_order_and_number_are_no_difference),
		cmocka_unit_test(
		    one_value_that_took_the_place_of_another_is_one_difference),
		cmocka_unit_test(
		    else_each_value_that_only_one_has_is_a_difference),
		cmocka_unit_test(
		    fields_come_by_name_and_do_not_touch_each_other),
		cmocka_unit_test(
		    what_differs_whenever_anything_does_is_left_out),
		cmocka_unit_test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("metadata", tests, NULL, NULL);
}
