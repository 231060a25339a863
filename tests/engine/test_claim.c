/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"

#include "engine/claim.h"
#include "engine/override.h"
#include "engine/tree.h"

#include <string.h>

/* A tree of "a", "b" and "c"; "a" and "c" are one file. */
static void
make_tree(struct tree *t)
{
	static const char *const paths[] = { "a", "b", "c" };
	struct fault f = { 0 };

	*t = (struct tree)TREE_INIT;
	for (size_t i = 0; i < 3; i++) {
		struct entry *e = tree_append(t, &f);

		assert_non_null(e);
		e->path = paths[i];
		e->dev = 1;
		e->ino = i % 2 + 1;
		e->nlink = i % 2 == 0 ? 2 : 1;
	}
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
add(struct claim_list *list, size_t index, enum claim_rank rank,
    const struct spec *spec, const char *file)
{
	const struct claim c = {
		.index = index, .rank = rank, .spec = spec, .file = file
	};
	struct fault f = { 0 };

	assert_ok(claim_add(list, &c, &f), &f);
}

static void
settle_and_apply(struct claim_list *list, struct tree *t)
{
	struct fault f = { 0 };

	assert_ok(claim_settle(list, t, &f), &f);
	for (size_t i = 0; i < list->count; i++)
		assert_ok(claim_apply(&list->items[i], t, &f), &f);
}

static void
the_own_word_goes_before_that_of_a_moved_file(void **state)
{
	const struct spec own = user("own", 1), moved = user("moved", 2),
			  also = group("also", 3);
	struct claim_list list = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t);
	add(&list, 1, CLAIM_OWN, &own, "own");
	add(&list, 1, CLAIM_MOVED, &moved, "other");
	settle_and_apply(&list, &t);
	assert_int_equal(list.count, 1);
	assert_string_equal(t.entries[1].uname, "own");
	claim_release(&list);

	add(&list, 1, CLAIM_OWN, &own, "own");
	add(&list, 1, CLAIM_MOVED, &also, "other");
	settle_and_apply(&list, &t);
	assert_string_equal(t.entries[1].uname, "own");
	claim_release(&list);
	tree_release(&t);
}

static void
two_packages_may_not_claim_one_moved_file(void **state)
{
	const struct spec one = user("one", 4), two = user("two", 7);
	struct claim_list list = { 0 };
	struct fault f = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t);
	add(&list, 1, CLAIM_MOVED, &one, "x/.mtree");
	add(&list, 1, CLAIM_MOVED, &two, "y/.mtree");
	assert_int_equal(claim_settle(&list, &t, &f), -1);
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, "x/.mtree:4"));
	assert_non_null(strstr(f.text, "y/.mtree:7"));
	claim_release(&list);
	tree_release(&t);
}

static void
what_is_said_of_one_name_counts_for_all(void **state)
{
	const struct spec s = user("www", 1);
	struct claim_list list = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t);
	add(&list, 2, CLAIM_OWN, &s, "x");
	settle_and_apply(&list, &t);
	assert_string_equal(t.entries[0].uname, "www");
	assert_string_equal(t.entries[1].uname, "root");
	assert_string_equal(t.entries[2].uname, "www");
	claim_release(&list);
	tree_release(&t);
}

static void
what_is_said_of_two_names_adds_up(void **state)
{
	const struct spec u = user("www", 1), g = group("www", 2);
	struct claim_list list = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t);
	add(&list, 2, CLAIM_OWN, &u, "x");
	add(&list, 0, CLAIM_OWN, &g, "x");
	settle_and_apply(&list, &t);
	for (size_t i = 0; i < 3; i += 2) {
		assert_string_equal(t.entries[i].uname, "www");
		assert_string_equal(t.entries[i].gname, "www");
	}
	claim_release(&list);
	tree_release(&t);
}

static void
two_names_of_a_file_may_not_disagree(void **state)
{
	const struct spec one = user("one", 4), two = user("two", 7);
	struct claim_list list = { 0 };
	struct fault f = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t);
	add(&list, 0, CLAIM_OWN, &one, "x");
	add(&list, 2, CLAIM_OWN, &two, "x");
	assert_int_equal(claim_settle(&list, &t, &f), -1);
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, "x:4"));
	assert_non_null(strstr(f.text, "x:7"));
	claim_release(&list);
	tree_release(&t);
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
	struct claim_list list = { 0 };
	struct tree t;

	(void)state;
	for (size_t first = 0; first < 5; first++) {
		make_tree(&t);
		for (size_t i = 5; i-- > first;)
			add(&list, 1, claims[i].rank, claims[i].spec, "x");
		settle_and_apply(&list, &t);
		assert_int_equal(list.count, 1);
		assert_string_equal(t.entries[1].uname, winners[first]);
		claim_release(&list);
		tree_release(&t);
	}
}

static void
each_part_of_an_override_has_its_own_rank(void **state)
{
	const struct spec journal = { .entry = { .uname = "j", .gname = "j" },
		.binds = KEYWORD_USER | KEYWORD_GROUP };
	struct spec mixed = { .entry = { .uname = "m", .gname = "m" },
		.binds = KEYWORD_USER | KEYWORD_GROUP,
		.recorded = KEYWORD_GROUP };
	struct claim_list list = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t);
	add(&list, 1, CLAIM_OWN, &mixed, "x");
	add(&list, 1, CLAIM_JOURNAL, &journal, "j");
	settle_and_apply(&list, &t);
	assert_string_equal(t.entries[1].uname, "m");
	assert_string_equal(t.entries[1].gname, "j");
	claim_release(&list);
	tree_release(&t);
}

static void
what_was_recorded_of_a_moved_file_may_not_differ(void **state)
{
	const struct spec one = recorded(user("one", 4)),
			  two = recorded(user("two", 7)),
			  also = recorded(user("one", 9));
	struct claim_list list = { 0 };
	struct fault f = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t);
	add(&list, 1, CLAIM_MOVED, &one, "x/.mtree");
	add(&list, 1, CLAIM_MOVED, &also, "y/.mtree");
	settle_and_apply(&list, &t);
	assert_string_equal(t.entries[1].uname, "one");
	claim_release(&list);

	add(&list, 1, CLAIM_MOVED, &one, "x/.mtree");
	add(&list, 1, CLAIM_MOVED, &two, "y/.mtree");
	assert_int_equal(claim_settle(&list, &t, &f), -1);
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, "x/.mtree:4"));
	assert_non_null(strstr(f.text, "y/.mtree:7"));
	claim_release(&list);
	tree_release(&t);
}

static void
recorded_lines_count_for_all_names_too(void **state)
{
	const struct spec s = recorded(user("www", 1));
	struct claim_list list = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t);
	add(&list, 2, CLAIM_OWN, &s, "x");
	settle_and_apply(&list, &t);
	assert_string_equal(t.entries[0].uname, "www");
	assert_string_equal(t.entries[2].uname, "www");
	claim_release(&list);
	tree_release(&t);
}

static int
add_and_settle(void *arg, struct fault *f)
{
	const struct spec mixed = { .entry = { .uname = "m", .gname = "m" },
		.binds = KEYWORD_USER | KEYWORD_GROUP,
		.recorded = KEYWORD_GROUP };
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
	struct tree t;

	(void)state;
	make_tree(&t);
	alloc_fail_each(add_and_settle, &t);
	tree_release(&t);
}

static void
what_cannot_be_is_a_fault_that_names_its_place(void **state)
{
	const struct spec s = { .entry.type = ENTRY_DIR,
		.has = KEYWORD_TYPE,
		.binds = KEYWORD_TYPE,
		.line = 5 };
	struct claim_list list = { 0 };
	struct fault f = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t);
	add(&list, 1, CLAIM_OWN, &s, "x/.mtree");
	assert_ok(claim_settle(&list, &t, &f), &f);
	assert_int_equal(claim_apply(&list.items[0], &t, &f), -1);
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, "x/.mtree:5: 'b'"));
	claim_release(&list);
	tree_release(&t);
}

static void
no_claims_settle_to_none(void **state)
{
	struct claim_list list = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t);
	settle_and_apply(&list, &t);
	assert_int_equal(list.count, 0);
	claim_release(&list);
	tree_release(&t);
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
