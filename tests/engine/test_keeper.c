/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../child.h"
#include "../scratch.h"

#include "base/num.h"
#include "engine/keeper.h"
#include "engine/reaper.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

/*
 * Each test is a supervisor in a child of its own, which keeper_start() makes a
 * subreaper: what is left over would be its child.  Should it fail, its keeper
 * ends what it has started.
 */

enum {
	MANY = 320, /* messages, more than a socket holds */
	FOR_EVER = 4000, /* milliseconds */
};

/* What a keeper has told. */
struct account {
	unsigned n_started, n_failed, n_stopped, n_continued, n_exited, n_ended,
	    n_alive, n_done;
	int error, signo, status;
	pid_t command;
	struct keeper_message last; /* KEEPER_ENDED or KEEPER_ALIVE */
};

static const sigset_t no_signal;

static int64_t
now_ms(void)
{
	struct timespec t;

	child_check(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
sleep_ms(long ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&t, NULL); /* no signal has a handler */
}

static void
start_with(struct keeper *k, const char *const *argv, int (*prepare)(void *),
    void *arg)
{
	const struct keeper_options o = {
		.argv = (char *const *)argv,
		.envp = environ,
		.mask = &no_signal,
		.prepare = prepare,
		.arg = arg,
	};
	struct fault f = { 0 };

	(void)alarm(30);
	child_ok(keeper_start(k, &o, &f), &f);
	child_check(k->pid > 0 && k->fd >= 0 && k->command == -1);
}

static void
start(struct keeper *k, const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };

	start_with(k, argv, NULL, NULL);
}

static void
enter(struct account *a, const struct keeper_message *m)
{
	child_check(a->n_done == 0);
	switch (m->event) {
	case KEEPER_STARTED:
		child_check(a->n_exited == 0);
		a->n_started++;
		a->command = m->pid;
		return;
	case KEEPER_FAILED:
		child_check(a->n_exited == 0);
		a->n_failed++;
		a->error = m->value;
		return;
	case KEEPER_STOPPED:
		a->n_stopped++;
		a->signo = m->value;
		return;
	case KEEPER_CONTINUED:
		a->n_continued++;
		return;
	case KEEPER_EXITED:
		child_check(m->pid == a->command);
		a->n_exited++;
		a->status = m->value;
		return;
	case KEEPER_ENDED:
		child_check(a->n_exited == 1);
		a->n_ended++;
		a->last = *m;
		return;
	case KEEPER_ALIVE:
		child_check(a->n_exited == 1);
		a->n_alive++;
		a->last = *m;
		return;
	case KEEPER_DONE:
		a->n_done++;
		return;
	}
	child_check(m->event == KEEPER_DONE); /* there is no other */
}

/* Read messages until one of this kind; false if there is none. */
static bool
read_until(struct keeper *k, enum keeper_event event, struct account *a)
{
	struct keeper_message m;
	struct fault f = { 0 };
	int r;

	while ((r = keeper_read(k, &m, &f)) > 0) {
		enter(a, &m);
		if (m.event == event)
			return true;
	}
	child_ok(r, &f);
	return false;
}

static void
check_nothing_is_left(void)
{
	child_check(waitpid(-1, NULL, WNOHANG | __WALL) < 0);
	child_check(errno == ECHILD);
}

static void
finish(struct keeper *k, struct account *a)
{
	child_check(read_until(k, KEEPER_DONE, a));
	child_check(k->command == -1);
	child_check(!read_until(k, KEEPER_DONE, a));
	keeper_end(k);
	child_check(k->pid == -1 && k->fd == -1 && k->command == -1);
	check_nothing_is_left();
	child_check(a->n_exited == 1);
}

static struct account
run_with(const char *const *argv, int (*prepare)(void *), void *arg)
{
	struct keeper k = KEEPER_INIT;
	struct account a = { 0 };

	start_with(&k, argv, prepare, arg);
	finish(&k, &a);
	child_check(a.n_started == 1);
	return a;
}

static struct account
run(const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };

	return run_with(argv, NULL, NULL);
}

static bool
exits_with(const struct account *a, int value)
{
	return WIFEXITED(a->status) && WEXITSTATUS(a->status) == value;
}

static void
wait_for_file(const char *path)
{
	while (access(path, F_OK) < 0)
		sleep_ms(1);
}

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
		"test \"$A\" = b && kill -USR1 $$ && exit 3", NULL };
	const char *const envp[] = { "A=b", NULL };
	struct keeper k = KEEPER_INIT;
	struct account a = { 0 };
	struct fault f = { 0 };
	sigset_t usr1, before, after;
	const struct keeper_options o = { .argv = (char *const *)argv,
		.envp = (char *const *)envp,
		.mask = &usr1 };

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
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

/* Leaves "sleep 1000" behind, without parent, group and session. */
#define LEAVE_A_DAEMON                                                \
	"(setsid sh -c 'echo $$ >daemon; exec sleep 1000' &)\n"       \
	"until grep -s ^sleep /proc/$(cat daemon 2>&1)/cmdline; do\n" \
	"	sleep 0.01\n"                                               \
	"done >grepped 2>&1\n"

static void
leave_a_daemon(void)
{
	struct account a = run(LEAVE_A_DAEMON "exit 4");

	child_check(exits_with(&a, 4));
	child_check(a.n_ended == 1 && a.last.value == SIGTERM);
	child_check(strcmp(a.last.name, "sleep 1000") == 0);
	child_check(a.n_alive == 0);
}

static void
daemon_is_ended_and_named(void **state)
{
	(void)state;
	assert_child_passes(leave_a_daemon);
}

static void
leave_a_stubborn_one(void)
{
	const int64_t begin = now_ms();
	struct account a = run("trap '' TERM; sleep 1000 & exit 0");

	child_check(a.n_ended == 1 && a.last.value == SIGKILL);
	child_check(strcmp(a.last.name, "sleep 1000") == 0);
	child_check(now_ms() - begin >= REAPER_PATIENCE);
}

static void
who_ignores_sigterm_gets_sigkill_and_is_named_once(void **state)
{
	(void)state;
	assert_child_passes(leave_a_stubborn_one);
}

static void
leave_a_stopped_one(void)
{
	const struct account a =
	    run("sh -c 'trap \"echo >trapped; exit\" TERM; kill -STOP $$' &\n"
		"until grep '^State:.T' /proc/$!/status; do sleep 0.01; done "
		">grepped");

	child_check(a.n_ended > 0 && a.last.value == SIGTERM);
	child_check(access("trapped", F_OK) == 0);
}

static void
stopped_process_can_still_tidy_up(void **state)
{
	(void)state;
	assert_child_passes(leave_a_stopped_one);
}

/* Leave that many orphans; each runs `body`, if any, and ends. */
struct brood {
	unsigned count;
	void (*body)(void);
};

static int
leave_orphans(void *arg)
{
	const struct brood *brood = arg;

	for (unsigned i = 0; i < brood->count; i++) {
		const pid_t pid = fork();

		if (pid < 0)
			return -1;
		if (pid == 0) {
			/* the keeper's socket: a command does not have it */
			for (int fd = 3; fd < 64; fd++)
				(void)close(fd);
			if (fork() == 0 && brood->body != NULL)
				brood->body();
			_exit(0);
		}
		if (waitpid(pid, NULL, 0) != pid)
			return -1;
	}
	return 0;
}

static void
wait_for_ever(void)
{
	for (;;)
		(void)pause();
}

/*
 * The parent goes, the child goes on: none is there for longer than that.  A
 * keeper who fails the test shall not leave this behind, so it has an end.
 */
static void
fork_for_ever(void)
{
	const int64_t end = now_ms() + FOR_EVER;

	/* with a pause, else it is the machine that is tested */
	while (now_ms() < end && usleep(500) == 0)
		if (fork() > 0)
			_exit(0);
}

static const char *const true_argv[] = { "true", NULL };

static void
nap(void)
{
	sleep_ms(REAPER_GRACE / 5);
	scratch_write("gone", "");
	_exit(0);
}

static void
leave_a_short_one(void)
{
	const int64_t begin = now_ms();
	struct brood brood = { 1, nap };
	const struct account a = run_with(true_argv, leave_orphans, &brood);

	child_check(a.n_ended == 0);
	child_check(access("gone", F_OK) == 0);
	child_check(now_ms() - begin < REAPER_PATIENCE);
}

static void
who_ends_soon_by_himself_is_not_named(void **state)
{
	(void)state;
	assert_child_passes(leave_a_short_one);
}

static void
leave_forking_ones(void)
{
	const int64_t begin = now_ms();
	struct brood brood = { 3, fork_for_ever };
	const struct account a = run_with(true_argv, leave_orphans, &brood);

	child_check(exits_with(&a, 0));
	child_check(a.n_ended > 0 && a.n_alive == 0);
	child_check(now_ms() - begin < FOR_EVER);
}

static void
who_forks_for_ever_is_ended_too(void **state)
{
	(void)state;
	assert_child_passes(leave_forking_ones);
}

static void
leave_many_zombies(void)
{
	struct brood brood = { 300, NULL };
	const struct account a = run_with(true_argv, leave_orphans, &brood);

	child_check(exits_with(&a, 0));
	child_check(a.n_ended == 0);
}

static void
orphans_that_end_are_reaped_silently(void **state)
{
	(void)state;
	assert_child_passes(leave_many_zombies);
}

static void
read_slowly(void)
{
	struct brood brood = { MANY, wait_for_ever };
	struct keeper k = KEEPER_INIT;
	struct account a = { 0 };

	start_with(&k, true_argv, leave_orphans, &brood);
	child_check(read_until(&k, KEEPER_EXITED, &a));
	sleep_ms(REAPER_GRACE + 200);
	finish(&k, &a);
	child_check(a.n_ended == MANY);
}

static void
supervisor_who_reads_slowly_misses_nothing(void **state)
{
	(void)state;
	assert_child_passes(read_slowly);
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
await_children(unsigned ms)
{
	const int64_t deadline = now_ms() + ms;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0) {
		child_check(now_ms() < deadline);
		if (pid == 0)
			sleep_ms(1);
	}
	child_check(errno == ECHILD);
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
		cmocka_unit_test(status_of_the_command_is_told),
		cmocka_unit_test(
		    command_gets_its_environment_and_its_blocked_signals),
		cmocka_unit_test(
		    command_that_cannot_be_executed_is_told_with_the_reason),
		cmocka_unit_test(preparation_runs_in_the_command_and_may_fail),
		cmocka_unit_test(stopping_and_continuing_is_told),
		cmocka_unit_test(
		    command_is_in_the_job_of_its_supervisor_and_the_keeper_is_not),
		cmocka_unit_test(daemon_is_ended_and_named),
		cmocka_unit_test(
		    who_ignores_sigterm_gets_sigkill_and_is_named_once),
		cmocka_unit_test(stopped_process_can_still_tidy_up),
		cmocka_unit_test(who_ends_soon_by_himself_is_not_named),
		cmocka_unit_test(who_forks_for_ever_is_ended_too),
		cmocka_unit_test(orphans_that_end_are_reaped_silently),
		cmocka_unit_test(supervisor_who_reads_slowly_misses_nothing),
		cmocka_unit_test(
		    all_ends_within_a_second_when_the_supervisor_is_killed),
		cmocka_unit_test(letting_go_ends_all_even_the_command),
		cmocka_unit_test(all_ends_too_when_the_keeper_is_killed),
		cmocka_unit_test(
		    keeper_heeds_no_signal_and_cannot_be_stopped_for_good),
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
	    "keeper", tests, scratch_setup, scratch_teardown);
}
