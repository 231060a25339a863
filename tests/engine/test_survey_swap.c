/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "base/notice.h"
#include "engine/survey.h"
#include "engine/tree.h"

/*
 * What is swapped in while the walk is under way.  "a" has directories "b" and
 * "c" with a socket in each: at the notice of the first, the other one is known
 * but not yet entered.
 */
struct swap {
	void (*make)(const char *path); /* what takes its place */
	bool is_done;
};

static void
swap_other(void *arg, const char *text)
{
	struct swap *s = arg;
	const char *other =
	    strstr(text, "'a/b/") != NULL ? "root/a/c" : "root/a/b";

	if (s->is_done)
		return;
	s->is_done = true;
	must(rename(other, "moved"));
	s->make(other);
}

static void
walk_and_swap(struct tree *t, void (*make)(const char *path), struct fault *f)
{
	struct swap swap = { .make = make };
	const struct notice n = { swap_other, &swap };
	const struct survey_options o = { .notice = &n };

	scratch_socket("root/a/b/socket");
	scratch_socket("root/a/c/socket");
	scratch_file("root/a/b/file", "");
	scratch_file("root/a/c/file", "");
	scratch_file("outside/secret", "");
	assert_ok(tree_open(t, "root", f), f);
	assert_int_equal(survey_walk(t, "", &o, f), -1);
	assert_true(swap.is_done);
	for (size_t i = 0; i < t->count; i++)
		assert_null(strstr(t->entries[i].path, "secret"));
}

static void
make_link_out(const char *path)
{
	must(symlink("../../outside", path));
}

static void
make_link_within(const char *path)
{
	must(symlink(strcmp(path, "root/a/b") == 0 ? "c" : "b", path));
}

static void
make_fifo(const char *path)
{
	must(mkfifo(path, 0600));
}

static void
make_nothing(const char *path)
{
	(void)path;
}

static void
a_symbolic_link_swapped_in_never_leads_out(void **state)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	walk_and_swap(&t, make_link_out, &f);
	assert_says(&f, FAULT_INPUT, "is no longer a directory");
	tree_release(&t);
}

static void
a_symbolic_link_swapped_in_is_not_followed_within_either(void **state)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	walk_and_swap(&t, make_link_within, &f);
	assert_says(&f, FAULT_INPUT, "is no longer a directory");
	tree_release(&t);
}

static void
a_fifo_swapped_in_is_a_fault_and_stays_closed(void **state)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	walk_and_swap(&t, make_fifo, &f);
	assert_says(&f, FAULT_INPUT, "is no longer a directory");
	tree_release(&t);
}

static void
a_directory_that_vanishes_is_a_fault(void **state)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	walk_and_swap(&t, make_nothing, &f);
	assert_says(&f, FAULT_SYSTEM, "No such file or directory");
	assert_says(&f, FAULT_SYSTEM, "'root/a/");
	tree_release(&t);
}

static int
walk_all(void *arg, struct fault *f)
{
	const struct survey_options o = { .has_xattrs = true };
	struct tree t = TREE_INIT;
	int r = -1;

	(void)arg;
	if (tree_open(&t, "root", f) == 0 && survey_walk(&t, "", &o, f) == 0)
		r = survey_add(&t, "dir/file", &o, f);
	tree_release(&t);
	return r;
}

static void
every_failed_allocation_is_a_fault_and_modes_are_back(void **state)
{
	(void)state;
	scratch_file("root/dir/file", "");
	scratch_symlink("dir", "root/link");
	must(chmod("root/dir", 0));
	alloc_fail_each(walk_all, NULL);
	assert_int_equal(scratch_mode("root/dir"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_symbolic_link_swapped_in_never_leads_out),
		test(a_symbolic_link_swapped_in_is_not_followed_within_either),
		test(a_fifo_swapped_in_is_a_fault_and_stays_closed),
		test(a_directory_that_vanishes_is_a_fault),
		test(every_failed_allocation_is_a_fault_and_modes_are_back),
	};

	return cmocka_run_group_tests_name("survey_swap", tests, NULL, NULL);
}
