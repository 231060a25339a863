/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * blocked - a process that waits until somebody reads a FIFO
 *
 *	const pid_t writer = blocked_start("root/fifo");
 *
 *	... what must not open it
 *	blocked_expect(writer);
 */
#ifndef TESTS_BLOCKED_H
#define TESTS_BLOCKED_H

#include "scratch.h"

#include <signal.h>
#include <sys/wait.h>

/* Start a process that blocks in opening the FIFO for writing. */
static inline pid_t
blocked_start(const char *fifo)
{
	const pid_t pid = fork();

	must(pid);
	if (pid == 0) {
		alarm(60); /* should the test fail before it ends us */
		(void)open(fifo, O_WRONLY | O_CLOEXEC);
		_exit(0);
	}
	scratch_pause(50); /* so that it waits by the time we look */
	return pid;
}

/* It blocks still: nobody has opened the other end. */
static inline void
blocked_expect(pid_t writer)
{
	int status;

	scratch_pause(50);
	assert_int_equal(waitpid(writer, &status, WNOHANG), 0);
	must(kill(writer, SIGKILL));
	assert_int_equal(waitpid(writer, &status, 0), writer);
}

#endif
