/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/pool.h"

#include "base/fault.h"
#include "base/signals.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

/* Explicit, because musl's default of 128 KiB is scant for libraries. */
enum { STACK_SIZE = 1024 * 1024 };

struct slot {
	void *job;
	bool is_done; /* ended well */
};

struct worker {
	struct pool *pool;
	pthread_t thread;
	unsigned index;
};

/*
 * Jobs are numbered as they come; number n lives in slot n % depth.  `taken` <=
 * `started` <= `submitted` <= `taken` + `depth`.  Jobs start in order, so when
 * number n has failed, all before it have started and will end.
 */
struct pool {
	struct pool_options options;
	struct slot *slots;
	struct worker *workers;
	unsigned worker_count; /* those that run, and need joining */
	unsigned worker_max; /* options.threads until one cannot be created */

	pthread_mutex_t lock; /* guards what follows, and the slots */
	pthread_cond_t work; /* a job was submitted, or the pool closes */
	pthread_cond_t ready; /* a job ended, well or not */
	uint64_t submitted, started, taken;
	unsigned idle; /* workers that wait for work */
	bool is_closing, has_failed;
	uint64_t failed; /* number of the first job that failed */
	struct fault fault; /* and what it said */
};

static struct slot *
slot_of(const struct pool *p, uint64_t number)
{
	return &p->slots[number % p->options.depth];
}

/* Run a job that the caller has counted as started; the lock is not held. */
static void
run(struct pool *p, uint64_t number, void *job, unsigned worker)
{
	struct fault f = { 0 };
	const int result = p->options.run(job, worker, &f);

	pthread_mutex_lock(&p->lock);
	if (result == 0) {
		slot_of(p, number)->is_done = true;
	} else if (!p->has_failed || number < p->failed) {
		p->has_failed = true;
		p->failed = number;
		p->fault = f;
		pthread_cond_broadcast(&p->work);
	}
	pthread_cond_signal(&p->ready);
	pthread_mutex_unlock(&p->lock);
}

/* Wait for a job to start: true with it, false if there will be none. */
static bool
start_job(struct pool *p, uint64_t *number, void **job)
{
	bool has_job;

	pthread_mutex_lock(&p->lock);
	p->idle++;
	while (!p->is_closing && !p->has_failed && p->started == p->submitted)
		pthread_cond_wait(&p->work, &p->lock);
	p->idle--;
	has_job = !p->is_closing && !p->has_failed;
	if (has_job) {
		*number = p->started++;
		*job = slot_of(p, *number)->job;
	}
	pthread_mutex_unlock(&p->lock);
	return has_job;
}

static void *
work(void *arg)
{
	const struct worker *w = arg;
	uint64_t number;
	void *job;

	while (start_job(w->pool, &number, &job))
		run(w->pool, number, job, w->index);
	return NULL;
}

/* The new thread inherits the mask, so that it never runs without. */
static int
create_thread(struct worker *w)
{
	pthread_attr_t attr;
	sigset_t mask;
	int error;

	if (pthread_attr_init(&attr) != 0)
		return -1;
	/* May refuse our size; then the default serves. */
	(void)pthread_attr_setstacksize(&attr, STACK_SIZE);
	signals_block(&mask);
	error = pthread_create(&w->thread, &attr, work, w);
	signals_restore(&mask);
	pthread_attr_destroy(&attr);
	return error == 0 ? 0 : -1;
}

static void
add_worker(struct pool *p)
{
	struct worker *w = &p->workers[p->worker_count];

	*w = (struct worker){ .pool = p, .index = p->worker_count };
	if (create_thread(w) == 0)
		p->worker_count++;
	else
		p->worker_max = p->worker_count;
}

static int
init_locks(struct pool *p)
{
	if (pthread_mutex_init(&p->lock, NULL) != 0)
		return -1;
	if (pthread_cond_init(&p->work, NULL) != 0)
		goto no_work;
	if (pthread_cond_init(&p->ready, NULL) != 0)
		goto no_ready;
	return 0;
no_ready:
	pthread_cond_destroy(&p->work);
no_work:
	pthread_mutex_destroy(&p->lock);
	return -1;
}

struct pool *
pool_new(const struct pool_options *o, struct fault *f)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (p == NULL)
		goto fail;
	p->options = *o;
	p->worker_max = o->threads;
	p->slots = calloc(o->depth, sizeof(*p->slots));
	p->workers = calloc((size_t)o->threads + 1, sizeof(*p->workers));
	if (p->slots == NULL || p->workers == NULL || init_locks(p) < 0)
		goto fail;
	return p;
fail:
	fault_set(f, FAULT_MEMORY, "cannot allocate a pool of %u threads",
	    o->threads);
	if (p != NULL) {
		free(p->slots);
		free(p->workers);
	}
	free(p);
	return NULL;
}

void
pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->is_closing = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->worker_count; i++)
		pthread_join(p->workers[i].thread, NULL);
	pthread_cond_destroy(&p->ready);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	free(p->slots);
	free(p->workers);
	free(p);
}

/* `submitted` and `taken` change in the caller's thread only. */
bool
pool_is_full(const struct pool *p)
{
	return p->submitted - p->taken == p->options.depth;
}

/* The oldest job, or one before it, has failed; the lock is held. */
static bool
is_over(const struct pool *p)
{
	return p->has_failed && p->failed <= p->taken;
}

static int
report(const struct pool *p, struct fault *f)
{
	return fault_set(f, p->fault.kind, "%s", p->fault.text);
}

/* Put the job into its slot; true if more jobs now wait than workers do. */
static bool
enqueue(struct pool *p, void *job)
{
	bool is_short;

	pthread_mutex_lock(&p->lock);
	*slot_of(p, p->submitted++) = (struct slot){ .job = job };
	is_short = p->submitted - p->started > p->idle;
	pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
	return is_short;
}

/* No worker exists: nobody else looks at the pool. */
static void
run_here(struct pool *p)
{
	const uint64_t number = p->started++;

	if (!p->has_failed)
		run(p, number, slot_of(p, number)->job, 0);
}

int
pool_submit(struct pool *p, void *job, struct fault *f)
{
	bool has_ended;

	pthread_mutex_lock(&p->lock);
	has_ended = is_over(p);
	pthread_mutex_unlock(&p->lock);
	if (has_ended)
		return report(p, f);
	if (pool_is_full(p))
		return fault_set(f, FAULT_SYSTEM, "more than %u jobs in a pool",
		    p->options.depth);
	if (enqueue(p, job) && p->worker_count < p->worker_max)
		add_worker(p);
	if (p->worker_count == 0)
		run_here(p);
	return 0;
}

/* The oldest job, if there is one, has ended; the lock is held. */
static bool
is_settled(const struct pool *p)
{
	return p->taken == p->submitted || is_over(p) ||
	    slot_of(p, p->taken)->is_done;
}

bool
pool_is_ready(struct pool *p)
{
	bool is_ready;

	pthread_mutex_lock(&p->lock);
	is_ready = p->taken < p->submitted && is_settled(p);
	pthread_mutex_unlock(&p->lock);
	return is_ready;
}

int
pool_next(struct pool *p, void **job, struct fault *f)
{
	int result = 0;

	pthread_mutex_lock(&p->lock);
	while (!is_settled(p))
		pthread_cond_wait(&p->ready, &p->lock);
	if (is_over(p)) {
		result = report(p, f);
	} else if (p->taken < p->submitted) {
		*job = slot_of(p, p->taken++)->job;
		result = 1;
	}
	pthread_mutex_unlock(&p->lock);
	return result;
}
