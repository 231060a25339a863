/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_kin - processes that come from a child of the test's, and end with it
 *
 *	begin(ends);
 *	pid = spawn(have_a_child, ends[1]);
 *	await(ends[0], 2);
 *	... kin_load(&kin)
 *	end_all();
 */
#ifndef TESTS_TEST_KIN_H
#define TESTS_TEST_KIN_H

#include "../child.h"

#include "engine/kin.h"

#include <signal.h>

/* In a child: fork one that runs `body`, waits until it is killed. */
static inline pid_t
spawn(void (*body)(int ready), int ready)
{
	const pid_t pid = fork();

	child_check(pid >= 0);
	if (pid == 0) {
		/* should the test fail, it does not stay */
		child_check(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
		body(ready);
		child_check(write(ready, "x", 1) == 1);
		for (;;)
			(void)pause();
	}
	return pid;
}

static inline void
nothing_more(int ready)
{
	(void)ready;
}

static inline void
have_a_child(int ready)
{
	(void)spawn(nothing_more, ready);
}

static inline void
await(int fd, unsigned count)
{
	char byte;

	for (; count > 0; count--)
		child_check(read(fd, &byte, 1) == 1);
}

/* In a child: end all its kin, whose every orphan comes to it. */
static inline void
end_all(void)
{
	struct kin kin = { 0 };

	do {
		kin_load(&kin);
		for (size_t i = 0; i < kin.count; i++)
			(void)kin_signal(&kin.items[i], SIGKILL);
	} while (waitpid(-1, NULL, 0) > 0);
	kin_load(&kin);
	child_check(kin.count == 0);
	kin_release(&kin);
}

static inline void
begin(int *ends)
{
	(void)alarm(20);
	child_check(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	child_check(pipe(ends) == 0);
}

#endif
