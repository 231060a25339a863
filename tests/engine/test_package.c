/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../child.h"
#include "scratch.h"

#include "engine/package.h"

#include <sys/resource.h>

static void
open_package(struct package *p, const char *root)
{
	struct fault f = { 0 };

	assert_ok(package_open(p, root, NULL, &f), &f);
}

static void
close_package(struct package *p)
{
	struct arena heir = { 0 };

	package_close(p, &heir);
	arena_release(&heir);
}

static void
expect_has(const struct package *p, const char *path, bool has)
{
	struct fault f = { 0 };
	const int r = package_has(p, path, &f);

	if (r < 0)
		fail_msg("%s: %s", path, f.text);
	if (r != has)
		fail_msg("'%s' %s there", path, has ? "is not" : "is");
}

/* The packages that have `path`, but for `except`, are these. */
static void
expect_holders(const struct package *packages, size_t count, const char *path,
    const struct package *except, int want_count, const char *want)
{
	struct buf roots = BUF_INIT;
	struct fault f = { 0 };
	const int r =
	    package_holders(packages, count, path, except, &roots, &f);

	assert_ok(r, &f);
	assert_int_equal(r, want_count);
	assert_int_equal(roots.len, strlen(want));
	assert_string_equal(roots.data, want);
	buf_release(&roots);
}

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

static void
it_has_whatever_has_the_name(void **state)
{
	struct package p = PACKAGE_INIT;

	(void)state;
	scratch_file("foo/usr/bin/su", "");
	scratch_symlink("nowhere", "foo/dangling");
	must(mkfifo("foo/fifo", 0600));
	open_package(&p, "foo");
	expect_has(&p, "", true);
	expect_has(&p, "usr", true);
	expect_has(&p, "usr/bin/su", true);
	expect_has(&p, "dangling", true);
	expect_has(&p, "fifo", true);
	expect_has(&p, "usr/bin/none", false);
	expect_has(&p, "none/at/all", false);
	expect_has(&p, "usr/bin/su/below", false);
	close_package(&p);
}

static void
it_does_not_have_what_a_symbolic_link_leads_to(void **state)
{
	struct package p = PACKAGE_INIT;

	(void)state;
	scratch_file("outside/file", "");
	scratch_file("foo/dir/file", "");
	scratch_symlink("../outside", "foo/out");
	scratch_symlink("dir", "foo/in");
	open_package(&p, "foo");
	expect_has(&p, "out", true);
	expect_has(&p, "out/file", false);
	expect_has(&p, "in/file", false);
	close_package(&p);
}

static void
it_has_what_lies_below_closed_directories_and_they_stay_so(void **state)
{
	struct package p = PACKAGE_INIT;

	(void)state;
	scratch_file("foo/a/b/file", "");
	scratch_symlink("b", "foo/a/link");
	must(chmod("foo/a/b", 0));
	must(chmod("foo/a", 0));
	must(chmod("foo", 0));
	open_package(&p, "foo");
	expect_has(&p, "", true);
	expect_has(&p, "a", true);
	expect_has(&p, "a/b/file", true);
	expect_has(&p, "a/b/none", false);
	expect_has(&p, "a/none/file", false);
	expect_has(&p, "a/link/file", false);
	expect_has(&p, "none", false);
	close_package(&p);
	assert_int_equal(scratch_mode("foo"), 0);
	must(chmod("foo", 0700));
	assert_int_equal(scratch_mode("foo/a"), 0);
	must(chmod("foo/a", 0700));
	assert_int_equal(scratch_mode("foo/a/b"), 0);
}

static void
look_without_descriptors(void)
{
	const struct rlimit none = { 0, 0 };
	struct package p = PACKAGE_INIT;
	struct buf roots = BUF_INIT;
	struct fault f = { 0 };

	child_ok(package_open(&p, "foo", NULL, &f), &f);
	child_check(setrlimit(RLIMIT_NOFILE, &none) == 0);
	child_check(package_has(&p, "file", &f) == -1);
	child_check(f.kind == FAULT_SYSTEM);
	child_check(strncmp(f.text, "'foo/file': cannot open: ", 25) == 0);
	f = (struct fault){ 0 };
	child_check(package_holders(&p, 1, "file", NULL, &roots, &f) == -1);
	child_check(strncmp(f.text, "'foo/file': cannot open: ", 25) == 0);
}

static void
what_cannot_be_looked_at_is_a_fault_and_not_missing(void **state)
{
	(void)state;
	scratch_file("foo/file", "");
	assert_child_passes(look_without_descriptors);
}

static void
look_into_a_foreign_directory(void)
{
	struct package p = PACKAGE_INIT;
	struct fault f = { 0 };

	child_drop_root();
	child_ok(package_open(&p, "foo", NULL, &f), &f);
	child_check(package_has(&p, "closed", &f) == 1);
	child_check(package_has(&p, "closed/file", &f) == -1);
	child_check(f.kind == FAULT_SYSTEM);
	child_check(
	    strncmp(f.text, "'foo/closed/file': cannot open: ", 32) == 0);
}

static void
a_closed_directory_of_another_user_is_a_fault(void **state)
{
	(void)state;
	if (geteuid() != 0)
		return; /* nobody else can make one */
	scratch_file("foo/closed/file", "");
	must(chown("foo/closed", 1, 1));
	must(chmod("foo/closed", 0));
	must(chmod(".", 0755));
	assert_child_passes(look_into_a_foreign_directory);
}

static void
siblings_that_hold_a_path_are_named(void **state)
{
	static const char *const roots[] = { "pkg/foo", "pkg/foo-doc",
		"pkg/foo-dev" };
	struct package p[3];

	(void)state;
	scratch_file("pkg/foo/all", "");
	scratch_file("pkg/foo-doc/all", "");
	scratch_file("pkg/foo-dev/all", "");
	scratch_file("pkg/foo-doc/some", "");
	scratch_file("pkg/foo-dev/some", "");
	scratch_file("pkg/foo-dev/one", "");
	for (size_t i = 0; i < 3; i++)
		open_package(&p[i], roots[i]);
	expect_holders(
	    p, 3, "all", NULL, 3, "pkg/foo, pkg/foo-doc, pkg/foo-dev");
	expect_holders(p, 3, "all", &p[0], 2, "pkg/foo-doc, pkg/foo-dev");
	expect_holders(p, 3, "all", &p[1], 2, "pkg/foo, pkg/foo-dev");
	expect_holders(p, 3, "some", &p[0], 2, "pkg/foo-doc, pkg/foo-dev");
	expect_holders(p, 3, "some", &p[2], 1, "pkg/foo-doc");
	expect_holders(p, 3, "one", NULL, 1, "pkg/foo-dev");
	expect_holders(p, 3, "one", &p[2], 0, "");
	expect_holders(p, 3, "none", NULL, 0, "");
	expect_holders(NULL, 0, "all", NULL, 0, "");
	for (size_t i = 0; i < 3; i++)
		close_package(&p[i]);
}

static void
holders_are_named_behind_what_was_said_before(void **state)
{
	struct package p = PACKAGE_INIT;
	struct buf roots = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_file("foo/file", "");
	open_package(&p, "foo");
	assert_ok(buf_adds(&roots, "it is in ", &f), &f);
	assert_int_equal(package_holders(&p, 1, "file", NULL, &roots, &f), 1);
	assert_string_equal(roots.data, "it is in foo");
	buf_release(&roots);
	close_package(&p);
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
		test(it_has_whatever_has_the_name),
		test(it_does_not_have_what_a_symbolic_link_leads_to),
		test(
		    it_has_what_lies_below_closed_directories_and_they_stay_so),
		test(what_cannot_be_looked_at_is_a_fault_and_not_missing),
		test(a_closed_directory_of_another_user_is_a_fault),
		test(siblings_that_hold_a_path_are_named),
		test(holders_are_named_behind_what_was_said_before),
		test(a_lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("package", tests, NULL, NULL);
}
