/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "engine/nearest.h"
#include "engine/tree.h"

/* In a tree of these paths `path` is taken for `want`; NULL: for nothing. */
static void
expect(const char *const *paths, const char *path, const char *want)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };
	const char *near;

	for (; *paths != NULL; paths++) {
		struct entry *e = tree_append(&t, &f);

		assert_non_null(e);
		e->path = *paths;
	}
	tree_sort(&t);
	near = nearest_path(&t, path);
	if (want == NULL && near != NULL)
		fail_msg("'%s' is taken for '%s'", path, near);
	if (want != NULL && near == NULL)
		fail_msg("'%s' is not taken for '%s'", path, want);
	if (want != NULL)
		assert_string_equal(near, want);
	tree_release(&t);
}

static void
a_path_one_letter_off_was_meant(void **state)
{
	static const char *const paths[] = { "usr", "usr/bin", "usr/bin/sudo",
		"usr/share", NULL };

	(void)state;
	expect(paths, "usr/bin/sodo", "usr/bin/sudo");
	expect(paths, "usr/bin/sud", "usr/bin/sudo");
	expect(paths, "usr/bin/sudoo", "usr/bin/sudo");
	expect(paths, "usr/bim/sudo", "usr/bin/sudo");
}

static void
of_two_that_are_like_it_the_nearer_was_meant(void **state)
{
	static const char *const paths[] = { "lib/aabbxx", "lib/aabbcx",
		"lib/zabbcc", NULL };
	static const char *const equal[] = { "lib/aabbcx", "lib/aabbcy", NULL };

	(void)state;
	expect(paths, "lib/aabbcd", "lib/aabbcx");
	expect(paths, "lib/aabbcc", "lib/aabbcx");
	expect(paths, "lib/zabbcd", "lib/zabbcc");
	expect(equal, "lib/aabbcz", "lib/aabbcx");
}

static void
the_same_name_elsewhere_was_meant(void **state)
{
	static const char *const paths[] = { "etc/passwd", "usr/bin/passwd",
		"usr/sbin/other", NULL };

	(void)state;
	expect(paths, "var/lib/passwd", "etc/passwd");
	expect(paths, "passwd", "etc/passwd");
	expect(paths, "usr/lib/misc/other", "usr/sbin/other");
}

static void
a_few_letters_go_before_the_same_name_elsewhere(void **state)
{
	static const char *const paths[] = { "etc/passwd", "usr/bin/passwt",
		NULL };

	(void)state;
	expect(paths, "usr/bin/passwd", "usr/bin/passwt");
}

static void
nothing_was_meant_if_nothing_is_near(void **state)
{
	static const char *const paths[] = { "etc/passwd", "usr/bin/sudo",
		NULL };
	static const char *const none[] = { NULL };

	(void)state;
	expect(paths, "var/cache/distfiles", NULL);
	expect(paths, "usr/bin/rm", NULL);
	expect(none, "etc/passwd", NULL);
}

static void
a_short_name_is_not_taken_for_any_other(void **state)
{
	static const char *const paths[] = { "bin/[", "bin/ab", NULL };

	(void)state;
	expect(paths, "bin/x", NULL);
	expect(paths, "bin/xy", NULL);
	expect(paths, "bin/ax", "bin/ab");
	expect(paths, "sbin/[", "bin/[");
}

static void
no_more_than_eight_letters_are_forgiven(void **state)
{
	static const char *const paths[] = { "lib/aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		NULL };

	(void)state;
	expect(paths, "lib/bbbbbbbbaaaaaaaaaaaaaaaaaaaa", paths[0]);
	expect(paths, "lib/bbbbbbbbbaaaaaaaaaaaaaaaaaaa", NULL);
}

static void
what_is_there_was_not_meant_for_itself(void **state)
{
	static const char *const alone[] = { "usr/bin/sudo", NULL };
	static const char *const two[] = { "usr/bin/sudo", "usr/bin/sudp",
		NULL };
	static const char *const elsewhere[] = { "usr/bin/sudo",
		"usr/libexec/helper/sudo", NULL };

	(void)state;
	expect(alone, "usr/bin/sudo", NULL);
	expect(two, "usr/bin/sudo", "usr/bin/sudp");
	expect(elsewhere, "usr/bin/sudo", "usr/libexec/helper/sudo");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_one_letter_off_was_meant),
		cmocka_unit_test(of_two_that_are_like_it_the_nearer_was_meant),
		cmocka_unit_test(the_same_name_elsewhere_was_meant),
		cmocka_unit_test(
		    a_few_letters_go_before_the_same_name_elsewhere),
		cmocka_unit_test(nothing_was_meant_if_nothing_is_near),
		cmocka_unit_test(a_short_name_is_not_taken_for_any_other),
		cmocka_unit_test(no_more_than_eight_letters_are_forgiven),
		cmocka_unit_test(what_is_there_was_not_meant_for_itself),
	};

	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
