/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_layout.h"
#include "scratch.h"

#include "engine/layout.h"

static void
a_directory_without_an_apkbuild_is_no_build(void **state)
{
	struct layout l = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(layout_find_recipe(&l, ".", &f), 0);
	assert_int_equal(layout_find_recipe(&l, "missing", &f), 0);
	scratch_file("file", "");
	assert_int_equal(layout_find_recipe(&l, "file", &f), 0);
	assert_null(l.startdir);
	update(&l);
	assert_int_equal(l.count, 0);
	layout_release(&l);
}

static void
an_apkbuild_that_is_no_file_is_none(void **state)
{
	struct layout l = { 0 };
	struct fault f = { 0 };

	(void)state;
	scratch_dir("a/APKBUILD");
	assert_int_equal(layout_find_recipe(&l, "a", &f), 0);
	scratch_dir("b");
	must(mkfifo("b/APKBUILD", 0600));
	assert_int_equal(layout_find_recipe(&l, "b", &f), 0);
	layout_release(&l);
}

static void
an_apkbuild_that_cannot_be_read_is_a_fault(void **state)
{
	struct layout l = { 0 };
	struct fault f = { 0 };

	(void)state;
	scratch_symlink("APKBUILD", "APKBUILD");
	assert_refused(layout_find_recipe(&l, ".", &f), &f, FAULT_SYSTEM,
	    "cannot open './APKBUILD'");
	layout_release(&l);
}

static void
an_apkbuild_without_end_is_a_fault(void **state)
{
	struct layout l = { 0 };
	struct fault f = { 0 };

	(void)state;
	scratch_file("APKBUILD", "");
	must(truncate("APKBUILD", LAYOUT_RECIPE_MAX));
	assert_int_equal(layout_find_recipe(&l, ".", &f), 1);
	layout_release(&l);
	must(truncate("APKBUILD", (off_t)1 << 40));
	assert_refused(layout_find_recipe(&l, ".", &f), &f, FAULT_INPUT,
	    "'./APKBUILD': is longer than 1048576 bytes");
	layout_release(&l);
}

static void
all_directories_of_pkg_are_packages_in_order(void **state)
{
	struct layout l = { 0 };

	(void)state;
	scratch_dir("pkg/foo-doc");
	scratch_dir("pkg/foo");
	scratch_dir("pkg/.control.foo");
	scratch_dir("pkg/foo bar");
	scratch_dir("pkg/FOO");
	scratch_file("pkg/file", "");
	scratch_symlink("foo", "pkg/link");
	find(&l);
	assert_int_equal(l.count, 0); /* not before they are looked for */
	update(&l);
	assert_int_equal(l.count, 4);
	expect_package(&l, 0, "pkg/FOO", "pkg/.control.FOO", "\"$subpkgdir\"");
	expect_package(&l, 1, "pkg/foo", "pkg/.control.foo", "\"$pkgdir\"");
	expect_package(
	    &l, 2, "pkg/foo bar", "pkg/.control.foo bar", "\"$subpkgdir\"");
	expect_package(
	    &l, 3, "pkg/foo-doc", "pkg/.control.foo-doc", "\"$subpkgdir\"");
	layout_release(&l);
}

static void
packages_come_and_go(void **state)
{
	struct layout l = { 0 };

	(void)state;
	find(&l);
	update(&l);
	assert_int_equal(l.count, 0);
	scratch_dir("pkg");
	update(&l);
	assert_int_equal(l.count, 0);
	scratch_dir("pkg/b");
	update(&l);
	assert_int_equal(l.count, 1);
	scratch_dir("pkg/a");
	update(&l);
	assert_int_equal(l.count, 2);
	expect_package(&l, 0, "pkg/a", "pkg/.control.a", "\"$subpkgdir\"");
	must(rmdir("pkg/b"));
	update(&l);
	assert_int_equal(l.count, 1);
	layout_release(&l);
}

static void
a_pkg_that_is_no_directory_is_a_fault(void **state)
{
	struct layout l = { 0 };
	struct fault f = { 0 };

	(void)state;
	find(&l);
	scratch_file("pkg", "");
	assert_refused(
	    layout_update(&l, &f), &f, FAULT_SYSTEM, "cannot read '");
	layout_release(&l);
}

static void
a_build_is_found_from_elsewhere(void **state)
{
	struct layout l = { 0 };
	struct fault f = { 0 };

	(void)state;
	scratch_file("aport/APKBUILD", recipe);
	scratch_dir("aport/pkg/foo");
	scratch_symlink("aport", "link");
	assert_int_equal(layout_find_recipe(&l, "link/../link", &f), 1);
	assert_string_equal(l.startdir, absolute("aport"));
	must(chdir("/dev"));
	update(&l);
	assert_int_equal(l.count, 1);
	must(chdir(((const struct scratch *)*state)->path));
	expect_package(
	    &l, 0, "aport/pkg/foo", "aport/pkg/.control.foo", "\"$pkgdir\"");
	layout_release(&l);
}

static void
without_a_known_name_every_package_is_a_subpackage(void **state)
{
	struct layout l = { 0 };
	struct fault f = { 0 };

	(void)state;
	scratch_file("APKBUILD", "pkgname=$(cat name)\n");
	scratch_dir("pkg/foo");
	assert_int_equal(layout_find_recipe(&l, ".", &f), 1);
	update(&l);
	expect_package(&l, 0, "pkg/foo", "pkg/.control.foo", "\"$subpkgdir\"");
	layout_release(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_directory_without_an_apkbuild_is_no_build),
		test(an_apkbuild_that_is_no_file_is_none),
		test(an_apkbuild_that_cannot_be_read_is_a_fault),
		test(an_apkbuild_without_end_is_a_fault),
		test(all_directories_of_pkg_are_packages_in_order),
		test(packages_come_and_go),
		test(a_pkg_that_is_no_directory_is_a_fault),
		test(a_build_is_found_from_elsewhere),
		test(without_a_known_name_every_package_is_a_subpackage),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
