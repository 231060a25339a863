/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "../tests.h"

#include "base/io.h"
#include "base/stop.h"

#include <signal.h>
#include <sys/time.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

static void
check_nothing_came(void)
{
	struct fault f = { 0 };

	stop_catch();
	child_check(!stop_is_requested());
	child_check(stop_check(&f) == 0);
	child_check(f.kind == FAULT_NONE);
	stop_rethrow();
}

static void
without_a_signal_nothing_stops(void **state)
{
	(void)state;
	assert_child_passes(check_nothing_came);
}

static int chosen;

static void
die_of_chosen(void)
{
	struct fault f = { 0 };

	(void)signal(chosen, SIG_DFL); /* nohup(1) has one ignored */
	stop_catch();
	(void)raise(chosen);
	child_check(stop_is_requested());
	child_check(stop_check(&f) == -1);
	child_check(f.kind == FAULT_STOPPED);
	child_check(strncmp(f.text, "stopped by ", 11) == 0);
	stop_rethrow();
}

static void
signal_leaves_a_mark_and_is_died_of_at_the_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		int status;

		chosen = signals[i];
		status = child_run(die_of_chosen);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), chosen);
	}
}

static void
check_ignored_hangup(void)
{
	(void)signal(SIGHUP, SIG_IGN);
	stop_catch();
	(void)raise(SIGHUP);
	child_check(!stop_is_requested());
}

static void
ignored_signal_stays_ignored(void **state)
{
	(void)state;
	assert_child_passes(check_ignored_hangup);
}

static void
check_closed_pipe(void)
{
	struct fault f = { 0 };
	int ends[2];

	stop_catch();
	child_check(pipe(ends) == 0 && close(ends[0]) == 0);
	child_check(io_write(ends[1], "x", 1, &f) == -1);
	child_check(strcmp(f.text, "cannot write: Broken pipe") == 0);
	child_check(!stop_is_requested());
}

static void
closed_pipe_is_an_ordinary_write_error(void **state)
{
	(void)state;
	assert_child_passes(check_closed_pipe);
}

static void
lose_the_reader(void)
{
	struct fault f = { 0 };
	int ends[2];

	(void)signal(SIGPIPE, SIG_DFL); /* who started us may ignore it */
	stop_catch_reader();
	child_check(!stop_has_no_reader());
	child_check(pipe(ends) == 0 && close(ends[0]) == 0);
	child_check(io_write(ends[1], "x", 1, &f) == -1);
	child_check(stop_has_no_reader());
	child_check(stop_is_requested());
	stop_rethrow();
}

static void
who_only_prints_dies_of_a_closed_pipe(void **state)
{
	int status;

	(void)state;
	status = child_run(lose_the_reader);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGPIPE);
}

static void
check_ignored_pipe(void)
{
	struct fault f = { 0 };
	int ends[2];

	(void)signal(SIGPIPE, SIG_IGN);
	stop_catch_reader();
	child_check(pipe(ends) == 0 && close(ends[0]) == 0);
	child_check(io_write(ends[1], "x", 1, &f) == -1);
	child_check(!stop_has_no_reader());
	child_check(!stop_is_requested());
}

static void
where_a_closed_pipe_is_ignored_it_is_an_error(void **state)
{
	(void)state;
	assert_child_passes(check_ignored_pipe);
}

/* Some alarms come before we ask, and must be slept through. */
static void
ask_to_stop(int signo)
{
	static volatile sig_atomic_t alarms;

	(void)signo;
	if (++alarms == 20)
		(void)raise(SIGTERM);
}

static void
read_until_stopped(void)
{
	const struct sigaction act = { .sa_handler = ask_to_stop };
	const struct itimerval every_ms = { { 0, 1000 }, { 0, 1000 } };
	struct fault f = { 0 };
	int ends[2];
	char byte;
	size_t got;

	stop_catch();
	child_check(pipe(ends) == 0);
	child_check(sigaction(SIGALRM, &act, NULL) == 0);
	(void)setitimer(ITIMER_REAL, &every_ms, NULL);
	child_check(io_read(ends[0], &byte, 1, &got, &f) == -1);
	child_check(f.kind == FAULT_STOPPED);
	child_check(got == 0);
}

static void
waiting_read_ends_when_the_user_says_so(void **state)
{
	(void)state;
	assert_child_passes(read_until_stopped);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_signal_nothing_stops),
		cmocka_unit_test(
		    signal_leaves_a_mark_and_is_died_of_at_the_end),
		cmocka_unit_test(ignored_signal_stays_ignored),
		cmocka_unit_test(closed_pipe_is_an_ordinary_write_error),
		cmocka_unit_test(who_only_prints_dies_of_a_closed_pipe),
		cmocka_unit_test(where_a_closed_pipe_is_ignored_it_is_an_error),
		cmocka_unit_test(waiting_read_ends_when_the_user_says_so),
	};

	return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
