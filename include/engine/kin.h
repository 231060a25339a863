/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kin - the processes that descend from the calling one, to signal them
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

#include "engine/process.h"

#include <stddef.h>

struct kin {
	struct process *items; /* owned; sorted by pid */
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

/*
 * Send a signal to it, and to no other process that got its number since.  To
 * that end no child may have been waited for since kin_load().  -1 and errno:
 * ESRCH (it is gone), EPERM.
 */
int kin_signal(const struct process *p, int signo);

#endif
