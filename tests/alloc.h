/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * alloc - memory that runs out when a test says so
 *
 * Every test is linked so that malloc, calloc, realloc, strdup, realpath and
 * fdopendir, called by the test or by a module of ours, pass through here
 * (libraries allocate as ever).  Most tests want one function:
 *
 *	static int
 *	fill_and_release(void *arg, struct fault *f)
 *	{
 *		struct buf b = BUF_INIT;
 *		int r = buf_adds(&b, arg, f);
 *
 *		buf_release(&b);
 *		return r;
 *	}
 *	...
 *	alloc_fail_each(fill_and_release, "text");
 *
 * The operation has to start anew each time and to release all it made, so
 * that a run under AddressSanitizer finds what an error path forgot.  What it
 * asserts inside must hold without memory too.
 */
#ifndef TESTS_ALLOC_H
#define TESTS_ALLOC_H

#include "tests.h"

#include "base/buf.h"

#include <limits.h>
#include <stdbool.h>

/*
 * Of the allocations from now on, those numbered `nth` to `nth + count - 1`,
 * counted from 1 over all threads, fail with ENOMEM.  alloc_fail(0, 0) ends it.
 */
void alloc_fail(unsigned nth, unsigned count);

/* True if one has failed since the last alloc_fail(). */
bool alloc_has_failed(void);

/* One run of `operation` without the allocations given; true if all were had. */
static inline bool
alloc_fail_one(int (*operation)(void *arg, struct fault *f), void *arg,
    unsigned nth, unsigned count)
{
	struct fault f = { 0 };
	bool has_failed;
	int r;

	alloc_fail(nth, count);
	r = operation(arg, &f);
	has_failed = alloc_has_failed();
	alloc_fail(0, 0);
	if (!has_failed && r < 0)
		fail_msg("fails with all the memory it wants: %s", f.text);
	if (has_failed && r >= 0)
		fail_msg("succeeds although allocation %u failed", nth);
	if (has_failed && f.kind != FAULT_MEMORY)
		fail_msg(
		    "allocation %u failed, but the fault is of kind %d: %s",
		    nth, (int)f.kind, f.text);
	return !has_failed;
}

/*
 * Run `operation` with its first allocation failing, then with its second, and
 * so on until it gets through; each time once with the later ones succeeding
 * and once with them failing too.  It has to return -1 with FAULT_MEMORY for
 * each, and 0 or more in the end.
 */
static inline void
alloc_fail_each(int (*operation)(void *arg, struct fault *f), void *arg)
{
	unsigned nth = 1;

	for (; !alloc_fail_one(operation, arg, nth, 1); nth++)
		(void)alloc_fail_one(operation, arg, nth, UINT_MAX - nth);
	if (nth == 1)
		fail_msg("%s", "nothing was allocated, so nothing was tried");
}

struct alloc_text {
	int (*add)(struct buf *text, struct fault *f);
};

static inline int
alloc_add_text(void *arg, struct fault *f)
{
	const struct alloc_text *t = arg;
	struct buf text = BUF_INIT;
	const int r = t->add(&text, f);

	buf_release(&text);
	return r;
}

/* The same of what adds to a text, which is released here. */
static inline void
alloc_fail_each_text(int (*add)(struct buf *text, struct fault *f))
{
	struct alloc_text t = { add };

	alloc_fail_each(alloc_add_text, &t);
}

#endif
