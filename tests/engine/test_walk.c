/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_walk.h"
#include "scratch.h"

#include "engine/walk.h"

/* The errno with which that way ends, for both. */
static void
expect_error(const struct witness *w, const char *path, int error)
{
	const struct answer want = ask(w, AT_FDCWD, path, true);

	assert_int_equal(want.error, error);
	expect(w, path);
}

static void
a_plain_path_leads_to_its_file(void **state)
{
	static const char *const paths[] = { "dir/file", "dir//file",
		"./dir/./file", "dir/sub/../file", "dir/sub/../../dir/file",
		"dir", "dir/sub", ".", "./", "..", "../", "dir/..", "dir/.",
		"dir/", "dir//", NULL };
	struct witness w;

	(void)state;
	scratch_file("dir/file", "");
	scratch_dir("dir/sub");
	assert_true(summon(&w, NULL));
	expect_all(&w, paths);
	dismiss(&w);
}

static void
an_absolute_path_begins_at_the_root(void **state)
{
	static const char *const paths[] = { "/", "//", "/.", "/..", "/../..",
		"/../dev/null", "/dev/../dev/null", "//dev///null", NULL };
	const struct scratch *s = *state;
	char path[PATH_MAX];
	struct witness w;

	scratch_file("file", "");
	assert_true(summon(&w, NULL));
	expect_all(&w, paths);
	snprintf(path, sizeof(path), "%s/file", s->path);
	expect(&w, path);
	snprintf(path, sizeof(path), "/../../..%s/./file", s->path);
	expect(&w, path);
	dismiss(&w);
}

static void
an_absolute_path_needs_no_base(void **state)
{
	struct walk_end end;

	(void)state;
	must(walk_find(&end, getpid(), "/proc/self/fd/9999", "/dev", true));
	assert_string_equal(end.name, "dev");
	must(close(end.dirfd));
	assert_int_equal(
	    walk_find(&end, getpid(), "/proc/self/fd/9999", "dev", true), -1);
}

static void
links_are_followed_from_where_they_are(void **state)
{
	static const char *const paths[] = { "rel", "rel/", "rel/.", "abs",
		"abs/file", "abs/../dir/file", "dir/back", "dir/back/dir/file",
		"dir/sibling", "todir", "todir/", "todir/file", "todir/.",
		"todir/..", "slashed", "slashed/", "slashed/file",
		"file-slashed", "chain", "chain/", "chain/file", "up",
		"up/dir/file", "dots", NULL };
	const struct scratch *s = *state;
	char target[PATH_MAX];
	struct witness w;

	scratch_file("dir/file", "");
	snprintf(target, sizeof(target), "%s/dir", s->path);
	scratch_symlink("dir/file", "rel");
	scratch_symlink(target, "abs");
	scratch_symlink("..", "dir/back");
	scratch_symlink("file", "dir/sibling");
	scratch_symlink("dir", "todir");
	scratch_symlink("dir/", "slashed");
	scratch_symlink("dir/file/", "file-slashed");
	scratch_symlink("chain2", "chain");
	scratch_symlink("./todir", "chain2");
	scratch_symlink("dir/../.", "up");
	scratch_symlink("dir/..", "dots");
	assert_true(summon(&w, NULL));
	expect_all(&w, paths);
	dismiss(&w);
}

static void
links_that_lead_nowhere_end_where_the_kernel_ends(void **state)
{
	static const char *const paths[] = { "dangling", "dangling/",
		"dangling/x", "deep", "deep/x", NULL };
	struct witness w;

	(void)state;
	scratch_symlink("nowhere", "dangling");
	scratch_symlink("nowhere/at/all", "deep");
	assert_true(summon(&w, NULL));
	expect_all(&w, paths);
	dismiss(&w);
}

static void
links_in_a_circle_are_given_up(void **state)
{
	struct witness w;

	(void)state;
	scratch_symlink("self", "self");
	scratch_symlink("b/x", "a");
	scratch_symlink("a", "b");
	scratch_symlink(".", "here");
	assert_true(summon(&w, NULL));
	expect_error(&w, "self", ELOOP);
	expect_error(&w, "self/x", ELOOP);
	expect_error(&w, "a", ELOOP);
	expect_error(&w, "b", ELOOP);
	expect(&w, "here/here/here/here/here");
	dismiss(&w);
}

static void
as_many_links_are_followed_as_by_the_kernel(void **state)
{
	char name[32], target[32];
	struct witness w;

	(void)state;
	scratch_file("link0", "");
	for (int i = 1; i <= WALK_LINKS_MAX + 1; i++) {
		snprintf(name, sizeof(name), "link%d", i);
		snprintf(target, sizeof(target), "link%d", i - 1);
		scratch_symlink(target, name);
	}
	assert_true(summon(&w, NULL));
	snprintf(name, sizeof(name), "link%d", WALK_LINKS_MAX);
	expect(&w, name);
	snprintf(name, sizeof(name), "link%d", WALK_LINKS_MAX + 1);
	expect_error(&w, name, ELOOP);
	dismiss(&w);
}

static void
a_file_is_no_directory(void **state)
{
	struct witness w;

	(void)state;
	scratch_file("file", "");
	scratch_symlink("file", "link");
	assert_true(summon(&w, NULL));
	expect_error(&w, "file/", ENOTDIR);
	expect_error(&w, "file/.", ENOTDIR);
	expect_error(&w, "file/..", ENOTDIR);
	expect_error(&w, "file/x", ENOTDIR);
	expect_error(&w, "file/x/y", ENOTDIR);
	expect_error(&w, "link/", ENOTDIR);
	expect_error(&w, "link/x", ENOTDIR);
	dismiss(&w);
}

static void
what_is_missing_on_the_way_is_missing(void **state)
{
	struct witness w;

	(void)state;
	scratch_dir("dir");
	assert_true(summon(&w, NULL));
	expect_error(&w, "missing", ENOENT);
	expect_error(&w, "missing/", ENOENT);
	expect_error(&w, "missing/.", ENOENT);
	expect_error(&w, "missing/..", ENOENT);
	expect_error(&w, "missing/x", ENOENT);
	expect_error(&w, "dir/missing/../x", ENOENT);
	dismiss(&w);
}

static void
the_last_name_need_not_exist(void **state)
{
	struct walk_end end;
	struct answer there;
	struct witness w;

	(void)state;
	scratch_dir("dir");
	scratch_symlink("dir", "link");
	assert_true(summon(&w, NULL));
	there = ask(&w, AT_FDCWD, "dir", true);
	must(walk(&end, &w, AT_FDCWD, "link/new", false));
	assert_string_equal(end.name, "new");
	assert_int_equal(identify(end.dirfd).ino, there.ino);
	must(close(end.dirfd));
	dismiss(&w);
}

/* As for the kernel: only a directory can be made by that name. */
static void
a_missing_name_keeps_its_slash(void **state)
{
	struct walk_end end;
	struct witness w;
	char longest[NAME_MAX + 2];

	(void)state;
	memset(longest, 'n', sizeof(longest));
	longest[NAME_MAX] = '/';
	longest[NAME_MAX + 1] = '\0';
	assert_true(summon(&w, NULL));
	must(walk(&end, &w, AT_FDCWD, "new/", false));
	assert_int_equal(mknodat(end.dirfd, end.name, S_IFREG | 0644, 0), -1);
	assert_int_equal(errno, ENOENT);
	must(mkdirat(end.dirfd, end.name, 0755));
	must(close(end.dirfd));
	assert_true(scratch_has("new"));
	must(walk(&end, &w, AT_FDCWD, longest, false));
	must(mkdirat(end.dirfd, end.name, 0755));
	must(close(end.dirfd));
	assert_true(scratch_has(longest));
	dismiss(&w);
}

static void
names_and_paths_can_be_too_long(void **state)
{
	char path[PATH_MAX + 1], name[NAME_MAX + 2];
	struct witness w;
	struct walk_end end;

	(void)state;
	memset(name, 'n', sizeof(name));
	name[NAME_MAX] = '\0';
	scratch_file(name, "");
	assert_true(summon(&w, NULL));
	expect(&w, name);
	name[NAME_MAX] = 'n';
	name[NAME_MAX + 1] = '\0';
	expect_error(&w, name, ENAMETOOLONG);
	for (size_t i = 0; i < PATH_MAX; i++)
		path[i] = i % 2 == 0 ? '.' : '/';
	path[PATH_MAX - 1] = '\0';
	expect(&w, path);
	path[PATH_MAX - 1] = '/';
	path[PATH_MAX] = '\0';
	assert_int_equal(walk(&end, &w, AT_FDCWD, path, true), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	dismiss(&w);
}

static void
a_long_link_may_lead_on_along_a_long_path(void **state)
{
	char text[PATH_MAX], path[PATH_MAX];
	struct witness w;

	(void)state;
	for (size_t i = 0; i < PATH_MAX; i++)
		text[i] = i % 2 == 0 ? '.' : '/';
	text[PATH_MAX - 3] = '\0';
	scratch_symlink(text, "link");
	scratch_file("file", "");
	memcpy(path, text, sizeof(path));
	memcpy(path, "link/", 5);
	memcpy(path + PATH_MAX - 8, "/file", 6);
	assert_true(summon(&w, NULL));
	expect(&w, path);
	dismiss(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_plain_path_leads_to_its_file),
		test(an_absolute_path_begins_at_the_root),
		test(an_absolute_path_needs_no_base),
		test(links_are_followed_from_where_they_are),
		test(links_that_lead_nowhere_end_where_the_kernel_ends),
		test(links_in_a_circle_are_given_up),
		test(as_many_links_are_followed_as_by_the_kernel),
		test(a_file_is_no_directory),
		test(what_is_missing_on_the_way_is_missing),
		test(the_last_name_need_not_exist),
		test(a_missing_name_keeps_its_slash),
		test(names_and_paths_can_be_too_long),
		test(a_long_link_may_lead_on_along_a_long_path),
	};

	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
