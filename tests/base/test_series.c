/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/series.h"

#include <stdbool.h>
#include <stdlib.h>

enum { COUNT = 200, NEVER = 1000 };

struct job {
	size_t i, result;
	char *memory; /* owned */
	size_t fails_at;
};

struct all {
	size_t begun, ended;
	size_t begin_fails_at, run_fails_at, end_fails_at;
	bool is_in_order;
};

static int
begin(void *job, size_t i, void *arg, struct fault *f)
{
	struct all *all = arg;
	struct job *j = job;

	if (i == all->begin_fails_at)
		return fault_set(f, FAULT_INPUT, "begin %zu", i);
	assert_int_equal(i, all->begun);
	assert_null(j->memory);
	all->begun++;
	j->i = i;
	j->fails_at = all->run_fails_at;
	return 0;
}

static int
run(void *job, unsigned worker, struct fault *f)
{
	struct job *j = job;

	(void)worker;
	j->memory = malloc(10);
	if (j->memory == NULL)
		return fault_sys(f, "no memory");
	if (j->i == j->fails_at)
		return fault_set(f, FAULT_INPUT, "run %zu", j->i);
	j->result = j->i * 2;
	return 0;
}

static int
end(void *job, void *arg, struct fault *f)
{
	struct all *all = arg;
	struct job *j = job;

	if (j->i == all->end_fails_at)
		return fault_set(f, FAULT_INPUT, "end %zu", j->i);
	if (j->i != all->ended || j->result != 2 * j->i)
		all->is_in_order = false;
	all->ended++;
	return 0;
}

static void
release(void *job)
{
	struct job *j = job;

	free(j->memory);
	j->memory = NULL;
}

static struct all
nothing_fails(void)
{
	return (struct all){ .begin_fails_at = NEVER,
		.run_fails_at = NEVER,
		.end_fails_at = NEVER,
		.is_in_order = true };
}

static int
go(struct all *all, size_t count, unsigned threads, struct fault *f)
{
	const struct series s = {
		.count = count,
		.threads = threads,
		.job_size = sizeof(struct job),
		.arg = all,
		.begin = begin,
		.run = run,
		.end = end,
		.release = release,
	};

	return series_run(&s, f);
}

static void
all_jobs_end_in_order_with_any_number_of_threads(void **state)
{
	(void)state;
	for (unsigned threads = 0; threads < 5; threads++) {
		struct all all = nothing_fails();
		struct fault f = { 0 };

		assert_ok(go(&all, COUNT, threads, &f), &f);
		assert_int_equal(all.ended, COUNT);
		assert_true(all.is_in_order);
	}
}

static void
an_empty_series_is_done(void **state)
{
	struct all all = nothing_fails();
	struct fault f = { 0 };

	(void)state;
	assert_ok(go(&all, 0, 2, &f), &f);
	assert_int_equal(all.begun, 0);
}

static void
the_first_failure_ends_it(void **state)
{
	(void)state;
	for (unsigned threads = 0; threads < 4; threads++) {
		struct all all = nothing_fails();
		struct fault f = { 0 };

		all.run_fails_at = 50;
		all.end_fails_at = 60;
		assert_fault(
		    go(&all, COUNT, threads, &f), &f, FAULT_INPUT, "run 50");
		assert_int_equal(all.ended, 50);
		all = nothing_fails();
		f = (struct fault){ 0 };
		all.end_fails_at = 20;
		assert_fault(
		    go(&all, COUNT, threads, &f), &f, FAULT_INPUT, "end 20");
		all = nothing_fails();
		f = (struct fault){ 0 };
		all.begin_fails_at = 30;
		assert_fault(
		    go(&all, COUNT, threads, &f), &f, FAULT_INPUT, "begin 30");
		assert_int_equal(all.begun, 30);
	}
}

static int
go_without_threads(void *arg, struct fault *f)
{
	struct all all = nothing_fails();

	(void)arg;
	return go(&all, 3, 0, f);
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(go_without_threads, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    all_jobs_end_in_order_with_any_number_of_threads),
		cmocka_unit_test(an_empty_series_is_done),
		cmocka_unit_test(the_first_failure_ends_it),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
