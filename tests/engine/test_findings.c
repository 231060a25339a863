/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "engine/findings.h"

#include <string.h>

static void
findings_are_kept_as_they_came(void **state)
{
	struct findings fs = { 0 };
	struct fault f = { 0 };
	char path[] = "usr/x";

	(void)state;
	assert_false(findings_has_broken(&fs));
	assert_ok(findings_add(&fs, FINDINGS_DUPLICATE, path, NULL, &f), &f);
	assert_ok(findings_add(&fs, FINDINGS_CORRUPT, NULL, "why", &f), &f);
	memset(path, 'y', 5);
	assert_int_equal(fs.count, 2);
	assert_int_equal(fs.list[0].kind, FINDINGS_DUPLICATE);
	assert_string_equal(fs.list[0].path, "usr/x");
	assert_null(fs.list[0].detail);
	assert_null(fs.list[1].path);
	assert_string_equal(fs.list[1].detail, "why");
	assert_true(findings_has_broken(&fs));
	findings_release(&fs);
	assert_int_equal(fs.count, 0);
	assert_int_equal(fs.counts[FINDINGS_CORRUPT], 0);
}

static void
of_each_kind_so_many_are_kept_and_all_counted(void **state)
{
	struct findings fs = { 0 };
	struct fault f = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		assert_ok(
		    findings_add(&fs, FINDINGS_DOT_NAME, "x", NULL, &f), &f);
		assert_ok(
		    findings_add(&fs, FINDINGS_SPARSE, "x", NULL, &f), &f);
	}
	assert_int_equal(fs.count, 2 * FINDINGS_KEPT);
	assert_int_equal(fs.counts[FINDINGS_DOT_NAME], 1000);
	assert_int_equal(fs.counts[FINDINGS_SPARSE], 1000);
	findings_release(&fs);
}

static void
each_kind_has_a_word_of_its_own_and_a_phrase(void **state)
{
	(void)state;
	for (int i = 0; i < FINDINGS_KINDS; i++) {
		const char *name = findings_name((enum findings_kind)i);

		assert_non_null(name);
		assert_non_null(findings_text((enum findings_kind)i));
		if (strspn(name, "abcdefghijklmnopqrstuvwxyz-3") !=
		    strlen(name))
			fail_msg("'%s' is no word", name);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
			    name, findings_name((enum findings_kind)k));
	}
}

static void
what_apk_trips_over_is_not_broken(void **state)
{
	(void)state;
	assert_true(findings_is_broken(FINDINGS_UNREADABLE));
	assert_true(findings_is_broken(FINDINGS_TOO_LARGE));
	assert_true(findings_is_broken(FINDINGS_OPEN_SCRIPT));
	assert_false(findings_is_broken(FINDINGS_DOT_NAME));
	assert_false(findings_is_broken(FINDINGS_BEHIND_END));
}

static int
add_many(void *arg, struct fault *f)
{
	struct findings fs = { 0 };
	int r = 0;

	(void)arg;
	for (int i = 0; r == 0 && i < FINDINGS_KEPT; i++)
		r = findings_add(&fs, FINDINGS_CORRUPT, "path", "detail", f);
	findings_release(&fs);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(add_many, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings_are_kept_as_they_came),
		cmocka_unit_test(of_each_kind_so_many_are_kept_and_all_counted),
		cmocka_unit_test(each_kind_has_a_word_of_its_own_and_a_phrase),
		cmocka_unit_test(what_apk_trips_over_is_not_broken),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
