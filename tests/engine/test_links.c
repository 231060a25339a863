/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "engine/links.h"
#include "engine/tree.h"

/* Entries of a made-up tree: `dev` and `ino` say which file it is. */
static void
add(struct tree *t, uint64_t dev, uint64_t ino, uint32_t nlink, uint8_t type)
{
	struct fault f = { 0 };
	struct entry *e = tree_append(t, &f);

	assert_non_null(e);
	e->dev = dev;
	e->ino = ino;
	e->nlink = nlink;
	e->type = type;
}

static void
the_first_name_stands_for_all_names_of_a_file(void **state)
{
	struct tree t = TREE_INIT;
	struct links l = { 0 };
	struct fault f = { 0 };

	(void)state;
	add(&t, 1, 9, 2, ENTRY_FILE);
	add(&t, 1, 5, 2, ENTRY_FILE);
	add(&t, 1, 9, 2, ENTRY_FILE);
	add(&t, 1, 5, 2, ENTRY_FILE);
	assert_ok(links_load(&l, &t, &f), &f);
	assert_int_equal(links_first(&l, &t.entries[0]), 0);
	assert_int_equal(links_first(&l, &t.entries[1]), 1);
	assert_int_equal(links_first(&l, &t.entries[2]), 0);
	assert_int_equal(links_first(&l, &t.entries[3]), 1);
	assert_true(links_are_one(&t.entries[0], &t.entries[2]));
	assert_true(links_are_one(&t.entries[1], &t.entries[1]));
	assert_false(links_are_one(&t.entries[0], &t.entries[1]));
	links_release(&l);
	tree_release(&t);
}

static void
what_has_one_name_is_its_own(void **state)
{
	struct tree t = TREE_INIT;
	struct links l = { 0 };
	struct fault f = { 0 };

	(void)state;
	add(&t, 1, 9, 1, ENTRY_FILE);
	add(&t, 1, 8, 7, ENTRY_DIR);
	add(&t, 0, 0, 2, ENTRY_FIFO);
	t.entries[2].is_created = true;
	assert_ok(links_load(&l, &t, &f), &f);
	assert_int_equal(l.count, 0);
	for (size_t i = 0; i < t.count; i++)
		assert_int_equal(links_first(&l, &t.entries[i]), SIZE_MAX);
	assert_true(links_are_one(&t.entries[1], &t.entries[1]));
	assert_false(links_are_one(
	    &t.entries[1], &(const struct entry){ .dev = 1, .ino = 8 }));
	links_release(&l);
	tree_release(&t);
}

static void
a_name_elsewhere_does_not_make_a_link(void **state)
{
	struct tree t = TREE_INIT;
	struct links l = { 0 };
	struct fault f = { 0 };
	size_t at = 0, count = 0;

	(void)state;
	add(&t, 1, 9, 3, ENTRY_FILE);
	assert_ok(links_load(&l, &t, &f), &f);
	assert_int_equal(links_first(&l, &t.entries[0]), 0);
	assert_non_null(links_next(&l, &at, &count));
	assert_int_equal(count, 1);
	links_release(&l);
	tree_release(&t);
}

static void
equal_numbers_on_two_file_systems_are_two_files(void **state)
{
	struct tree t = TREE_INIT;
	struct links l = { 0 };
	struct fault f = { 0 };

	(void)state;
	add(&t, 1, 9, 2, ENTRY_FILE);
	add(&t, 2, 9, 2, ENTRY_FILE);
	assert_ok(links_load(&l, &t, &f), &f);
	assert_int_equal(links_first(&l, &t.entries[0]), 0);
	assert_int_equal(links_first(&l, &t.entries[1]), 1);
	links_release(&l);
	tree_release(&t);
}

static void
the_names_of_each_file_come_together_and_in_order(void **state)
{
	static const size_t want[][3] = { { 1, 3, 4 }, { 0, 2, 0 } };
	const struct link_name *names;
	struct tree t = TREE_INIT;
	struct links l = { 0 };
	struct fault f = { 0 };
	size_t at = 0, count, groups = 0;

	(void)state;
	add(&t, 1, 9, 2, ENTRY_LINK);
	add(&t, 1, 5, 3, ENTRY_FILE);
	add(&t, 1, 9, 2, ENTRY_LINK);
	add(&t, 1, 5, 3, ENTRY_FILE);
	add(&t, 1, 5, 3, ENTRY_FILE);
	assert_ok(links_load(&l, &t, &f), &f);
	while ((names = links_next(&l, &at, &count)) != NULL) {
		assert_true(groups < 2);
		assert_int_equal(count, groups == 0 ? 3 : 2);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(names[i].index, want[groups][i]);
		groups++;
	}
	assert_int_equal(groups, 2);
	links_release(&l);
	tree_release(&t);
}

static void
an_empty_tree_has_no_links(void **state)
{
	const struct tree t = TREE_INIT;
	struct links l = { 0 };
	struct fault f = { 0 };
	size_t at = 0, count;

	(void)state;
	assert_ok(links_load(&l, &t, &f), &f);
	assert_null(links_next(&l, &at, &count));
	links_release(&l);
	links_release(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_name_stands_for_all_names_of_a_file),
		cmocka_unit_test(what_has_one_name_is_its_own),
		cmocka_unit_test(a_name_elsewhere_does_not_make_a_link),
		cmocka_unit_test(
		    equal_numbers_on_two_file_systems_are_two_files),
		cmocka_unit_test(
		    the_names_of_each_file_come_together_and_in_order),
		cmocka_unit_test(an_empty_tree_has_no_links),
	};

	return cmocka_run_group_tests_name("links", tests, NULL, NULL);
}
