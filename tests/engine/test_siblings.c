/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "engine/merge.h"
#include "engine/siblings.h"

static const struct merge_package foo = { "pkg/foo", "pkg/.control.foo" };

/* The siblings are these names, each with a blank behind it. */
static void
expect(const struct merge_package *package, const char *want)
{
	struct siblings s = { 0 };
	struct fault f = { 0 };
	char got[256] = "", root[64], control[64];

	assert_ok(siblings_find(&s, package, &f), &f);
	for (size_t i = 0; i < s.count; i++) {
		const char *name = strrchr(s.items[i].root, '/') + 1;

		snprintf(root, sizeof(root), "pkg/%s", name);
		snprintf(control, sizeof(control), "pkg/.control.%s", name);
		assert_string_equal(s.items[i].root, root);
		assert_string_equal(s.items[i].control, control);
		snprintf(
		    got + strlen(got), sizeof(got) - strlen(got), "%s ", name);
	}
	assert_string_equal(got, want);
	siblings_release(&s);
}

static void
make_package(const char *name)
{
	char dir[64];

	snprintf(dir, sizeof(dir), "pkg/%s", name);
	scratch_dir(dir);
	snprintf(dir, sizeof(dir), "pkg/.control.%s", name);
	scratch_dir(dir);
}

static void
packages_beside_each_other_are_siblings(void **state)
{
	(void)state;
	make_package("foo");
	expect(&foo, "foo ");
	make_package("foo-doc");
	make_package("bar");
	for (char name[] = "a"; *name <= 'j'; ++*name)
		make_package(name);
	expect(&foo, "a b bar c d e f foo foo-doc g h i j ");
}

static void
each_needs_both_directories(void **state)
{
	(void)state;
	make_package("foo");
	scratch_dir("pkg/no-control");
	scratch_dir("pkg/.control.no-tree");
	scratch_file("pkg/file", "");
	scratch_dir("pkg/.control.file");
	scratch_dir("pkg/plain");
	scratch_file("pkg/.control.plain", "");
	scratch_symlink("foo", "pkg/link");
	scratch_dir("pkg/.control.link");
	scratch_dir("pkg/.hidden");
	scratch_dir("pkg/.control..hidden");
	expect(&foo, "foo ");
}

static void
a_package_that_is_not_abuilds_has_none(void **state)
{
	(void)state;
	make_package("foo");
	make_package("bar");
	scratch_dir("elsewhere");
	scratch_dir("dest/foo");
	scratch_dir("dest/.control.foo");
	scratch_dir("dest/bar");
	scratch_dir("dest/.control.bar");
	expect(&(const struct merge_package){ "pkg/foo", "elsewhere" }, "");
	expect(&(const struct merge_package){ "pkg/foo", NULL }, "");
	expect(&(const struct merge_package){ "dest/foo", "dest/.control.foo" },
	    "");
	expect(&(const struct merge_package){ "pkg", ".control.pkg" }, "");
}

static void
a_control_directory_may_be_spelt_otherwise_or_missing(void **state)
{
	(void)state;
	make_package("foo");
	make_package("bar");
	expect(&(const struct merge_package){ "pkg/foo",
		   "pkg/../pkg/.control.foo" },
	    "bar foo ");
	scratch_dir("pkg/sub");
	expect(&(const struct merge_package){ "pkg/sub", "pkg/.control.sub" },
	    "bar foo ");
}

static int
find(void *arg, struct fault *f)
{
	struct siblings s = { 0 };
	const int r = siblings_find(&s, &foo, f);

	(void)arg;
	siblings_release(&s);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	(void)state;
	make_package("foo");
	for (char name[] = "a"; *name <= 'l'; ++*name)
		make_package(name);
	alloc_fail_each(find, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(packages_beside_each_other_are_siblings),
		test(each_needs_both_directories),
		test(a_package_that_is_not_abuilds_has_none),
		test(a_control_directory_may_be_spelt_otherwise_or_missing),
		test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("siblings", tests, NULL, NULL);
}
