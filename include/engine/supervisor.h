/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supervisor - a command, run and recorded from its first call to its last
 *
 * Puts the parts together: accounts that need not exist, the filter, the keeper,
 * the answers to system calls, the journal.  The caller gives a command and gets
 * its status; what was recorded is in the journal.
 *
 *	struct supervisor s;
 *	if (supervisor_open(&s, &o, f) == 0 &&
 *	    supervisor_run(&s, argv, envp, f) == 0)
 *		... s.status; recording_load(&r, s.scribe.name, f) ...
 *	supervisor_close(&s);
 *
 * While a command runs, this process has all signals blocked: what was sent to
 * it alone goes on to the command, what a terminal sent to all the command has
 * got already, and where the command stops, this process stops too, for the
 * shell that waits for it.
 */
#ifndef ENGINE_SUPERVISOR_H
#define ENGINE_SUPERVISOR_H

#include "engine/filter.h"
#include "engine/handover.h"
#include "engine/keeper.h"
#include "engine/notify.h"
#include "engine/relay.h"
#include "engine/roster.h"
#include "engine/scribe.h"
#include "engine/trap.h"

#include <stdbool.h>
#include <stddef.h>

struct fault;
struct notice;
struct supervisor;

struct supervisor_options {
	bool is_strict; /* refuse what would be recorded */
	bool fakes_ids;
	struct roster_options names; /* that are to resolve */
	const struct notice *notice; /* may be NULL */
	/* Hears of each refusal, see engine/trap.h; may be NULL. */
	void (*refused)(void *arg, const struct supervisor *s,
	    const struct trap_refusal *refusal);
	void *arg;
};

struct supervisor {
	const struct supervisor_options *o; /* borrowed */
	struct roster roster;
	struct scribe scribe; /* has the journal */
	struct filter filter;
	struct trap trap;
	struct keeper keeper;
	struct relay relay;
	struct notify_call last; /* that was answered */
	struct handover handover; /* of the listener */
	int listener; /* the filter's */
	bool is_deserted; /* nobody is left whose calls would be stopped */
	int cannot_execute; /* errno of the command's execve(2), or 0 */
	bool has_ended; /* the command has; */
	int status; /* its wait(2) status */
};

/* Get ready.  To be closed after a fault, too. */
int supervisor_open(
    struct supervisor *s, const struct supervisor_options *o, struct fault *f);
void supervisor_close(struct supervisor *s);

/*
 * Run a command until it and all that it started have ended.  A fault is one of
 * our own, after which nothing is left of the command either: the kernel has no
 * user notification, memory ran out.  Otherwise `status` is the command's, or
 * `cannot_execute` says why there was none.
 */
int supervisor_run(struct supervisor *s, char *const *argv, char *const *envp,
    struct fault *f);

#endif
