/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "engine/cover.h"

#include <stdio.h>
#include <string.h>

enum { MAX = 16, BOTH = COVER_OWNERS };

/* What one entry of an example needs, and what is to become of it. */
struct given {
	const char *path;
	unsigned keywords;
	const char *uname, *gname;
	const char *want; /* "top", "has" its owners, or needs its "own" line */
	enum entry_type type;
};

/* The tops are those that the example says. */
static void
expect(const struct given *given, size_t count)
{
	struct entry entries[MAX];
	struct cover covers[MAX];

	assert_in_range(count, 1, MAX);
	for (size_t i = 0; i < count; i++) {
		entries[i] = (struct entry){ .path = given[i].path,
			.uname = given[i].uname,
			.gname = given[i].gname,
			.type = (uint8_t)given[i].type };
		covers[i] = (struct cover){ .entry = &entries[i],
			.keywords = given[i].keywords };
		if (i > 0)
			assert_true(
			    entry_compare(&entries[i - 1], &entries[i]) < 0);
	}
	cover_find(covers, count);
	for (size_t i = 0; i < count; i++) {
		const char *got = covers[i].is_top ? "top"
		    : cover_has_owners(covers, i)  ? "has"
						   : "own";

		if (strcmp(got, given[i].want) != 0)
			fail_msg("'%s': %s, not %s", given[i].path, got,
			    given[i].want);
	}
}

#define EXPECT(given) expect(given, sizeof(given) / sizeof(*(given)))

static void
one_owner_needs_one_top(void **state)
{
	static const struct given all[] = {
		{ "a", 0, NULL, NULL, "own", ENTRY_DIR },
		{ "a/b", BOTH, "www", "www", "top", ENTRY_DIR },
		{ "a/b/c", BOTH, "www", "www", "has", ENTRY_DIR },
		{ "a/b/c/d", BOTH, "www", "www", "has", ENTRY_FILE },
		{ "a/b/e", BOTH, "www", "www", "has", ENTRY_LINK },
		{ "a/c", BOTH, "www", "www", "own", ENTRY_FILE },
	};

	(void)state;
	EXPECT(all);
}

static void
top_of_nothing_else_is_no_top(void **state)
{
	static const struct given all[] = {
		{ "a", BOTH, "www", "www", "own", ENTRY_DIR },
		{ "b", BOTH, "www", "www", "own", ENTRY_DIR },
		{ "b/x", BOTH, "app", "app", "own", ENTRY_FILE },
		{ "c", BOTH, "www", "www", "own", ENTRY_FILE },
	};

	(void)state;
	EXPECT(all);
}

static void
what_needs_no_owner_is_never_below_a_top(void **state)
{
	static const struct given nothing[] = {
		{ "a", BOTH, "www", "www", "own", ENTRY_DIR },
		{ "a/b", BOTH, "www", "www", "top", ENTRY_DIR },
		{ "a/b/x", BOTH, "www", "www", "has", ENTRY_FILE },
		{ "a/c", 0, "root", "root", "own", ENTRY_FILE },
		{ "a/d", BOTH, "www", "www", "own", ENTRY_FILE },
	};
	static const struct given half[] = {
		{ "a", BOTH, "www", "www", "own", ENTRY_DIR },
		{ "a/x", BOTH, "www", "www", "own", ENTRY_FILE },
		{ "a/y", KEYWORD_USER, "www", "root", "own", ENTRY_FILE },
		{ "a/z", BOTH, "www", "www", "own", ENTRY_FILE },
	};
	static const struct given mode[] = {
		{ "a", BOTH, "www", "www", "own", ENTRY_DIR },
		{ "a/x", BOTH, "www", "www", "own", ENTRY_FILE },
		{ "a/y", KEYWORD_MODE, "root", "root", "own", ENTRY_FILE },
	};

	(void)state;
	EXPECT(nothing);
	EXPECT(half);
	EXPECT(mode);
}

static void
what_needs_another_owner_may_be_below_a_top(void **state)
{
	static const struct given all[] = {
		{ "a", KEYWORD_GROUP, "root", "www", "top", ENTRY_DIR },
		{ "a/w", KEYWORD_GROUP, "root", "www", "has", ENTRY_FILE },
		{ "a/x", KEYWORD_GROUP, "root", "app", "own", ENTRY_FILE },
		{ "a/y", KEYWORD_GROUP, "root", "www", "has", ENTRY_FILE },
		{ "a/z", BOTH, "app", "www", "own", ENTRY_FILE },
	};

	(void)state;
	EXPECT(all);
}

static void
top_is_for_most_of_what_it_hits(void **state)
{
	static const struct given half[] = {
		{ "a", BOTH, "www", "www", "own", ENTRY_DIR },
		{ "a/w", BOTH, "www", "www", "own", ENTRY_FILE },
		{ "a/x", BOTH, "app", "app", "own", ENTRY_FILE },
		{ "a/y", BOTH, "app", "app", "own", ENTRY_FILE },
	};

	(void)state;
	EXPECT(half);
}

static void
tops_nest(void **state)
{
	static const struct given all[] = {
		{ "a", BOTH, "www", "www", "top", ENTRY_DIR },
		{ "a/b", BOTH, "app", "app", "top", ENTRY_DIR },
		{ "a/b/x", BOTH, "app", "app", "has", ENTRY_FILE },
		{ "a/b/y", BOTH, "www", "www", "own", ENTRY_FILE },
		{ "a/c", BOTH, "www", "www", "has", ENTRY_FILE },
		{ "a/d", BOTH, "www", "www", "has", ENTRY_DIR },
		{ "a/d/x", BOTH, "www", "www", "has", ENTRY_FILE },
	};

	(void)state;
	EXPECT(all);
}

static void
names_that_sort_between_a_directory_and_its_files_are_not_below(void **state)
{
	static const struct given all[] = {
		{ "a", BOTH, "www", "www", "top", ENTRY_DIR },
		{ "a-b", 0, "root", "root", "own", ENTRY_DIR },
		{ "a-b/x", BOTH, "www", "www", "own", ENTRY_FILE },
		{ "a/x", BOTH, "www", "www", "has", ENTRY_FILE },
		{ "a0", BOTH, "www", "www", "own", ENTRY_FILE },
	};

	(void)state;
	EXPECT(all);
}

static void
what_is_created_is_neither_a_top_nor_covered(void **state)
{
	static const struct given all[] = {
		{ "a", BOTH, "www", "www", "top", ENTRY_DIR },
		{ "a/b", BOTH | KEYWORD_TYPE, "www", "www", "own", ENTRY_FIFO },
		{ "a/c", BOTH, "www", "www", "has", ENTRY_FILE },
		{ "b", BOTH | KEYWORD_TYPE, "www", "www", "own", ENTRY_DIR },
		{ "b/x", BOTH | KEYWORD_TYPE, "www", "www", "own", ENTRY_DIR },
		{ "b/y", BOTH, "www", "www", "own", ENTRY_FILE },
		{ "b/z", BOTH, "www", "www", "own", ENTRY_FILE },
	};

	(void)state;
	EXPECT(all);
}

static void
owners_are_the_same_by_name_or_else_by_number(void **state)
{
	struct entry e[] = {
		{ .path = "a", .type = ENTRY_DIR, .uid = 7, .gid = 8 },
		{ .path = "a/b", .uid = 7, .gid = 8 },
		{ .path = "a/c", .uname = "www", .uid = 7, .gid = 8 },
		{ .path = "a/d", .uid = 7, .gid = 9 },
		{ .path = "a/e", .uid = 7, .gid = 8 },
	};
	static const bool has[] = { true, true, false, false, true };
	struct cover c[5];

	(void)state;
	for (size_t i = 0; i < 5; i++)
		c[i] = (struct cover){ .entry = &e[i], .keywords = BOTH };
	cover_find(c, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(cover_has_owners(c, i), has[i]);
	assert_true(c[0].is_top);
	assert_int_equal(c[0].above, COVER_NONE);
	assert_int_equal(c[3].above, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_owner_needs_one_top),
		cmocka_unit_test(top_of_nothing_else_is_no_top),
		cmocka_unit_test(what_needs_no_owner_is_never_below_a_top),
		cmocka_unit_test(what_needs_another_owner_may_be_below_a_top),
		cmocka_unit_test(top_is_for_most_of_what_it_hits),
		cmocka_unit_test(tops_nest),
		cmocka_unit_test(
		    names_that_sort_between_a_directory_and_its_files_are_not_below),
		cmocka_unit_test(what_is_created_is_neither_a_top_nor_covered),
		cmocka_unit_test(owners_are_the_same_by_name_or_else_by_number),
	};

	return cmocka_run_group_tests_name("cover", tests, NULL, NULL);
}
