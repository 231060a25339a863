/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_keeper - commands under a keeper
 *
 * Each test is a supervisor in a child of its own, which keeper_start() makes a
 * subreaper: what is left over would be its child.  Should it fail, its keeper
 * ends what it has started.
 *
 *	const struct account a = run("exit 3");
 *
 *	child_check(exits_with(&a, 3));
 */
#ifndef TESTS_TEST_KEEPER_H
#define TESTS_TEST_KEEPER_H

#include "../child.h"

#include "engine/keeper.h"

#include <signal.h>
#include <time.h>

enum {
	MANY = 320, /* messages, more than a socket holds */
	FOR_EVER = 4000, /* milliseconds */
};

/* What a keeper has told. */
struct account {
	unsigned n_started, n_failed, n_stopped, n_continued, n_exited, n_ended,
	    n_alive, n_done;
	int error, signo, status;
	pid_t command;
	struct keeper_message last; /* KEEPER_ENDED or KEEPER_ALIVE */
};

static const sigset_t no_signal;

static inline int64_t
now_ms(void)
{
	struct timespec t;

	child_check(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline void
sleep_ms(long ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&t, NULL); /* no signal has a handler */
}

static inline void
start_with(struct keeper *k, const char *const *argv, int (*prepare)(void *),
    void *arg)
{
	const struct keeper_options o = {
		.argv = (char *const *)argv,
		.envp = environ,
		.mask = &no_signal,
		.prepare = prepare,
		.arg = arg,
	};
	struct fault f = { 0 };

	(void)alarm(30);
	child_ok(keeper_start(k, &o, &f), &f);
	child_check(k->pid > 0 && k->fd >= 0 && k->command == -1);
}

static inline void
start(struct keeper *k, const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };

	start_with(k, argv, NULL, NULL);
}

static inline void
enter(struct account *a, const struct keeper_message *m)
{
	child_check(a->n_done == 0);
	switch (m->event) {
	case KEEPER_STARTED:
		child_check(a->n_exited == 0);
		a->n_started++;
		a->command = m->pid;
		return;
	case KEEPER_FAILED:
		child_check(a->n_exited == 0);
		a->n_failed++;
		a->error = m->value;
		return;
	case KEEPER_STOPPED:
		a->n_stopped++;
		a->signo = m->value;
		return;
	case KEEPER_CONTINUED:
		a->n_continued++;
		return;
	case KEEPER_EXITED:
		child_check(m->pid == a->command);
		a->n_exited++;
		a->status = m->value;
		return;
	case KEEPER_ENDED:
		child_check(a->n_exited == 1);
		a->n_ended++;
		a->last = *m;
		return;
	case KEEPER_ALIVE:
		child_check(a->n_exited == 1);
		a->n_alive++;
		a->last = *m;
		return;
	case KEEPER_DONE:
		a->n_done++;
		return;
	}
	child_check(m->event == KEEPER_DONE); /* there is no other */
}

/* Read messages until one of this kind; false if there is none. */
static inline bool
read_until(struct keeper *k, enum keeper_event event, struct account *a)
{
	struct keeper_message m;
	struct fault f = { 0 };
	int r;

	while ((r = keeper_read(k, &m, &f)) > 0) {
		enter(a, &m);
		if (m.event == event)
			return true;
	}
	child_ok(r, &f);
	return false;
}

static inline void
check_nothing_is_left(void)
{
	child_check(waitpid(-1, NULL, WNOHANG | __WALL) < 0);
	child_check(errno == ECHILD);
}

static inline void
finish(struct keeper *k, struct account *a)
{
	child_check(read_until(k, KEEPER_DONE, a));
	child_check(k->command == -1);
	child_check(!read_until(k, KEEPER_DONE, a));
	keeper_end(k);
	child_check(k->pid == -1 && k->fd == -1 && k->command == -1);
	check_nothing_is_left();
	child_check(a->n_exited == 1);
}

static inline struct account
run_with(const char *const *argv, int (*prepare)(void *), void *arg)
{
	struct keeper k = KEEPER_INIT;
	struct account a = { 0 };

	start_with(&k, argv, prepare, arg);
	finish(&k, &a);
	child_check(a.n_started == 1);
	return a;
}

static inline struct account
run(const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };

	return run_with(argv, NULL, NULL);
}

static inline bool
exits_with(const struct account *a, int value)
{
	return WIFEXITED(a->status) && WEXITSTATUS(a->status) == value;
}

/* Leaves "sleep 1000" behind, without parent, group and session. */
#define LEAVE_A_DAEMON                                                \
	"(setsid sh -c 'echo $$ >daemon; exec sleep 1000' &)\n"       \
	"until grep -s ^sleep /proc/$(cat daemon 2>&1)/cmdline; do\n" \
	"	sleep 0.01\n"                                               \
	"done >grepped 2>&1\n"

/* Leave that many orphans; each runs `body`, if any, and ends. */
struct brood {
	unsigned count;
	void (*body)(void);
};

static inline int
leave_orphans(void *arg)
{
	const struct brood *brood = arg;

	for (unsigned i = 0; i < brood->count; i++) {
		const pid_t pid = fork();

		if (pid < 0)
			return -1;
		if (pid == 0) {
			/* the keeper's socket: a command does not have it */
			for (int fd = 3; fd < 64; fd++)
				(void)close(fd);
			if (fork() == 0 && brood->body != NULL)
				brood->body();
			_exit(0);
		}
		if (waitpid(pid, NULL, 0) != pid)
			return -1;
	}
	return 0;
}

static inline void
wait_for_ever(void)
{
	for (;;)
		(void)pause();
}

/*
 * The parent goes, the child goes on: none is there for longer than that.  A
 * keeper who fails the test shall not leave this behind, so it has an end.
 */
static inline void
fork_for_ever(void)
{
	const int64_t end = now_ms() + FOR_EVER;

	/* with a pause, else it is the machine that is tested */
	while (now_ms() < end && usleep(500) == 0)
		if (fork() > 0)
			_exit(0);
}

static const char *const true_argv[] = { "true", NULL };

static inline void
await_children(unsigned ms)
{
	const int64_t deadline = now_ms() + ms;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0) {
		child_check(now_ms() < deadline);
		if (pid == 0)
			sleep_ms(1);
	}
	child_check(errno == ECHILD);
}

#endif
