/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "engine/apk.h"
#include "engine/aport.h"
#include "engine/census.h"

#include <stdlib.h>
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

static void
count_recipe(struct census *all, const char *text)
{
	struct census one = { 0 };
	struct aport a = { 0 };
	struct fault f = { 0 };

	assert_ok(recipe_parse(&a.recipe, text, strlen(text), &f), &f);
	census_count_recipe(&one, &a);
	assert_ok(census_merge(all, &one, &f), &f);
	assert_int_equal(one.recipes.read, 0);
	aport_release(&a);
}

static void
recipes_are_counted_by_what_they_declare_and_call(void **state)
{
	struct census all = { 0 };
	const struct census_recipes *n = &all.recipes;

	(void)state;
	count_recipe(&all, "pkgname=a");
	count_recipe(&all, "pkgusers=a\npkggroups=b\nchown a; chown b");
	count_recipe(&all, "pkggroups=b\ninstall -o a b");
	count_recipe(&all, "chgrp a b\nsetcap a b");
	count_recipe(&all, "pkgusers=$(a)");
	count_recipe(&all, "amtree -g a b");
	assert_int_equal(all.packages, 0);
	assert_int_equal(n->read, 6);
	assert_int_equal(n->broken, 0);
	assert_int_equal(n->pkgusers, 2);
	assert_int_equal(n->pkggroups, 2);
	assert_int_equal(n->both, 1);
	assert_int_equal(n->chown, 2);
	assert_int_equal(n->install, 1);
	assert_int_equal(n->setcap, 1);
	assert_int_equal(n->any, 4);
	assert_int_equal(n->undeclared, 1);
	assert_int_equal(n->amtree, 1);
	census_release(&all);
}

static void
findings_are_counted_once_a_file(void **state)
{
	struct apk a = APK_INIT;
	struct census one = { 0 };
	struct fault f = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_ok(
		    findings_add(&a.findings, FINDINGS_CORRUPT, NULL, NULL, &f),
		    &f);
	assert_ok(census_count(&one, &a, &f), &f);
	assert_int_equal(one.findings[FINDINGS_CORRUPT], 1);
	assert_int_equal(one.broken, 1);
	assert_int_equal(one.special, 0);
	census_release(&one);
	findings_release(&a.findings);
}

static void
names_without_end_are_not_kept(void **state)
{
	enum { LEN = CENSUS_NAMES_MAX / 4 };
	struct census all = { 0 }, one = { 0 };
	struct fault f = { 0 };
	char *name = calloc(1, LEN + 2);

	(void)state;
	assert_non_null(name);
	memset(name, 'x', LEN);
	for (int i = 0; i < 6; i++) {
		struct entry e = { .uname = name, .gname = "root" };

		name[0] = (char)('f' - i);
		count(&one, &e, 1);
		assert_ok(census_merge(&all, &one, &f), &f);
		/* those that are kept go on being counted */
		name[0] = 'f';
		count(&one, &e, 1);
		assert_ok(census_merge(&all, &one, &f), &f);
	}
	assert_int_equal(all.account_count, 4);
	assert_int_equal(all.more_accounts, 2);
	assert_int_equal(all.accounts[3].name[0], 'f');
	assert_int_equal(all.accounts[3].packages, 7);
	assert_int_equal(all.user, 12);
	census_release(&all);
	free(name);
}

static int
count_and_merge(void *arg, struct fault *f)
{
	struct entry entries[20];
	struct apk a = APK_INIT;
	struct census all = { 0 }, one = { 0 };
	int r = 0;

	(void)arg;
	for (int i = 0; i < 20; i++)
		entries[i] = (struct entry){ .uid = (uint32_t)i };
	a.tree.entries = entries;
	a.tree.count = 20;
	for (int i = 0; r == 0 && i < 2; i++) {
		r = census_count(&one, &a, f);
		if (r == 0)
			r = census_merge(&all, &one, f);
	}
	census_release(&one);
	census_release(&all);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(count_and_merge, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_not_plain_is_marked),
		cmocka_unit_test(figures_are_of_packages_not_of_entries),
		cmocka_unit_test(
		    recipes_are_counted_by_what_they_declare_and_call),
		cmocka_unit_test(findings_are_counted_once_a_file),
		cmocka_unit_test(names_without_end_are_not_kept),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("census", tests, NULL, NULL);
}
