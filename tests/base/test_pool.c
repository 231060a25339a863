/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/pool.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

enum { MANY = 300, WORKERS_MAX = 7 };

struct job {
	int in, out;
	bool must_fail, is_slow;
	unsigned worker;
	bool has_signals; /* some signal was not blocked */
};

static int
square(void *arg, unsigned worker, struct fault *f)
{
	static const struct timespec pause = { .tv_nsec = 2000000 };
	struct job *job = arg;
	sigset_t mask;

	if (job->is_slow)
		nanosleep(&pause, NULL);
	if (job->must_fail)
		return fault_set(f, FAULT_INPUT, "job %d is bad", job->in);
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	job->has_signals = sigismember(&mask, SIGTERM) == 0 ||
	    sigismember(&mask, SIGALRM) == 0;
	job->out = job->in * job->in;
	job->worker = worker;
	return 0;
}

static struct pool *
new_pool(unsigned threads, unsigned depth)
{
	const struct pool_options o = {
		.threads = threads,
		.depth = depth,
		.run = square,
	};
	struct fault f = { 0 };
	struct pool *p = pool_new(&o, &f);

	if (p == NULL)
		fail_msg("%s", f.text);
	return p;
}

static void
take_expecting(struct pool *p, const struct job *want)
{
	struct fault f = { 0 };
	void *got = NULL;

	assert_ok(pool_next(p, &got, &f), &f);
	assert_ptr_equal(got, want);
	assert_int_equal(want->out, want->in * want->in);
}

static void
results_come_in_the_order_of_submission(void **state)
{
	static const unsigned threads[] = { 0, 1, 2, WORKERS_MAX };

	(void)state;
	for (size_t t = 0; t < sizeof(threads) / sizeof(*threads); t++) {
		struct pool *p = new_pool(threads[t], threads[t] + 1);
		struct job jobs[MANY] = { 0 };
		struct fault f = { 0 };
		int taken = 0;

		for (int i = 0; i < MANY; i++) {
			jobs[i] =
			    (struct job){ .in = i, .is_slow = i % 9 == 0 };
			if (pool_is_full(p))
				take_expecting(p, &jobs[taken++]);
			assert_ok(pool_submit(p, &jobs[i], &f), &f);
		}
		while (taken < MANY)
			take_expecting(p, &jobs[taken++]);
		assert_int_equal(pool_next(p, &(void *){ NULL }, &f), 0);
		assert_false(pool_is_ready(p));
		for (int i = 0; i < MANY; i++)
			assert_true(
			    jobs[i].worker < threads[t] || threads[t] == 0);
		pool_free(p);
	}
}

static void
without_threads_a_job_is_done_when_submit_returns(void **state)
{
	struct pool *p = new_pool(0, 1);
	struct job job = { .in = 5 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(pool_submit(p, &job, &f), &f);
	assert_int_equal(job.out, 25);
	assert_true(pool_is_ready(p));
	pool_free(p);
}

static void
first_failure_in_order_ends_the_pool(void **state)
{
	static const unsigned threads[] = { 0, 1, 4 };

	(void)state;
	for (size_t t = 0; t < sizeof(threads) / sizeof(*threads); t++) {
		struct pool *p = new_pool(threads[t], 8);
		struct job jobs[8] = { 0 };
		struct fault f = { 0 };
		void *got;

		for (int i = 0; i < 8; i++) {
			/* The later failure is the faster one. */
			jobs[i] = (struct job){
				.in = i, .is_slow = i == 2, .must_fail = i >= 2
			};
			assert_ok(pool_submit(p, &jobs[i], &f), &f);
		}
		take_expecting(p, &jobs[0]);
		take_expecting(p, &jobs[1]);
		assert_fault(
		    pool_next(p, &got, &f), &f, FAULT_INPUT, "job 2 is bad");
		f = (struct fault){ 0 };
		assert_true(pool_is_ready(p));
		assert_fault(
		    pool_next(p, &got, &f), &f, FAULT_INPUT, "job 2 is bad");
		f = (struct fault){ 0 };
		assert_fault(pool_submit(p, &jobs[0], &f), &f, FAULT_INPUT,
		    "job 2 is bad");
		pool_free(p);
	}
}

static void
submit_refuses_more_than_fits(void **state)
{
	struct pool *p = new_pool(2, 1);
	struct job jobs[2] = { { .in = 1 }, { .in = 2 } };
	struct fault f = { 0 };

	(void)state;
	assert_ok(pool_submit(p, &jobs[0], &f), &f);
	assert_true(pool_is_full(p));
	assert_fault(pool_submit(p, &jobs[1], &f), &f, FAULT_SYSTEM,
	    "more than 1 jobs in a pool");
	pool_free(p);
}

static void
free_is_safe_with_jobs_outstanding(void **state)
{
	(void)state;
	pool_free(NULL);
	pool_free(new_pool(3, 3));
	for (int failing = 0; failing < 2; failing++) {
		for (int n = 1; n <= 40; n++) {
			struct pool *p = new_pool(3, 40);
			struct job jobs[40] = { 0 };
			struct fault f = { 0 };

			jobs[n / 2].must_fail = failing == 1;
			for (int i = 0; i < n; i++)
				(void)pool_submit(p, &jobs[i], &f);
			pool_free(p);
		}
	}
}

static void
workers_leave_signals_to_the_caller(void **state)
{
	struct pool *p = new_pool(1, 1);
	struct job job = { .in = 3, .has_signals = true };
	sigset_t before, after;
	struct fault f = { 0 };

	(void)state;
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	assert_ok(pool_submit(p, &job, &f), &f);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	take_expecting(p, &job);
	assert_false(job.has_signals);
	for (int i = 1; i < SIGRTMAX; i++)
		assert_int_equal(
		    sigismember(&before, i), sigismember(&after, i));
	pool_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_come_in_the_order_of_submission),
		cmocka_unit_test(
		    without_threads_a_job_is_done_when_submit_returns),
		cmocka_unit_test(first_failure_in_order_ends_the_pool),
		cmocka_unit_test(submit_refuses_more_than_fits),
		cmocka_unit_test(free_is_safe_with_jobs_outstanding),
		cmocka_unit_test(workers_leave_signals_to_the_caller),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
