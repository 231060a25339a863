/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/bell.h"

#include "base/fault.h"
#include "base/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { AGAIN = 200000, SECOND = 1000000000 }; /* ns; from ring to ring */

static void
wake(int signo)
{
	(void)signo; /* what matters is that a call was interrupted */
}

/* Wait until the ring is noticed, but not for long; false if it was not. */
static bool
wait_for_hush(struct bell *b)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += AGAIN;
	if (until.tv_nsec >= SECOND) {
		until.tv_nsec -= SECOND;
		until.tv_sec++;
	}
	return sem_timedwait(&b->hushed, &until) == 0;
}

/* Wait for a descriptor, then ring until that is noticed. */
static void *
ring(void *arg)
{
	struct bell *b = arg;
	sigset_t mask;

	signals_block(&mask); /* musl lets one of its own into new threads */
	while (!atomic_load(&b->is_ending)) {
		if (poll(b->fds, b->count + 1, -1) <= 0)
			continue;
		if (b->fds[b->count].revents != 0)
			break;
		atomic_store(&b->is_ringing, true);
		do
			(void)pthread_kill(b->sleeper, BELL_SIGNAL);
		while (!wait_for_hush(b) && !atomic_load(&b->is_ending));
	}
	return NULL;
}

int
bell_start(struct bell *b, const int *fds, size_t count, struct fault *f)
{
	struct sigaction action = { .sa_handler = wake };
	sigset_t mask;
	int error;

	memset(b, 0, sizeof(*b));
	b->end[0] = b->end[1] = -1;
	if (pipe2(b->end, O_CLOEXEC) < 0)
		return fault_sys(f, "cannot make a pipe");
	b->count = count;
	for (size_t i = 0; i < count; i++)
		b->fds[i] = (struct pollfd){ fds[i], POLLIN, 0 };
	b->fds[count] = (struct pollfd){ b->end[0], POLLIN, 0 };
	b->sleeper = pthread_self();
	(void)sem_init(&b->hushed, 0, 0); /* cannot fail */
	/* all signals are for the sleeper; before musl lets its own through */
	signals_block(&mask);
	(void)sigaction(BELL_SIGNAL, &action, NULL); /* cannot fail */
	error = pthread_create(&b->ringer, NULL, ring, b);
	(void)sigdelset(&mask, BELL_SIGNAL);
	signals_restore(&mask);
	if (error == 0)
		return 0;
	(void)close(b->end[0]); /* pipes: nothing to lose */
	(void)close(b->end[1]);
	b->end[1] = -1;
	errno = error;
	return fault_sys(f, "cannot start a thread");
}

bool
bell_rings(const struct bell *b)
{
	return atomic_load(&b->is_ringing);
}

void
bell_hush(struct bell *b)
{
	atomic_store(&b->is_ringing, false);
	(void)sem_post(&b->hushed); /* cannot fail: one for each ring */
}

void
bell_stop(struct bell *b)
{
	if (b->end[1] <= 0)
		return;
	atomic_store(&b->is_ending, true);
	(void)sem_post(&b->hushed); /* it may wait for that */
	(void)close(b->end[1]); /* which the thread sees */
	(void)pthread_join(b->ringer, NULL); /* it has no result */
	(void)sem_destroy(&b->hushed); /* nobody waits */
	(void)close(b->end[0]); /* a pipe */
	b->end[1] = -1;
}
