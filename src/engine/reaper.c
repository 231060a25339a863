/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/reaper.h"

#include <errno.h>
#include <poll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	REAP_MAX = 1000, /* children between two looks at the client */
	REAP_TIME = 500, /* milliseconds of reaping between rounds of SIGKILL */
	PAUSE = 10, /* milliseconds of waiting between them */
	SECOND = 1000, /* in milliseconds */
	MILLISECOND = 1000000, /* in nanoseconds */
};

static const int64_t never = INT64_MAX;

static int64_t
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail on Linux */
	return (int64_t)t.tv_sec * SECOND + t.tv_nsec / MILLISECOND;
}

void
reaper_desert(struct reaper *r)
{
	(void)close(r->fd); /* a socket: nothing to lose */
	r->fd = -1;
}

static void
tell(const struct reaper *r, void (*what)(void *, const struct process *),
    const struct process *p)
{
	if (what != NULL)
		what(r->tells.arg, p);
}

/* Take in what has happened to our children. */
static void
reap(struct reaper *r)
{
	r->has_more = false;
	for (unsigned n = 0; n < REAP_MAX; n++) {
		int status;
		const pid_t pid =
		    waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED);

		r->has_children = pid >= 0;
		if (pid <= 0)
			return;
		if (r->tells.changed != NULL)
			r->tells.changed(r->tells.arg, pid, status);
		if (!WIFSTOPPED(status) && !WIFCONTINUED(status))
			r->progress++;
	}
	r->has_more = true;
}

/* Sleep until a child changes, the client is gone or it is `until`. */
static void
doze(struct reaper *r, int64_t until)
{
	struct pollfd hangup = { .fd = r->fd }; /* which needs no asking for */
	const int64_t left = r->has_more ? 0 : until - now();
	const int64_t ms = left > 0 ? left : 0;
	const struct timespec t = { .tv_sec = (time_t)(ms / SECOND),
		.tv_nsec = (long)(ms % SECOND) * MILLISECOND };

	if (ppoll(&hangup, 1, until == never && !r->has_more ? NULL : &t,
		r->mask) > 0)
		reaper_desert(r);
}

/* Reap all that have ended; they may end faster, so not without limit. */
static void
reap_all(struct reaper *r)
{
	const int64_t end = now() + REAP_TIME;

	do
		reap(r);
	while (r->has_more && now() < end);
}

/* Give them until `deadline`; if the client goes, the time is over. */
static void
linger(struct reaper *r, int64_t deadline)
{
	const int fd = r->fd;

	reap(r);
	while (r->has_children && r->fd == fd && now() < deadline) {
		doze(r, deadline);
		reap(r);
	}
}

/* List our kin anew, with what we know of them; the ended ones are told of. */
static void
renew(struct reaper *r, struct kin *present)
{
	size_t j = 0;

	for (size_t i = 0; i < r->kin.count; i++) {
		const struct process *was = &r->kin.items[i];
		struct process *p;

		while (j < present->count && present->items[j].pid < was->pid)
			j++;
		p = &present->items[j];
		if (j < present->count && process_is_same(p, was))
			*p = *was;
		else if (was->signo == SIGTERM)
			tell(r, r->tells.ended, was);
	}
	kin_release(&r->kin);
	r->kin = *present;
}

/* Send it; 1 if it is the first such signal, 0 if not, -1 and errno. */
static int
strike(struct reaper *r, struct process *p, int signo)
{
	const bool is_first = p->signo != signo;

	if (p->signo == 0)
		process_name(p);
	if (kin_signal(p, signo) < 0)
		return -1;
	if (signo == SIGTERM)
		(void)kin_signal(p, SIGCONT); /* if it could not end at once */
	p->signo = signo;
	if (!is_first)
		return 0;
	r->progress++;
	if (signo == SIGKILL)
		tell(r, r->tells.ended, p);
	return 1;
}

/* Signal all that descend from us; true if it was news to any of them. */
static bool
strike_all(struct reaper *r, int signo)
{
	struct kin present = { 0 };
	size_t n_refused = 0;
	bool has_new = false;

	kin_load(&present);
	renew(r, &present);
	for (size_t i = 0; i < r->kin.count; i++) {
		const int struck = strike(r, &r->kin.items[i], signo);

		has_new |= struck > 0;
		n_refused += struck < 0 && errno == EPERM;
	}
	r->is_stuck = n_refused > 0 && n_refused == r->kin.count;
	return has_new;
}

/*
 * SIGKILL to all, again and again: some may fork faster than we list them, but
 * none of those that we have found can fork again.
 */
static void
kill_all(struct reaper *r)
{
	int64_t deadline = now() + REAPER_LIMIT;
	uint64_t progress = r->progress;

	reap_all(r);
	while (r->has_children && now() < deadline) {
		const bool has_new = strike_all(r, SIGKILL);

		if (r->is_stuck)
			return;
		if (has_new)
			reap_all(r);
		else
			linger(r, now() + PAUSE);
		if (r->progress != progress)
			deadline = now() + REAPER_LIMIT;
		progress = r->progress;
	}
}

void
reaper_kill(struct reaper *r)
{
	kill_all(r);
	kin_release(&r->kin);
}

void
reaper_end(struct reaper *r)
{
	struct kin left = { 0 };

	linger(r, now() + REAPER_GRACE);
	if (r->has_children && r->fd >= 0) {
		(void)strike_all(r, SIGTERM); /* which are new is no matter */
		linger(r, now() + REAPER_PATIENCE);
	}
	kill_all(r);
	if (r->has_children)
		kin_load(&left);
	renew(r, &left);
	for (size_t i = 0; i < r->kin.count; i++)
		tell(r, r->tells.alive, &r->kin.items[i]);
	kin_release(&r->kin);
}

void
reaper_wait(struct reaper *r)
{
	doze(r, never);
	reap(r);
}
