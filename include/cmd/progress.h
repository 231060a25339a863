/* SPDX-License-Identifier: BSD-2-Clause */
/* progress - one line on a terminal that says how far the work is */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include "engine/pack.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct progress {
	bool is_shown; /* stderr is a terminal that wants it */
	bool is_verbose; /* name every entry instead */
	bool is_on_screen;
	struct timespec last;
};

/* For struct pack_options; `arg` is a struct progress. */
void progress_show(void *arg, const struct pack_progress *p);

/* For other work: so many things are done. */
void progress_count(
    struct progress *progress, uint64_t done, uint64_t all, const char *things);

/* Take the line off the screen again. */
void progress_clear(struct progress *progress);

#endif
