/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_package.h"
#include "../alloc.h"
#include "scratch.h"

#include "engine/package.h"

static void
a_package_without_control_has_no_overrides(void **state)
{
	struct package p = PACKAGE_INIT;

	(void)state;
	scratch_dir("foo");
	open_package(&p, "foo");
	assert_string_equal(p.root, "foo");
	assert_int_equal(p.set.count, 0);
	assert_null(override_find(&p.set, ""));
	close_package(&p);
}

static void
a_control_directory_that_is_missing_or_empty_says_nothing(void **state)
{
	struct package p = PACKAGE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_dir("foo");
	assert_ok(package_open(&p, "foo", ".control.foo", &f), &f);
	assert_int_equal(p.set.count, 0);
	close_package(&p);
	assert_false(scratch_has(".control.foo"));

	scratch_dir(".control.foo");
	assert_ok(package_open(&p, "foo", ".control.foo", &f), &f);
	assert_int_equal(p.set.count, 0);
	close_package(&p);
	assert_false(scratch_has(".control.foo/.mtree"));
}

static void
what_the_overrides_say_of_one_path_is_one_word(void **state)
{
	struct package p = PACKAGE_INIT;
	struct fault f = { 0 };
	const struct spec *s;

	(void)state;
	scratch_dir("foo");
	scratch_file(".control.foo/.mtree",
	    "#mtree\n./b uname=one\n./a uname=two\n./b gname=three\n");
	assert_ok(package_open(&p, "foo", ".control.foo", &f), &f);
	assert_int_equal(p.set.count, 2);
	s = override_find(&p.set, "b");
	assert_non_null(s);
	assert_string_equal(s->entry.uname, "one");
	assert_string_equal(s->entry.gname, "three");
	close_package(&p);
}

static void
a_closed_package_leaves_its_strings_to_the_heir(void **state)
{
	struct package p = PACKAGE_INIT;
	struct arena heir = { 0 };
	struct fault f = { 0 };
	const struct spec *s;
	const char *uname;

	(void)state;
	scratch_dir("foo");
	scratch_file(".control.foo/.mtree", "#mtree\n./a uname=somebody\n");
	assert_ok(package_open(&p, "foo", ".control.foo", &f), &f);
	s = override_find(&p.set, "a");
	assert_non_null(s);
	uname = s->entry.uname;
	package_close(&p, &heir);
	assert_int_equal(p.rootfd, -1);
	assert_int_equal(p.set.count, 0);
	assert_non_null(heir.blocks);
	assert_string_equal(uname, "somebody");
	package_close(&p, &heir);
	assert_string_equal(uname, "somebody");
	arena_release(&heir);
}

static void
a_root_that_is_no_directory_is_refused(void **state)
{
	struct package p = PACKAGE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_file("file", "");
	assert_fault(package_open(&p, "file", NULL, &f), &f, FAULT_SYSTEM,
	    "cannot open 'file': Not a directory");
	close_package(&p);
	f = (struct fault){ 0 };
	assert_fault(package_open(&p, "none", NULL, &f), &f, FAULT_SYSTEM,
	    "cannot open 'none': No such file or directory");
	assert_int_equal(p.rootfd, -1);
	close_package(&p);
}

static void
overrides_that_cannot_be_read_are_refused_by_file_and_line(void **state)
{
	struct package p = PACKAGE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_dir("foo");
	scratch_file(".control.foo/.mtree", "#mtree\n./../a uname=b\n");
	assert_refused(package_open(&p, "foo", ".control.foo", &f), &f,
	    FAULT_INPUT, ".control.foo/.mtree:2: ");
	close_package(&p);
}

static void
one_root_is_the_same_package_however_it_is_spelt(void **state)
{
	static const char *const same[] = { "foo", "./foo", "foo/", "foo/.",
		"foo/dir/..", "link" };
	struct package foo = PACKAGE_INIT, p = PACKAGE_INIT;

	(void)state;
	scratch_dir("foo/dir");
	scratch_dir("bar");
	scratch_symlink("foo", "link");
	open_package(&foo, "foo");
	assert_false(package_is_same(&foo, &p));
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		open_package(&p, same[i]);
		assert_true(package_is_same(&foo, &p));
		assert_true(package_is_same(&p, &foo));
		close_package(&p);
	}
	open_package(&p, "bar");
	assert_false(package_is_same(&foo, &p));
	close_package(&p);
	open_package(&p, "foo/dir");
	assert_false(package_is_same(&foo, &p));
	close_package(&p);
	close_package(&foo);
}

static int
open_and_ask(void *arg, struct fault *f)
{
	struct package p = PACKAGE_INIT;
	struct arena heir = { 0 };
	struct buf roots = BUF_INIT;
	int r = package_open(&p, "foo", arg, f);

	if (r == 0)
		r = package_holders(&p, 1, "", NULL, &roots, f);
	buf_release(&roots);
	package_close(&p, &heir);
	arena_release(&heir);
	return r;
}

static void
a_lack_of_memory_is_a_fault(void **state)
{
	char control[] = ".control.foo";

	(void)state;
	scratch_dir("foo");
	scratch_file(".control.foo/.mtree", "#mtree\n./a uname=b\n");
	alloc_fail_each(open_and_ask, control);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_package_without_control_has_no_overrides),
		test(a_control_directory_that_is_missing_or_empty_says_nothing),
		test(what_the_overrides_say_of_one_path_is_one_word),
		test(a_closed_package_leaves_its_strings_to_the_heir),
		test(a_root_that_is_no_directory_is_refused),
		test(
		    overrides_that_cannot_be_read_are_refused_by_file_and_line),
		test(one_root_is_the_same_package_however_it_is_spelt),
		test(a_lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("package", tests, NULL, NULL);
}
