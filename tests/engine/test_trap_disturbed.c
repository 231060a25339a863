/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervised.h"
#include "test_trap.h"

#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

enum {
	THREADS = 8,
	ROUNDS = 50,
	KILLS = 100,
	CHILDREN = 2000,
};

static void *
chown_by_thread(void *arg)
{
	const unsigned i = *(const unsigned *)arg;
	char name[32];
	struct stat st;

	for (unsigned round = 0; round < ROUNDS; round++) {
		snprintf(name, sizeof(name), "f%u-%u", i, round);
		child_check(close(creat(name, 0644)) == 0);
		child_check(chown(name, NOBODYS + i, NOBODIES + round) == 0);
		child_check(chmod(name, 0400) == 0);
		child_check(stat(name, &st) == 0);
		child_check(st.st_uid == NOBODYS + i);
		child_check(st.st_gid == NOBODIES + round);
		child_check(st.st_mode == (S_IFREG | 0400));
	}
	return NULL;
}

static void
chown_by_threads(void)
{
	pthread_t threads[THREADS];
	unsigned numbers[THREADS];

	for (unsigned i = 0; i < THREADS; i++) {
		numbers[i] = i;
		child_check(pthread_create(&threads[i], NULL, chown_by_thread,
				&numbers[i]) == 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		child_check(pthread_join(threads[i], NULL) == 0);
}

static void
threads_are_recorded_beside_each_other(void **state)
{
	struct supervised s = SUPERVISED;
	char name[32], want[64];

	(void)state;
	supervised_run(&s, "chown_by_threads");
	assert_int_equal(s.r.count, THREADS * ROUNDS);
	for (unsigned i = 0; i < THREADS; i++) {
		snprintf(name, sizeof(name), "f%u-%u", i, i);
		snprintf(want, sizeof(want), "uid=%u gid=%u mode=400",
		    NOBODYS + i, NOBODIES + i);
		expect_record(&s, name, want);
	}
	supervised_end(&s);
}

static void
chown_after_vfork(void)
{
	const char *const argv[] = { "true", NULL };
	volatile int error = 0;
	int status;
	const pid_t pid = vfork();

	child_check(pid >= 0);
	if (pid == 0) {
		if (chown("a", NOBODYS, NOBODIES) != 0)
			error = errno;
		execvp("true", (char *const *)argv);
		_exit(1);
	}
	child_check(waitpid(pid, &status, 0) == pid && status == 0);
	child_check(error == 0);
	check_file("a", NOBODYS, NOBODIES);
}

static void
a_child_of_vfork_is_recorded(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	supervised_run(&s, "chown_after_vfork");
	expect_record(&s, "a", "uid=4242 gid=4343");
	supervised_end(&s);
}

static void *
chown_for_ever(void *arg)
{
	struct stat st;

	for (;;) {
		(void)!chown(arg, NOBODYS, NOBODIES);
		(void)chmod(arg, 0400);
		(void)stat(arg, &st);
		(void)mkdir("dir", 0500);
		(void)rmdir("dir");
	}
	return NULL;
}

/* From one thread or from two, killed after some time or other. */
static void
be_killed_while_calling(void)
{
	const struct timespec steps = { 0, 20000 };

	for (int i = 0; i < KILLS; i++) {
		const pid_t pid = fork();
		pthread_t thread;
		int status;

		child_check(pid >= 0);
		if (pid == 0) {
			if (i % 2 == 0)
				child_check(pthread_create(&thread, NULL,
						chown_for_ever,
						(void *)(uintptr_t) "a") == 0);
			(void)chown_for_ever((void *)(uintptr_t) "b");
		}
		for (int n = 0; n < i; n++)
			(void)nanosleep(&steps, NULL);
		child_check(kill(pid, SIGKILL) == 0);
		child_check(waitpid(pid, &status, 0) == pid);
		child_check(WTERMSIG(status) == SIGKILL);
	}
	child_check(chown("c", NOBODYS, NOBODIES) == 0);
	check_file("c", NOBODYS, NOBODIES);
}

static void
callers_may_be_killed_while_they_wait(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	supervised_run(&s, "be_killed_while_calling");
	expect_record(&s, "c", "uid=4242 gid=4343");
	expect_record(&s, "d", "");
	supervised_end(&s);
}

static volatile sig_atomic_t alarms;

static void
count_alarm(int signo)
{
	(void)signo;
	alarms++;
}

/* Kernels before Linux 5.19 may do a call twice that a signal comes upon. */
static bool
is_done_once(void)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		   SECCOMP_FILTER_FLAG_NEW_LISTENER |
		       SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
		   NULL) == -1 &&
	    errno == EFAULT;
}

/* Signals come all the time; no call fails for it. */
static void
be_interrupted_while_calling(void)
{
	const struct sigaction sa = { .sa_handler = count_alarm,
		.sa_flags = SA_RESTART };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGUSR1 };
	const struct itimerspec often = { { 0, 100000 }, { 0, 100000 } };
	const bool is_once = is_done_once();
	timer_t timer;
	char name[32];

	child_check(sigaction(SIGUSR1, &sa, NULL) == 0);
	child_check(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	child_check(timer_settime(timer, 0, &often, NULL) == 0);
	for (int i = 0; i < 300 || alarms < 10; i++) {
		snprintf(name, sizeof(name), "dir%d", i);
		child_check(
		    mkdir(name, 0500) == 0 || (errno == EEXIST && !is_once));
		child_check(chown(name, NOBODYS, NOBODIES) == 0);
		check_seen(name,
		    &(const struct seen){
			NOBODYS, NOBODIES, S_IFDIR | 0500, 0 });
	}
}

static void
signals_that_let_calls_restart_do_not_disturb_them(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "be_interrupted_while_calling");
	assert_true(s.r.count >= 300);
	supervised_end(&s);
}

static void
ignore_child(int signo)
{
	(void)signo;
}

/* As dash(1) handles SIGCHLD: without SA_RESTART. */
static void
lose_children_while_calling(void)
{
	const struct sigaction sa = { .sa_handler = ignore_child };
	struct stat st;

	child_check(sigaction(SIGCHLD, &sa, NULL) == 0);
	scratch_file("file", "");
	for (int i = 0; i < CHILDREN; i++) {
		const pid_t pid = fork();

		if (pid == 0)
			_exit(stat("file", &st));
		for (int ended = 0; ended != pid;) {
			child_check(chown("file", NOBODYS, NOBODIES) == 0);
			child_check(stat("file", &st) == 0);
			ended = waitpid(pid, NULL, WNOHANG);
			child_check(ended >= 0);
		}
	}
}

static void
children_that_end_do_not_disturb_calls(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "lose_children_while_calling");
	expect_record(&s, "file", "uid=4242 gid=4343");
	supervised_end(&s);
}

static const struct act acts[] = {
	act(chown_by_threads),
	act(chown_after_vfork),
	act(be_killed_while_calling),
	act(be_interrupted_while_calling),
	act(lose_children_while_calling),
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(threads_are_recorded_beside_each_other),
		test(a_child_of_vfork_is_recorded),
		test(callers_may_be_killed_while_they_wait),
		test(signals_that_let_calls_restart_do_not_disturb_them),
		test(children_that_end_do_not_disturb_calls),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("trap_disturbed", tests, NULL, NULL);
}
