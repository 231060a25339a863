/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bell - wakes a thread that sleeps in a system call when descriptors are ready
 *
 * Some calls cannot wait for other descriptors beside their own, and to ask
 * poll(2) before each costs more than all else.  A bell is a thread that waits
 * for the others; when one is ready it interrupts the sleeper, again and again
 * until that has taken note, so that no ring falls between a look and a sleep.
 *
 *	struct bell bell;
 *	bell_start(&bell, fds, count, f);
 *	for (;;) {
 *		if (bell_rings(&bell)) {
 *			... look at the descriptors, without blocking ...
 *			bell_hush(&bell);
 *		}
 *		ioctl(...);	... fails with EINTR when the bell rings
 *	}
 *	bell_stop(&bell);
 *
 * It uses BELL_SIGNAL, which the sleeping thread has to have unblocked.
 */
#ifndef BASE_BELL_H
#define BASE_BELL_H

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct fault;

enum { BELL_FDS_MAX = 4, BELL_SIGNAL = SIGURG };

struct bell {
	struct pollfd fds[BELL_FDS_MAX + 1]; /* the last one ends it */
	size_t count;
	pthread_t ringer, sleeper;
	sem_t hushed; /* posted for each ring that was noticed */
	atomic_bool is_ringing, is_ending;
	int end[2]; /* a pipe; -1: never started */
};

/* Watch `count` descriptors (-1: none) for the calling thread. */
int bell_start(struct bell *b, const int *fds, size_t count, struct fault *f);

/* True if something was ready; true until bell_hush(). */
bool bell_rings(const struct bell *b);

/* All that was ready has been dealt with: wait for more. */
void bell_hush(struct bell *b);

/* End the thread.  Safe on a bell that was not started but is zero. */
void bell_stop(struct bell *b);

#endif
