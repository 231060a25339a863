/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/series.h"

#include "base/fault.h"
#include "base/pool.h"
#include "base/stop.h"

#include <stdlib.h>
#include <string.h>

enum { JOBS_EACH = 4 }; /* that are out, for one thread */

/* End the oldest job: 1, or 0 if none is out. */
static int
take(const struct series *s, struct pool *pool, struct fault *f)
{
	void *job;
	int r = pool_next(pool, &job, f);

	if (r <= 0)
		return r;
	r = s->end(job, s->arg, f);
	s->release(job);
	memset(job, 0, s->job_size);
	return r < 0 ? -1 : 1;
}

static int
go_through(const struct series *s, struct pool *pool, char *ring, size_t depth,
    struct fault *f)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < s->count; i++) {
		void *job = ring + i % depth * s->job_size;

		if (pool_is_full(pool))
			r = take(s, pool, f);
		if (r < 0 || stop_check(f) < 0 ||
		    s->begin(job, i, s->arg, f) < 0)
			return -1;
		r = pool_submit(pool, job, f);
		while (r >= 0 && pool_is_ready(pool))
			r = take(s, pool, f);
	}
	while (r >= 0 && (r = take(s, pool, f)) > 0)
		continue;
	return r;
}

int
series_run(const struct series *s, struct fault *f)
{
	const struct pool_options o = {
		.threads = s->threads,
		.depth = s->threads * JOBS_EACH + 1,
		.run = s->run,
	};
	char *ring = calloc(o.depth, s->job_size);
	struct pool *pool;
	int r = -1;

	if (ring == NULL)
		return fault_sys(f, "cannot allocate %u jobs", o.depth);
	pool = pool_new(&o, f);
	if (pool != NULL)
		r = go_through(s, pool, ring, o.depth, f);
	pool_free(pool);
	for (unsigned i = 0; i < o.depth; i++)
		s->release(ring + i * s->job_size);
	free(ring);
	return r;
}
