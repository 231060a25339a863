/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/bell.h"

#include "base/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { AGAIN = 200000 }; /* nanoseconds from one ring to the next */

static void
wake(int signo)
{
	(void)signo; /* what matters is that a call was interrupted */
}

/* Wait for a descriptor, then ring until that is noticed. */
static void *
ring(void *arg)
{
	const struct timespec pause = { .tv_nsec = AGAIN };
	struct bell *b = arg;

	while (!atomic_load(&b->is_ending)) {
		if (poll(b->fds, b->count + 1, -1) <= 0)
			continue;
		if (b->fds[b->count].revents != 0)
			break;
		atomic_store(&b->is_ringing, true);
		while (atomic_load(&b->is_ringing) &&
		    !atomic_load(&b->is_ending)) {
			(void)pthread_kill(b->sleeper, BELL_SIGNAL);
			(void)nanosleep(&pause, NULL);
		}
	}
	return NULL;
}

int
bell_start(struct bell *b, const int *fds, size_t count, struct fault *f)
{
	struct sigaction action = { .sa_handler = wake };
	sigset_t ours, old;
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
	(void)sigaction(BELL_SIGNAL, &action, NULL); /* cannot fail */
	/* all signals are for the sleeper */
	sigfillset(&ours);
	(void)pthread_sigmask(SIG_SETMASK, &ours, &old); /* cannot fail */
	error = pthread_create(&b->ringer, NULL, ring, b);
	sigdelset(&old, BELL_SIGNAL);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL); /* cannot fail */
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
}

void
bell_stop(struct bell *b)
{
	if (b->end[1] <= 0)
		return;
	atomic_store(&b->is_ending, true);
	(void)close(b->end[1]); /* which the thread sees */
	(void)pthread_join(b->ringer, NULL); /* it has no result */
	(void)close(b->end[0]); /* a pipe */
	b->end[1] = -1;
}
