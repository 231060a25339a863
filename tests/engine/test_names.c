/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "heard.h"
#include "scratch.h"

#include "base/path.h"
#include "engine/names.h"
#include "engine/survey.h"
#include "engine/tree.h"

static const struct survey_options plain = { 0 };

/* A list in memory of its own, with nothing behind its last NUL. */
#define LIST(text) (text), sizeof(text) - 1

static int
add(struct tree *t, const char *names, size_t len,
    const struct survey_options *o, struct fault *f)
{
	char *copy = malloc(len + 1);
	int r;

	assert_non_null(copy);
	memcpy(copy, names, len);
	copy = realloc(copy, len > 0 ? len : 1);
	assert_non_null(copy);
	r = names_add(t, copy, len, o, f);
	free(copy);
	return r;
}

/* The list makes a tree of exactly these paths. */
static void
expect(const char *names, size_t len, const struct survey_options *o,
    const char *const *paths)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };
	size_t i = 0;

	assert_ok(tree_open(&t, "root", &f), &f);
	assert_ok(add(&t, names, len, o, &f), &f);
	tree_sort(&t);
	for (; paths[i] != NULL; i++) {
		if (i == t.count)
			fail_msg("'%s' is missing", paths[i]);
		assert_string_equal(t.entries[i].path, paths[i]);
	}
	if (i < t.count)
		fail_msg("'%s' should not be there", t.entries[i].path);
	tree_release(&t);
}

/* The list is a fault in exactly these words. */
static void
refuse(const char *names, size_t len, const char *text)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	assert_ok(tree_open(&t, "root", &f), &f);
	assert_fault(add(&t, names, len, &plain, &f), &f, FAULT_INPUT, text);
	tree_release(&t);
}

static void
what_is_listed_is_there_and_nothing_else(void **state)
{
	static const char *const paths[] = { "a", "dir", "dir/file", "link",
		NULL };

	(void)state;
	scratch_file("root/a", "");
	scratch_file("root/b", "");
	scratch_file("root/dir/file", "");
	scratch_file("root/dir/other", "");
	scratch_symlink("nowhere", "root/link");
	expect(LIST("link\0dir/file\0a\0dir\0"), &plain, paths);
}

static void
an_empty_list_makes_an_empty_tree(void **state)
{
	static const char *const none[] = { NULL };

	(void)state;
	scratch_file("root/a", "");
	expect("", 0, &plain, none);
}

static void
a_slash_behind_is_no_part_of_the_name(void **state)
{
	static const char *const paths[] = { "dir", "dir/file", NULL };

	(void)state;
	scratch_file("root/dir/file", "");
	expect(LIST("dir/\0dir/file\0"), &plain, paths);
}

static void
dot_and_slash_in_front_are_no_part_of_the_name(void **state)
{
	static const char *const paths[] = { ".hidden", "a", "dir/file", NULL };

	(void)state;
	scratch_file("root/a", "");
	scratch_file("root/dir/file", "");
	scratch_file("root/.hidden", "");
	expect(LIST("./a\0././dir/file\0./.hidden\0"), &plain, paths);
}

static void
the_root_itself_adds_nothing(void **state)
{
	static const char *const paths[] = { "a", NULL };

	(void)state;
	scratch_file("root/a", "");
	scratch_file("root/b", "");
	expect(LIST(".\0a\0./\0./.\0"), &plain, paths);
}

static void
names_may_hold_any_byte_but_nul(void **state)
{
	static const char *const paths[] = { " ", "-", "\\a", "a\nb", "caf\xe9",
		NULL };

	(void)state;
	scratch_file("root/a\nb", "");
	scratch_file("root/caf\xe9", "");
	scratch_file("root/ ", "");
	scratch_file("root/-", "");
	scratch_file("root/\\a", "");
	expect(LIST("a\nb\0caf\xe9\0 \0-\0\\a\0"), &plain, paths);
}

static void
a_dot_name_at_the_top_is_left_out_of_a_walk_only(void **state)
{
	static const char *const paths[] = { ".hidden", NULL };
	struct heard h = { 0 };
	const struct notice n = { heard_say, &h };
	const struct survey_options o = { .notice = &n, .is_package = true };

	(void)state;
	scratch_file("root/.hidden", "");
	expect(LIST(".hidden\0"), &o, paths);
	assert_int_equal(h.count, 0);
}

static void
a_name_listed_twice_is_left_to_the_check_of_the_whole_tree(void **state)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_file("root/a", "");
	scratch_file("root/b", "");
	assert_ok(tree_open(&t, "root", &f), &f);
	assert_ok(add(&t, LIST("a\0b\0./a\0"), &plain, &f), &f);
	assert_int_equal(t.count, 3);
	tree_sort(&t);
	assert_fault(
	    tree_check_unique(&t, &f), &f, FAULT_INPUT, "'a' is there twice");
	tree_release(&t);
}

static void
a_name_that_leads_out_of_the_root_is_refused(void **state)
{
	(void)state;
	scratch_file("outside", "");
	scratch_file("root/dir/file", "");
	scratch_symlink("..", "root/up");
	refuse(LIST("..\0"), "'..': '..' in path");
	refuse(LIST("../outside\0"), "'../outside': '..' in path");
	refuse(
	    LIST("dir/../../outside\0"), "'dir/../../outside': '..' in path");
	refuse(LIST("dir/../dir/file\0"), "'dir/../dir/file': '..' in path");
	refuse(LIST("/\0"), "'/': absolute path");
	refuse(LIST("/etc/passwd\0"), "'/etc/passwd': absolute path");
	refuse(LIST("up/outside\0"), "'up/outside' does not exist in 'root'");
}

static void
a_name_in_no_canonical_spelling_is_refused(void **state)
{
	(void)state;
	scratch_file("root/dir/file", "");
	refuse(LIST("\0"), "'': empty path");
	refuse(LIST("dir\0\0dir/file\0"), "'': empty path");
	refuse(LIST("dir//file\0"), "'dir//file': empty component in path");
	refuse(LIST("dir/./file\0"), "'dir/./file': '.' in path");
}

static void
a_name_that_does_not_exist_is_refused(void **state)
{
	(void)state;
	scratch_file("root/file", "");
	refuse(LIST("none\0"), "'none' does not exist in 'root'");
	refuse(LIST("file\0./no/such\0"), "'no/such' does not exist in 'root'");
	refuse(LIST("file/below\0"), "'file/below' does not exist in 'root'");
}

static void
a_path_is_no_longer_than_apk_takes(void **state)
{
	char names[PATH_LIMIT + 2];
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_dir("root");
	for (size_t i = 0; i < sizeof(names); i++)
		names[i] = i % 2 == 0 ? 'a' : '/';
	names[PATH_LIMIT] = 'a';
	names[PATH_LIMIT + 1] = '\0';
	assert_ok(tree_open(&t, "root", &f), &f);
	assert_refused(add(&t, names, sizeof(names), &plain, &f), &f,
	    FAULT_INPUT, "path of 4086 bytes, apk takes at most 4085");
	f = (struct fault){ 0 };
	names[PATH_LIMIT] = '\0';
	assert_refused(add(&t, names, sizeof(names) - 1, &plain, &f), &f,
	    FAULT_INPUT, "does not exist in 'root'");
	tree_release(&t);
}

static void
a_socket_is_left_out_with_a_notice(void **state)
{
	static const char *const paths[] = { "a", "b", NULL };
	struct heard h = { 0 };
	const struct notice n = { heard_say, &h };
	const struct survey_options o = { .notice = &n };

	(void)state;
	scratch_file("root/a", "");
	scratch_file("root/b", "");
	scratch_socket("root/dir/socket");
	expect(LIST("a\0./dir/socket\0b\0"), &o, paths);
	heard_expect(&h, "'dir/socket' is a socket: left out\n");
}

static void
names_below_closed_directories_are_found(void **state)
{
	static const char *const paths[] = { "a/b", "a/b/file", NULL };

	(void)state;
	scratch_file("root/a/b/file", "");
	must(chmod("root/a/b", 0));
	must(chmod("root/a", 0));
	expect(LIST("a/b/file\0a/b\0"), &plain, paths);
	refuse(LIST("a/b/none\0"), "'a/b/none' does not exist in 'root'");
	assert_int_equal(scratch_mode("root/a"), 0);
	must(chmod("root/a", 0700));
	assert_int_equal(scratch_mode("root/a/b"), 0);
}

static int
list_all(void *arg, struct fault *f)
{
	struct tree t = TREE_INIT;
	int r = tree_open(&t, "root", f);

	if (r == 0)
		r = names_add(&t, arg, sizeof("file\0link"), &plain, f);
	tree_release(&t);
	return r;
}

static void
a_lack_of_memory_is_a_fault(void **state)
{
	char names[] = "file\0link";

	(void)state;
	scratch_file("root/file", "");
	scratch_symlink("target", "root/link");
	alloc_fail_each(list_all, names);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_listed_is_there_and_nothing_else),
		test(an_empty_list_makes_an_empty_tree),
		test(a_slash_behind_is_no_part_of_the_name),
		test(dot_and_slash_in_front_are_no_part_of_the_name),
		test(the_root_itself_adds_nothing),
		test(names_may_hold_any_byte_but_nul),
		test(a_dot_name_at_the_top_is_left_out_of_a_walk_only),
		test(
		    a_name_listed_twice_is_left_to_the_check_of_the_whole_tree),
		test(a_name_that_leads_out_of_the_root_is_refused),
		test(a_name_in_no_canonical_spelling_is_refused),
		test(a_name_that_does_not_exist_is_refused),
		test(a_path_is_no_longer_than_apk_takes),
		test(a_socket_is_left_out_with_a_notice),
		test(names_below_closed_directories_are_found),
		test(a_lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
