/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * series - so many jobs, numbered from 0, run by a pool and ended in order
 *
 * For who has a list to go through (base/pool.h is for who gets work bit by bit).
 * No more jobs exist at a time than the threads need, however long the list.
 *
 *	const struct series s = { .count = n, .threads = 4,
 *	    .job_size = sizeof(struct job), .begin = begin, .run = run,
 *	    .end = end, .release = release, .arg = &all };
 *	series_run(&s, f);
 */
#ifndef BASE_SERIES_H
#define BASE_SERIES_H

#include <stddef.h>

struct fault;

struct series {
	size_t count;
	unsigned threads; /* 0: run in the caller */
	size_t job_size;
	void *arg; /* of begin and end */

	/* In the caller's thread: fill in job `i`, which is zeros or released. */
	int (*begin)(void *job, size_t i, void *arg, struct fault *f);
	/* In any thread: do it. */
	int (*run)(void *job, unsigned worker, struct fault *f);
	/* In the caller's thread, in the order of numbers: use it. */
	int (*end)(void *job, void *arg, struct fault *f);
	/* Free what it has; also of a job that did not end. */
	void (*release)(void *job);
};

/* Run them all; -1 and the first fault, in the order of numbers, if one fails. */
int series_run(const struct series *s, struct fault *f);

#endif
