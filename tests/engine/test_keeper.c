/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_keeper.h"
#include "../child.h"
#include "../scratch.h"

#include "base/signals.h"
#include "engine/keeper.h"

static void
run_and_end(void)
{
	struct account a = run("exit 0");

	child_check(exits_with(&a, 0));
	child_check(a.n_failed + a.n_ended + a.n_alive == 0);
	a = run("exit 7");
	child_check(exits_with(&a, 7));
	a = run("kill -USR1 $$");
	child_check(WIFSIGNALED(a.status) && WTERMSIG(a.status) == SIGUSR1);
}

static void
status_of_the_command_is_told(void **state)
{
	(void)state;
	assert_child_passes(run_and_end);
}

static void
run_with_environment(void)
{
	const char *const argv[] = { "sh", "-c",
		"test \"$A\" = b && kill -USR1 $$ && kill -33 $$ && "
		"exit 3",
		NULL };
	const char *const envp[] = { "A=b", NULL };
	struct keeper k = KEEPER_INIT;
	struct account a = { 0 };
	struct fault f = { 0 };
	sigset_t all, before, after;
	const struct keeper_options o = { .argv = (char *const *)argv,
		.envp = (char *const *)envp,
		.mask = &all };

	signals_fill(&all); /* one that is libc's own, too */
	child_check(sigprocmask(SIG_SETMASK, NULL, &before) == 0);
	child_ok(keeper_start(&k, &o, &f), &f);
	child_check(sigprocmask(SIG_SETMASK, NULL, &after) == 0);
	for (int signo = 1; signo < SIGRTMAX; signo++)
		child_check(
		    sigismember(&before, signo) == sigismember(&after, signo));
	finish(&k, &a);
	child_check(exits_with(&a, 3));
}

static void
command_gets_its_environment_and_its_blocked_signals(void **state)
{
	(void)state;
	assert_child_passes(run_with_environment);
}

static void
execute_what_cannot_be(void)
{
	static const char *const missing[] = { "./missing", NULL },
				 *const data[] = { "./data", NULL };
	struct account a;

	scratch_write("data", "no program\n");
	a = run_with(missing, NULL, NULL);
	child_check(a.n_failed == 1 && a.error == ENOENT);
	child_check(exits_with(&a, 127));
	a = run_with(data, NULL, NULL);
	child_check(a.n_failed == 1 && a.error == EACCES);
	child_check(exits_with(&a, 126));
}

static void
command_that_cannot_be_executed_is_told_with_the_reason(void **state)
{
	(void)state;
	assert_child_passes(execute_what_cannot_be);
}

static int
refuse(void *arg)
{
	(void)arg;
	return -1;
}

static int
note(void *arg)
{
	const int *fd = arg;

	return write(*fd, "here", 4) == 4 ? 0 : -1;
}

static void
run_prepared(void)
{
	const char *const argv[] = { "true", NULL };
	struct account a = run_with(argv, refuse, NULL);
	int ends[2];
	char bytes[8];

	child_check(exits_with(&a, 125));
	child_check(a.n_failed == 0);
	child_check(pipe(ends) == 0);
	a = run_with(argv, note, &ends[1]);
	child_check(exits_with(&a, 0));
	child_check(read(ends[0], bytes, sizeof(bytes)) == 4);
}

static void
preparation_runs_in_the_command_and_may_fail(void **state)
{
	(void)state;
	assert_child_passes(run_prepared);
}

static void
stop_and_continue(void)
{
	struct keeper k = KEEPER_INIT;
	struct account a = { 0 };
	int ends[2];

	child_check(pipe2(ends, O_CLOEXEC) == 0 && dup2(ends[0], 0) == 0);
	start(&k, "kill -STOP $$; read -r x; exit 5");
	child_check(read_until(&k, KEEPER_STOPPED, &a));
	child_check(a.signo == SIGSTOP && k.command == a.command);
	child_check(kill(k.command, SIGCONT) == 0);
	child_check(read_until(&k, KEEPER_CONTINUED, &a));
	child_check(close(ends[1]) == 0);
	finish(&k, &a);
	child_check(a.n_stopped == 1 && a.n_continued == 1);
	child_check(exits_with(&a, 5));
}

static void
stopping_and_continuing_is_told(void **state)
{
	(void)state;
	assert_child_passes(stop_and_continue);
}

/* In one that leads no group, so that it can start a session. */
static void
run_as_a_job(void)
{
	struct keeper k = KEEPER_INIT;
	struct account a = { 0 };
	int ends[2];

	child_check(pipe(ends) == 0 && dup2(ends[0], 0) == 0);
	start(&k, "read -r x");
	child_check(read_until(&k, KEEPER_STARTED, &a));
	child_check(getsid(k.command) == getsid(0));
	child_check(getpgid(k.command) == getpgid(0));
	while (getsid(k.pid) != k.pid)
		sleep_ms(1);
	keeper_end(&k);

	/* here the kernel stops nobody: no shell is there to continue him */
	child_check(setsid() == getpid());
	a = run("kill -TSTP $$; exit 9");
	child_check(a.n_stopped == 0 && exits_with(&a, 9));
}

static void
command_is_in_the_job_of_its_supervisor_and_the_keeper_is_not(void **state)
{
	(void)state;
	assert_child_passes(run_as_a_job);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_of_the_command_is_told),
		cmocka_unit_test(
		    command_gets_its_environment_and_its_blocked_signals),
		cmocka_unit_test(
		    command_that_cannot_be_executed_is_told_with_the_reason),
		cmocka_unit_test(preparation_runs_in_the_command_and_may_fail),
		cmocka_unit_test(stopping_and_continuing_is_told),
		cmocka_unit_test(
		    command_is_in_the_job_of_its_supervisor_and_the_keeper_is_not),
	};

	return cmocka_run_group_tests_name(
	    "keeper", tests, scratch_setup, scratch_teardown);
}
