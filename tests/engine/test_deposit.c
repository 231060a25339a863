/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_deposit.h"
#include "../alloc.h"
#include "recorded.h"
#include "scratch.h"

static void
a_file_gets_a_line_that_says_all_and_binds_what_was_recorded(void **state)
{
	(void)state;
	scratch_file("pkg/foo/usr/bin/su", "x");
	scratch_file("pkg/foo/usr/bin/plain", "x");
	scratch_symlink("su", "pkg/foo/usr/bin/link");
	must(chmod("pkg/foo/usr/bin/su", 0755));
	recorded_begin();
	recorded_add("pkg/foo/usr/bin/su", "uname=www gid=82 mode=4755");
	recorded_add("pkg/foo/usr/bin/link", "uid=7 mode=600 caps=cap_kill=p");
	recorded_add("pkg/foo/usr", "gname=www mode=755");
	expect_written(3);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree recorded bind=gname\n"
	    "./usr gname=www uname=root mode=755 type=dir optional\n"
	    "#amtree recorded bind=uname\n"
	    "usr/bin/link gname=root uid=7 mode=777 type=link link=su "
	    "optional\n"
	    "#amtree recorded bind=mode,uname,gname\n"
	    "usr/bin/su gid=82 uname=www mode=4755 type=file optional\n");
}

static void
capabilities_stand_in_the_comment(void **state)
{
	(void)state;
	scratch_file("pkg/foo/a/ping", "x");
	scratch_file("pkg/foo/a/odd", "x");
	scratch_file("pkg/foo/a/none", "x");
	recorded_begin();
	recorded_add("pkg/foo/a/ping", "caps=cap_kill=i\\040cap_net_raw+p");
	recorded_add("pkg/foo/a/odd", "caps=0x010000010020000000000000");
	recorded_add("pkg/foo/a/none", "caps=none");
	expect_written(2);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree recorded bind=caps caps=0x010000010020000000000000\n"
	    "a/odd gname=root uname=root mode=644 type=file optional\n"
	    "#amtree recorded bind=caps caps=cap_kill=i\\040cap_net_raw+p\n"
	    "a/ping gname=root uname=root mode=644 type=file optional\n");
}

static void
a_device_is_shown_as_what_it_stands_for(void **state)
{
	(void)state;
	scratch_file("pkg/foo/dev/null", "");
	scratch_file("pkg/foo/dev/zero", "");
	scratch_file("pkg/foo/dev/written", "oops");
	recorded_begin();
	recorded_add(
	    "pkg/foo/dev/null", "mode=666 type=char device=native,1,3");
	recorded_add("pkg/foo/dev/zero", "type=block device=native,0,0");
	recorded_add("pkg/foo/dev/written", "type=char device=native,1,5");
	expect_written(3);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree recorded bind=type,mode,device\n"
	    "dev/null gname=root uname=root mode=666 type=char "
	    "device=native,1,3 optional\n"
	    "#amtree recorded bind=type,device\n"
	    "dev/written gname=root uname=root mode=644 type=char "
	    "device=native,1,5 optional\n"
	    "#amtree recorded bind=type,device\n"
	    "dev/zero gname=root uname=root mode=644 type=block "
	    "device=native,0,0 optional\n");
	expect_written(0);
}

static void
a_line_says_whose_deeds_its_keywords_are(void **state)
{
	(void)state;
	scratch_file("pkg/foo/a", "");
	scratch_file("pkg/foo/b", "");
	scratch_file("pkg/foo/null", "");
	scratch_file("journal",
	    JOURNAL_SIGNATURE "deed=1:fchownat:chown\\040-R\\040www\\040a=b\n"
			      "deed=2:chmod:chmod\\0400\n"
			      "deed=3:mknod:mknod\n");
	recorded_add("pkg/foo/a",
	    "uname=www gname=www mode=0 caps=cap_kill=p by=uname,gname:1 "
	    "by=mode:2");
	recorded_add("pkg/foo/b", "uname=www mode=644 by=uname:1 by=mode:2");
	recorded_add("pkg/foo/null",
	    "mode=644 type=char device=native,1,3 by=mode,device:3");
	expect_written(3);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree recorded bind=mode,uname,gname,caps caps=cap_kill=p "
	    "by=uname,gname:fchownat:chown\\040-R\\040www\\040a=b "
	    "by=mode:chmod:chmod\\0400\n"
	    "./a gname=www uname=www mode=0 type=file optional\n"
	    "#amtree recorded bind=uname "
	    "by=uname:fchownat:chown\\040-R\\040www\\040a=b\n"
	    "./b gname=root uname=www mode=644 type=file optional\n"
	    "#amtree recorded bind=type,device by=device:mknod:mknod\n"
	    "./null gname=root uname=root mode=644 type=char "
	    "device=native,1,3 optional\n");
	expect_written(0);
}

static void
what_is_so_anyway_needs_no_line_and_no_file(void **state)
{
	(void)state;
	scratch_file("pkg/foo/a", "");
	must(chmod("pkg/foo/a", 0640));
	recorded_begin();
	recorded_add("pkg/foo/a", "uname=root gid=0 mode=640 caps=none");
	expect_written(0);
	assert_false(scratch_has("pkg/.control.foo"));
}

static void
files_that_no_package_has_are_left_out(void **state)
{
	(void)state;
	scratch_file("pkg/foo/.hidden", "");
	scratch_socket("pkg/foo/socket");
	recorded_begin();
	recorded_add("pkg/foo", "uname=www");
	recorded_add("pkg/foo/.hidden", "uname=www");
	recorded_add("pkg/foo/socket", "uname=www");
	expect_written(0);
	assert_false(scratch_has("pkg/.control.foo"));
}

static void
a_root_that_does_not_exist_has_no_files(void **state)
{
	(void)state;
	scratch_file("elsewhere", "");
	recorded_begin();
	recorded_add("elsewhere", "uname=www");
	expect_written(0);
	scratch_file("pkg/foo", "");
	{
		struct fault f = { 0 };

		assert_refused(deposit(NULL, &f), &f, FAULT_SYSTEM,
		    "cannot open 'pkg/foo': Not a directory");
	}
}

static void
a_number_that_no_line_can_have_is_a_fault(void **state)
{
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/a", "");
	scratch_file("pkg/foo/b", "");
	recorded_begin();
	recorded_add("pkg/foo/a", "uname=www");
	recorded_add("pkg/foo/b", "gid=1000050000");
	assert_refused(deposit(NULL, &f), &f, FAULT_INPUT,
	    "'pkg/foo/b': group number 1000050000 was recorded, which is over "
	    "2097151, more than apk can read");
	assert_false(scratch_has("pkg/.control.foo"));
}

static void
what_is_broken_already_is_a_fault(void **state)
{
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/a", "");
	scratch_file(FILE_OF_FOO, "./a uidd=5\n");
	recorded_begin();
	recorded_add("pkg/foo/a", "uname=www");
	assert_refused(deposit(NULL, &f), &f, FAULT_INPUT,
	    FILE_OF_FOO ":1: unknown keyword 'uidd'");
	scratch_expect(FILE_OF_FOO, "./a uidd=5\n");
}

static int
deposit_anew(void *arg, struct fault *f)
{
	(void)arg;
	if (scratch_has(FILE_OF_FOO))
		must(unlink(FILE_OF_FOO));
	return deposit(NULL, f);
}

static void
every_failed_allocation_is_a_fault_and_leaves_nothing(void **state)
{
	(void)state;
	scratch_file("pkg/foo/a", "");
	scratch_file("pkg/foo/dir/b", "");
	scratch_file("journal", JOURNAL_SIGNATURE "deed=1:chown:x\n");
	recorded_add("pkg/foo/a", "uname=www caps=cap_kill=p by=caps:1");
	recorded_add("pkg/foo/dir/b", "gname=www mode=600");
	alloc_fail_each(deposit_anew, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(
		    a_file_gets_a_line_that_says_all_and_binds_what_was_recorded),
		test(capabilities_stand_in_the_comment),
		test(a_device_is_shown_as_what_it_stands_for),
		test(a_line_says_whose_deeds_its_keywords_are),
		test(what_is_so_anyway_needs_no_line_and_no_file),
		test(files_that_no_package_has_are_left_out),
		test(a_root_that_does_not_exist_has_no_files),
		test(a_number_that_no_line_can_have_is_a_fault),
		test(what_is_broken_already_is_a_fault),
		test(every_failed_allocation_is_a_fault_and_leaves_nothing),
	};

	return cmocka_run_group_tests_name("deposit", tests, NULL, NULL);
}
