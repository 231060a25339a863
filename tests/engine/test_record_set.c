/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "test_record.h"

#include "engine/record.h"

#include <sys/stat.h>

enum { MANY = 100000 };

/* Say whose deed it is what the last event has changed. */
static void
sign(struct record_set *set, const struct record *r, uint32_t deed)
{
	assert_non_null(r);
	record_sign(set, r, set->changed, deed);
}

static void
expect_deeds(const struct record *r, uint32_t uid, uint32_t gid, uint32_t mode,
    uint32_t device, uint32_t caps)
{
	assert_int_equal(r->deeds[0], uid);
	assert_int_equal(r->deeds[1], gid);
	assert_int_equal(r->deeds[2], mode);
	assert_int_equal(r->deeds[3], device);
	assert_int_equal(r->deeds[4], caps);
}

static void
each_part_is_the_deed_of_who_changed_it_last(void **state)
{
	static const unsigned char caps[20] = { 1, 0, 0, 2 };
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);
	const struct record *r;

	(void)state;
	r = give(&set, &facts, 100, 101);
	assert_int_equal(set.changed, RECORD_UID | RECORD_GID);
	sign(&set, r, 7);
	expect_deeds(r, 7, 7, 0, 0, 0);
	sign(&set, change_mode(&set, &facts, 04755), 8);
	expect_deeds(r, 7, 7, 8, 0, 0);
	sign(&set, give(&set, &facts, 100, 102), 9);
	expect_deeds(r, 7, 9, 8, 0, 0);
	sign(&set, set_caps(&set, &facts, caps, sizeof(caps)), 10);
	expect_deeds(r, 7, 9, 8, 0, 10);
	sign(&set, make_device(&set, &facts, S_IFCHR | 0600, 1, 3), 11);
	expect_deeds(r, 7, 9, 11, 11, 10);
	record_sign(&set, r, RECORD_UID, 12);
	expect_deeds(r, 12, 9, 11, 11, 10);
	record_release(&set);
}

static void
what_is_not_signed_is_nobodys_deed(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 04755);
	const struct record *r;

	(void)state;
	sign(&set, give(&set, &facts, 100, 101), 7);
	r = give(&set, &facts, 102, RECORD_KEEP);
	assert_int_equal(set.changed, RECORD_UID);
	expect_deeds(r, 0, 7, 7, 0, 0);
	record_release(&set);
}

static void
to_say_what_is_recorded_already_changes_nothing(void **state)
{
	static const unsigned char caps[20] = { 1, 0, 0, 2 };
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);
	const struct record *r;
	struct fault f = { 0 };

	(void)state;
	sign(&set, give(&set, &facts, 100, 0), 7);
	assert_null(give(&set, &facts, 100, 0));
	assert_null(give(&set, &facts, 100, RECORD_KEEP));
	assert_null(give(&set, &facts, RECORD_KEEP, 0));
	assert_int_equal(set.changed, 0);
	sign(&set, change_mode(&set, &facts, 0), 8);
	assert_null(change_mode(&set, &facts, 0));
	sign(&set, set_caps(&set, &facts, caps, sizeof(caps)), 9);
	assert_ok(record_caps(&set, &facts, caps, sizeof(caps), &r, &f), &f);
	assert_null(r);
	sign(&set, set_caps(&set, &facts, NULL, 0), 10);
	assert_ok(record_caps(&set, &facts, NULL, 0, &r, &f), &f);
	assert_null(r);
	expect_deeds(record_find(&set, &facts, NULL), 7, 7, 8, 0, 10);
	record_release(&set);
}

static void
a_new_file_is_nobodys_deed(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 0644);
	const struct facts other = reborn(&facts);

	(void)state;
	sign(&set, give(&set, &facts, 100, 101), 7);
	expect_deeds(give(&set, &other, 100, RECORD_KEEP), 0, 0, 0, 0, 0);
	record_release(&set);
}

static void
an_empty_set_can_be_released_and_used_again(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 0644);

	(void)state;
	record_release(&set);
	give(&set, &facts, 100, 100);
	record_release(&set);
	assert_int_equal(set.count, 0);
	assert_int_equal(set.user, BUILDER);
	assert_int_equal(set.group, BUILDERS);
	expect_owner(&set, &facts, 0, 0);
	give(&set, &facts, 200, 200);
	expect_owner(&set, &facts, 200, 200);
	record_release(&set);
}

/* Inode numbers that lie close together, on two devices, and far apart. */
static struct facts
one_of_many(uint64_t i)
{
	struct facts facts = a_file(i / 3, S_IFREG | 0644);

	facts.id.dev = i % 3;
	if (i % 3 == 2)
		facts.id.ino = i << 40 | i;
	return facts;
}

static void
a_hundred_thousand_records_are_all_found(void **state)
{
	struct record_set set = USERS;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		const struct facts facts = one_of_many(i);

		give(&set, &facts, MANY + i, i + 1);
	}
	assert_int_equal(set.count, MANY);
	for (uint32_t i = 0; i < MANY; i++) {
		const struct facts facts = one_of_many(i);
		const struct record *r = record_find(&set, &facts, NULL);

		assert_non_null(r);
		assert_int_equal(r->uid, MANY + i);
		assert_int_equal(r->gid, i + 1);
	}
	record_release(&set);
}

/* As build directories do: files come and go, and their numbers come back. */
static void
files_that_come_and_go_take_no_more_room(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		facts = reborn(&facts);
		give(&set, &facts, 100, 100);
	}
	assert_int_equal(set.count, 1);
	record_release(&set);
}

/* Enough for the table to grow twice. */
static int
fill(void *arg, struct fault *f)
{
	struct record_set set = USERS;
	const struct record *record;
	int r = 0;

	for (uint64_t i = 0; r == 0 && i < *(const uint64_t *)arg; i++) {
		const struct facts facts = a_file(i, S_IFREG | 0644);

		r = record_chown(&set, &facts, 100, 100, &record, f);
		assert_true((r < 0) == (record == NULL));
	}
	record_release(&set);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	uint64_t count = 1025;

	(void)state;
	alloc_fail_each(fill, &count);
}

/* Give as many files away, from number `from` on, as there is memory for. */
static uint64_t
give_while_it_lasts(struct record_set *set, uint64_t from)
{
	for (uint64_t i = from; i < from + MANY; i++) {
		const struct facts facts = a_file(i, S_IFREG | 0644);
		const struct record *record;
		struct fault f = { 0 };

		if (record_chown(set, &facts, 100, 100, &record, &f) < 0)
			return i;
	}
	return from + MANY;
}

static void
what_was_recorded_outlives_a_failed_allocation(void **state)
{
	(void)state;
	/* the records have room then, but their table has not; or neither */
	for (unsigned nth = 1; nth <= 6; nth++) {
		struct record_set set = USERS;
		uint64_t count;

		alloc_fail(nth, 1);
		count = give_while_it_lasts(&set, 0);
		alloc_fail(0, 0);
		assert_true(count < MANY);
		assert_int_equal(set.count, count);
		assert_int_equal(
		    give_while_it_lasts(&set, count), count + MANY);
		for (uint64_t i = 0; i < count + MANY; i++) {
			const struct facts facts = a_file(i, S_IFREG | 0644);

			assert_non_null(record_find(&set, &facts, NULL));
		}
		record_release(&set);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_part_is_the_deed_of_who_changed_it_last),
		cmocka_unit_test(what_is_not_signed_is_nobodys_deed),
		cmocka_unit_test(
		    to_say_what_is_recorded_already_changes_nothing),
		cmocka_unit_test(a_new_file_is_nobodys_deed),
		cmocka_unit_test(an_empty_set_can_be_released_and_used_again),
		cmocka_unit_test(a_hundred_thousand_records_are_all_found),
		cmocka_unit_test(files_that_come_and_go_take_no_more_room),
		cmocka_unit_test(every_failed_allocation_is_a_fault),
		cmocka_unit_test(
		    what_was_recorded_outlives_a_failed_allocation),
	};

	return cmocka_run_group_tests_name("record_set", tests, NULL, NULL);
}
