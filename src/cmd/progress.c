/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/progress.h"

#include "cmd/print.h"

#include <inttypes.h>
#include <stdio.h>

enum { PAUSE_MSEC = 100, MEBIBYTE = 1024 * 1024 };

static bool
is_due(struct progress *progress)
{
	struct timespec now;
	long msec;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail on Linux */
	msec = (long)(now.tv_sec - progress->last.tv_sec) * 1000 +
	    (now.tv_nsec - progress->last.tv_nsec) / 1000000;
	if (msec < PAUSE_MSEC)
		return false;
	progress->last = now;
	return true;
}

void
progress_show(void *arg, const struct pack_progress *p)
{
	struct progress *progress = arg;

	if (progress->is_verbose)
		print_line(stderr, "", p->path);
	if (!progress->is_shown || !is_due(progress))
		return;
	(void)fprintf(stderr, "\r%zu of %zu entries, %llu of %llu MiB\033[K",
	    p->entries_done, p->entries,
	    (unsigned long long)(p->bytes_done / MEBIBYTE),
	    (unsigned long long)(p->bytes / MEBIBYTE));
	progress->is_on_screen = true;
}

void
progress_count(
    struct progress *progress, uint64_t done, uint64_t all, const char *things)
{
	if (!progress->is_shown || !is_due(progress))
		return;
	(void)fprintf(
	    stderr, "\r%" PRIu64 " of %" PRIu64 " %s\033[K", done, all, things);
	progress->is_on_screen = true;
}

void
progress_clear(struct progress *progress)
{
	if (progress->is_on_screen)
		(void)fprintf(stderr, "\r\033[K");
	progress->is_on_screen = false;
}
