/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_declare.h"
#include "scratch.h"

#include "engine/declare.h"
#include "engine/place.h"

static void
an_entry_states_all_and_binds_what_was_asked_for(void **state)
{
	struct fault f = { 0 };

	(void)state;
	scratch_dir("pkg/foo/var/cache/distfiles");
	must(chmod("pkg/foo/var/cache/distfiles", 0775));
	assert_ok(declare(&to_group, "var/cache/distfiles", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=gname\n"
	    "var/cache/distfiles gname=abuild uname=root mode=775 type=dir\n");
}

static void
what_was_said_before_is_stated_again_but_not_bound(void **state)
{
	const struct declare_request q = {
		.keywords = KEYWORD_USER,
		.entry.uname = "www",
	};
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/file", "");
	assert_ok(declare(&to_group, "file", &f), &f);
	assert_ok(declare(&q, "file", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=gname\n"
	    "./file gname=abuild uname=root mode=644 type=file\n"
	    "#amtree bind=uname\n"
	    "./file gname=abuild uname=www mode=644 type=file\n");
}

static void
a_recorded_device_is_stated_as_one(void **state)
{
	const struct declare_request device = {
		.keywords = KEYWORD_TYPE | KEYWORD_DEVICE,
		.entry = { .type = ENTRY_CHAR, .major = 1, .minor = 5 },
	};
	const struct declare_request caps = {
		.keywords = KEYWORD_CAPS,
		.caps = "cap_kill=p",
	};
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/null", "");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded bind=type,device\n"
	    "./null type=char device=native,1,3 optional\n");
	assert_ok(declare(&to_group, "null", &f), &f);
	assert_ok(declare(&device, "null", &f), &f);
	assert_refused(declare(&caps, "null", &f), &f, FAULT_INPUT,
	    "'null' is a char: it has no capabilities");
	scratch_expect(FILE_OF_FOO,
	    "#amtree recorded bind=type,device\n"
	    "./null type=char device=native,1,3 optional\n"
	    "#amtree bind=gname\n"
	    "./null gname=abuild uname=root mode=644 type=char "
	    "device=native,1,3\n"
	    "#amtree bind=type,device\n"
	    "./null gname=abuild uname=root mode=644 type=char "
	    "device=native,1,5\n");
}

static void
a_mode_is_relative_to_the_one_in_force(void **state)
{
	const struct declare_request set = to_mode("4750"),
				     add = to_mode("o+x");
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/file", "");
	assert_ok(declare(&set, "file", &f), &f);
	assert_ok(declare(&add, "file", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=mode\n"
	    "./file gname=root uname=root mode=4750 type=file\n"
	    "#amtree bind=mode\n"
	    "./file gname=root uname=root mode=4751 type=file\n");
	assert_int_equal(scratch_mode("pkg/foo/file"), 0644);
}

static void
a_mode_that_was_moved_here_is_in_force(void **state)
{
	const struct declare_request add = to_mode("g+x"),
				     exact = to_mode("640");
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/file", "");
	scratch_dir("pkg/bar");
	scratch_file("pkg/.control.bar/.mtree", "./file mode=4600\n");
	assert_ok(declare(&add, "file", &f), &f);
	assert_ok(declare(&exact, "file", &f), &f);
	assert_ok(declare(&add, "file", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=mode\n"
	    "./file gname=root uname=root mode=4610 type=file\n"
	    "#amtree bind=mode\n"
	    "./file gname=root uname=root mode=640 type=file\n"
	    "#amtree bind=mode\n"
	    "./file gname=root uname=root mode=650 type=file\n");
}

static void
recursion_takes_all_below_and_leaves_out_what_cannot_be(void **state)
{
	struct declare_request q = to_mode("g+w");
	struct fault f = { 0 };

	(void)state;
	q.is_recursive = true;
	scratch_file("pkg/foo/dir/file", "");
	scratch_symlink("file", "pkg/foo/dir/link");
	scratch_file("pkg/foo/other", "");
	assert_ok(declare(&q, "dir", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=mode\n"
	    "./dir gname=root uname=root mode=775 type=dir\n"
	    "#amtree bind=mode\n"
	    "dir/file gname=root uname=root mode=664 type=file\n");
}

static void
the_whole_package_needs_recursion(void **state)
{
	struct declare_request q = to_group;
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/file", "");
	assert_refused(declare(&q, "", &f), &f, FAULT_USAGE,
	    "'pkg/foo' is the root of a package, not a file in it: use -R");
	f = (struct fault){ 0 };
	q.is_recursive = true;
	assert_ok(declare(&q, "", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=gname\n"
	    "./file gname=abuild uname=root mode=644 type=file\n");
}

static void
a_file_named_twice_gets_one_entry(void **state)
{
	struct declare_request q = to_group;
	const struct place places[] = { in_foo("dir"), in_foo("dir/file") };
	struct fault f = { 0 };

	(void)state;
	q.is_recursive = true;
	scratch_file("pkg/foo/dir/file", "");
	assert_ok(declare_all(&q, places, 2, &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=gname\n"
	    "./dir gname=abuild uname=root mode=755 type=dir\n"
	    "#amtree bind=gname\n"
	    "dir/file gname=abuild uname=root mode=644 type=file\n");
}

static void
nothing_is_appended_if_one_is_at_fault(void **state)
{
	const struct place places[] = { in_foo("file"), in_foo("none") };
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/file", "");
	scratch_file(FILE_OF_FOO, "./file mode=600\n");
	assert_refused(declare_all(&to_group, places, 2, &f), &f, FAULT_INPUT,
	    "'pkg/foo/none' does not exist, and only");
	scratch_expect(FILE_OF_FOO, "./file mode=600\n");
}

static void
preparing_writes_nothing(void **state)
{
	const struct place p = in_foo("file");
	struct fault f = { 0 };
	struct declaration d;

	(void)state;
	scratch_file("pkg/foo/file", "");
	assert_ok(declare_prepare(&d, &to_group, &p, 1, &f), &f);
	assert_false(scratch_has("pkg/.control.foo"));
	declare_release(&d);
}

static void
what_others_append_in_between_is_in_force(void **state)
{
	const struct declare_request set = to_mode("4750"),
				     add = to_mode("o+x");
	const struct place p = in_foo("file");
	struct fault f = { 0 };
	struct declaration d;

	(void)state;
	scratch_file("pkg/foo/file", "");
	assert_ok(declare_prepare(&d, &add, &p, 1, &f), &f);
	assert_ok(declare(&set, "file", &f), &f);
	assert_ok(declare_commit(&d, &f), &f);
	declare_release(&d);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=mode\n"
	    "./file gname=root uname=root mode=4750 type=file\n"
	    "#amtree bind=mode\n"
	    "./file gname=root uname=root mode=4751 type=file\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(an_entry_states_all_and_binds_what_was_asked_for),
		test(what_was_said_before_is_stated_again_but_not_bound),
		test(a_recorded_device_is_stated_as_one),
		test(a_mode_is_relative_to_the_one_in_force),
		test(a_mode_that_was_moved_here_is_in_force),
		test(recursion_takes_all_below_and_leaves_out_what_cannot_be),
		test(the_whole_package_needs_recursion),
		test(a_file_named_twice_gets_one_entry),
		test(nothing_is_appended_if_one_is_at_fault),
		test(preparing_writes_nothing),
		test(what_others_append_in_between_is_in_force),
	};

	return cmocka_run_group_tests_name("declare", tests, NULL, NULL);
}
