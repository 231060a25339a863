/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_record - files as the kernel shows them, and what is recorded of them
 *
 *	struct record_set set = USERS;
 *	struct facts facts = a_file(1, S_IFREG | 0644);
 *
 *	give(&set, &facts, 100, 101);
 *	expect_owner(&set, &facts, 100, 101);
 *	record_release(&set);
 */
#ifndef TESTS_TEST_RECORD_H
#define TESTS_TEST_RECORD_H

#include "../tests.h"

#include "engine/record.h"

#include <sys/stat.h>

enum {
	BUILDER = 1000,
	BUILDERS = 1001, /* the builder's group */
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
static inline struct facts
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

/* Another file that got the number of the first one a second later. */
static inline struct facts
reborn(const struct facts *first)
{
	struct facts facts = *first;

	facts.id.birth++;
	facts.now += second;
	return facts;
}

static inline const struct record *
give(struct record_set *set, const struct facts *facts, uint32_t uid,
    uint32_t gid)
{
	const struct record *record;
	struct fault f = { 0 };

	assert_ok(record_chown(set, facts, uid, gid, &record, &f), &f);
	return record;
}

/* chmod(2), which the disk obeys as far as record_real_mode() says. */
static inline const struct record *
change_mode(struct record_set *set, struct facts *facts, uint32_t mode)
{
	const uint32_t real = record_real_mode(facts->mode, mode);
	const struct record *record;
	struct fault f = { 0 };

	assert_ok(record_chmod(set, facts, mode, real, &record, &f), &f);
	facts->mode = (facts->mode & S_IFMT) | real;
	return record;
}

static inline const struct record *
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

static inline const struct record *
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
static inline struct facts
show(struct record_set *set, const struct facts *facts)
{
	struct facts shown = *facts;

	(void)record_show(set, record_find(set, facts, NULL), &shown);
	return shown;
}

static inline void
expect_owner(struct record_set *set, const struct facts *facts, uint32_t uid,
    uint32_t gid)
{
	const struct facts shown = show(set, facts);

	assert_int_equal(shown.uid, uid);
	assert_int_equal(shown.gid, gid);
}

static inline void
expect_mode(struct record_set *set, const struct facts *facts, uint32_t mode)
{
	const struct facts shown = show(set, facts);

	assert_int_equal(shown.mode, mode);
}

#endif
