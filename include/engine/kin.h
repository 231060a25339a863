/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kin - the processes that descend from the calling one, to signal and to name
 *
 *	struct kin kin = { 0 };
 *
 *	kin_load(&kin);
 *	for (size_t i = 0; i < kin.count; i++)
 *		(void)kin_signal(&kin.items[i], SIGTERM);
 *	kin_release(&kin);
 *
 * Processes come and go while /proc is read, so a list is never complete; and
 * what could not be read, or found no memory, is missing too.  Who wants to be
 * sure loads again until wait(2) says that there is no child.  A process that
 * has ended and only waits to be reaped is not listed.
 */
#ifndef ENGINE_KIN_H
#define ENGINE_KIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { KIN_NAME_MAX = 64 };

struct kin_process {
	pid_t pid, parent;
	uint64_t start; /* ticks since boot; 0: not known */
	bool is_alive, is_kin; /* true of all that are listed */
	int signo; /* the caller's to use; 0 at first */
	char name[KIN_NAME_MAX]; /* empty until kin_name() */
};

struct kin {
	struct kin_process *items; /* owned; sorted by pid */
	size_t count, cap;
};

void kin_release(struct kin *kin);

/*
 * List all that descend from us now, if we are a subreaper (else the orphans
 * among them are not ours any more).  Where /proc does not show even our own
 * children (none mounted, another namespace's, hidepid), these are found
 * without it, at the cost of up to two seconds; theirs become ours as they end.
 */
void kin_load(struct kin *kin);

/* True if both are one process, not only one number. */
bool kin_is_same(const struct kin_process *a, const struct kin_process *b);

/* Set `name` from /proc/PID/cmdline, cut, or else the short name; any bytes. */
void kin_name(struct kin_process *p);

/*
 * Send a signal to it, and to no other process that got its number since.  To
 * that end no child may have been waited for since kin_load().  -1 and errno:
 * ESRCH (it is gone), EPERM.
 */
int kin_signal(const struct kin_process *p, int signo);

/* True if SIGSTOP or such has stopped it; false too if /proc does not say. */
bool kin_is_stopped(pid_t pid);

#endif
