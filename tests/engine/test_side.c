/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "madepackage.h"
#include "scratch.h"

#include "engine/compare.h"
#include "engine/merge.h"
#include "engine/side.h"

static const struct merge_options of_foo = {
	.package = { "pkg/foo", "pkg/.control.foo" },
};

static void
load_foo(struct side *s)
{
	struct fault f = { 0 };

	assert_ok(side_load_tree(s, &of_foo, &f), &f);
	assert_true(side_is_whole(s));
}

static void
a_tree_has_the_digests_of_its_files_once_for_all_their_names(void **state)
{
	struct side s = SIDE_INIT;
	const struct entry *e;

	(void)state;
	scratch_file("pkg/foo/a/file", "1");
	scratch_file("pkg/foo/b", "1");
	must(link("pkg/foo/a/file", "pkg/foo/a/name"));
	scratch_symlink("b", "pkg/foo/c");
	load_foo(&s);
	e = s.apk.tree.entries;
	assert_int_equal(s.apk.tree.count, 5);
	assert_null(e[0].digest); /* a */
	assert_string_equal(e[1].digest,
	    "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b");
	assert_ptr_equal(e[2].digest, e[1].digest);
	assert_string_equal(e[3].digest, e[1].digest);
	assert_ptr_not_equal(e[3].digest, e[1].digest);
	assert_null(e[4].digest);
	side_release(&s);
}

static void
without_a_pkginfo_only_the_data_is_compared(void **state)
{
	struct side s = SIDE_INIT;
	struct compare_side view;

	(void)state;
	scratch_file("pkg/foo/file", "");
	/* no control directory at all */
	load_foo(&s);
	view = side_view(&s);
	assert_ptr_equal(view.tree, &s.apk.tree);
	assert_null(view.control);
	assert_null(view.info);
	side_release(&s);
	/* one that abuild has not yet finished */
	scratch_file("pkg/.control.foo/.post-install", "x");
	load_foo(&s);
	view = side_view(&s);
	assert_null(view.control);
	assert_null(view.info);
	assert_int_equal(s.apk.control.count, 0);
	side_release(&s);
}

static void
beside_a_pkginfo_there_are_the_scripts_that_apk_knows(void **state)
{
	struct side s = SIDE_INIT;
	struct compare_side view;

	(void)state;
	scratch_file("pkg/foo/file", "");
	scratch_file("pkg/.control.foo/.PKGINFO",
	    "pkgname = foo\narch = x86\npkgdesc = b\n");
	scratch_file("pkg/.control.foo/.trigger", "1");
	scratch_file("pkg/.control.foo/.pre-install", "");
	scratch_file("pkg/.control.foo/.metafiles", "none");
	load_foo(&s);
	view = side_view(&s);
	assert_string_equal(s.apk.info.pkgname, "foo");
	assert_string_equal(s.apk.info.arch, "x86");
	assert_int_equal(view.info->count, 3);
	assert_string_equal(view.info->lines[0].key, "arch");
	assert_int_equal(view.control->count, 2);
	assert_string_equal(view.control->entries[0].path, ".pre-install");
	assert_int_equal(view.control->entries[0].size, 0);
	assert_string_equal(view.control->entries[1].path, ".trigger");
	assert_string_equal(view.control->entries[1].digest,
	    "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b");
	side_release(&s);
}

static void
what_is_wrong_with_a_control_file_names_it(void **state)
{
	struct side s = SIDE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/file", "");
	must(mkdir("pkg/.control.foo", 0755));
	must(mkfifo("pkg/.control.foo/.PKGINFO", 0600));
	assert_fault(side_load_tree(&s, &of_foo, &f), &f, FAULT_INPUT,
	    "'pkg/.control.foo': '.PKGINFO': not a regular file");
	side_release(&s);
	f = (struct fault){ 0 };
	must(unlink("pkg/.control.foo/.PKGINFO"));
	scratch_file("pkg/.control.foo/.PKGINFO", "pkgname = foo\n");
	scratch_symlink("file", "pkg/.control.foo/.trigger");
	assert_int_equal(side_load_tree(&s, &of_foo, &f), -1);
	assert_int_equal(f.kind, FAULT_SYSTEM);
	assert_non_null(strstr(f.text, "'.trigger': cannot open: "));
	side_release(&s);
}

static void
a_package_file_has_its_data_control_files_and_metadata(void **state)
{
	struct package p = { .script = "1" };
	struct side s = SIDE_INIT;
	struct compare_side view;
	struct fault f = { 0 };

	(void)state;
	add_file(&p.data_tar, (struct file){ .name = "x", .text = "1" });
	package_close(&p, NULL);
	join(&p.whole, &p.signature);
	join(&p.whole, &p.control);
	join(&p.whole, &p.data);
	scratch_write("foo.apk", p.whole.data, p.whole.len);
	package_release(&p);
	assert_ok(side_load_file(&s, "foo.apk", &f), &f);
	assert_true(side_is_whole(&s));
	view = side_view(&s);
	assert_int_equal(view.tree->count, 1);
	assert_true(view.info->count > 0);
	assert_int_equal(view.control->count, 1);
	assert_string_equal(view.control->entries[0].path, ".post-install");
	assert_non_null(view.control->entries[0].digest);
	side_release(&s);
}

static void
a_file_that_cannot_be_compared_takes_no_room(void **state)
{
	struct package p = { 0 };
	struct side s = SIDE_INIT;
	struct fault f = { 0 };

	(void)state;
	package_make(&p, NULL);
	scratch_write("cut.apk", p.whole.data, p.whole.len - 5);
	package_release(&p);
	assert_ok(side_load_file(&s, "cut.apk", &f), &f);
	assert_false(side_is_whole(&s));
	assert_int_equal(s.apk.findings.counts[FINDINGS_TRUNCATED], 1);
	assert_int_equal(s.apk.tree.count, 0);
	side_release(&s);
	assert_ok(side_load_file(&s, "none.apk", &f), &f);
	assert_false(side_is_whole(&s));
	assert_int_equal(s.apk.findings.counts[FINDINGS_UNREADABLE], 1);
	side_release(&s);
}

static int
load_once(void *arg, struct fault *f)
{
	struct side s = SIDE_INIT;
	const int r = side_load_tree(&s, arg, f);

	side_release(&s);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	struct merge_options o = of_foo;

	(void)state;
	scratch_file("pkg/foo/a", "1");
	must(link("pkg/foo/a", "pkg/foo/b"));
	scratch_file("pkg/.control.foo/.PKGINFO", "pkgname = foo\n");
	scratch_file("pkg/.control.foo/.trigger", "1");
	alloc_fail_each(load_once, &o);
}

#define in_scratch(test) \
	cmocka_unit_test_setup_teardown(test, scratch_begin, scratch_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		in_scratch(
		    a_tree_has_the_digests_of_its_files_once_for_all_their_names),
		in_scratch(without_a_pkginfo_only_the_data_is_compared),
		in_scratch(
		    beside_a_pkginfo_there_are_the_scripts_that_apk_knows),
		in_scratch(what_is_wrong_with_a_control_file_names_it),
		in_scratch(
		    a_package_file_has_its_data_control_files_and_metadata),
		in_scratch(a_file_that_cannot_be_compared_takes_no_room),
		in_scratch(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("side", tests, NULL, NULL);
}
