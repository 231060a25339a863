/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"

#include "engine/process.h"

#include <signal.h>

/* In a child: fork one that waits to be killed, and dies with us. */
static pid_t
spawn(void)
{
	const pid_t pid = fork();

	child_check(pid >= 0);
	if (pid == 0) {
		child_check(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
		for (;;)
			(void)pause();
	}
	return pid;
}

/* In a child: what has become of the one that was forked. */
static void
wait_until(pid_t pid, int how)
{
	siginfo_t info;

	(void)alarm(20);
	child_check(waitid(P_PID, (id_t)pid, &info, how | WNOWAIT) == 0);
}

static void
look_at_oneself(void)
{
	struct process p, again;

	child_check(process_look(&p, getpid()));
	child_check(p.pid == getpid() && p.parent == getppid());
	child_check(p.is_alive && p.start > 0);
	child_check(!p.is_kin && p.signo == 0 && p.name[0] == '\0');
	child_check(process_look(&again, getpid()));
	child_check(process_is_same(&p, &again));
	again.start++; /* the number is another's now */
	child_check(!process_is_same(&p, &again));
	child_check(process_look(&again, getppid()));
	child_check(!process_is_same(&p, &again));
}

static void
a_process_is_known_by_its_number_and_its_start(void **state)
{
	(void)state;
	assert_child_passes(look_at_oneself);
}

static void
look_at_one_that_ends(void)
{
	const pid_t pid = spawn();
	struct process p;

	child_check(process_look(&p, pid) && p.is_alive);
	child_check(p.parent == getpid());
	child_check(kill(pid, SIGKILL) == 0);
	wait_until(pid, WEXITED);
	child_check(process_look(&p, pid) && !p.is_alive);
	child_check(waitpid(pid, NULL, 0) == pid);
	child_check(!process_look(&p, pid));
	child_check(p.pid == pid && p.start == 0 && !p.is_alive);
	process_name(&p);
	child_check(p.name[0] == '\0');
}

static void
one_that_waits_to_be_reaped_is_not_alive_and_then_gone(void **state)
{
	(void)state;
	assert_child_passes(look_at_one_that_ends);
}

static void
stop_and_continue(void)
{
	const pid_t pid = spawn();

	child_check(!process_is_stopped(pid));
	child_check(kill(pid, SIGSTOP) == 0);
	wait_until(pid, WSTOPPED);
	child_check(process_is_stopped(pid));
	child_check(kill(pid, SIGCONT) == 0);
	wait_until(pid, WCONTINUED);
	child_check(!process_is_stopped(pid));
	child_check(kill(pid, SIGKILL) == 0);
	child_check(waitpid(pid, NULL, 0) == pid);
	child_check(!process_is_stopped(pid));
}

static void
who_is_stopped_is_known(void **state)
{
	(void)state;
	assert_child_passes(stop_and_continue);
}

static void
numbers_are_below_the_limit(void **state)
{
	(void)state;
	assert_true(getpid() < process_limit());
	assert_true(process_limit() <= PROCESS_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_process_is_known_by_its_number_and_its_start),
		cmocka_unit_test(
		    one_that_waits_to_be_reaped_is_not_alive_and_then_gone),
		cmocka_unit_test(who_is_stopped_is_known),
		cmocka_unit_test(numbers_are_below_the_limit),
	};

	return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
