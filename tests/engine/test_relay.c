/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "../tests.h"

#include "engine/relay.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/time.h>

/* A command that blocks all signals, so that those it gets can be looked up. */
static pid_t
start_command(void)
{
	const pid_t pid = fork();

	child_check(pid >= 0);
	if (pid == 0) {
		(void)alarm(30);
		for (;;)
			(void)pause();
	}
	return pid;
}

static void
end_command(pid_t pid)
{
	child_check(kill(pid, SIGKILL) == 0);
	child_check(waitpid(pid, NULL, 0) == pid);
}

/* True if the signal was sent to that process, and waits there. */
static bool
is_pending(pid_t pid, int signo)
{
	char name[64], line[256];
	unsigned long long set = 0;
	FILE *status;

	snprintf(name, sizeof(name), "/proc/%d/status", (int)pid);
	status = fopen(name, "re");
	child_check(status != NULL);
	while (fgets(line, sizeof(line), status) != NULL) {
		if (strncmp(line, "ShdPnd:", 7) == 0)
			set = strtoull(line + 7, NULL, 16);
	}
	(void)fclose(status);
	return (set >> (signo - 1) & 1) != 0;
}

/* Let another process send us a signal. */
static void
send_from_outside(int signo)
{
	const pid_t us = getpid(), pid = fork();
	int status;

	child_check(pid >= 0);
	if (pid == 0)
		_exit(kill(us, signo) == 0 ? 0 : 1);
	child_check(waitpid(pid, &status, 0) == pid && status == 0);
}

static void
open_relay(struct relay *r)
{
	struct fault f = { 0 };

	*r = (struct relay)RELAY_INIT;
	child_ok(relay_open(r, &f), &f);
}

static void
pass_on_what_others_send(void)
{
	static const int all[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGTSTP,
		SIGWINCH, SIGPIPE };
	struct relay r;
	pid_t command;

	open_relay(&r);
	command = start_command();
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct pollfd fd = { .fd = r.fd, .events = POLLIN };

		send_from_outside(all[i]);
		child_check(poll(&fd, 1, 0) == 1);
		child_check(!is_pending(command, all[i]));
		relay_serve(&r, command);
		child_check(is_pending(command, all[i]));
	}
	end_command(command);
	relay_close(&r);
}

static void
what_others_send_to_us_goes_on_to_the_command(void **state)
{
	(void)state;
	assert_child_passes(pass_on_what_others_send);
}

static void
keep_what_is_our_own(void)
{
	struct relay r;
	pid_t command, other;

	open_relay(&r);
	command = start_command();
	child_check(kill(getpid(), SIGPIPE) == 0);
	child_check(kill(getpid(), SIGUSR1) == 0);
	other = fork();
	child_check(other >= 0);
	if (other == 0)
		_exit(0);
	child_check(waitpid(other, NULL, 0) == other); /* SIGCHLD */
	relay_serve(&r, command);
	child_check(!is_pending(command, SIGPIPE));
	child_check(!is_pending(command, SIGUSR1));
	child_check(!is_pending(command, SIGCHLD));
	send_from_outside(SIGCHLD);
	relay_serve(&r, command);
	child_check(!is_pending(command, SIGCHLD));
	end_command(command);
	relay_close(&r);
}

static void
what_we_caused_ourselves_does_not(void **state)
{
	(void)state;
	assert_child_passes(keep_what_is_our_own);
}

static void
pass_on_an_alarm(void)
{
	const struct itimerval soon = { .it_value = { .tv_usec = 1000 } };
	struct relay r;
	struct pollfd fd;
	pid_t command;

	open_relay(&r);
	command = start_command();
	fd = (struct pollfd){ .fd = r.fd, .events = POLLIN };
	child_check(setitimer(ITIMER_REAL, &soon, NULL) == 0);
	child_check(poll(&fd, 1, 10000) == 1);
	relay_serve(&r, command);
	child_check(is_pending(command, SIGALRM));
	end_command(command);
	relay_close(&r);
}

static void
an_alarm_that_was_set_before_goes_on(void **state)
{
	(void)state;
	assert_child_passes(pass_on_an_alarm);
}

static void
pass_on_a_continuation(void)
{
	struct relay r;
	pid_t command;
	int status;

	open_relay(&r);
	command = start_command();
	send_from_outside(SIGCONT);
	relay_serve(&r, command);
	child_check(!is_pending(command, SIGCONT));
	child_check(kill(command, SIGSTOP) == 0);
	child_check(waitpid(command, &status, WUNTRACED) == command);
	send_from_outside(SIGCONT);
	relay_serve(&r, command);
	child_check(waitpid(command, &status, WCONTINUED) == command);
	child_check(WIFCONTINUED(status));
	end_command(command);
	relay_close(&r);
}

static void
a_continuation_is_for_who_is_stopped(void **state)
{
	(void)state;
	assert_child_passes(pass_on_a_continuation);
}

static void
drop_without_a_command(void)
{
	struct pollfd fd;
	struct relay r;

	open_relay(&r);
	send_from_outside(SIGTERM);
	relay_serve(&r, -1);
	fd = (struct pollfd){ .fd = r.fd, .events = POLLIN };
	child_check(poll(&fd, 1, 0) == 0);
	relay_close(&r);
}

static void
without_a_command_a_signal_is_dropped(void **state)
{
	(void)state;
	assert_child_passes(drop_without_a_command);
}

static void
put_the_mask_back(void)
{
	sigset_t before, after;
	struct relay r;

	(void)sigemptyset(&before);
	(void)sigaddset(&before, SIGUSR2);
	child_check(sigprocmask(SIG_SETMASK, &before, NULL) == 0);
	open_relay(&r);
	child_check(sigismember(&r.mask, SIGUSR2) == 1);
	child_check(sigismember(&r.mask, SIGTERM) == 0);
	/* it would end us, if it were still there once it is not blocked */
	send_from_outside(SIGTERM);
	relay_close(&r);
	child_check(r.fd == -1);
	child_check(sigprocmask(SIG_SETMASK, NULL, &after) == 0);
	child_check(sigismember(&after, SIGUSR2) == 1);
	child_check(sigismember(&after, SIGTERM) == 0);
	relay_close(&r);
	child_check(sigprocmask(SIG_SETMASK, NULL, &after) == 0);
	child_check(sigismember(&after, SIGUSR2) == 1);
}

static void
closing_puts_the_mask_back_and_drops_what_has_come(void **state)
{
	(void)state;
	assert_child_passes(put_the_mask_back);
}

static void
open_without_descriptors(void)
{
	const struct rlimit none = { 0, 0 };
	struct relay r = RELAY_INIT;
	struct fault f = { 0 };
	sigset_t after;

	child_check(setrlimit(RLIMIT_NOFILE, &none) == 0);
	child_check(relay_open(&r, &f) == -1);
	child_check(f.kind == FAULT_SYSTEM);
	child_check(strstr(f.text, "cannot receive signals: ") == f.text);
	child_check(sigprocmask(SIG_SETMASK, NULL, &after) == 0);
	child_check(sigismember(&after, SIGTERM) == 0);
	relay_close(&r);
}

static void
without_a_descriptor_it_is_a_fault_and_the_mask_is_as_it_was(void **state)
{
	(void)state;
	assert_child_passes(open_without_descriptors);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_others_send_to_us_goes_on_to_the_command),
		cmocka_unit_test(what_we_caused_ourselves_does_not),
		cmocka_unit_test(an_alarm_that_was_set_before_goes_on),
		cmocka_unit_test(a_continuation_is_for_who_is_stopped),
		cmocka_unit_test(without_a_command_a_signal_is_dropped),
		cmocka_unit_test(
		    closing_puts_the_mask_back_and_drops_what_has_come),
		cmocka_unit_test(
		    without_a_descriptor_it_is_a_fault_and_the_mask_is_as_it_was),
	};

	return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
