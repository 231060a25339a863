/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "scratch.h"

#include "engine/filter.h"
#include "engine/notify.h"

#include <limits.h>
#include <pthread.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>

/* A process whose calls are stopped; here is the end that answers them. */
struct caller {
	pid_t pid;
	int listener;
	int word; /* a pipe to it */
};

static struct filter filter;

static int
make_filter(void **state)
{
	static const struct filter_options o = { .watches_opens = true };
	struct fault f = { 0 };

	(void)state;
	return filter_make(&filter, &o, &f);
}

static int
release_filter(void **state)
{
	(void)state;
	filter_release(&filter);
	return 0;
}

/* Start one; once it has the word it does `act`. */
static void
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
static void
finish(struct caller *c, int want)
{
	int status;

	assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
	must(close(c->listener));
	must(close(c->word));
	if (status != want)
		fail_msg("caller ended with wait status %#x", (unsigned)status);
}

static void
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

enum { DIR_FD = -4711, USER = 0x12345678, GROUP = 0x23456789 };

static void
make_one_call(void)
{
	child_check(syscall(SYS_fchownat, (long)DIR_FD, "path", (long)USER,
			(long)GROUP, 0x100L) == 17);
}

static void
a_call_arrives_with_all_its_arguments(void **state)
{
	struct notify_call call;
	struct caller c;

	(void)state;
	start(&c, make_one_call);
	receive(&c, &call);
	assert_int_equal(call.pid, c.pid);
	assert_int_equal(call.arch, seccomp_arch_native());
	assert_int_equal(call.number, SYS_fchownat);
	assert_int_equal((int)call.args[0], DIR_FD);
	assert_int_equal(call.args[2], USER);
	assert_int_equal(call.args[3], GROUP);
	assert_int_equal(call.args[4], 0x100);
	assert_true(notify_is_valid(c.listener, &call));
	must(notify_answer(c.listener, &call, 17, 0));
	finish(&c, 0);
}

static void
make_three_calls(void)
{
	child_check(syscall(SYS_fchown, 1, 2, 3) == 0);
	child_check(syscall(SYS_fchown, 1, 2, 3) == -1 && errno == EXDEV);
	child_check(syscall(SYS_fchown, 1, 2, 3) == LONG_MAX);
}

static void
a_call_returns_what_it_is_answered(void **state)
{
	struct notify_call call;
	struct caller c;

	(void)state;
	start(&c, make_three_calls);
	receive(&c, &call);
	must(notify_answer(c.listener, &call, 0, 0));
	receive(&c, &call);
	must(notify_answer(c.listener, &call, 99, EXDEV));
	receive(&c, &call);
	must(notify_answer(c.listener, &call, LONG_MAX, 0));
	finish(&c, 0);
}

static void
make_a_call_that_fails(void)
{
	child_check(syscall(SYS_fchown, DIR_FD, 2, 3) == -1);
	child_check(errno == EBADF);
}

static void
a_call_that_goes_on_is_the_kernels(void **state)
{
	struct notify_call call;
	struct caller c;

	(void)state;
	start(&c, make_a_call_that_fails);
	receive(&c, &call);
	must(notify_continue(c.listener, &call));
	finish(&c, 0);
}

/* Open something, and get it on the number that dup(2) would have taken. */
static int
open_on_free_number(int flags)
{
	const int free_number = dup(0);
	int fd;

	child_check(free_number >= 0 && close(free_number) == 0);
	fd = open("/missing", flags);
	child_check(fd == free_number);
	return fd;
}

static void
open_what_is_given(void)
{
	const int closing = open_on_free_number(O_RDONLY | O_CLOEXEC);
	const int staying = open_on_free_number(O_RDONLY);
	char text[8] = "";

	child_check((fcntl(closing, F_GETFD) & FD_CLOEXEC) != 0);
	child_check((fcntl(staying, F_GETFD) & FD_CLOEXEC) == 0);
	child_check(read(closing, text, sizeof(text)) == 5);
	child_check(memcmp(text, "given", 5) == 0);
}

static void
a_descriptor_is_given_on_the_lowest_free_number(void **state)
{
	struct notify_call call;
	struct caller c;
	int fd;

	(void)state;
	scratch_file("file", "given");
	fd = open("file", O_RDONLY | O_CLOEXEC);
	must(fd);
	start(&c, open_what_is_given);
	receive(&c, &call);
	must(notify_give(c.listener, &call, fd, true));
	receive(&c, &call);
	must(notify_give(c.listener, &call, fd, false));
	finish(&c, 0);
	must(close(fd));
}

static void
open_without_room(void)
{
	child_check(open("/missing", O_RDONLY) == -1 && errno == EMFILE);
}

static void
a_descriptor_that_finds_no_room_can_still_be_answered(void **state)
{
	struct notify_call call;
	struct rlimit few = { 0, 0 };
	struct caller c;

	(void)state;
	start(&c, open_without_room);
	must(prlimit(c.pid, RLIMIT_NOFILE, &few, NULL));
	receive(&c, &call);
	assert_int_equal(notify_give(c.listener, &call, 0, false), -1);
	assert_int_equal(errno, EMFILE);
	must(notify_answer(c.listener, &call, 0, EMFILE));
	finish(&c, 0);
}

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
		test(a_call_arrives_with_all_its_arguments),
		test(a_call_returns_what_it_is_answered),
		test(a_call_that_goes_on_is_the_kernels),
		test(a_descriptor_is_given_on_the_lowest_free_number),
		test(a_descriptor_that_finds_no_room_can_still_be_answered),
		test(to_one_who_was_killed_nothing_can_be_said),
		test(nothing_is_answered_twice),
		test(a_signal_ends_the_wait),
		test(a_call_of_a_thread_is_the_threads),
		test(calls_can_wait_beside_each_other),
		test(a_tuned_listener_loses_no_call),
		test(what_is_no_listener_is_an_error),
	};

	return cmocka_run_group_tests_name(
	    "notify", tests, make_filter, release_filter);
}
