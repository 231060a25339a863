/* SPDX-License-Identifier: BSD-2-Clause */
#include "heard.h"
#include "supervised.h"

#include <linux/seccomp.h>
#include <signal.h>

static void
give_away(void)
{
	child_check(chown("file", NOBODYS, NOBODIES) == 0);
}

static void
what_a_command_does_is_in_the_journal(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	scratch_file("other", "");
	supervised_run(&s, "give_away");
	expect_record(&s, "file", "uid=4242 gid=4343");
	expect_record(&s, "other", "");
	heard_expect(&s.heard, "");
	supervised_end(&s);
}

static void
the_journal_can_be_read_by_its_name_alone(void **state)
{
	struct supervised s = SUPERVISED;
	struct buf text = BUF_INIT;

	(void)state;
	scratch_file("file", "");
	supervised_run(&s, "give_away");
	assert_int_equal(strncmp(s.s.scribe.name, "/proc/", 6), 0);
	scratch_load(&text, s.s.scribe.name);
	assert_true(text.len > strlen(JOURNAL_SIGNATURE));
	assert_memory_equal(
	    text.data, JOURNAL_SIGNATURE, strlen(JOURNAL_SIGNATURE));
	buf_release(&text);
	supervised_end(&s);
	assert_false(scratch_has(s.s.scribe.name));
}

static int
run_shell(struct supervised *s, const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };

	return supervised_run_command(s, argv);
}

static void
the_status_is_the_commands(void **state)
{
	struct supervised s = SUPERVISED;
	int status;

	(void)state;
	assert_int_equal(run_shell(&s, "exit 0"), 0);
	supervised_end(&s);
	status = run_shell(&s, "exit 42");
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
	supervised_end(&s);
	status = run_shell(&s, "kill -9 $$");
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	supervised_end(&s);
}

static void
a_command_that_cannot_be_executed_is_told(void **state)
{
	static const struct {
		const char *name;
		int error;
	} commands[] = {
		{ "./missing", ENOENT },
		{ "./file", EACCES },
		{ "/", EACCES },
	};

	(void)state;
	scratch_file("file", "");
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		const char *const argv[] = { commands[i].name, NULL };
		const struct supervisor_options o = { .fakes_ids = true };
		struct supervisor s;
		struct fault f = { 0 };

		assert_ok(supervisor_open(&s, &o, &f), &f);
		assert_ok(
		    supervisor_run(&s, (char *const *)argv, environ, &f), &f);
		assert_int_equal(s.cannot_execute, commands[i].error);
		supervisor_close(&s);
	}
}

static void
expect_no_descriptor(void)
{
	for (int fd = 3; fd < 100; fd++)
		child_check(fcntl(fd, F_GETFD) == -1 && errno == EBADF);
}

static void
a_command_inherits_no_descriptor_of_the_supervisor(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	/* nor of whoever runs this test */
	for (int fd = 3; fd < 100; fd++)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	supervised_run(&s, "expect_no_descriptor");
	supervised_end(&s);
}

static void
leave_a_daemon(void)
{
	const pid_t pid = fork();

	child_check(pid >= 0);
	if (pid == 0) {
		child_check(setsid() > 0);
		(void)pause();
		_exit(0);
	}
}

static void
who_outlives_the_command_is_ended_and_named(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "leave_a_daemon");
	assert_int_equal(s.heard.count, 1);
	assert_non_null(strstr(s.heard.lines.data,
	    "leave_a_daemon') outlived the command: ended by SIGTERM\n"));
	supervised_end(&s);
}

static volatile sig_atomic_t was_told;

static void
be_told(int signo)
{
	(void)signo;
	was_told = 1;
}

static void
signal_the_supervisor(void)
{
	const struct sigaction sa = { .sa_handler = be_told };
	const char *pid = getenv("AMTREE_TEST_PID");
	sigset_t none, old;

	sigemptyset(&none);
	child_check(pid != NULL);
	child_check(sigaction(SIGTERM, &sa, NULL) == 0);
	child_check(sigprocmask(SIG_SETMASK, NULL, &old) == 0);
	child_check(!sigismember(&old, SIGTERM));
	child_check(kill((pid_t)strtol(pid, NULL, 10), SIGTERM) == 0);
	for (int i = 0; i < 1000 && !was_told; i++)
		scratch_pause(10);
	child_check(was_told);
}

static void
signals_are_passed_on_to_the_command(void **state)
{
	struct supervised s = SUPERVISED;
	char pid[16];

	(void)state;
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	must(setenv("AMTREE_TEST_PID", pid, 1));
	supervised_run(&s, "signal_the_supervisor");
	supervised_end(&s);
	must(unsetenv("AMTREE_TEST_PID"));
}

static void
the_signal_mask_is_put_back(void **state)
{
	struct supervised s = SUPERVISED;
	sigset_t before, after;

	(void)state;
	must(sigprocmask(SIG_SETMASK, NULL, &before));
	assert_int_equal(run_shell(&s, ":"), 0);
	supervised_end(&s);
	must(sigprocmask(SIG_SETMASK, NULL, &after));
	for (int signo = 1; signo < SIGRTMAX; signo++)
		assert_int_equal(
		    sigismember(&before, signo), sigismember(&after, signo));
}

static void
run_in_run(void)
{
	static const char *const argv[] = { "true", NULL };
	const struct supervisor_options o = { .fakes_ids = true };
	struct supervisor s;
	struct fault f = { 0 };

	child_ok(supervisor_open(&s, &o, &f), &f);
	child_check(supervisor_run(&s, (char *const *)argv, environ, &f) == -1);
	child_check(f.kind == FAULT_SYSTEM);
	child_check(strstr(f.text, "runs do not nest") != NULL);
	supervisor_close(&s);
}

static void
a_run_within_a_run_says_that_runs_do_not_nest(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "run_in_run");
	supervised_end(&s);
}

static void
expect_no_child(void)
{
	child_check(waitpid(-1, NULL, 0) == -1 && errno == ECHILD);
}

/* In a child: no command is run, and the fault has these words. */
static void
check_refused(const char *words)
{
	static const char *const argv[] = { "touch", "made", NULL };
	const struct supervisor_options o = { .fakes_ids = true };
	struct supervisor s;
	struct fault f = { 0 };

	(void)alarm(ACT_SECONDS);
	child_ok(supervisor_open(&s, &o, &f), &f);
	child_check(supervisor_run(&s, (char *const *)argv, environ, &f) == -1);
	child_check(f.kind == FAULT_SYSTEM);
	if (strstr(f.text, words) == NULL)
		fprintf(stderr, "'%s'\n", f.text);
	child_check(strstr(f.text, words) != NULL);
	supervisor_close(&s);
	expect_no_child();
	child_check(access("made", F_OK) == -1);
}

static void
run_without_notification(void)
{
	const struct child_refusal no_listener = { .nr = SYS_seccomp,
		.arg = 1,
		.bits = SECCOMP_FILTER_FLAG_NEW_LISTENER,
		.error = EINVAL };

	child_refuse(&no_listener);
	check_refused("has no seccomp user notification");
}

static void
run_without_seccomp(void)
{
	const struct child_refusal no_seccomp = { .nr = SYS_seccomp,
		.error = EPERM };

	child_refuse(&no_seccomp);
	check_refused("has no seccomp user notification");
}

/* It takes the filter, but another one answers before ours is asked. */
static void
run_where_nothing_arrives(void)
{
	const struct child_refusal no_chown = { .nr = SYS_fchown,
		.error = EPERM };

	child_refuse(&no_chown);
	check_refused("has no seccomp user notification");
}

static void
where_calls_cannot_be_stopped_no_command_is_run(void **state)
{
	(void)state;
	assert_child_passes(run_without_notification);
	assert_child_passes(run_without_seccomp);
	assert_child_passes(run_where_nothing_arrives);
}

static const struct act acts[] = {
	act(give_away),
	act(expect_no_descriptor),
	act(leave_a_daemon),
	act(signal_the_supervisor),
	act(run_in_run),
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(what_a_command_does_is_in_the_journal),
		test(the_journal_can_be_read_by_its_name_alone),
		test(the_status_is_the_commands),
		test(a_command_that_cannot_be_executed_is_told),
		test(a_command_inherits_no_descriptor_of_the_supervisor),
		test(who_outlives_the_command_is_ended_and_named),
		test(signals_are_passed_on_to_the_command),
		test(the_signal_mask_is_put_back),
		test(a_run_within_a_run_says_that_runs_do_not_nest),
		test(where_calls_cannot_be_stopped_no_command_is_run),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("supervisor", tests, NULL, NULL);
}
