/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_recording - a journal as it is read back
 *
 *	load(&r, "1:9:5.000000000 uname=www\n");
 *	expect_user(find(&r, 1, 9, 5), "www");
 *	recording_release(&r);
 */
#ifndef TESTS_TEST_RECORDING_H
#define TESTS_TEST_RECORDING_H

#include "scratch.h"

#include "base/buf.h"
#include "engine/recording.h"

/* Load a journal with this text behind its signature. */
static inline void
load(struct recording *r, const char *text)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	*r = (struct recording){ 0 };
	assert_ok(buf_adds(&b, JOURNAL_SIGNATURE, &f), &f);
	assert_ok(buf_adds(&b, text, &f), &f);
	scratch_write("journal", b.data, b.len);
	assert_ok(recording_load(r, "journal", &f), &f);
	buf_release(&b);
}

static inline const struct spec *
find(const struct recording *r, uint64_t dev, uint64_t ino, int64_t birth)
{
	const struct identity id = { .dev = dev, .ino = ino, .birth = birth };

	return recording_find(r, &id);
}

static inline void
expect_user(const struct spec *s, const char *name)
{
	assert_non_null(s);
	assert_int_equal(s->binds, KEYWORD_USER);
	assert_string_equal(s->entry.uname, name);
}

#endif
