/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "engine/place.h"

#include <limits.h>

static const struct place_hint no_hint = { 0 };

/* The test's own directory, without symbolic links. */
static void
here(char path[PATH_MAX])
{
	assert_non_null(getcwd(path, PATH_MAX));
}

static void
expect(const struct place *p, const char *top, const char *root,
    const char *control, const char *path)
{
	char want[PATH_MAX + 64];

	snprintf(want, sizeof(want), "%s/%s", top, root);
	assert_string_equal(p->root, want);
	snprintf(want, sizeof(want), "%s/%s", top, control);
	assert_string_equal(p->control, want);
	assert_string_equal(p->path, path);
}

/* `given` means `path` in the package pkg/foo of the directory `top`. */
static void
expect_in_foo(const char *top, const char *given, const char *path)
{
	struct fault f = { 0 };
	struct place p;

	if (place_find(&p, given, &no_hint, &f) < 0)
		fail_msg("%s: %s", given, f.text);
	expect(&p, top, "pkg/foo", "pkg/.control.foo", path);
	place_release(&p);
}

static void
refuse(const char *given, const struct place_hint *hint, enum fault_kind kind,
    const char *words)
{
	struct fault f = { 0 };
	struct place p;

	assert_refused(place_find(&p, given, hint, &f), &f, kind, words);
	assert_null(p.root);
	place_release(&p);
}

static void
every_spelling_of_a_file_is_one_place(void **state)
{
	static const char *const spellings[] = { "pkg/foo/usr/bin/su",
		"./pkg/foo/usr/bin/su", "pkg//foo///usr/bin//su",
		"pkg/foo/usr/bin/su/", "pkg/foo/./usr/./bin/su",
		"pkg/foo/usr/lib/../bin/su", "pkg/../pkg/foo/usr/bin/su",
		"pkg/foo/bin/su", "into/bin/su" };
	char top[PATH_MAX], given[PATH_MAX + 64];

	(void)state;
	here(top);
	scratch_file("pkg/foo/usr/bin/su", "");
	scratch_dir("pkg/foo/usr/lib");
	scratch_symlink("usr/bin", "pkg/foo/bin");
	scratch_symlink("pkg/foo", "into");
	scratch_dir("pkg/.control.foo");
	for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
		expect_in_foo(top, spellings[i], "usr/bin/su");
		snprintf(given, sizeof(given), "%s/%s", top, spellings[i]);
		expect_in_foo(top, given, "usr/bin/su");
	}
	must(chdir("pkg/foo/usr"));
	expect_in_foo(top, "bin/su", "usr/bin/su");
	expect_in_foo(top, "../usr/bin/su", "usr/bin/su");
	expect_in_foo(top, ".", "usr");
	expect_in_foo(top, "./", "usr");
	expect_in_foo(top, "bin/..", "usr");
	expect_in_foo(top, "..", "");
	must(chdir("bin"));
	expect_in_foo(top, "su", "usr/bin/su");
	must(chdir(top));
	expect_in_foo(top, "pkg/foo", "");
	expect_in_foo(top, "pkg/foo/", "");
	expect_in_foo(top, "pkg/foo/.", "");
}

static void
an_apkbuild_beside_pkg_is_enough(void **state)
{
	char top[PATH_MAX];

	(void)state;
	here(top);
	scratch_file("APKBUILD", "");
	scratch_file("pkg/foo/file", "");
	expect_in_foo(top, "pkg/foo/file", "file");
}

static void
a_last_symbolic_link_is_named_itself(void **state)
{
	static const char *const names[] = { "link", "l", "to-dir",
		"dangling" };
	static const char *const targets[] = { "file", "file", "dir", "none" };
	char top[PATH_MAX], given[64];

	(void)state;
	here(top);
	scratch_dir("pkg/.control.foo");
	scratch_file("pkg/foo/file", "");
	scratch_dir("pkg/foo/dir");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(given, sizeof(given), "pkg/foo/%s", names[i]);
		scratch_symlink(targets[i], given);
		expect_in_foo(top, given, names[i]);
	}
	must(chdir("pkg/foo"));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		expect_in_foo(top, names[i], names[i]);
}

static void
what_does_not_exist_is_taken_as_it_is_spelt(void **state)
{
	char top[PATH_MAX];

	(void)state;
	here(top);
	scratch_dir("pkg/.control.foo");
	scratch_dir("pkg/foo/var");
	expect_in_foo(top, "pkg/foo/none", "none");
	expect_in_foo(top, "pkg/foo/var/lib/none", "var/lib/none");
	expect_in_foo(top, "pkg/foo/var//lib/none/", "var/lib/none");
}

static void
the_outermost_package_counts(void **state)
{
	char top[PATH_MAX];

	(void)state;
	here(top);
	scratch_dir("pkg/.control.foo");
	scratch_file("pkg/foo/src/APKBUILD", "");
	scratch_dir("pkg/foo/src/pkg/.control.bar");
	scratch_file("pkg/foo/src/pkg/bar/file", "");
	expect_in_foo(top, "pkg/foo/src/pkg/bar/file", "src/pkg/bar/file");
}

static void
a_path_in_no_package_is_refused_with_advice(void **state)
{
	static const char words[] =
	    "pass --root and --control, or set AMTREE_ROOT and AMTREE_CONTROL";

	(void)state;
	scratch_file("pkg/foo/file", "");
	scratch_dir("other/.control.foo");
	scratch_file("other/foo/file", "");
	refuse("pkg/foo/file", &no_hint, FAULT_USAGE, words);
	refuse("other/foo/file", &no_hint, FAULT_USAGE, words);
	refuse("/", &no_hint, FAULT_USAGE, words);
	refuse("none/at/all", &no_hint, FAULT_USAGE, words);
	scratch_dir("pkg/.control.foo");
	refuse("pkg", &no_hint, FAULT_USAGE, words);
	refuse("pkg/.control.foo", &no_hint, FAULT_USAGE, words);
	refuse("pkg/.control.foo/.mtree", &no_hint, FAULT_USAGE, words);
	refuse("", &no_hint, FAULT_USAGE, "empty path");
}

static void
nothing_leads_out_of_the_root(void **state)
{
	const struct place_hint hint = { .root = "pkg/foo" };

	(void)state;
	scratch_dir("pkg/.control.foo");
	scratch_dir("pkg/foo/dir");
	scratch_dir("pkg/foobar");
	scratch_file("outside/file", "");
	scratch_symlink("../../outside", "pkg/foo/out");
	scratch_symlink("/", "pkg/foo/top");
	refuse("pkg/foo/out/file", &hint, FAULT_USAGE, "is not below");
	refuse("pkg/foo/top/etc", &hint, FAULT_USAGE, "is not below");
	refuse("pkg/foo/..", &hint, FAULT_USAGE, "is not below");
	refuse("pkg/foo/../foobar", &hint, FAULT_USAGE, "is not below");
	refuse("pkg/foobar", &hint, FAULT_USAGE, "is not below");
	refuse("/etc/passwd", &hint, FAULT_USAGE, "is not below");
	refuse("pkg/foo/out/file", &no_hint, FAULT_USAGE, "in no package");
	refuse("pkg/foo/none/../../../x", &hint, FAULT_INPUT, "'..' in path");
	refuse("pkg/foo/none/..", &hint, FAULT_SYSTEM, "cannot resolve");
}

static void
a_hint_goes_before_what_is_found(void **state)
{
	const struct place_hint inner = { .root = "pkg/foo/src/" };
	const struct place_hint both = { .root = "pkg/foo",
		.control = "else/where" };
	char top[PATH_MAX];
	struct fault f = { 0 };
	struct place p;

	(void)state;
	here(top);
	scratch_dir("pkg/.control.foo");
	scratch_file("pkg/foo/src/file", "");
	assert_ok(place_find(&p, "pkg/foo/src/file", &inner, &f), &f);
	expect(&p, top, "pkg/foo/src", "pkg/foo/.control.src", "file");
	place_release(&p);

	assert_ok(place_find(&p, "pkg/foo/src/file", &both, &f), &f);
	assert_string_equal(p.control, "else/where");
	assert_string_equal(p.path, "src/file");
	place_release(&p);
}

static void
a_root_may_be_named_through_a_symbolic_link(void **state)
{
	const struct place_hint hint = { .root = "link" };
	char top[PATH_MAX];
	struct fault f = { 0 };
	struct place p;

	(void)state;
	here(top);
	scratch_file("pkg/foo/file", "");
	scratch_symlink("pkg/foo", "link");
	assert_ok(place_find(&p, "link/file", &hint, &f), &f);
	expect(&p, top, "pkg/foo", "pkg/.control.foo", "file");
	place_release(&p);
}

static void
a_root_that_is_missing_is_a_fault(void **state)
{
	const struct place_hint hint = { .root = "none" };

	(void)state;
	scratch_file("pkg/foo/file", "");
	refuse("pkg/foo/file", &hint, FAULT_SYSTEM, "cannot open root 'none'");
}

static void
a_name_that_no_package_can_have_is_refused(void **state)
{
	const struct place_hint hint = { .root = "root" };
	char name[400] = "root/";

	(void)state;
	scratch_dir("root");
	memset(name + 5, 'x', 300);
	refuse(name, &hint, FAULT_INPUT, "name of 300 bytes");
}

static void
the_control_directory_stands_beside_its_root(void **state)
{
	struct fault f = { 0 };
	char *got;

	(void)state;
	scratch_dir("pkg/foo");
	got = place_control_of("pkg/foo/", &f);
	assert_non_null(got);
	assert_string_equal(got, "pkg/.control.foo");
	free(got);
	assert_null(place_control_of("none", &f));
	assert_says(&f, FAULT_SYSTEM, "cannot resolve 'none'");
}

static int
find_file(void *arg, struct fault *f)
{
	struct place p;
	const int r = place_find(&p, "pkg/foo/a/none/file", arg, f);

	place_release(&p);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	struct place_hint hint = { .root = "pkg/foo" };

	(void)state;
	scratch_dir("pkg/.control.foo");
	scratch_dir("pkg/foo/a");
	alloc_fail_each(find_file, &hint);
	hint.root = NULL;
	alloc_fail_each(find_file, &hint);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(every_spelling_of_a_file_is_one_place),
		test(an_apkbuild_beside_pkg_is_enough),
		test(a_last_symbolic_link_is_named_itself),
		test(what_does_not_exist_is_taken_as_it_is_spelt),
		test(the_outermost_package_counts),
		test(a_path_in_no_package_is_refused_with_advice),
		test(nothing_leads_out_of_the_root),
		test(a_hint_goes_before_what_is_found),
		test(a_root_may_be_named_through_a_symbolic_link),
		test(a_root_that_is_missing_is_a_fault),
		test(a_name_that_no_package_can_have_is_refused),
		test(the_control_directory_stands_beside_its_root),
		test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
