/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "engine/layout.h"

static const char recipe[] = "pkgname=foo\n"
			     "pkgusers=\"foo  $pkgname-log\n\twww\"\n"
			     "pkggroups=\"$(id -gn)\"\n"
			     "empty=\n";

/* The name of a file of the test, absolute and without links. */
static const char *
absolute(const char *name)
{
	static char path[2 * PATH_MAX];
	char here[PATH_MAX];

	assert_non_null(realpath(".", here));
	snprintf(path, sizeof(path), "%s/%s", here, name);
	return path;
}

static void
find(struct layout *l)
{
	struct fault f = { 0 };

	scratch_file("APKBUILD", recipe);
	if (layout_find_recipe(l, ".", &f) != 1)
		fail_msg("not found: %s", f.text);
}

static void
update(struct layout *l)
{
	struct fault f = { 0 };

	assert_ok(layout_update(l, &f), &f);
}

static void
add(struct layout *l, const char *root, const char *control)
{
	struct fault f = { 0 };

	assert_ok(layout_add(l, root, control, &f), &f);
}

static void
expect_package(const struct layout *l, size_t i, const char *root,
    const char *control, const char *spelling)
{
	assert_true(i < l->count);
	assert_string_equal(l->items[i].root, absolute(root));
	assert_string_equal(l->items[i].control, absolute(control));
	if (spelling == NULL)
		assert_null(l->items[i].spelling);
	else
		assert_string_equal(l->items[i].spelling, spelling);
}

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

static void
a_listed_package_is_taken_as_listed(void **state)
{
	struct layout l = { 0 };

	(void)state;
	scratch_dir("b");
	scratch_dir("control");
	add(&l, "b", "control");
	add(&l, absolute("b"), NULL);
	update(&l); /* there is no APKBUILD to ask */
	assert_int_equal(l.count, 2);
	expect_package(&l, 0, "b", "control", NULL);
	expect_package(&l, 1, "b", ".control.b", NULL);
	layout_release(&l);
}

static void
a_listed_package_need_not_exist_yet(void **state)
{
	struct layout l = { 0 };

	(void)state;
	add(&l, "pkg/foo", "pkg/.control.foo");
	add(&l, "pkg/foo/", "control/");
	add(&l, "pkg/bar", NULL);
	expect_package(&l, 0, "pkg/foo", "pkg/.control.foo", NULL);
	expect_package(&l, 1, "pkg/foo", "control", NULL);
	expect_package(&l, 2, "pkg/bar", "pkg/.control.bar", NULL);
	layout_release(&l);
}

static void
a_root_has_the_name_that_the_kernel_has_for_it(void **state)
{
	struct layout l = { 0 };

	(void)state;
	scratch_dir("real/foo");
	scratch_symlink("real", "link");
	add(&l, "link/foo", NULL);
	add(&l, "link/foo/", NULL);
	add(&l, "link/missing", NULL);
	add(&l, "real/../link/./foo", "link/control");
	expect_package(&l, 0, "real/foo", "real/.control.foo", NULL);
	expect_package(&l, 1, "real/foo", "real/.control.foo", NULL);
	expect_package(&l, 2, "real/missing", "real/.control.missing", NULL);
	expect_package(&l, 3, "real/foo", "real/control", NULL);
	layout_release(&l);
}

static void
a_root_that_cannot_be_found_is_a_fault(void **state)
{
	struct layout l = { 0 };
	struct fault f = { 0 };

	(void)state;
	scratch_file("file", "");
	assert_refused(layout_add(&l, "file/foo", NULL, &f), &f, FAULT_SYSTEM,
	    "cannot find 'file/foo'");
	layout_release(&l);
}

static void
a_path_lies_in_the_package_whose_root_it_is_below(void **state)
{
	struct layout l = { 0 };
	const char *rest = "unset";

	(void)state;
	scratch_dir("pkg/foo");
	scratch_dir("pkg/foobar");
	add(&l, "pkg/foo", NULL);
	add(&l, "pkg/foobar", NULL);
	assert_ptr_equal(
	    layout_locate(&l, absolute("pkg/foo/usr/bin"), &rest), &l.items[0]);
	assert_string_equal(rest, "usr/bin");
	assert_ptr_equal(
	    layout_locate(&l, absolute("pkg/foobar/x"), &rest), &l.items[1]);
	assert_string_equal(rest, "x");
	rest = "unset";
	assert_null(layout_locate(&l, absolute("pkg/foo"), &rest));
	assert_null(layout_locate(&l, absolute("pkg/foob/x"), &rest));
	assert_null(layout_locate(&l, absolute("pkg"), &rest));
	assert_null(layout_locate(&l, "/", &rest));
	assert_string_equal(rest, "unset");
	layout_release(&l);
}

/* The names that a variable lists, joined by commas. */
static void
expect_names(const struct layout *l, const char *variable, const char *want,
    bool want_unknown)
{
	bool is_unknown = !want_unknown;
	struct fault f = { 0 };
	const char **names = layout_names(l, variable, &is_unknown, &f);
	char got[256] = "";
	size_t len = 0;

	assert_non_null(names);
	for (size_t i = 0; names[i] != NULL; i++)
		len += (size_t)snprintf(got + len, sizeof(got) - len, "%s%s",
		    i > 0 ? "," : "", names[i]);
	assert_string_equal(got, want);
	assert_int_equal(is_unknown, want_unknown);
	free(names);
}

static void
a_variable_of_the_recipe_lists_names(void **state)
{
	struct layout l = { 0 };
	const struct layout none = { 0 };

	(void)state;
	find(&l);
	expect_names(&l, "pkgname", "foo", false);
	expect_names(&l, "pkgusers", "foo,foo-log,www", false);
	expect_names(&l, "pkggroups", "", true);
	expect_names(&l, "empty", "", false);
	expect_names(&l, "missing", "", false);
	expect_names(&none, "pkgusers", "", false);
	layout_release(&l);
}

static void
a_list_of_short_names_fits(void **state)
{
	struct layout l = { 0 };
	struct fault f = { 0 };

	(void)state;
	scratch_file("APKBUILD", "pkgusers='a b c d e f g'\n");
	assert_int_equal(layout_find_recipe(&l, ".", &f), 1);
	expect_names(&l, "pkgusers", "a,b,c,d,e,f,g", false);
	layout_release(&l);
}

static void
a_released_layout_is_empty_and_can_be_released_again(void **state)
{
	struct layout l = { 0 };

	(void)state;
	scratch_dir("pkg/foo");
	find(&l);
	update(&l);
	layout_release(&l);
	assert_int_equal(l.count, 0);
	assert_null(l.startdir);
	layout_release(&l);
}

static int
do_all(void *arg, struct fault *f)
{
	struct layout l = { 0 };
	const char **names = NULL;
	bool is_unknown;
	int r;

	(void)arg;
	r = layout_find_recipe(&l, ".", f);
	if (r > 0)
		r = layout_update(&l, f);
	if (r == 0)
		r = layout_add(&l, "missing/foo", NULL, f);
	if (r == 0)
		r = layout_add(&l, "pkg", "control", f);
	if (r == 0) {
		names = layout_names(&l, "pkgusers", &is_unknown, f);
		r = names == NULL ? -1 : 0;
	}
	free(names);
	layout_release(&l);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	(void)state;
	scratch_file("APKBUILD", recipe);
	scratch_dir("pkg/foo");
	scratch_dir("pkg/bar");
	alloc_fail_each(do_all, NULL);
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
		test(a_listed_package_is_taken_as_listed),
		test(a_listed_package_need_not_exist_yet),
		test(a_root_has_the_name_that_the_kernel_has_for_it),
		test(a_root_that_cannot_be_found_is_a_fault),
		test(a_path_lies_in_the_package_whose_root_it_is_below),
		test(a_variable_of_the_recipe_lists_names),
		test(a_list_of_short_names_fits),
		test(a_released_layout_is_empty_and_can_be_released_again),
		test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
