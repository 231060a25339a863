/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"

#include "engine/claim.h"
#include "engine/override.h"
#include "engine/tree.h"

#include <string.h>

/* Claims about a tree of "a", "b" and "c"; "a" and "c" are one file. */
struct settling {
	struct claim_list list;
	struct tree tree;
};

static void
begin(struct settling *all)
{
	static const char *const paths[] = { "a", "b", "c" };
	struct fault f = { 0 };

	*all = (struct settling){ .tree = TREE_INIT };
	for (size_t i = 0; i < 3; i++) {
		struct entry *e = tree_append(&all->tree, &f);

		assert_non_null(e);
		e->path = paths[i];
		e->dev = 1;
		e->ino = i % 2 + 1;
		e->nlink = i % 2 == 0 ? 2 : 1;
	}
}

static void
end(struct settling *all)
{
	claim_release(&all->list);
	tree_release(&all->tree);
}

static struct spec
user(const char *name, unsigned line)
{
	return (struct spec){ .entry.uname = name,
		.has = KEYWORD_USER,
		.binds = KEYWORD_USER,
		.line = line };
}

static struct spec
group(const char *name, unsigned line)
{
	return (struct spec){ .entry.gname = name,
		.has = KEYWORD_GROUP,
		.binds = KEYWORD_GROUP,
		.line = line };
}

static void
add(struct settling *all, size_t index, enum claim_rank rank,
    const struct spec *spec, const char *file)
{
	const struct claim c = {
		.index = index, .rank = rank, .spec = spec, .file = file
	};
	struct fault f = { 0 };

	assert_ok(claim_add(&all->list, &c, &f), &f);
}

static void
settle_and_apply(struct settling *all)
{
	struct fault f = { 0 };

	assert_ok(claim_settle(&all->list, &all->tree, &f), &f);
	for (size_t i = 0; i < all->list.count; i++)
		assert_ok(claim_apply(&all->list.items[i], &all->tree, &f), &f);
}

/* They cannot be settled, and these two places are named; that ends it. */
static void
dispute(struct settling *all, const char *one, const char *other)
{
	struct fault f = { 0 };

	assert_int_equal(claim_settle(&all->list, &all->tree, &f), -1);
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, one));
	assert_non_null(strstr(f.text, other));
	end(all);
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

/* Said of "c", it counts for "a" as well. */
static void
expect_for_all_names(const struct spec *s)
{
	struct settling all;

	begin(&all);
	add(&all, 2, CLAIM_OWN, s, "x");
	settle_and_apply(&all);
	assert_string_equal(all.tree.entries[0].uname, "www");
	assert_string_equal(all.tree.entries[1].uname, "root");
	assert_string_equal(all.tree.entries[2].uname, "www");
	end(&all);
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

static const struct spec mixed = { .entry = { .uname = "m", .gname = "m" },
	.binds = KEYWORD_USER | KEYWORD_GROUP,
	.recorded = KEYWORD_GROUP };

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
		cmocka_unit_test(
		    what_is_explicit_goes_before_what_was_recorded),
		cmocka_unit_test(each_part_of_an_override_has_its_own_rank),
		cmocka_unit_test(
		    what_was_recorded_of_a_moved_file_may_not_differ),
		cmocka_unit_test(recorded_lines_count_for_all_names_too),
		cmocka_unit_test(every_failed_allocation_is_a_fault),
		cmocka_unit_test(
		    what_cannot_be_is_a_fault_that_names_its_place),
		cmocka_unit_test(no_claims_settle_to_none),
	};

	return cmocka_run_group_tests_name("claim", tests, NULL, NULL);
}
