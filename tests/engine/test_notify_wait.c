/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "scratch.h"
#include "test_notify.h"

#include "engine/notify.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

static void
to_one_who_was_killed_nothing_can_be_said(void **state)
{
	struct notify_call call;
	struct caller c;
	int status;

	(void)state;
	start(&c, make_one_call);
	receive(&c, &call);
	must(kill(c.pid, SIGKILL));
	assert_int_equal(waitpid(c.pid, &status, 0), c.pid);
	assert_false(notify_is_valid(c.listener, &call));
	assert_int_equal(notify_answer(c.listener, &call, 0, 0), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(notify_answer(c.listener, &call, 0, EPERM), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(notify_continue(c.listener, &call), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(notify_give(c.listener, &call, 0, false), -1);
	assert_int_equal(errno, ENOENT);
	must(close(c.listener));
	must(close(c.word));
}

static void
nothing_is_answered_twice(void **state)
{
	struct notify_call call;
	struct caller c;

	(void)state;
	start(&c, make_one_call);
	receive(&c, &call);
	must(notify_answer(c.listener, &call, 17, 0));
	assert_int_equal(notify_answer(c.listener, &call, 17, 0), -1);
	finish(&c, 0);
}

static void
heed(int signo)
{
	(void)signo;
}

static void
call_nobody(void)
{
	char end;

	child_check(read(0, &end, 1) == 0);
}

static void
a_signal_ends_the_wait(void **state)
{
	const struct sigaction sa = { .sa_handler = heed };
	const struct itimerval soon = { { 0, 10000 }, { 0, 10000 } };
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	struct sigaction old;
	struct notify_call call;
	struct caller c;
	int ends[2], saved = dup(0);

	(void)state;
	must(saved);
	must(pipe2(ends, O_CLOEXEC));
	must(dup2(ends[0], 0));
	start(&c, call_nobody);
	must(sigaction(SIGALRM, &sa, &old));
	must(setitimer(ITIMER_REAL, &soon, NULL));
	assert_int_equal(notify_receive(c.listener, &call), 0);
	must(setitimer(ITIMER_REAL, &never, NULL));
	must(sigaction(SIGALRM, &old, NULL));
	must(kill(c.pid, SIGKILL));
	finish(&c, SIGKILL);
	must(dup2(saved, 0));
	must(close(saved));
	must(close(ends[0]));
	must(close(ends[1]));
}

static void *
call_from_thread(void *arg)
{
	*(long *)arg =
	    syscall(SYS_fchown, 1, 2, 3) == 0 ? syscall(SYS_gettid) : -1;
	return NULL;
}

static void
call_from_two_threads(void)
{
	pthread_t thread;
	long tid = -1;

	child_check(pthread_create(&thread, NULL, call_from_thread, &tid) == 0);
	child_check(pthread_join(thread, NULL) == 0);
	child_check(tid > 0);
	child_check(syscall(SYS_fchown, 1, tid, 3) == 0);
}

static void
a_call_of_a_thread_is_the_threads(void **state)
{
	struct notify_call first, second;
	struct caller c;

	(void)state;
	start(&c, call_from_two_threads);
	receive(&c, &first);
	must(notify_answer(c.listener, &first, 0, 0));
	receive(&c, &second);
	must(notify_answer(c.listener, &second, 0, 0));
	assert_int_equal(second.pid, c.pid);
	assert_int_not_equal(first.pid, c.pid);
	assert_int_equal(first.pid, (pid_t)second.args[1]);
	finish(&c, 0);
}

static void
call_from_two_processes(void)
{
	const pid_t pid = fork();

	child_check(pid >= 0);
	child_check(syscall(SYS_fchown, 1, pid == 0, 3) == (pid == 0));
	if (pid == 0)
		_exit(0);
	child_check(waitpid(pid, NULL, 0) == pid);
}

static void
calls_can_wait_beside_each_other(void **state)
{
	struct notify_call calls[2];
	struct caller c;

	(void)state;
	start(&c, call_from_two_processes);
	receive(&c, &calls[0]);
	receive(&c, &calls[1]);
	assert_true(calls[0].id != calls[1].id);
	assert_true(calls[0].pid != calls[1].pid);
	for (int i = 1; i >= 0; i--)
		must(notify_answer(
		    c.listener, &calls[i], (int64_t)calls[i].args[1], 0));
	finish(&c, 0);
}

static void
make_many_calls(void)
{
	for (int i = 0; i < 1000; i++)
		child_check(syscall(SYS_fchown, 1, i, 3) == i);
}

static void
a_tuned_listener_loses_no_call(void **state)
{
	struct notify_call call;
	struct caller c;

	(void)state;
	start(&c, make_many_calls);
	notify_tune(c.listener);
	for (int i = 0; i < 1000; i++) {
		receive(&c, &call);
		assert_int_equal(call.args[1], i);
		must(notify_answer(c.listener, &call, i, 0));
	}
	finish(&c, 0);
}

static void
what_is_no_listener_is_an_error(void **state)
{
	struct notify_call call = { 0 };

	(void)state;
	notify_tune(-1);
	assert_int_equal(notify_receive(-1, &call), -1);
	assert_int_equal(errno, EBADF);
	assert_false(notify_is_valid(-1, &call));
	assert_int_equal(notify_answer(-1, &call, 0, 0), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(notify_continue(-1, &call), -1);
	assert_int_equal(notify_give(-1, &call, 0, false), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(to_one_who_was_killed_nothing_can_be_said),
		test(nothing_is_answered_twice),
		test(a_signal_ends_the_wait),
		test(a_call_of_a_thread_is_the_threads),
		test(calls_can_wait_beside_each_other),
		test(a_tuned_listener_loses_no_call),
		test(what_is_no_listener_is_an_error),
	};

	return cmocka_run_group_tests_name(
	    "notify_wait", tests, make_filter, release_filter);
}
