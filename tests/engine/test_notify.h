/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_notify - a process whose calls are stopped, and answered here
 *
 *	start(&c, make_one_call);
 *	receive(&c, &call);
 *	... answer it
 *	finish(&c, 0);
 */
#ifndef TESTS_TEST_NOTIFY_H
#define TESTS_TEST_NOTIFY_H

#include "../child.h"
#include "scratch.h"

#include "engine/filter.h"
#include "engine/notify.h"

#include <signal.h>

/* A process whose calls are stopped; here is the end that answers them. */
struct caller {
	pid_t pid;
	int listener;
	int word; /* a pipe to it */
};

static struct filter filter;

static inline int
make_filter(void **state)
{
	static const struct filter_options o = { .watches_opens = true };
	struct fault f = { 0 };

	(void)state;
	return filter_make(&filter, &o, &f);
}

static inline int
release_filter(void **state)
{
	(void)state;
	filter_release(&filter);
	return 0;
}

/* Start one; once it has the word it does `act`. */
static inline void
start(struct caller *c, void (*act)(void))
{
	int told[2], word[2], number = -1, pidfd;

	must(pipe2(told, O_CLOEXEC));
	must(pipe2(word, O_CLOEXEC));
	(void)fflush(NULL);
	c->pid = fork();
	must(c->pid);
	if (c->pid == 0) {
		char go;

		(void)alarm(30);
		child_check(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
		number = filter_apply(&filter);
		child_check(number >= 0);
		child_check(write(told[1], &number, sizeof(number)) > 0);
		child_check(read(word[0], &go, 1) == 1);
		act();
		_exit(0);
	}
	c->word = word[1];
	must(close(word[0]));
	must(close(told[1]));
	assert_int_equal(
	    read(told[0], &number, sizeof(number)), sizeof(number));
	must(close(told[0]));
	pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
	must(pidfd);
	c->listener = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
	must(c->listener);
	must(close(pidfd));
	assert_int_equal(write(c->word, "", 1), 1);
}

/* It has ended, with this wait status. */
static inline void
finish(struct caller *c, int want)
{
	int status;

	assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
	must(close(c->listener));
	must(close(c->word));
	if (status != want)
		fail_msg("caller ended with wait status %#x", (unsigned)status);
}

static inline void
receive(const struct caller *c, struct notify_call *call)
{
	siginfo_t ended = { .si_pid = 0 };
	int r;

	while ((r = notify_receive(c->listener, call)) == 0) {
		must(waitid(
		    P_PID, (id_t)c->pid, &ended, WEXITED | WNOHANG | WNOWAIT));
		if (ended.si_pid != 0)
			fail_msg("%s", "the caller has ended");
	}
	must(r);
}

enum {
	DIR_FD = -4711,
	USER = 0x12345678,
	GROUP = 0x23456789,
};

static inline void
make_one_call(void)
{
	child_check(syscall(SYS_fchownat, (long)DIR_FD, "path", (long)USER,
			(long)GROUP, 0x100L) == 17);
}

#endif
