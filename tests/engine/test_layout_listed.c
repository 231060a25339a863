/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"
#include "test_layout.h"

#include "engine/layout.h"

static void
add(struct layout *l, const char *root, const char *control)
{
	struct fault f = { 0 };

	assert_ok(layout_add(l, root, control, &f), &f);
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

	return cmocka_run_group_tests_name("layout_listed", tests, NULL, NULL);
}
