/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_claim.h"

/* All keywords of `s` stem from a recording. */
static struct spec
recorded(struct spec s)
{
	s.recorded = s.binds;
	return s;
}

static void
what_is_explicit_goes_before_what_was_recorded(void **state)
{
	const struct spec journal = user("journal", 1), own = user("own", 2),
			  moved = user("moved", 3),
			  lines = recorded(user("lines", 4)),
			  old = recorded(user("old", 5));
	static const char *const winners[] = { "own", "moved", "journal",
		"lines", "old" };
	const struct {
		enum claim_rank rank;
		const struct spec *spec;
	} claims[] = {
		{ CLAIM_OWN, &own },
		{ CLAIM_MOVED, &moved },
		{ CLAIM_JOURNAL, &journal },
		{ CLAIM_OWN, &lines },
		{ CLAIM_MOVED, &old },
	};
	struct settling all;

	(void)state;
	for (size_t first = 0; first < 5; first++) {
		begin(&all);
		for (size_t i = 5; i-- > first;)
			add(&all, 1, claims[i].rank, claims[i].spec, "x");
		settle_and_apply(&all);
		assert_int_equal(all.list.count, 1);
		assert_string_equal(all.tree.entries[1].uname, winners[first]);
		end(&all);
	}
}

static void
each_part_of_an_override_has_its_own_rank(void **state)
{
	const struct spec journal = { .entry = { .uname = "j", .gname = "j" },
		.binds = KEYWORD_USER | KEYWORD_GROUP };
	struct settling all;

	(void)state;
	begin(&all);
	add(&all, 1, CLAIM_OWN, &mixed, "x");
	add(&all, 1, CLAIM_JOURNAL, &journal, "j");
	settle_and_apply(&all);
	assert_string_equal(all.tree.entries[1].uname, "m");
	assert_string_equal(all.tree.entries[1].gname, "j");
	end(&all);
}

static void
what_was_recorded_of_a_moved_file_may_not_differ(void **state)
{
	const struct spec one = recorded(user("one", 4)),
			  two = recorded(user("two", 7)),
			  also = recorded(user("one", 9));
	struct settling all;

	(void)state;
	begin(&all);
	add(&all, 1, CLAIM_MOVED, &one, "x/.mtree");
	add(&all, 1, CLAIM_MOVED, &also, "y/.mtree");
	settle_and_apply(&all);
	assert_string_equal(all.tree.entries[1].uname, "one");
	claim_release(&all.list);

	add(&all, 1, CLAIM_MOVED, &one, "x/.mtree");
	add(&all, 1, CLAIM_MOVED, &two, "y/.mtree");
	dispute(&all, "x/.mtree:4", "y/.mtree:7");
}

static void
recorded_lines_count_for_all_names_too(void **state)
{
	const struct spec s = recorded(user("www", 1));

	(void)state;
	expect_for_all_names(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_is_explicit_goes_before_what_was_recorded),
		cmocka_unit_test(each_part_of_an_override_has_its_own_rank),
		cmocka_unit_test(
		    what_was_recorded_of_a_moved_file_may_not_differ),
		cmocka_unit_test(recorded_lines_count_for_all_names_too),
	};

	return cmocka_run_group_tests_name("claim_records", tests, NULL, NULL);
}
