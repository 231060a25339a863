/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_record.h"

#include "engine/record.h"

#include <sys/stat.h>

static void
chown_keeps_set_id_bits_and_capabilities(void **state)
{
	static const unsigned char caps[12] = "\1";
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0755);
	const struct record *r;

	(void)state;
	change_mode(&set, &facts, 06755);
	set_caps(&set, &facts, caps, sizeof(caps));
	r = give(&set, &facts, 100, 101);
	assert_int_equal(
	    r->has, RECORD_UID | RECORD_GID | RECORD_MODE | RECORD_CAPS);
	assert_int_equal(r->caps_len, sizeof(caps));
	/* the kernel would drop them on a write */
	facts.mode = S_IFREG | 0755;
	expect_mode(&set, &facts, S_IFREG | 06755);
	record_release(&set);
}

/* "Mode first, owner later": the mode was set before anything was recorded. */
static void
set_id_bits_on_disk_are_recorded_with_the_owner(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 04711);

	(void)state;
	assert_int_equal(give(&set, &facts, 100, RECORD_KEEP)->has,
	    RECORD_UID | RECORD_MODE);
	facts.mode = S_IFREG | 0711;
	expect_mode(&set, &facts, S_IFREG | 04711);
	record_release(&set);
}

/* A directory keeps them on disk, and its mode may go on changing there. */
static void
set_id_bits_of_a_directory_are_left_to_the_disk(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFDIR | 02775);

	(void)state;
	assert_int_equal(
	    give(&set, &facts, 100, 101)->has, RECORD_UID | RECORD_GID);
	assert_null(change_mode(&set, &facts, 02750));
	expect_mode(&set, &facts, S_IFDIR | 02750);
	record_release(&set);
}

static void
on_disk_the_owner_can_go_on_working(void **state)
{
	(void)state;
	assert_int_equal(record_real_mode(S_IFREG, 0), 0600);
	assert_int_equal(record_real_mode(S_IFREG, 04511), 04711);
	assert_int_equal(record_real_mode(S_IFREG, 0644), 0644);
	assert_int_equal(record_real_mode(S_IFREG | 0444, 0444), 0644);
	assert_int_equal(record_real_mode(S_IFDIR, 0), 0700);
	assert_int_equal(record_real_mode(S_IFDIR | 0755, 03055), 03755);
	assert_int_equal(record_real_mode(S_IFIFO, 0), 0600);
	assert_int_equal(record_real_mode(S_IFREG, S_IFDIR | 0644), 0644);
}

static void
a_mode_that_the_disk_has_is_not_recorded(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);

	(void)state;
	assert_null(change_mode(&set, &facts, 0755));
	assert_null(change_mode(&set, &facts, 01777));
	assert_int_equal(set.count, 0);
	assert_int_equal(set.mode_count, 0);
	expect_mode(&set, &facts, S_IFREG | 01777);
	record_release(&set);
}

static void
a_mode_that_the_disk_cannot_have_is_recorded(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);
	const struct record *r;

	(void)state;
	r = change_mode(&set, &facts, 0400);
	assert_non_null(r);
	assert_int_equal(r->has, RECORD_MODE);
	assert_int_equal(r->mode, 0400);
	assert_int_equal(facts.mode, S_IFREG | 0600);
	expect_mode(&set, &facts, S_IFREG | 0400);
	record_release(&set);
}

static void
an_older_mode_is_denied_by_a_newer_one(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);
	const struct record *r;

	(void)state;
	change_mode(&set, &facts, 0400);
	r = change_mode(&set, &facts, 0644);
	assert_non_null(r);
	assert_int_equal(r->mode, 0644);
	expect_mode(&set, &facts, S_IFREG | 0644);
	assert_int_equal(set.mode_count, 1);
	record_release(&set);
}

static void
an_owner_does_not_freeze_the_mode(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);

	(void)state;
	give(&set, &facts, 100, 100);
	assert_null(change_mode(&set, &facts, 0755));
	expect_mode(&set, &facts, S_IFREG | 0755);
	expect_owner(&set, &facts, 100, 100);
	record_release(&set);
}

static void
set_id_bits_of_a_file_survive_its_rewriting(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);

	(void)state;
	assert_non_null(change_mode(&set, &facts, 04755));
	facts.mode = S_IFREG | 0755; /* write(2) drops them */
	expect_mode(&set, &facts, S_IFREG | 04755);
	change_mode(&set, &facts, 0755);
	expect_mode(&set, &facts, S_IFREG | 0755);
	record_release(&set);
}

static void
a_mode_that_could_not_be_set_is_shown_all_the_same(void **state)
{
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 0644);
	const struct record *r;
	struct fault f = { 0 };

	(void)state;
	/* the file on disk has stayed as it was */
	assert_ok(record_chmod(&set, &facts, 0755, 0644, &r, &f), &f);
	assert_non_null(r);
	expect_mode(&set, &facts, S_IFREG | 0755);
	record_release(&set);
}

static void
a_placeholder_looks_like_its_device(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0644);
	struct facts shown;
	const struct record *r;

	(void)state;
	r = make_device(&set, &facts, S_IFCHR | 0620, 5, 70000);
	assert_int_equal(r->has, RECORD_DEVICE | RECORD_MODE);
	shown = show(&set, &facts);
	assert_int_equal(shown.mode, S_IFCHR | 0620);
	assert_int_equal(shown.major, 5);
	assert_int_equal(shown.minor, 70000);
	assert_int_equal(shown.uid, 0);
	record_release(&set);
}

static void
a_device_stays_one_when_its_mode_or_owner_changes(void **state)
{
	struct record_set set = USERS;
	struct facts facts = a_file(1, S_IFREG | 0600);
	struct facts shown;

	(void)state;
	make_device(&set, &facts, S_IFBLK | 0600, 8, 1);
	assert_non_null(change_mode(&set, &facts, 0660));
	expect_mode(&set, &facts, S_IFBLK | 0660);
	give(&set, &facts, RECORD_KEEP, 6);
	assert_non_null(change_mode(&set, &facts, 0));
	shown = show(&set, &facts);
	assert_int_equal(shown.mode, S_IFBLK);
	assert_int_equal(shown.major, 8);
	assert_int_equal(shown.minor, 1);
	assert_int_equal(shown.gid, 6);
	record_release(&set);
}

static void
capabilities_are_set_replaced_and_taken_away(void **state)
{
	static const unsigned char old[20] = "\1old", new[24] = "\1new";
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 0755);
	const struct record *r;

	(void)state;
	r = set_caps(&set, &facts, old, sizeof(old));
	assert_int_equal(r->has, RECORD_CAPS);
	assert_int_equal(r->caps_len, sizeof(old));
	assert_memory_equal(r->caps, old, sizeof(old));
	r = set_caps(&set, &facts, new, sizeof(new));
	assert_int_equal(r->caps_len, sizeof(new));
	assert_memory_equal(r->caps, new, sizeof(new));
	r = set_caps(&set, &facts, NULL, 0);
	assert_int_equal(
	    r->has, RECORD_CAPS); /* it is known that it has none */
	assert_int_equal(r->caps_len, 0);
	assert_int_equal(set.caps_count, 1);
	record_release(&set);
}

static void
capabilities_that_are_too_long_are_refused(void **state)
{
	static const unsigned char caps[RECORD_CAPS_MAX + 1];
	struct record_set set = USERS;
	const struct facts facts = a_file(1, S_IFREG | 0755);
	const struct record *r;
	struct fault f = { 0 };

	(void)state;
	assert_fault(record_caps(&set, &facts, caps, sizeof(caps), &r, &f), &f,
	    FAULT_INPUT, "capabilities of 25 bytes");
	assert_null(r);
	assert_null(record_find(&set, &facts, NULL));
	record_release(&set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chown_keeps_set_id_bits_and_capabilities),
		cmocka_unit_test(
		    set_id_bits_on_disk_are_recorded_with_the_owner),
		cmocka_unit_test(
		    set_id_bits_of_a_directory_are_left_to_the_disk),
		cmocka_unit_test(on_disk_the_owner_can_go_on_working),
		cmocka_unit_test(a_mode_that_the_disk_has_is_not_recorded),
		cmocka_unit_test(a_mode_that_the_disk_cannot_have_is_recorded),
		cmocka_unit_test(an_older_mode_is_denied_by_a_newer_one),
		cmocka_unit_test(an_owner_does_not_freeze_the_mode),
		cmocka_unit_test(set_id_bits_of_a_file_survive_its_rewriting),
		cmocka_unit_test(
		    a_mode_that_could_not_be_set_is_shown_all_the_same),
		cmocka_unit_test(a_placeholder_looks_like_its_device),
		cmocka_unit_test(
		    a_device_stays_one_when_its_mode_or_owner_changes),
		cmocka_unit_test(capabilities_are_set_replaced_and_taken_away),
		cmocka_unit_test(capabilities_that_are_too_long_are_refused),
	};

	return cmocka_run_group_tests_name("record_mode", tests, NULL, NULL);
}
