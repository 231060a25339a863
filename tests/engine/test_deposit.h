/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_deposit - what the journal has, put down in foo's override file
 *
 *	recorded_begin();
 *	recorded_add("pkg/foo/file", "uname=www");
 *	expect_written(1);
 *	scratch_expect(FILE_OF_FOO, ...);
 */
#ifndef TESTS_TEST_DEPOSIT_H
#define TESTS_TEST_DEPOSIT_H

#include "scratch.h"

#include "engine/deposit.h"
#include "engine/merge.h"
#include "engine/recording.h"

#define FILE_OF_FOO "pkg/.control.foo/.mtree"

static const struct merge_package foo = { "pkg/foo", "pkg/.control.foo" };

/* Write down what the journal has now. */
static inline int
deposit(void *arg, struct fault *f)
{
	size_t *count = arg;
	struct recording r = { 0 };
	int ret = recording_load(&r, "journal", f);

	if (ret == 0)
		ret = deposit_write(&foo, &r, count, f);
	recording_release(&r);
	return ret;
}

/* So many entries are written. */
static inline void
expect_written(size_t want)
{
	size_t count = 99;
	struct fault f = { 0 };

	assert_ok(deposit(&count, &f), &f);
	assert_int_equal(count, want);
}

#endif
