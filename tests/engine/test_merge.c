/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_merge.h"
#include "heard.h"
#include "scratch.h"

#include "engine/merge.h"

static void
without_overrides_all_belongs_to_root(void **state)
{
	const struct merge_options o = { .package = { "pkg/foo", NULL } };
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/usr/bin/su", "");
	scratch_symlink("su", "pkg/foo/usr/bin/sulink");
	must(chmod("pkg/foo/usr/bin/su", 04755));
	merge(&t, &o);
	assert_int_equal(t.count, 4);
	for (size_t i = 0; i < t.count; i++) {
		assert_string_equal(t.entries[i].uname, "root");
		assert_string_equal(t.entries[i].gname, "root");
		assert_int_equal(t.entries[i].uid, 0);
		assert_false(t.entries[i].is_changed);
	}
	assert_int_equal(find(&t, "usr/bin/su")->mode, 04755);
	tree_release(&t);
}

static void
an_override_changes_what_it_binds_and_nothing_else(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/usr/file", "");
	must(chmod("pkg/foo/usr/file", 0600));
	say("foo",
	    "#amtree bind=gname\n"
	    "usr/file gname=www uname=other mode=755 type=file\n");
	merge(&t, &of_foo);
	expect_owner(&t, "usr/file", "root", "www");
	assert_int_equal(find(&t, "usr/file")->mode, 0600);
	assert_true(find(&t, "usr/file")->is_changed);
	assert_false(find(&t, "usr")->is_changed);
	tree_release(&t);
}

static void
a_privileged_file_of_a_service_user_carries_the_number_of_nobody(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/setuid", "");
	scratch_file("pkg/foo/plain", "");
	must(chmod("pkg/foo/setuid", 04755));
	say("foo", "./setuid uname=www\n./plain uname=www\n");
	merge(&t, &of_foo);
	assert_int_equal(find(&t, "setuid")->uid, 65534);
	assert_int_equal(find(&t, "setuid")->gid, 0);
	assert_int_equal(find(&t, "plain")->uid, 0);
	tree_release(&t);
}

static void
a_missing_file_is_a_fault_that_suggests_a_name(void **state)
{
	(void)state;
	scratch_file("pkg/foo/usr/bin/sudoedit", "");
	say("foo", "#mtree v2.0\nusr/bin/sudoedti uname=www\n");
	refuse(&of_foo, FAULT_INPUT,
	    "pkg/.control.foo/.mtree:2: 'usr/bin/sudoedti' does not exist");
	refuse(&of_foo, FAULT_INPUT, "did you mean 'usr/bin/sudoedit'?");
	say("foo", "usr/sbin/sudoedit uname=www\n");
	refuse(&of_foo, FAULT_INPUT, "did you mean 'usr/bin/sudoedit'?");
}

static void
a_missing_file_that_is_optional_is_none(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/file", "");
	say("foo", "./none uname=www optional\n./file uname=www optional\n");
	merge(&t, &of_foo);
	assert_int_equal(t.count, 1);
	expect_owner(&t, "file", "www", "root");
	tree_release(&t);
}

static void
what_is_declared_with_its_type_is_created(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_dir("pkg/foo/dev");
	say("foo",
	    "dev/null type=char device=native,1,3 mode=666 gname=tty\n"
	    "dev/link type=link link=null\n"
	    "dev/pipe type=fifo mode=600\n"
	    "./aaa type=dir mode=2755\n"
	    "aaa/bbb type=dir mode=700\n");
	merge(&t, &of_foo);
	assert_int_equal(t.count, 6);
	assert_string_equal(t.entries[0].path, "aaa");
	assert_int_equal(find(&t, "dev/null")->type, ENTRY_CHAR);
	assert_int_equal(find(&t, "dev/null")->major, 1);
	assert_int_equal(find(&t, "dev/null")->minor, 3);
	assert_int_equal(find(&t, "dev/null")->mtime, 0);
	expect_owner(&t, "dev/null", "root", "tty");
	assert_string_equal(find(&t, "dev/link")->link, "null");
	assert_int_equal(find(&t, "dev/link")->mode, 0777);
	assert_int_equal(find(&t, "dev/pipe")->mode, 0600);
	assert_int_equal(find(&t, "aaa")->mode, 02755);
	assert_true(find(&t, "aaa/bbb")->is_created);
	assert_false(scratch_has("pkg/foo/aaa"));
	tree_release(&t);
}

static void
what_cannot_be_created_is_a_fault(void **state)
{
	(void)state;
	scratch_file("pkg/foo/file", "");
	say("foo", "./new type=file mode=644\n");
	refuse(&of_foo, FAULT_INPUT, "'new' does not exist");
	say("foo", "./new type=link\n");
	refuse(&of_foo, FAULT_INPUT, "has no link target");
	say("foo", "./new type=char\n");
	refuse(&of_foo, FAULT_INPUT, "has no device number");
	say("foo", "none/new type=dir mode=755\n");
	refuse(&of_foo, FAULT_INPUT, "there is no directory 'none'");
	say("foo", "file/new type=dir mode=755\n");
	refuse(&of_foo, FAULT_INPUT, "there is no directory 'file'");
}

static void
a_type_that_contradicts_the_file_is_a_fault(void **state)
{
	(void)state;
	scratch_file("pkg/foo/file", "");
	say("foo", "#mtree v2.0\n./file type=dir\n");
	refuse(&of_foo, FAULT_INPUT,
	    "pkg/.control.foo/.mtree:2: 'file': is declared as type=dir, but it "
	    "is a file");
}

static void
a_broken_line_is_a_fault_with_file_and_line(void **state)
{
	(void)state;
	scratch_file("pkg/foo/file", "");
	say("foo", "./file mode=644\n./file uidd=7\n");
	refuse(&of_foo, FAULT_INPUT,
	    "pkg/.control.foo/.mtree:2: unknown keyword 'uidd'");
}

static void
all_names_of_a_file_share_an_override(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/a", "");
	must(link("pkg/foo/a", "pkg/foo/b"));
	must(link("pkg/foo/a", "pkg/foo/c"));
	say("foo", "./b uname=www mode=4711\n");
	merge(&t, &of_foo);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(t.entries[i].uname, "www");
		assert_int_equal(t.entries[i].mode, 04711);
		assert_int_equal(t.entries[i].uid, 65534);
		assert_true(t.entries[i].is_changed);
	}
	tree_release(&t);
}

static void
names_of_a_file_may_not_disagree_but_may_add_up(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/a", "");
	must(link("pkg/foo/a", "pkg/foo/b"));
	say("foo", "./a uname=www\n./b uname=other\n");
	refuse(&of_foo, FAULT_INPUT, "'a' and 'b' are one file");
	say("foo", "./a uname=www\n./b gname=other\n");
	merge(&t, &of_foo);
	expect_owner(&t, "a", "www", "other");
	expect_owner(&t, "b", "www", "other");
	tree_release(&t);
}

static void
a_file_with_names_outside_the_package_is_as_any(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("elsewhere", "");
	scratch_dir("pkg/foo");
	must(link("elsewhere", "pkg/foo/a"));
	say("foo", "./a uname=www\n");
	merge(&t, &of_foo);
	expect_owner(&t, "a", "www", "root");
	tree_release(&t);
}

static void
the_epoch_is_the_time_of_every_entry(void **state)
{
	struct merge_options o = of_foo;
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/file", "");
	say("foo", "./file time=5.000000007\n./new type=dir mode=755\n");
	merge(&t, &o);
	assert_int_equal(find(&t, "file")->mtime, 5);
	assert_int_equal(find(&t, "file")->mtime_nsec, 7);
	assert_int_equal(find(&t, "new")->mtime, 0);
	tree_release(&t);
	o.has_epoch = true;
	o.epoch = 1700000000;
	merge(&t, &o);
	for (size_t i = 0; i < t.count; i++) {
		assert_int_equal(t.entries[i].mtime, 1700000000);
		assert_int_equal(t.entries[i].mtime_nsec, 0);
	}
	tree_release(&t);
}

static void
a_root_that_is_missing_is_a_fault(void **state)
{
	(void)state;
	refuse(&of_foo, FAULT_SYSTEM, "cannot open 'pkg/foo'");
	scratch_dir("pkg/foo");
	refuse(&with_siblings, FAULT_SYSTEM, "cannot open 'pkg/foo-doc'");
}

static void
a_check_tells_all_that_is_wrong(void **state)
{
	struct heard heard = { 0 };
	const struct notice n = { heard_say, &heard };
	struct merge_options o = of_foo;
	struct fault f = { 0 };

	(void)state;
	o.notice = &n;
	scratch_file("pkg/foo/file", "");
	say("foo", "./file mode=600\n");
	assert_int_equal(merge_check(&o, &f), 0);
	assert_int_equal(heard.count, 0);
	say("foo",
	    "./file type=dir\n"
	    "usr/none uname=www\n"
	    "usr/nothing uname=www\n"
	    "./new type=link\n");
	assert_int_equal(merge_check(&o, &f), 4);
	assert_int_equal(f.kind, FAULT_NONE);
	assert_int_equal(heard.count, 4);
	assert_non_null(buf_end(&heard.lines, &f));
	for (char line = '1'; line <= '4'; line++) {
		char place[] = "pkg/.control.foo/.mtree:N: ";

		*strchr(place, 'N') = line;
		assert_non_null(strstr(heard.lines.data, place));
	}
	buf_release(&heard.lines);
}

static void
a_check_of_what_is_not_there_is_a_fault(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(merge_check(&of_foo, &f), -1);
	assert_int_equal(f.kind, FAULT_SYSTEM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(without_overrides_all_belongs_to_root),
		test(an_override_changes_what_it_binds_and_nothing_else),
		test(
		    a_privileged_file_of_a_service_user_carries_the_number_of_nobody),
		test(a_missing_file_is_a_fault_that_suggests_a_name),
		test(a_missing_file_that_is_optional_is_none),
		test(what_is_declared_with_its_type_is_created),
		test(what_cannot_be_created_is_a_fault),
		test(a_type_that_contradicts_the_file_is_a_fault),
		test(a_broken_line_is_a_fault_with_file_and_line),
		test(all_names_of_a_file_share_an_override),
		test(names_of_a_file_may_not_disagree_but_may_add_up),
		test(a_file_with_names_outside_the_package_is_as_any),
		test(the_epoch_is_the_time_of_every_entry),
		test(a_root_that_is_missing_is_a_fault),
		test(a_check_tells_all_that_is_wrong),
		test(a_check_of_what_is_not_there_is_a_fault),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
