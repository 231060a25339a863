/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool - jobs run by several threads, results taken in the order of submission
 *
 * A job is a pointer to const input and its own output; nobody else touches it
 * between pool_submit() and the pool_next() that hands it back.
 *
 *	if (pool_is_full(p))
 *		pool_next(p, &oldest, f);
 *	pool_submit(p, job, f);
 *	...
 *	while (pool_next(p, &oldest, f) > 0)
 *		...
 *
 * With no threads each job runs inside pool_submit(): the serial reference,
 * whose results must be the same, byte for byte.  So do jobs run if no thread
 * can be created; if only some can, the pool goes on with those.
 *
 * The first job to fail, in the order of submission, ends the pool: jobs before
 * it are still handed back, then pool_next() reports its fault, and from then
 * on every call does.  Jobs after it may or may not have run.
 *
 * All functions are for the one thread that made the pool.  Workers have every
 * signal blocked, so handlers run elsewhere; they are started when there is
 * work for them.  The pool never owns or frees a job.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stdbool.h>

struct fault;
struct pool;

struct pool_options {
	unsigned threads; /* at most so many workers; 0: run in the caller */
	unsigned depth; /* jobs that may be out at a time, at least 1 */

	/*
	 * Do one job; -1 with a fault if it failed.  `worker` is below `threads`
	 * (0 if run in the caller) and no two jobs have the same one at the same
	 * time, so that it can choose scratch memory.
	 */
	int (*run)(void *job, unsigned worker, struct fault *f);
};

/* NULL on failure. */
struct pool *pool_new(const struct pool_options *o, struct fault *f);

/*
 * Let running jobs end, forget the others, and join every thread.  Safe at any
 * time and on NULL.  After it the caller has all its jobs back.
 */
void pool_free(struct pool *p);

/* `depth` jobs are out: take one before submitting another. */
bool pool_is_full(const struct pool *p);

/* Hand in a job.  Never waits; fails if the pool is full or has failed. */
int pool_submit(struct pool *p, void *job, struct fault *f);

/* The oldest job has ended or failed: pool_next() would not wait. */
bool pool_is_ready(struct pool *p);

/*
 * Wait for the oldest job and hand it back: 1, with `*job` set.  0 if no job is
 * out, -1 if the oldest job, or one taken earlier, failed.
 */
int pool_next(struct pool *p, void **job, struct fault *f);

#endif
