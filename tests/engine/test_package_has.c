/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "scratch.h"
#include "test_package.h"

#include "engine/package.h"

#include <sys/resource.h>

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(it_has_whatever_has_the_name),
		test(it_does_not_have_what_a_symbolic_link_leads_to),
		test(
		    it_has_what_lies_below_closed_directories_and_they_stay_so),
		test(what_cannot_be_looked_at_is_a_fault_and_not_missing),
		test(a_closed_directory_of_another_user_is_a_fault),
		test(siblings_that_hold_a_path_are_named),
		test(holders_are_named_behind_what_was_said_before),
	};

	return cmocka_run_group_tests_name("package_has", tests, NULL, NULL);
}
