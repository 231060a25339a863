/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "recorded.h"
#include "scratch.h"
#include "test_merge.h"

#include "engine/merge.h"

static void
an_override_follows_its_file_to_a_sibling(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	make_packages();
	scratch_file("pkg/foo-doc/usr/file", "");
	say("foo", "usr/file uname=www\n");
	merge(&t, &with_siblings);
	assert_int_equal(t.count, 0);
	tree_release(&t);
	merge(&t, &of_doc);
	expect_owner(&t, "usr/file", "www", "root");
	tree_release(&t);
}

static void
what_the_new_package_says_itself_goes_before(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	make_packages();
	scratch_file("pkg/foo-doc/usr/file", "");
	say("foo", "usr/file uname=www gname=www\n");
	say("foo-doc", "usr/file uname=doc\n");
	merge(&t, &of_doc);
	assert_string_equal(find(&t, "usr/file")->uname, "doc");
	tree_release(&t);
}

static void
a_file_that_stayed_gives_nothing_away(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/usr/file", "");
	scratch_file("pkg/foo-doc/usr/file", "");
	say("foo", "usr/file uname=www\n");
	merge(&t, &with_siblings);
	expect_owner(&t, "usr/file", "www", "root");
	tree_release(&t);
	merge(&t, &of_doc);
	expect_owner(&t, "usr/file", "root", "root");
	tree_release(&t);
}

static void
a_file_moved_to_several_packages_is_a_fault_that_names_them(void **state)
{
	(void)state;
	make_packages();
	scratch_file("pkg/foo-doc/usr/file", "");
	scratch_file("pkg/foo-dev/usr/file", "");
	say("foo", "usr/file uname=www\n");
	refuse(&with_siblings, FAULT_INPUT, "pkg/foo-doc");
	refuse(&with_siblings, FAULT_INPUT, "pkg/foo-dev");
	refuse(&of_doc, FAULT_INPUT, "pkg/foo-doc");
	refuse(&of_doc, FAULT_INPUT, "pkg/foo-dev");
}

static void
two_packages_that_claim_one_moved_file_are_a_fault(void **state)
{
	(void)state;
	make_packages();
	scratch_file("pkg/foo-doc/usr/file", "");
	say("foo", "usr/file uname=www\n");
	say("foo-dev", "usr/file uname=dev\n");
	refuse(&of_doc, FAULT_INPUT, "pkg/.control.foo/.mtree:1");
	refuse(&of_doc, FAULT_INPUT, "pkg/.control.foo-dev/.mtree:1");
}

static void
missing_from_all_packages_is_a_fault(void **state)
{
	(void)state;
	make_packages();
	say("foo", "usr/file uname=www\n");
	refuse(&with_siblings, FAULT_INPUT, "'usr/file' does not exist");
}

static void
what_creates_nothing_is_missing_or_follows_its_file(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	make_packages();
	scratch_dir("pkg/foo/usr");
	say("foo", "#amtree create bind=mode\nusr/x type=dir mode=4755\n");
	refuse(&with_siblings, FAULT_INPUT, "'usr/x' does not exist");
	say("foo", "#amtree create\nusr/x type=file mode=4755\n");
	refuse(&with_siblings, FAULT_INPUT, "'usr/x' does not exist");
	scratch_file("pkg/foo-doc/usr/x", "");
	merge(&t, &with_siblings);
	assert_null(tree_find(&t, "usr/x"));
	tree_release(&t);
	merge(&t, &of_doc);
	assert_int_equal(find(&t, "usr/x")->mode, 04755);
	tree_release(&t);
}

static void
a_snapshot_creates_nothing(void **state)
{
	static const char *const before[] = { "", "usr/x uname=www\n" };
	struct tree t = TREE_INIT;
	char text[128];

	(void)state;
	make_packages();
	scratch_dir("pkg/foo/usr");
	for (size_t i = 0; i < 2; i++) {
		snprintf(text, sizeof(text), "%s%s", before[i],
		    "#amtree bind=type\nusr/x type=dir mode=700\n");
		say("foo", text);
		merge(&t, &of_foo);
		assert_int_equal(find(&t, "usr/x")->mode, 0755);
		tree_release(&t);
		snprintf(text, sizeof(text), "%s%s", before[i],
		    "#amtree bind=type\nusr/x type=link link=y\n");
		say("foo", text);
		refuse(&of_foo, FAULT_INPUT, "has no link target");
	}
}

static void
what_siblings_recorded_is_for_all_names_of_a_file(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a", "");
	must(link("pkg/foo/a", "pkg/foo/b"));
	say("foo-doc", "#amtree recorded\n./a uname=www optional\n");
	say("foo-dev", "#amtree recorded\n./a gname=lp optional\n");
	merge(&t, &with_siblings);
	expect_owner(&t, "a", "www", "lp");
	expect_owner(&t, "b", "www", "lp");
	tree_release(&t);
}

static int
load(void *arg, struct fault *f)
{
	struct tree t = TREE_INIT;
	const int r = merge_load(&t, arg, f);

	tree_release(&t);
	return r;
}

static int
load_names(void *arg, struct fault *f)
{
	struct merge_options o = with_siblings;

	(void)arg;
	o.names = "a\0b\0usr";
	o.names_len = 8;
	return load(&o, f);
}

static int
check(void *arg, struct fault *f)
{
	return merge_check(arg, f);
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	struct merge_options o = with_siblings, doc = of_doc, m = by_manifest;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a", "");
	must(link("pkg/foo/a", "pkg/foo/b"));
	scratch_file("pkg/foo/usr/file", "");
	scratch_file("pkg/foo-doc/usr/share/doc", "");
	must(chmod("pkg/foo/usr", 0));
	say("foo",
	    "./a uname=www\n./b gname=www\nusr/share/doc gname=doc\n"
	    "./new type=link link=a\n");
	say("foo-doc", "usr/share/doc uname=doc\n");
	scratch_file("manifest", "./a uname=www\nusr/file mode=600\n");
	recorded_begin();
	recorded_add("pkg/foo/a", "uname=www gname=www caps=cap_kill=p");
	o.journal = "journal";
	alloc_fail_each(load, &o);
	alloc_fail_each(load, &doc);
	alloc_fail_each(load, &m);
	alloc_fail_each(load_names, NULL);
	alloc_fail_each(check, &o);
	assert_int_equal(scratch_mode("pkg/foo/usr"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(an_override_follows_its_file_to_a_sibling),
		test(what_the_new_package_says_itself_goes_before),
		test(a_file_that_stayed_gives_nothing_away),
		test(
		    a_file_moved_to_several_packages_is_a_fault_that_names_them),
		test(two_packages_that_claim_one_moved_file_are_a_fault),
		test(missing_from_all_packages_is_a_fault),
		test(what_creates_nothing_is_missing_or_follows_its_file),
		test(a_snapshot_creates_nothing),
		test(what_siblings_recorded_is_for_all_names_of_a_file),
		test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("merge_sibling", tests, NULL, NULL);
}
