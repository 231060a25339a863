/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../child.h"
#include "../scratch.h"
#include "test_keeper.h"

#include "engine/keeper.h"
#include "engine/reaper.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>

/* The number of descriptors that the keeper has, and the target of one. */
static unsigned
count_descriptors(pid_t pid, char *target, size_t size)
{
	char path[64];
	const struct dirent *d;
	unsigned n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	child_check(dir != NULL);
	while ((d = readdir(dir)) != NULL) {
		ssize_t len;

		if (d->d_name[0] == '.')
			continue;
		len = readlinkat(dirfd(dir), d->d_name, target, size - 1);
		if (len < 0)
			continue; /* closed just now */
		target[len] = '\0';
		n++;
	}
	child_check(closedir(dir) == 0);
	return n;
}

static void
check_that_keeper_holds_nothing(pid_t pid)
{
	char path[64], target[4096] = "";
	ssize_t len;

	while (count_descriptors(pid, target, sizeof(target)) != 1)
		sleep_ms(1);
	child_check(strncmp(target, "socket:", 7) == 0);
	snprintf(path, sizeof(path), "/proc/%d/cwd", (int)pid);
	do {
		len = readlink(path, target, sizeof(target) - 1);
		child_check(len > 0);
		target[len] = '\0';
	} while (strcmp(target, "/") != 0);
}

/* The reader of what the command prints sees its end before the keeper's. */
static void
hold_nothing(void)
{
	struct keeper k = KEEPER_INIT;
	struct pollfd end;
	int in[2], out[2];
	char byte;

	child_check(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	child_check(dup2(in[0], 0) == 0);
	child_check(fcntl(out[1], F_DUPFD_CLOEXEC, 700) >= 700);
	child_check(dup2(out[1], 1) == 1);
	start(&k, "exec >&-; sleep 1000");
	child_check(close(1) == 0 && close(out[1]) == 0 && close(700) == 0);
	end = (struct pollfd){ .fd = out[0], .events = POLLIN };
	child_check(poll(&end, 1, 5000) == 1);
	child_check(read(out[0], &byte, 1) == 0);
	check_that_keeper_holds_nothing(k.pid);
	keeper_end(&k);
	check_nothing_is_left();
}

static void
keeper_holds_no_file_and_no_directory(void **state)
{
	(void)state;
	assert_child_passes(hold_nothing);
}

static void
hold_nothing_without_close_range(void)
{
	const struct child_refusal no_close_range = { .nr = SYS_close_range,
		.error = ENOSYS };

	child_refuse(&no_close_range);
	hold_nothing();
}

static void
kernel_without_close_range_will_do(void **state)
{
	(void)state;
	assert_child_passes(hold_nothing_without_close_range);
}

/* What closing each possible descriptor costs shows from 100,000 on. */
static void
measure_with_a_high_limit(void)
{
	const struct rlimit most = { 1000000, 1000000 };
	struct rlimit limit;
	struct rusage used;
	struct account a;

	if (setrlimit(RLIMIT_NOFILE, &most) < 0) { /* we are not root */
		child_check(getrlimit(RLIMIT_NOFILE, &limit) == 0);
		limit.rlim_cur = limit.rlim_max;
		child_check(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	}
	a = run("exit 0");
	child_check(exits_with(&a, 0));
	child_check(getrusage(RUSAGE_CHILDREN, &used) == 0);
	child_check(used.ru_stime.tv_sec == 0 && used.ru_utime.tv_sec == 0);
	child_check(used.ru_stime.tv_usec + used.ru_utime.tv_usec < 50000);
}

static void
high_limit_of_open_files_costs_nothing(void **state)
{
	(void)state;
	assert_child_passes(measure_with_a_high_limit);
}

static void
leave_a_daemon_without_proc(void)
{
	const struct child_refusal no_listing = {
		.nr = SYS_openat, .arg = 2, .bits = O_DIRECTORY, .error = EACCES
	};
	struct account a;

	child_refuse(&no_listing);
	a = run(LEAVE_A_DAEMON);
	child_check(a.n_ended == 1);
	child_check(strcmp(a.last.name, "sleep 1000") == 0);
}

static void
daemon_is_ended_although_proc_shows_nothing(void **state)
{
	(void)state;
	assert_child_passes(leave_a_daemon_without_proc);
}

static void
leave_a_daemon_without_memory(void)
{
	struct account a;

	alloc_fail(1, 5);
	a = run(LEAVE_A_DAEMON);
	alloc_fail(0, 0);
	child_check(a.n_ended == 1);
}

static void
daemon_is_ended_once_there_is_memory(void **state)
{
	(void)state;
	assert_child_passes(leave_a_daemon_without_memory);
}

static void
supervise_without_permission(void)
{
	const struct child_refusal no_kill = { .nr = SYS_kill, .error = EPERM };
	const int64_t begin = now_ms();
	struct keeper k = KEEPER_INIT;
	struct account a = { 0 };

	child_refuse(&no_kill);
	start(&k, LEAVE_A_DAEMON);
	child_check(read_until(&k, KEEPER_DONE, &a));
	child_check(a.n_ended == 0 && a.n_alive == 1);
	child_check(strcmp(a.last.name, "sleep 1000") == 0);
	keeper_end(&k);
	child_check(now_ms() - begin < REAPER_LIMIT);
}

static void
leave_one_that_may_not_be_signalled(void)
{
	struct kin kin = { 0 };

	child_check(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	child_check(child_run(supervise_without_permission) == 0);
	kin_load(&kin);
	child_check(kin.count == 1);
	child_check(kin_signal(&kin.items[0], SIGKILL) == 0);
	kin_release(&kin);
	await_children(1000);
}

static void
who_may_not_be_signalled_is_named_and_not_waited_for(void **state)
{
	(void)state;
	assert_child_passes(leave_one_that_may_not_be_signalled);
}

static void
start_without_socket(void)
{
	const struct child_refusal no_socket = { .nr = SYS_socketpair,
		.error = EMFILE };
	const struct keeper_options o = { .argv = (char *const *)true_argv,
		.envp = environ,
		.mask = &no_signal };
	struct keeper k = KEEPER_INIT;
	struct fault f = { 0 };

	child_refuse(&no_socket);
#ifdef SYS_socketcall /* on some machines, all calls of sockets in one */
	child_refuse(&(const struct child_refusal){
	    .nr = SYS_socketcall, .error = EMFILE });
#endif
	child_check(keeper_start(&k, &o, &f) == -1);
	child_check(f.kind == FAULT_SYSTEM);
	child_check(strncmp(f.text, "cannot create a socket: ", 24) == 0);
	child_check(strcmp(f.text + 24, strerror(EMFILE)) == 0);
	keeper_end(&k);
	check_nothing_is_left();
}

static void
start_without_process(void)
{
	const struct rlimit none = { 0, 0 };
	const struct keeper_options o = { .argv = (char *const *)true_argv,
		.envp = environ,
		.mask = &no_signal };
	struct keeper k = KEEPER_INIT;
	struct fault f = { 0 };

	child_drop_root();
	child_check(setrlimit(RLIMIT_NPROC, &none) == 0);
	child_check(keeper_start(&k, &o, &f) == -1);
	child_check(strncmp(f.text, "cannot fork: ", 13) == 0);
	child_check(k.pid == -1 && k.fd == -1);
	check_nothing_is_left();
}

static void
keeper_that_cannot_be_started_is_a_fault(void **state)
{
	(void)state;
	assert_child_passes(start_without_socket);
	assert_child_passes(start_without_process);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeper_holds_no_file_and_no_directory),
		cmocka_unit_test(kernel_without_close_range_will_do),
		cmocka_unit_test(high_limit_of_open_files_costs_nothing),
		cmocka_unit_test(daemon_is_ended_although_proc_shows_nothing),
		cmocka_unit_test(daemon_is_ended_once_there_is_memory),
		cmocka_unit_test(
		    who_may_not_be_signalled_is_named_and_not_waited_for),
		cmocka_unit_test(keeper_that_cannot_be_started_is_a_fault),
	};

	return cmocka_run_group_tests_name(
	    "keeper_lacking", tests, scratch_setup, scratch_teardown);
}
