/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reaper - waits for all that descends from the calling process, and ends it
 *
 * Works on behalf of a client at the other end of a socket.  The caller is a
 * subreaper, so that each descendant that loses its parent becomes its child; is
 * single-threaded; and has a handler of SIGCHLD, which `mask` blocks no more than
 * it must, to be woken by.
 *
 *	struct reaper r = { .fd = fd, .mask = &mask, .tells = { ... } };
 *
 *	while (is_wanted && r.fd >= 0)
 *		reaper_wait(&r);
 *	if (r.fd >= 0)
 *		reaper_end(&r);
 *	else
 *		reaper_kill(&r);
 */
#ifndef ENGINE_REAPER_H
#define ENGINE_REAPER_H

#include "engine/kin.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	REAPER_GRACE = 100, /* milliseconds that descendants may go on alone */
	REAPER_PATIENCE = 1000, /* from SIGTERM to SIGKILL */
	REAPER_LIMIT = 10000, /* from the last that ended after SIGKILL until
			       * the others are given up */
};

/* Who hears of it; each may be NULL. */
struct reaper_listener {
	/* A child has stopped, gone on or ended; its wait(2) status. */
	void (*changed)(void *arg, pid_t pid, int status);
	/* It was ended by `signo`; `name` is set.  Said once of each. */
	void (*ended)(void *arg, const struct process *p);
	/* It could not be ended: it may not be signalled, or hangs. */
	void (*alive)(void *arg, const struct process *p);
	void *arg;
};

struct reaper {
	int fd; /* the client's; -1: it is gone, or there was none */
	const sigset_t *mask; /* to wait with; NULL: as it is */
	struct reaper_listener tells;

	bool has_children, has_more; /* have changed than were told of */
	bool is_stuck; /* none of those left may be signalled */
	uint64_t progress; /* counts the ended, and the signalled */
	struct kin kin; /* those that are to end, and their signals */
};

/* Sleep until a child changes, which is told, or the client goes. */
void reaper_wait(struct reaper *r);

/*
 * End all: after a time in which they may end by themselves by SIGTERM, then by
 * SIGKILL.  If the client goes, their time is over.
 */
void reaper_end(struct reaper *r);

/* End all by SIGKILL, at once. */
void reaper_kill(struct reaper *r);

/* The client is found to be gone: close `fd`. */
void reaper_desert(struct reaper *r);

#endif
