/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "../scratch.h"
#include "test_keeper.h"

#include "engine/keeper.h"
#include "engine/reaper.h"

#include <signal.h>

static void
wait_for_file(const char *path)
{
	while (access(path, F_OK) < 0)
		sleep_ms(1);
}

/* How a supervisor is killed: `script` makes the file "ready" and goes on. */
struct murder {
	const char *script;
	int (*prepare)(void *arg);
	void *arg;
	long delay; /* milliseconds from "ready" on */
	unsigned limit; /* milliseconds until nothing is left */
};

/* In a child of the test's child: all that a supervisor does here. */
static void
supervise(const struct murder *m)
{
	const char *const argv[] = { "sh", "-c", m->script, NULL };
	struct keeper k = KEEPER_INIT;

	start_with(&k, argv, m->prepare, m->arg);
	wait_for_ever();
}

static void
kill_supervisor(const struct murder *m)
{
	pid_t pid;

	(void)alarm(30);
	child_check(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	(void)unlink("ready");
	pid = fork();
	child_check(pid >= 0);
	if (pid == 0)
		supervise(m);
	wait_for_file("ready");
	sleep_ms(m->delay);
	child_check(kill(pid, SIGKILL) == 0);
	await_children(m->limit);
}

static void
kill_supervisor_of_a_command(void)
{
	const struct murder m = {
		.script = "trap '' TERM; sleep 1000 &\n" LEAVE_A_DAEMON
			  "echo >ready; sleep 1000",
		.limit = 1000,
	};

	kill_supervisor(&m);
}

static int
never_prepare(void *arg)
{
	(void)arg;
	if (open("ready", O_WRONLY | O_CREAT | O_CLOEXEC, 0644) < 0)
		return -1;
	wait_for_ever();
	return 0;
}

/* The one who will be the command still has what its supervisor has. */
static void
kill_supervisor_during_preparation(void)
{
	const struct murder m = {
		.script = "true", .prepare = never_prepare, .limit = 1000
	};

	kill_supervisor(&m);
}

/* The keeper has more messages than room, and waits for their reader. */
static void
kill_supervisor_who_reads_nothing(void)
{
	struct brood brood = { MANY, wait_for_ever };
	const struct murder m = {
		.script = "echo >ready",
		.prepare = leave_orphans,
		.arg = &brood,
		.delay = REAPER_GRACE + 300,
		.limit = 5000,
	};

	kill_supervisor(&m);
}

static void
all_ends_within_a_second_when_the_supervisor_is_killed(void **state)
{
	(void)state;
	assert_child_passes(kill_supervisor_of_a_command);
	assert_child_passes(kill_supervisor_during_preparation);
	assert_child_passes(kill_supervisor_who_reads_nothing);
}

static void
let_go_early(void)
{
	struct keeper k = KEEPER_INIT;
	struct account a = { 0 };

	(void)unlink("ready");
	start(&k, LEAVE_A_DAEMON "trap '' TERM; echo >ready; sleep 1000");
	wait_for_file("ready");
	child_check(read_until(&k, KEEPER_STARTED, &a));
	keeper_end(&k);
	check_nothing_is_left();
	keeper_end(&k);
}

static void
letting_go_ends_all_even_the_command(void **state)
{
	(void)state;
	assert_child_passes(let_go_early);
}

static void
kill_keeper(void)
{
	const int64_t begin = now_ms();
	struct brood brood = { 3, fork_for_ever };
	const char *const argv[] = { "sh", "-c",
		LEAVE_A_DAEMON "echo >ready; sleep 1000", NULL };
	struct keeper k = KEEPER_INIT;
	struct account a = { 0 };

	(void)unlink("ready");
	start_with(&k, argv, leave_orphans, &brood);
	wait_for_file("ready");
	child_check(kill(k.pid, SIGKILL) == 0);
	child_check(!read_until(&k, KEEPER_DONE, &a));
	child_check(a.n_started == 1 && a.n_exited == 0);
	keeper_end(&k);
	check_nothing_is_left();
	child_check(now_ms() - begin < FOR_EVER);
}

static void
all_ends_too_when_the_keeper_is_killed(void **state)
{
	(void)state;
	assert_child_passes(kill_keeper);
}

static void
stop_keeper(void)
{
	struct keeper k = KEEPER_INIT;
	siginfo_t info;

	start(&k, "sleep 1000");
	for (int signo = 1; signo < 32; signo++)
		if (signo != SIGKILL && signo != SIGSTOP)
			child_check(kill(k.pid, signo) == 0);
	child_check(kill(k.pid, SIGSTOP) == 0);
	child_check(waitid(P_PID, (id_t)k.pid, &info, WSTOPPED | WNOWAIT) == 0);
	keeper_end(&k);
	check_nothing_is_left();
}

static void
keeper_heeds_no_signal_and_cannot_be_stopped_for_good(void **state)
{
	(void)state;
	assert_child_passes(stop_keeper);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    all_ends_within_a_second_when_the_supervisor_is_killed),
		cmocka_unit_test(letting_go_ends_all_even_the_command),
		cmocka_unit_test(all_ends_too_when_the_keeper_is_killed),
		cmocka_unit_test(
		    keeper_heeds_no_signal_and_cannot_be_stopped_for_good),
	};

	return cmocka_run_group_tests_name(
	    "keeper_killed", tests, scratch_setup, scratch_teardown);
}
