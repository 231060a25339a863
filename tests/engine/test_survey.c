/* SPDX-License-Identifier: BSD-2-Clause */
#include "heard.h"
#include "scratch.h"

#include "base/path.h"
#include "engine/survey.h"
#include "engine/tree.h"

static const struct survey_options plain = { 0 };

static void
expect_paths(const struct tree *t, const char *const *paths)
{
	size_t i = 0;

	for (; paths[i] != NULL; i++) {
		if (i == t->count)
			fail_msg("'%s' is missing", paths[i]);
		assert_string_equal(t->entries[i].path, paths[i]);
	}
	if (i < t->count)
		fail_msg("'%s' should not be there", t->entries[i].path);
}

static void
walk(struct tree *t, const struct survey_options *o)
{
	struct fault f = { 0 };

	assert_ok(tree_open(t, "root", &f), &f);
	assert_ok(survey_walk(t, "", o, &f), &f);
	tree_sort(t);
}

static void
entries_come_bytewise_and_parents_first(void **state)
{
	static const char *const paths[] = { "a", "a-b", "a-b/x", "a/b", "a/z",
		"b", "caf\xe9", NULL };
	static const char *const made[] = { "root/b", "root/a/z", "root/a/b",
		"root/a-b/x", "root/caf\xe9" };
	struct tree t = TREE_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		scratch_file(made[i], "");
	walk(&t, &plain);
	expect_paths(&t, paths);
	tree_release(&t);
}

static void
an_entry_says_what_is_on_disk_but_belongs_to_root(void **state)
{
	const char *const target = "no/where at all";
	const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
		{ .tv_sec = 1000000000, .tv_nsec = 123456789 } };
	struct tree t = TREE_INIT;
	const struct entry *e;

	(void)state;
	scratch_file("root/file", "12345");
	must(utimensat(AT_FDCWD, "root/file", times, 0));
	must(chmod("root/file", 06751));
	if (geteuid() == 0)
		must(chown("root/file", 12, 34));
	must(chmod("root/file", 06751));
	scratch_symlink(target, "root/link");
	must(mkfifo("root/fifo", 0600));
	walk(&t, &plain);

	e = tree_find(&t, "file");
	assert_non_null(e);
	assert_int_equal(e->type, ENTRY_FILE);
	assert_int_equal(e->mode, 06751);
	assert_int_equal(e->size, 5);
	assert_int_equal(e->mtime, 1000000000);
	assert_int_equal(e->mtime_nsec, 123456789);
	assert_string_equal(e->uname, "root");
	assert_string_equal(e->gname, "root");
	assert_int_equal(e->uid, 0);
	assert_int_equal(e->gid, 0);
	assert_false(e->is_changed);

	e = tree_find(&t, "link");
	assert_non_null(e);
	assert_int_equal(e->type, ENTRY_LINK);
	assert_int_equal(e->mode, 0777);
	assert_string_equal(e->link, target);
	assert_int_equal(e->size, 0);

	e = tree_find(&t, "fifo");
	assert_non_null(e);
	assert_int_equal(e->type, ENTRY_FIFO);
	assert_int_equal(e->mode, 0600);
	tree_release(&t);
}

static void
a_link_to_a_directory_is_a_link(void **state)
{
	static const char *const paths[] = { "link", NULL };
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("outside/file", "");
	scratch_dir("root");
	scratch_symlink("../outside", "root/link");
	walk(&t, &plain);
	expect_paths(&t, paths);
	tree_release(&t);
}

static void
directories_of_mode_0_are_walked_and_keep_it(void **state)
{
	static const char *const paths[] = { "a", "a/b", "a/b/file", NULL };
	const struct survey_options with_xattrs = { .has_xattrs = true };
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("root/a/b/file", "");
	must(chmod("root/a/b/file", 0));
	must(chmod("root/a/b", 0));
	must(chmod("root/a", 0));
	walk(&t, &with_xattrs);
	expect_paths(&t, paths);
	assert_int_equal(tree_find(&t, "a")->mode, 0);
	assert_int_equal(tree_find(&t, "a/b")->mode, 0);
	tree_release(&t);
	assert_int_equal(scratch_mode("root/a"), 0);
	must(chmod("root/a", 0700));
	assert_int_equal(scratch_mode("root/a/b"), 0);
}

static void
a_root_of_mode_0_is_walked_and_keeps_it(void **state)
{
	static const char *const paths[] = { "file", NULL };
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("root/file", "");
	must(chmod("root", 0));
	walk(&t, &plain);
	expect_paths(&t, paths);
	tree_release(&t);
	assert_int_equal(scratch_mode("root"), 0);
}

static void
a_package_leaves_out_sockets_and_dot_names_with_a_notice(void **state)
{
	static const char *const paths[] = { "a", "a/.keep", NULL };
	struct heard heard = { 0 };
	const struct notice n = { heard_say, &heard };
	const struct survey_options o = { .notice = &n, .is_package = true };
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("root/a/.keep", "");
	scratch_socket("root/a/socket");
	walk(&t, &o);
	expect_paths(&t, paths);
	heard_expect(&heard, "'a/socket' is a socket: left out\n");
	tree_release(&t);

	must(unlink("root/a/socket"));
	scratch_file("root/.hidden/file", "");
	walk(&t, &o);
	expect_paths(&t, paths);
	heard_expect(&heard,
	    "'.hidden' begins with a dot, apk would skip it: left out\n");
	tree_release(&t);
}

static void
dot_names_stay_where_no_package_is_meant(void **state)
{
	static const char *const paths[] = { "...", ".hidden", NULL };
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("root/.hidden", "");
	scratch_file("root/...", "");
	walk(&t, &plain);
	expect_paths(&t, paths);
	tree_release(&t);
}

/* "root/d/d/d..." of `depth` directories; the innermost is left open. */
static int
make_depth(unsigned depth)
{
	int fd;

	scratch_dir("root");
	fd = open("root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	must(fd);
	for (unsigned i = 0; i < depth; i++) {
		const int above = fd;

		must(mkdirat(above, "d", 0755));
		fd = openat(above, "d", O_PATH | O_DIRECTORY | O_CLOEXEC);
		must(fd);
		close(above);
	}
	return fd;
}

static void
a_tree_as_deep_as_apk_takes_is_walked(void **state)
{
	enum { DEPTH = (PATH_LIMIT + 1) / 2 };
	struct tree t = TREE_INIT;

	(void)state;
	close(make_depth(DEPTH));
	walk(&t, &plain);
	assert_int_equal(t.count, DEPTH);
	assert_int_equal(strlen(t.entries[DEPTH - 1].path), PATH_LIMIT);
	tree_release(&t);
}

static void
a_path_over_the_limit_is_a_fault(void **state)
{
	enum { DEPTH = (PATH_LIMIT + 1) / 2 };
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	close(make_depth(DEPTH + 1));
	assert_ok(tree_open(&t, "root", &f), &f);
	assert_refused(survey_walk(&t, "", &plain, &f), &f, FAULT_INPUT,
	    "path of 4087 bytes, apk takes at most 4085");
	tree_release(&t);
}

static void
a_mode_is_put_back_after_a_fault_too(void **state)
{
	enum { DEPTH = PATH_LIMIT / 2 };
	struct tree t = TREE_INIT;
	struct fault f = { 0 };
	struct stat st;
	const int fd = make_depth(DEPTH);
	char name[32];

	(void)state;
	must(mkdirat(fd, "too-long", 0755));
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	must(chmod(name, 0));
	assert_ok(tree_open(&t, "root", &f), &f);
	assert_refused(
	    survey_walk(&t, "", &plain, &f), &f, FAULT_INPUT, "at most 4085");
	must(fstat(fd, &st));
	assert_int_equal(st.st_mode & 07777, 0);
	tree_release(&t);
	close(fd);
}

static void
a_link_target_over_the_limit_is_a_fault(void **state)
{
	char target[PATH_LIMIT + 2];
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	memset(target, 'x', sizeof(target));
	target[PATH_LIMIT] = '\0';
	scratch_symlink(target, "root/link");
	walk(&t, &plain);
	assert_int_equal(strlen(tree_find(&t, "link")->link), PATH_LIMIT);
	tree_release(&t);

	target[PATH_LIMIT] = 'x';
	target[PATH_LIMIT + 1] = '\0';
	scratch_symlink(target, "root/longer");
	assert_ok(tree_open(&t, "root", &f), &f);
	assert_refused(survey_walk(&t, "", &plain, &f), &f, FAULT_INPUT,
	    "'root/longer': link target is longer than 4085 bytes");
	tree_release(&t);
}

static void
adding_tells_what_is_there_from_what_is_not(void **state)
{
	static const char *const absent[] = { "none", "none/file", "file/below",
		"link/file", "dir/none" };
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_file("root/file", "");
	scratch_file("root/dir/file", "");
	scratch_symlink("dir", "root/link");
	must(chmod("root/dir", 0));
	assert_ok(tree_open(&t, "root", &f), &f);
	assert_int_equal(survey_add(&t, "dir/file", &plain, &f), 1);
	assert_int_equal(survey_add(&t, "link", &plain, &f), 1);
	assert_string_equal(t.entries[0].path, "dir/file");
	assert_int_equal(t.entries[1].type, ENTRY_LINK);
	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++) {
		if (survey_add(&t, absent[i], &plain, &f) != 0)
			fail_msg("'%s': %s", absent[i], f.text);
	}
	assert_int_equal(f.kind, FAULT_NONE);
	assert_int_equal(t.count, 2);
	assert_int_equal(scratch_mode("root/dir"), 0);
	tree_release(&t);
}

static void
adding_a_socket_is_a_fault(void **state)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_socket("root/socket");
	assert_ok(tree_open(&t, "root", &f), &f);
	assert_refused(survey_add(&t, "socket", &plain, &f), &f, FAULT_INPUT,
	    "'root/socket': a package cannot have a socket");
	tree_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(entries_come_bytewise_and_parents_first),
		test(an_entry_says_what_is_on_disk_but_belongs_to_root),
		test(a_link_to_a_directory_is_a_link),
		test(directories_of_mode_0_are_walked_and_keep_it),
		test(a_root_of_mode_0_is_walked_and_keeps_it),
		test(a_package_leaves_out_sockets_and_dot_names_with_a_notice),
		test(dot_names_stay_where_no_package_is_meant),
		test(a_tree_as_deep_as_apk_takes_is_walked),
		test(a_path_over_the_limit_is_a_fault),
		test(a_mode_is_put_back_after_a_fault_too),
		test(a_link_target_over_the_limit_is_a_fault),
		test(adding_tells_what_is_there_from_what_is_not),
		test(adding_a_socket_is_a_fault),
	};

	return cmocka_run_group_tests_name("survey", tests, NULL, NULL);
}
