/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay - signals that are sent to us while a command runs in our place
 *
 * All are blocked and read from a descriptor.  What was sent to us alone goes on
 * to the command; what a terminal has sent to the whole job it has got already.
 *
 *	struct relay r = RELAY_INIT;
 *
 *	if (relay_open(&r, f) == 0)
 *		... start the command with r.mask; while poll(2) says so of r.fd:
 *		relay_serve(&r, pid);
 *	relay_close(&r);
 */
#ifndef ENGINE_RELAY_H
#define ENGINE_RELAY_H

#include <signal.h>
#include <sys/types.h>

struct fault;

struct relay {
	int fd; /* readable when a signal has come; -1: none */
	sigset_t mask; /* the caller's, as it was */
};

/* clang-format off */
#define RELAY_INIT { .fd = -1 }
/* clang-format on */

/* Block all signals.  The caller should have one thread. */
int relay_open(struct relay *r, struct fault *f);

/* Pass on what has come to the command, a child of ours; -1: there is none. */
void relay_serve(struct relay *r, pid_t command);

/*
 * Put the mask back.  What has come until now and is still to be read is
 * dropped: that is what the run itself has caused.  Safe on RELAY_INIT.
 */
void relay_close(struct relay *r);

#endif
