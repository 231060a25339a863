/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../scratch.h"

#include "engine/aport.h"

static void
write_file(const char *name, const char *text, size_t times)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	while (times-- > 0)
		assert_int_equal(
		    fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

static void
load(struct aport *a, const char *name)
{
	struct fault f = { 0 };

	assert_ok(aport_load(a, name, &f), &f);
}

static void
a_recipe_is_called_as_its_packages_are(void **state)
{
	struct aport a = { 0 };

	(void)state;
	write_file("whole",
	    "pkgname=foo\npkgver=1.2\npkgrel=3\narch=\"all !x\"\n"
	    "chown a b\n",
	    1);
	load(&a, "whole");
	assert_int_equal(a.findings.count, 0);
	assert_string_equal(a.info.pkgname, "foo");
	assert_string_equal(a.info.pkgver, "1.2-r3");
	assert_string_equal(a.info.arch, "all !x");
	assert_int_equal(a.recipe.count, 1);
	aport_release(&a);
	write_file("part", "pkgname=$x\npkgver=1\n", 1);
	load(&a, "part");
	assert_null(a.info.pkgname);
	assert_null(a.info.pkgver);
	assert_null(a.info.arch);
	aport_release(&a);
}

static void
expect_broken(const char *name, enum findings_kind kind, const char *detail)
{
	struct aport a = { 0 };

	load(&a, name);
	assert_int_equal(a.findings.count, 1);
	assert_int_equal(a.findings.list[0].kind, kind);
	if (detail != NULL)
		assert_string_equal(a.findings.list[0].detail, detail);
	aport_release(&a);
}

static void
what_is_no_recipe_is_a_finding(void **state)
{
	(void)state;
	expect_broken("none", FINDINGS_UNREADABLE, "No such file or directory");
	expect_broken(".", FINDINGS_UNREADABLE, "not a regular file");
	assert_int_equal(mkfifo("fifo", 0644), 0);
	expect_broken("fifo", FINDINGS_UNREADABLE, "not a regular file");
	write_file("open", "chown a\necho '", 1);
	expect_broken("open", FINDINGS_OPEN_SCRIPT, NULL);
	write_file("large", "#\n", APORT_SIZE_MAX / 2 + 1);
	expect_broken("large", FINDINGS_TOO_LARGE, "a recipe of over 1 MiB");
}

static void
a_mebibyte_is_not_too_large(void **state)
{
	struct aport a = { 0 };

	(void)state;
	write_file("just", "#\n", APORT_SIZE_MAX / 2);
	load(&a, "just");
	assert_int_equal(a.findings.count, 0);
	aport_release(&a);
}

static int
load_and_release(void *arg, struct fault *f)
{
	struct aport a = { 0 };
	const int r = aport_load(&a, arg, f);

	aport_release(&a);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	char whole[] = "whole", open[] = "open", none[] = "none";

	(void)state;
	alloc_fail_each(load_and_release, whole);
	alloc_fail_each(load_and_release, open);
	alloc_fail_each(load_and_release, none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_recipe_is_called_as_its_packages_are),
		cmocka_unit_test(what_is_no_recipe_is_a_finding),
		cmocka_unit_test(a_mebibyte_is_not_too_large),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name(
	    "aport", tests, scratch_setup, scratch_teardown);
}
