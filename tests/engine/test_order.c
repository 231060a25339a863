/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "engine/order.h"
#include "engine/tree.h"

#include <stdlib.h>
#include <string.h>

static int
load(struct tree *t, struct order *o, struct fault *f)
{
	static const char *const paths[] = { "b", "a/b", "a", "ab", "a", "" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct entry *e = tree_append(t, f);

		if (e == NULL)
			return -1;
		e->path = paths[i];
	}
	return order_load(o, t, f);
}

static void
entries_are_by_path_and_else_as_they_come(void **state)
{
	static const size_t want[] = { 5, 2, 4, 1, 3, 0 };
	struct tree t = TREE_INIT;
	struct order o = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(load(&t, &o, &f), &f);
	assert_int_equal(o.count, 6);
	for (size_t i = 0; i < o.count; i++)
		assert_int_equal(o.places[i].entry - t.entries, want[i]);
	order_release(&o);
	tree_release(&t);
}

static void
a_path_is_found_where_it_is_or_would_be(void **state)
{
	struct tree t = TREE_INIT;
	struct order o = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(load(&t, &o, &f), &f);
	/* a part of a string is a path */
	assert_int_equal(order_find(&o, "a/b", 1, NULL), 1);
	assert_true(order_is_at(&o, 1, "a/b", 1));
	assert_int_equal(order_find(&o, "", 0, NULL), 0);
	assert_true(order_is_at(&o, 0, "", 0));
	/* the first with that entry or behind it */
	assert_int_equal(order_find(&o, "a", 1, &t.entries[2]), 1);
	assert_int_equal(order_find(&o, "a", 1, &t.entries[3]), 2);
	assert_int_equal(order_find(&o, "a", 1, &t.entries[5]), 3);
	/* none */
	assert_int_equal(order_find(&o, "aa", 2, NULL), 4);
	assert_false(order_is_at(&o, 4, "aa", 2));
	assert_false(order_is_at(&o, 4, "a", 1));
	assert_int_equal(order_find(&o, "c", 1, NULL), 6);
	assert_false(order_is_at(&o, 6, "c", 1));
	order_release(&o);
	assert_int_equal(order_find(&o, "a", 1, NULL), 0);
	assert_false(order_is_at(&o, 0, "a", 1));
	tree_release(&t);
}

static int
load_and_release(void *arg, struct fault *f)
{
	struct tree t = TREE_INIT;
	struct order o = { 0 };
	const int r = load(&t, &o, f);

	(void)arg;
	order_release(&o);
	tree_release(&t);
	return r;
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(load_and_release, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_by_path_and_else_as_they_come),
		cmocka_unit_test(a_path_is_found_where_it_is_or_would_be),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
