/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "engine/tree.h"

/* Add entries of these paths, NULL behind the last. */
static int
add(struct tree *t, const char *const *paths, struct fault *f)
{
	for (; *paths != NULL; paths++) {
		struct entry *e = tree_append(t, f);

		if (e == NULL)
			return -1;
		e->path = *paths;
	}
	return 0;
}

static void
a_new_entry_is_an_empty_file_of_root(void **state)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };
	const struct entry *e = tree_append(&t, &f);

	(void)state;
	assert_non_null(e);
	assert_string_equal(e->uname, "root");
	assert_string_equal(e->gname, "root");
	assert_int_equal(e->type, ENTRY_FILE);
	assert_int_equal(e->size, 0);
	tree_release(&t);
}

static void
entries_are_sorted_bytewise_and_found_by_path(void **state)
{
	static const char *const paths[] = { "a/z", "b", "a-b", "a", "caf\xe9",
		"a/b", NULL };
	static const char *const sorted[] = { "a", "a-b", "a/b", "a/z", "b",
		"caf\xe9" };
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	tree_sort(&t);
	assert_null(tree_find(&t, "a"));
	assert_ok(add(&t, paths, &f), &f);
	tree_sort(&t);
	for (size_t i = 0; i < t.count; i++) {
		assert_string_equal(t.entries[i].path, sorted[i]);
		assert_ptr_equal(tree_find(&t, sorted[i]), &t.entries[i]);
	}
	assert_null(tree_find(&t, "c"));
	assert_null(tree_find(&t, "a/"));
	tree_release(&t);
}

static void
a_path_that_is_there_twice_is_found(void **state)
{
	static const char *const paths[] = { "b", "a", NULL };
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(add(&t, paths, &f), &f);
	tree_sort(&t);
	assert_ok(tree_check_unique(&t, &f), &f);
	assert_ok(add(&t, paths + 1, &f), &f);
	tree_sort(&t);
	assert_fault(
	    tree_check_unique(&t, &f), &f, FAULT_INPUT, "'a' is there twice");
	tree_release(&t);
}

static void
a_root_has_to_be_a_directory(void **state)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_file("file", "");
	assert_refused(tree_open(&t, "file", &f), &f, FAULT_SYSTEM,
	    "cannot open 'file': Not a directory");
	tree_release(&t);
	f = (struct fault){ 0 };
	assert_refused(tree_open(&t, "none", &f), &f, FAULT_SYSTEM,
	    "cannot open 'none': No such file");
	tree_release(&t);
}

static int
open_and_add(void *arg, struct fault *f)
{
	static const char *const paths[] = { "a", "b", NULL };
	struct tree t = TREE_INIT;
	int r = -1;

	(void)arg;
	if (tree_open(&t, "root", f) == 0)
		r = add(&t, paths, f);
	tree_release(&t);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	(void)state;
	scratch_dir("root");
	alloc_fail_each(open_and_add, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_new_entry_is_an_empty_file_of_root),
		test(entries_are_sorted_bytewise_and_found_by_path),
		test(a_path_that_is_there_twice_is_found),
		test(a_root_has_to_be_a_directory),
		test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
