/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_record.h"

#include "engine/record.h"

#include <sys/stat.h>

static void
another_file_with_the_same_number_knows_nothing(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 04755);
	const struct facts other = reborn(&facts);

	(void)state;
	give(&set, &facts, 100, 100);
	expect_owner(&set, &other, 0, 0);
	expect_mode(&set, &other, S_IFREG | 04755);
	record_release(&set);
}

static void
a_file_whose_birth_differs_by_nanoseconds_is_another_one(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 0644);
	struct facts other = facts;

	(void)state;
	other.id.birth_nsec++;
	give(&set, &facts, 100, 100);
	expect_owner(&set, &other, 0, 0);
	record_release(&set);
}

static void
a_record_that_is_gone_is_told_once(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 0644);
	const struct facts other = reborn(&facts);
	struct record gone;

	(void)state;
	give(&set, &facts, 100, 101);
	assert_non_null(record_find(&set, &facts, &gone));
	assert_int_equal(gone.has, 0);
	assert_null(record_find(&set, &other, &gone));
	assert_int_equal(gone.has, RECORD_UID | RECORD_GID);
	assert_int_equal(gone.uid, 100);
	assert_true(identity_is_same(&gone.id, &facts.id));
	assert_null(record_find(&set, &other, &gone));
	assert_int_equal(gone.has, 0);
	assert_null(record_find(&set, &facts, &gone));
	assert_int_equal(gone.has, 0);
	record_release(&set);
}

static void
a_new_record_has_nothing_of_the_file_before(void **state)
{
	static const unsigned char caps[20] = "\1";
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);
	struct facts other;
	const struct record *r;

	(void)state;
	give(&set, &facts, 100, 101);
	make_device(&set, &facts, S_IFCHR | 0600, 1, 3);
	set_caps(&set, &facts, caps, sizeof(caps));
	other = reborn(&facts);
	r = give(&set, &other, RECORD_KEEP, 7);
	assert_int_equal(r->has, RECORD_GID);
	assert_int_equal(r->caps_len, 0);
	assert_int_equal(set.count, 1);
	expect_owner(&set, &other, 0, 7);
	expect_mode(&set, &other, S_IFREG | 0644);
	record_release(&set);
}

/* Born so lately that the clock has not moved on since. */
static struct facts
newborn(uint64_t ino, uint64_t token)
{
	struct facts facts = a_file(ino, S_IFREG | 0644);

	facts.now = 100 * second + 7 + millisecond;
	facts.token = token;
	return facts;
}

static void
a_token_is_wanted_of_young_files_that_change(void **state)
{
	struct record_set set = USERS;
	struct facts facts = newborn(1, 0);

	(void)state;
	assert_true(record_wants_token(&set, &facts, RECORD_CHANGE));
	assert_false(record_wants_token(&set, &facts, RECORD_LOOK));
	facts.now += (RECORD_YOUNG - 1) * millisecond - 1;
	assert_true(record_wants_token(&set, &facts, RECORD_CHANGE));
	facts.now++;
	assert_false(record_wants_token(&set, &facts, RECORD_CHANGE));
	record_release(&set);
}

static void
a_token_is_wanted_to_look_at_what_was_young_when_recorded(void **state)
{
	struct record_set set = USERS;
	struct facts facts = newborn(1, 11);
	struct facts other = newborn(2, 0);

	(void)state;
	give(&set, &facts, 100, 100);
	assert_true(record_wants_token(&set, &facts, RECORD_LOOK));
	assert_false(record_wants_token(&set, &other, RECORD_LOOK));
	other = reborn(&facts); /* it needs none to be another one */
	assert_false(record_wants_token(&set, &other, RECORD_LOOK));
	record_release(&set);
}

static void
a_file_born_in_the_same_tick_is_another_one_by_its_token(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = newborn(1, 11), other = newborn(1, 12);
	struct record gone;

	(void)state;
	give(&set, &facts, 100, 100);
	expect_owner(&set, &facts, 100, 100);
	assert_null(record_find(&set, &other, &gone));
	assert_int_equal(gone.has, RECORD_UID | RECORD_GID);
	expect_owner(&set, &other, 0, 0);
	give(&set, &other, 200, 200);
	expect_owner(&set, &other, 200, 200);
	record_release(&set);
}

static void
a_record_settles_and_needs_no_token_any_more(void **state)
{
	struct record_set set = USERS;
	struct facts facts = newborn(1, 11);

	(void)state;
	give(&set, &facts, 100, 100);
	facts.now = 101 * second;
	assert_true(record_wants_token(&set, &facts, RECORD_LOOK));
	expect_owner(&set, &facts, 100, 100);
	facts.token = 0;
	assert_false(record_wants_token(&set, &facts, RECORD_LOOK));
	assert_false(record_wants_token(&set, &facts, RECORD_CHANGE));
	expect_owner(&set, &facts, 100, 100);
	record_release(&set);
}

/* Long after: it was made by the file that died young. */
static void
a_record_does_not_settle_on_another_file(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = newborn(1, 11);
	struct facts other = newborn(1, 12);

	(void)state;
	give(&set, &facts, 100, 100);
	other.now = 200 * second;
	assert_true(record_wants_token(&set, &other, RECORD_LOOK));
	expect_owner(&set, &other, 0, 0);
	record_release(&set);
}

static void
a_file_system_without_tokens_goes_by_birth_alone(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = newborn(1, 0);

	(void)state;
	give(&set, &facts, 100, 100);
	assert_false(record_wants_token(&set, &facts, RECORD_LOOK));
	expect_owner(&set, &facts, 100, 100);
	record_release(&set);
}

static void
a_file_from_the_future_is_young(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);

	(void)state;
	facts.now = 50 * second;
	assert_true(record_wants_token(&set, &facts, RECORD_CHANGE));
	facts.id.birth = INT64_MAX;
	assert_true(record_wants_token(&set, &facts, RECORD_CHANGE));
	facts.id.birth = INT64_MIN;
	assert_false(record_wants_token(&set, &facts, RECORD_CHANGE));
	record_release(&set);
}

static void
a_file_system_without_births_goes_by_token_for_ever(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);

	(void)state;
	facts.id.birth = facts.id.birth_nsec = 0;
	assert_true(record_wants_token(&set, &facts, RECORD_CHANGE));
	facts.token = 7;
	give(&set, &facts, 100, 100);
	facts.now += 1000 * second;
	assert_true(record_wants_token(&set, &facts, RECORD_LOOK));
	expect_owner(&set, &facts, 100, 100);
	facts.token = 8;
	expect_owner(&set, &facts, 0, 0);
	record_release(&set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    another_file_with_the_same_number_knows_nothing),
		cmocka_unit_test(
		    a_file_whose_birth_differs_by_nanoseconds_is_another_one),
		cmocka_unit_test(a_record_that_is_gone_is_told_once),
		cmocka_unit_test(a_new_record_has_nothing_of_the_file_before),
		cmocka_unit_test(a_token_is_wanted_of_young_files_that_change),
		cmocka_unit_test(
		    a_token_is_wanted_to_look_at_what_was_young_when_recorded),
		cmocka_unit_test(
		    a_file_born_in_the_same_tick_is_another_one_by_its_token),
		cmocka_unit_test(a_record_settles_and_needs_no_token_any_more),
		cmocka_unit_test(a_record_does_not_settle_on_another_file),
		cmocka_unit_test(
		    a_file_system_without_tokens_goes_by_birth_alone),
		cmocka_unit_test(a_file_from_the_future_is_young),
		cmocka_unit_test(
		    a_file_system_without_births_goes_by_token_for_ever),
	};

	return cmocka_run_group_tests_name("record_token", tests, NULL, NULL);
}
