/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "engine/apk.h"
#include "engine/census.h"

#include <string.h>

/* A package with these entries. */
static void
count(struct census *c, struct entry *entries, size_t n)
{
	struct apk a = APK_INIT;
	struct fault f = { 0 };

	a.tree.entries = entries;
	a.tree.count = n;
	assert_ok(census_count(c, &a, &f), &f);
}

static void
only_what_is_not_plain_is_marked(void **state)
{
	const struct xattr caps = { .name = ENTRY_CAPS_XATTR };
	const struct {
		struct entry entry;
		unsigned marks;
	} rows[] = {
		{ { .uname = "root", .gname = "root", .mode = 0777 }, 0 },
		{ { .uid = 0, .gid = 0 }, 0 },
		{ { .uname = "root", .gname = "root", .uid = 7, .gid = 7 }, 0 },
		{ { .uname = "www", .gname = "root" }, CENSUS_USER },
		{ { .gid = 1 }, CENSUS_GROUP },
		{ { .mode = 02755, .type = ENTRY_DIR }, CENSUS_SETID },
		{ { .mode = 06777, .type = ENTRY_LINK }, 0 },
		{ { .mode = 01777, .type = ENTRY_DIR }, 0 },
		{ { .xattrs = &caps }, CENSUS_CAPS },
		{ { .type = ENTRY_BLOCK }, CENSUS_DEVICE },
		{ { .type = ENTRY_FIFO }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (census_marks(&rows[i].entry) != rows[i].marks)
			fail_msg("row %zu: %u instead of %u", i,
			    census_marks(&rows[i].entry), rows[i].marks);
	}
}

static void
expect_account(const struct census_account *a, const char *name, bool is_group,
    bool is_number, uint64_t packages)
{
	assert_string_equal(a->name, name);
	assert_int_equal(a->is_group, is_group);
	assert_int_equal(a->is_number, is_number);
	assert_int_equal(a->packages, packages);
}

static void
figures_are_of_packages_not_of_entries(void **state)
{
	struct entry first[] = {
		{ .uname = "www", .gname = "www" },
		{ .uname = "root", .gname = "mail" },
		{ .uname = "www", .gname = "www" },
		{ .uid = 12, .gname = "root" },
	};
	struct entry second[] = {
		{ .uname = "abc", .gname = "root", .mode = 04755 },
		{ .uname = "www", .gname = "root" },
	};
	struct entry third[] = { { .uname = "root", .gname = "root" } };
	struct census all = { 0 }, one = { 0 };
	struct fault f = { 0 };

	(void)state;
	count(&one, first, 4);
	assert_ok(census_merge(&all, &one, &f), &f);
	assert_int_equal(one.packages, 0);
	count(&one, second, 2);
	assert_ok(census_merge(&all, &one, &f), &f);
	count(&one, third, 1);
	assert_ok(census_merge(&all, &one, &f), &f);
	assert_int_equal(all.packages, 3);
	assert_int_equal(all.entries, 7);
	assert_int_equal(all.special, 2);
	assert_int_equal(all.user, 2);
	assert_int_equal(all.group, 1);
	assert_int_equal(all.both, 1);
	assert_int_equal(all.setid, 1);
	assert_int_equal(all.number, 1);
	assert_int_equal(all.account_count, 5);
	expect_account(&all.accounts[0], "abc", false, false, 1);
	expect_account(&all.accounts[1], "www", false, false, 2);
	expect_account(&all.accounts[2], "12", false, true, 1);
	expect_account(&all.accounts[3], "mail", true, false, 1);
	expect_account(&all.accounts[4], "www", true, false, 1);
	census_release(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_not_plain_is_marked),
		cmocka_unit_test(figures_are_of_packages_not_of_entries),
	};

	return cmocka_run_group_tests_name("census", tests, NULL, NULL);
}
