/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "engine/record.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	BUILDER = 1000,
	BUILDERS = 1001, /* the builder's group */
	MANY = 100000,
};

static const int64_t second = 1000000000, millisecond = 1000000;

/* An ordinary user's set, and root's own. */
#define USERS                                      \
	{                                          \
		.user = BUILDER, .group = BUILDERS \
	}
#define ROOTS                         \
	{                             \
		.user = 0, .group = 0 \
	}

/* A file that the builder made a second ago. */
static struct facts
a_file(uint64_t ino, uint32_t mode)
{
	return (struct facts){
		.id = { .dev = 254, .ino = ino, .birth = 100, .birth_nsec = 7 },
		.now = 101 * second + 7,
		.uid = BUILDER,
		.gid = BUILDERS,
		.mode = mode,
	};
}

/* One of root's, as root finds it on disk. */
static struct facts
roots_file(uint64_t ino, uint32_t gid)
{
	struct facts facts = a_file(ino, S_IFREG | 0644);

	facts.uid = 0;
	facts.gid = gid;
	return facts;
}

/* Another file that got the number of the first one a second later. */
static struct facts
reborn(const struct facts *first)
{
	struct facts facts = *first;

	facts.id.birth++;
	facts.now += second;
	return facts;
}

static const struct record *
give(struct record_set *set, const struct facts *facts, uint32_t uid,
    uint32_t gid)
{
	const struct record *record;
	struct fault f = { 0 };

	assert_ok(record_chown(set, facts, uid, gid, &record, &f), &f);
	return record;
}

/* chmod(2), which the disk obeys as far as record_real_mode() says. */
static const struct record *
change_mode(struct record_set *set, struct facts *facts, uint32_t mode)
{
	const uint32_t real = record_real_mode(facts->mode, mode);
	const struct record *record;
	struct fault f = { 0 };

	assert_ok(record_chmod(set, facts, mode, real, &record, &f), &f);
	facts->mode = (facts->mode & S_IFMT) | real;
	return record;
}

static const struct record *
make_device(struct record_set *set, const struct facts *facts, uint32_t mode,
    uint32_t major, uint32_t minor)
{
	const struct record *record;
	struct fault f = { 0 };

	assert_ok(
	    record_device(set, facts, mode, major, minor, &record, &f), &f);
	assert_non_null(record);
	return record;
}

static const struct record *
set_caps(struct record_set *set, const struct facts *facts, const void *caps,
    size_t len)
{
	const struct record *record;
	struct fault f = { 0 };

	assert_ok(record_caps(set, facts, caps, len, &record, &f), &f);
	assert_non_null(record);
	return record;
}

/* What callers see of the file. */
static struct facts
show(struct record_set *set, const struct facts *facts)
{
	struct facts shown = *facts;

	(void)record_show(set, record_find(set, facts, NULL), &shown);
	return shown;
}

static void
expect_owner(struct record_set *set, const struct facts *facts, uint32_t uid,
    uint32_t gid)
{
	const struct facts shown = show(set, facts);

	assert_int_equal(shown.uid, uid);
	assert_int_equal(shown.gid, gid);
}

static void
expect_mode(struct record_set *set, const struct facts *facts, uint32_t mode)
{
	const struct facts shown = show(set, facts);

	assert_int_equal(shown.mode, mode);
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
		cmocka_unit_test(
		    to_show_what_the_disk_says_is_to_change_nothing),
		cmocka_unit_test(
		    where_root_builds_files_are_whose_they_are_on_disk),
		cmocka_unit_test(
		    where_root_builds_a_group_on_disk_is_taken_away_by_a_record),
		cmocka_unit_test(
		    where_root_builds_an_owner_keeps_the_group_on_disk),
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

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
