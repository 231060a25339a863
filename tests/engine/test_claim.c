/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_claim.h"

static struct spec
group(const char *name, unsigned line)
{
	return (struct spec){ .entry.gname = name,
		.has = KEYWORD_GROUP,
		.binds = KEYWORD_GROUP,
		.line = line };
}

static void
the_own_word_goes_before_that_of_a_moved_file(void **state)
{
	const struct spec own = user("own", 1), moved = user("moved", 2),
			  also = group("also", 3);
	struct settling all;

	(void)state;
	begin(&all);
	add(&all, 1, CLAIM_OWN, &own, "own");
	add(&all, 1, CLAIM_MOVED, &moved, "other");
	settle_and_apply(&all);
	assert_int_equal(all.list.count, 1);
	assert_string_equal(all.tree.entries[1].uname, "own");
	claim_release(&all.list);

	add(&all, 1, CLAIM_OWN, &own, "own");
	add(&all, 1, CLAIM_MOVED, &also, "other");
	settle_and_apply(&all);
	assert_string_equal(all.tree.entries[1].uname, "own");
	end(&all);
}

static void
two_packages_may_not_claim_one_moved_file(void **state)
{
	const struct spec one = user("one", 4), two = user("two", 7);
	struct settling all;

	(void)state;
	begin(&all);
	add(&all, 1, CLAIM_MOVED, &one, "x/.mtree");
	add(&all, 1, CLAIM_MOVED, &two, "y/.mtree");
	dispute(&all, "x/.mtree:4", "y/.mtree:7");
}

static void
what_is_said_of_one_name_counts_for_all(void **state)
{
	const struct spec s = user("www", 1);

	(void)state;
	expect_for_all_names(&s);
}

static void
what_is_said_of_two_names_adds_up(void **state)
{
	const struct spec u = user("www", 1), g = group("www", 2);
	struct settling all;

	(void)state;
	begin(&all);
	add(&all, 2, CLAIM_OWN, &u, "x");
	add(&all, 0, CLAIM_OWN, &g, "x");
	settle_and_apply(&all);
	for (size_t i = 0; i < 3; i += 2) {
		assert_string_equal(all.tree.entries[i].uname, "www");
		assert_string_equal(all.tree.entries[i].gname, "www");
	}
	end(&all);
}

static void
two_names_of_a_file_may_not_disagree(void **state)
{
	const struct spec one = user("one", 4), two = user("two", 7);
	struct settling all;

	(void)state;
	begin(&all);
	add(&all, 0, CLAIM_OWN, &one, "x");
	add(&all, 2, CLAIM_OWN, &two, "x");
	dispute(&all, "x:4", "x:7");
}

static int
add_and_settle(void *arg, struct fault *f)
{
	const struct claim c = {
		.index = 2, .rank = CLAIM_OWN, .spec = &mixed, .file = "x"
	};
	struct claim_list list = { 0 };
	int r = claim_add(&list, &c, f);

	if (r == 0)
		r = claim_settle(&list, arg, f);
	claim_release(&list);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	struct settling all;

	(void)state;
	begin(&all);
	alloc_fail_each(add_and_settle, &all.tree);
	end(&all);
}

static void
what_cannot_be_is_a_fault_that_names_its_place(void **state)
{
	const struct spec s = { .entry.type = ENTRY_DIR,
		.has = KEYWORD_TYPE,
		.binds = KEYWORD_TYPE,
		.line = 5 };
	struct settling all;
	struct fault f = { 0 };

	(void)state;
	begin(&all);
	add(&all, 1, CLAIM_OWN, &s, "x/.mtree");
	assert_ok(claim_settle(&all.list, &all.tree, &f), &f);
	assert_int_equal(claim_apply(&all.list.items[0], &all.tree, &f), -1);
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, "x/.mtree:5: 'b'"));
	end(&all);
}

static void
no_claims_settle_to_none(void **state)
{
	struct settling all;

	(void)state;
	begin(&all);
	settle_and_apply(&all);
	assert_int_equal(all.list.count, 0);
	end(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_own_word_goes_before_that_of_a_moved_file),
		cmocka_unit_test(two_packages_may_not_claim_one_moved_file),
		cmocka_unit_test(what_is_said_of_one_name_counts_for_all),
		cmocka_unit_test(what_is_said_of_two_names_adds_up),
		cmocka_unit_test(two_names_of_a_file_may_not_disagree),
		cmocka_unit_test(every_failed_allocation_is_a_fault),
		cmocka_unit_test(
		    what_cannot_be_is_a_fault_that_names_its_place),
		cmocka_unit_test(no_claims_settle_to_none),
	};

	return cmocka_run_group_tests_name("claim", tests, NULL, NULL);
}
