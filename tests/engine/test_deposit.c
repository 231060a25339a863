/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "recorded.h"
#include "scratch.h"

#include "engine/deposit.h"
#include "engine/merge.h"
#include "engine/recording.h"

#define FILE_OF_FOO "pkg/.control.foo/.mtree"

static const struct merge_package foo = { "pkg/foo", "pkg/.control.foo" };

/* Write down what the journal has now. */
static int
deposit(void *arg, struct fault *f)
{
	size_t *count = arg;
	struct recording r = { 0 };
	int ret = recording_load(&r, "journal", f);

	if (ret == 0)
		ret = deposit_write(&foo, &r, count, f);
	recording_release(&r);
	return ret;
}

/* So many entries are written. */
static void
expect_written(size_t want)
{
	size_t count = 99;
	struct fault f = { 0 };

	assert_ok(deposit(&count, &f), &f);
	assert_int_equal(count, want);
}

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
doing_it_twice_adds_nothing(void **state)
{
	struct buf before = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/a", "");
	scratch_file("pkg/foo/b", "");
	must(link("pkg/foo/b", "pkg/foo/c"));
	recorded_begin();
	recorded_add("pkg/foo/a", "uname=www gid=5 mode=4711 caps=cap_kill=p");
	recorded_add("pkg/foo/b", "type=char device=native,1,3 gname=x");
	expect_written(3);
	scratch_load(&before, FILE_OF_FOO);
	assert_non_null(buf_end(&before, &f));
	expect_written(0);
	scratch_expect(FILE_OF_FOO, before.data);
	buf_release(&before);
}

static void
an_earlier_record_is_corrected_keyword_by_keyword(void **state)
{
	(void)state;
	scratch_file("pkg/foo/a/x", "");
	scratch_file("pkg/foo/a/y", "");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded\na/x uname=old gname=grp mode=600\n"
	    "#amtree recorded caps=cap_kill=p\na/y uname=old\n");
	recorded_begin();
	recorded_add("pkg/foo/a/x", "uname=root gname=grp");
	recorded_add("pkg/foo/a/y", "uname=old mode=644 caps=none");
	expect_written(2);
	scratch_expect(FILE_OF_FOO,
	    "#amtree recorded\na/x uname=old gname=grp mode=600\n"
	    "#amtree recorded caps=cap_kill=p\na/y uname=old\n"
	    "#amtree recorded bind=uname\n"
	    "a/x gname=grp uname=root mode=600 type=file optional\n"
	    "#amtree recorded bind=caps caps=none\n"
	    "a/y gname=root uname=old mode=644 type=file optional\n");
	expect_written(0);
}

static void
what_is_explicit_does_not_matter_here(void **state)
{
	(void)state;
	scratch_file("pkg/foo/a/x", "");
	scratch_file("pkg/foo/a/y", "");
	scratch_file(FILE_OF_FOO, "a/x uname=www\na/y type=dir\n");
	recorded_begin();
	recorded_add("pkg/foo/a/x", "uname=www");
	recorded_add("pkg/foo/a/y", "uname=root");
	expect_written(1);
	scratch_expect(FILE_OF_FOO,
	    "a/x uname=www\na/y type=dir\n"
	    "#amtree recorded bind=uname\n"
	    "a/x gname=root uname=www mode=644 type=file optional\n");
}

static void
an_earlier_record_of_another_file_is_no_obstacle(void **state)
{
	(void)state;
	scratch_dir("pkg/foo/a/x");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded caps=cap_kill=p\n"
	    "a/x type=char device=native,1,3 link=y time=5\n");
	recorded_begin();
	recorded_add("pkg/foo/a/x", "uname=www");
	expect_written(1);
	expect_written(0);
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

/* What a merge makes of the lines alone is what it made of the journal. */
static void
the_lines_give_what_the_journal_gave(void **state)
{
	struct merge_options o = { .package = foo, .journal = "journal" };
	struct tree a = TREE_INIT, b = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/usr/a", "x");
	scratch_file("pkg/foo/usr/device", "");
	scratch_file("pkg/foo/usr/b", "");
	scratch_dir("pkg/foo/var/lib");
	scratch_symlink("a", "pkg/foo/usr/l");
	must(link("pkg/foo/usr/b", "pkg/foo/var/c"));
	recorded_begin();
	recorded_add(
	    "pkg/foo/usr/a", "uname=www gid=82 mode=4755 caps=cap_kill=p");
	recorded_add("pkg/foo/usr/device",
	    "mode=600 gname=disk type=block device=native,8,0");
	recorded_add("pkg/foo/usr/b", "uname=b");
	recorded_add("pkg/foo/usr/l", "uname=l");
	recorded_add("pkg/foo/var/lib", "uname=www mode=1777");
	assert_ok(merge_load(&a, &o, &f), &f);
	expect_written(6);
	o.journal = NULL;
	assert_ok(merge_load(&b, &o, &f), &f);
	assert_int_equal(a.count, b.count);
	for (size_t i = 0; i < a.count; i++) {
		const struct entry *x = &a.entries[i], *y = &b.entries[i];
		const struct xattr *p = entry_caps(x), *q = entry_caps(y);

		assert_string_equal(x->path, y->path);
		assert_int_equal(x->type, y->type);
		assert_int_equal(x->mode, y->mode);
		assert_int_equal(x->uid, y->uid);
		assert_int_equal(x->gid, y->gid);
		assert_int_equal(x->major, y->major);
		assert_int_equal(x->is_changed, y->is_changed);
		assert_int_equal(x->is_placeholder, y->is_placeholder);
		assert_true((x->uname == NULL) == (y->uname == NULL));
		if (x->uname != NULL)
			assert_string_equal(x->uname, y->uname);
		assert_true((x->gname == NULL) == (y->gname == NULL));
		if (x->gname != NULL)
			assert_string_equal(x->gname, y->gname);
		assert_true((p == NULL) == (q == NULL));
		if (p != NULL)
			assert_memory_equal(p->value, q->value, p->len);
	}
	tree_release(&a);
	tree_release(&b);
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
		test(doing_it_twice_adds_nothing),
		test(an_earlier_record_is_corrected_keyword_by_keyword),
		test(what_is_explicit_does_not_matter_here),
		test(an_earlier_record_of_another_file_is_no_obstacle),
		test(files_that_no_package_has_are_left_out),
		test(a_root_that_does_not_exist_has_no_files),
		test(a_number_that_no_line_can_have_is_a_fault),
		test(what_is_broken_already_is_a_fault),
		test(the_lines_give_what_the_journal_gave),
		test(every_failed_allocation_is_a_fault_and_leaves_nothing),
	};

	return cmocka_run_group_tests_name("deposit", tests, NULL, NULL);
}
