/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_record.h"

#include "engine/record.h"

#include <sys/stat.h>

/* One of root's, as root finds it on disk. */
static struct facts
roots_file(uint64_t ino, uint32_t gid)
{
	struct facts facts = a_file(ino, S_IFREG | 0644);

	facts.uid = 0;
	facts.gid = gid;
	return facts;
}

static void
a_file_of_the_builder_is_roots(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0640);

	(void)state;
	assert_null(record_find(&set, &facts, NULL));
	assert_true(record_show(&set, NULL, &facts));
	assert_int_equal(facts.uid, 0);
	assert_int_equal(facts.gid, 0);
	assert_int_equal(facts.mode, S_IFREG | 0640);
	record_release(&set);
}

static void
a_file_of_someone_else_is_what_it_is_on_disk(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);

	(void)state;
	facts.uid = BUILDER + 1;
	assert_false(record_show(&set, NULL, &facts));
	assert_int_equal(facts.uid, BUILDER + 1);
	assert_int_equal(facts.gid, BUILDERS);
	record_release(&set);
}

static void
chown_is_seen_from_then_on(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 0644);
	const struct record *r;

	(void)state;
	r = give(&set, &facts, 100, 101);
	assert_non_null(r);
	assert_ptr_equal(r, record_find(&set, &facts, NULL));
	assert_int_equal(r->has, RECORD_UID | RECORD_GID);
	expect_owner(&set, &facts, 100, 101);
	expect_mode(&set, &facts, S_IFREG | 0644);
	record_release(&set);
}

static void
a_half_of_minus_one_keeps_what_was_recorded(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 0644);

	(void)state;
	assert_int_equal(give(&set, &facts, 100, RECORD_KEEP)->has, RECORD_UID);
	expect_owner(&set, &facts, 100, 0);
	give(&set, &facts, RECORD_KEEP, 101);
	expect_owner(&set, &facts, 100, 101);
	give(&set, &facts, 102, RECORD_KEEP);
	expect_owner(&set, &facts, 102, 101);
	give(&set, &facts, RECORD_KEEP, RECORD_KEEP);
	expect_owner(&set, &facts, 102, 101);
	record_release(&set);
}

static void
a_reset_to_root_is_recorded(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 0644);
	const struct record *r;

	(void)state;
	give(&set, &facts, 100, 101);
	r = give(&set, &facts, 0, RECORD_KEEP);
	assert_non_null(r);
	assert_int_equal(r->uid, 0);
	assert_int_equal(r->has, RECORD_UID | RECORD_GID);
	expect_owner(&set, &facts, 0, 101);
	r = give(&set, &facts, 0, 0);
	assert_non_null(r);
	assert_int_equal(r->has, RECORD_UID | RECORD_GID);
	expect_owner(&set, &facts, 0, 0);
	record_release(&set);
}

static void
a_file_given_to_the_builder_is_given_to_root(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 0644);

	(void)state;
	give(&set, &facts, 100, 101);
	give(&set, &facts, BUILDER, RECORD_KEEP);
	expect_owner(&set, &facts, 0, 101);
	give(&set, &facts, 100, 101);
	give(&set, &facts, BUILDER, BUILDERS);
	expect_owner(&set, &facts, 0, 0);
	record_release(&set);
}

static void
the_builders_group_alone_is_a_group_like_others(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 0644);

	(void)state;
	assert_non_null(give(&set, &facts, RECORD_KEEP, BUILDERS));
	expect_owner(&set, &facts, 0, BUILDERS);
	give(&set, &facts, 100, BUILDERS);
	expect_owner(&set, &facts, 100, BUILDERS);
	record_release(&set);
}

static void
chown_to_what_files_have_anyway_makes_no_record(void **state)
{
	static const struct {
		uint32_t uid, gid;
	} defaults[] = {
		{ 0, 0 },
		{ 0, RECORD_KEEP },
		{ RECORD_KEEP, 0 },
		{ RECORD_KEEP, RECORD_KEEP },
		{ BUILDER, 0 },
		{ BUILDER, BUILDERS },
		{ BUILDER, RECORD_KEEP },
	};
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | S_ISUID | 0755);

	(void)state;
	for (size_t i = 0; i < sizeof(defaults) / sizeof(*defaults); i++)
		assert_null(
		    give(&set, &facts, defaults[i].uid, defaults[i].gid));
	assert_int_equal(set.count, 0);
	assert_null(record_find(&set, &facts, NULL));
	record_release(&set);
}

static void
a_file_of_someone_else_that_is_given_to_root_is_recorded(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);

	(void)state;
	facts.uid = facts.gid = 33;
	assert_non_null(give(&set, &facts, 0, 0));
	expect_owner(&set, &facts, 0, 0);
	record_release(&set);
}

static void
records_of_two_files_are_two(void **state)
{
	struct record_set set = USERS;
	const struct facts a = a_file(1, S_IFREG | 0644);
	const struct facts b = a_file(2, S_IFREG | 0644);
	struct facts c = a_file(1, S_IFREG | 0644);

	(void)state;
	c.id.dev++;
	give(&set, &a, 100, 100);
	give(&set, &b, 200, 200);
	expect_owner(&set, &a, 100, 100);
	expect_owner(&set, &b, 200, 200);
	expect_owner(&set, &c, 0, 0);
	record_release(&set);
}

static void
to_show_what_the_disk_says_is_to_change_nothing(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);
	const struct record *r;

	(void)state;
	facts.uid = 100;
	facts.gid = 101;
	r = give(&set, &facts, 100, 101);
	assert_false(record_show(&set, r, &facts));
	r = give(&set, &facts, 100, 102);
	assert_true(record_show(&set, r, &facts));
	record_release(&set);
}

static void
where_root_builds_files_are_whose_they_are_on_disk(void **state)
{
	struct record_set set = ROOTS;
	struct facts facts = roots_file(1, 50);

	(void)state;
	assert_false(record_show(&set, NULL, &facts));
	assert_int_equal(facts.gid, 50);
	facts.uid = BUILDER;
	assert_false(record_show(&set, NULL, &facts));
	assert_int_equal(facts.uid, BUILDER);
	record_release(&set);
}

static void
where_root_builds_a_group_on_disk_is_taken_away_by_a_record(void **state)
{
	struct record_set set = ROOTS;
	const struct facts facts = roots_file(1, 50), plain = roots_file(2, 0);

	(void)state;
	assert_null(give(&set, &plain, 0, 0));
	assert_null(give(&set, &facts, 0, RECORD_KEEP));
	assert_non_null(give(&set, &facts, RECORD_KEEP, 0));
	expect_owner(&set, &facts, 0, 0);
	record_release(&set);
}

static void
where_root_builds_an_owner_keeps_the_group_on_disk(void **state)
{
	struct record_set set = ROOTS;
	const struct facts facts = roots_file(1, 50);

	(void)state;
	give(&set, &facts, 100, RECORD_KEEP);
	expect_owner(&set, &facts, 100, 50);
	give(&set, &facts, 0, RECORD_KEEP);
	expect_owner(&set, &facts, 0, 50);
	record_release(&set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_of_the_builder_is_roots),
		cmocka_unit_test(a_file_of_someone_else_is_what_it_is_on_disk),
		cmocka_unit_test(chown_is_seen_from_then_on),
		cmocka_unit_test(a_half_of_minus_one_keeps_what_was_recorded),
		cmocka_unit_test(a_reset_to_root_is_recorded),
		cmocka_unit_test(a_file_given_to_the_builder_is_given_to_root),
		cmocka_unit_test(
		    the_builders_group_alone_is_a_group_like_others),
		cmocka_unit_test(
		    chown_to_what_files_have_anyway_makes_no_record),
		cmocka_unit_test(
		    a_file_of_someone_else_that_is_given_to_root_is_recorded),
		cmocka_unit_test(records_of_two_files_are_two),
		cmocka_unit_test(
		    to_show_what_the_disk_says_is_to_change_nothing),
		cmocka_unit_test(
		    where_root_builds_files_are_whose_they_are_on_disk),
		cmocka_unit_test(
		    where_root_builds_a_group_on_disk_is_taken_away_by_a_record),
		cmocka_unit_test(
		    where_root_builds_an_owner_keeps_the_group_on_disk),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
