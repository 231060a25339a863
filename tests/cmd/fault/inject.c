/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inject - run a program, and let one of its system calls fail
 *
 *	inject ALLOC.SO REPORT SECONDS [TASK CALL NTH HOW] -- PROGRAM [ARG]...
 *
 * Tasks are the threads and processes of the program, in the order of their
 * birth, but for those that execute another one.  Of each, the system calls
 * with the same name are counted from 1; of the first, task 0, once ALLOC.SO
 * (alloc.c), preloaded, has said that main() begins.  The NTH fails: HOW is the
 * number of an errno, or "half": read or write only half as much as asked for.
 *
 * REPORT gets a line "call TASK CALL NTH ARG0 ARG2 RESULT" for each call, or only
 * for that which failed; then "ends STATUS" or "dies SIGNAL"; "hangs" if it ran
 * for longer than SECONDS and was killed; "leaves N" if of the processes that it
 * started N were still there a moment after its end.  Own status: 0, whatever
 * the program's was.
 */
#include "mark.h"
#include "registers.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_TASKS = 64, MAX_CALLS = 512, LINGER = 3, STOP_EVENT = 128 };

struct task {
	pid_t pid;
	unsigned nth[MAX_CALLS]; /* how often each was called */
	bool is_counted, is_inside, is_chosen;
	uint64_t number, args[3]; /* of the call at work */
};

static struct task tasks[MAX_TASKS];
static unsigned n_tasks;
static FILE *report;
static pid_t program;

static struct {
	unsigned task, nth;
	uint64_t number;
	int error; /* 0: half as much */
	bool is_set;
} target;

static volatile sig_atomic_t is_late;

_Noreturn static void
die(const char *what)
{
	perror(what);
	exit(99);
}

static struct task *
task_of(pid_t pid)
{
	for (unsigned i = 0; i < n_tasks; i++) {
		if (tasks[i].pid == pid)
			return &tasks[i];
	}
	if (n_tasks == MAX_TASKS)
		die("too many tasks");
	tasks[n_tasks] = (struct task){ .pid = pid, .is_counted = n_tasks > 0 };
	return &tasks[n_tasks++];
}

static void
print_call(const struct task *t, int64_t result)
{
	char *name =
	    seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)t->number);

	(void)fprintf(report, "call %u %s %u %lld %lld %lld\n",
	    (unsigned)(t - tasks), name != NULL ? name : "?", t->nth[t->number],
	    (long long)t->args[0], (long long)t->args[2], (long long)result);
	(void)fflush(report);
	free(name);
}

/* What has been closed is closed, whatever close(2) says. */
static bool
happens_anyway(const struct task *t)
{
	return t->number == SYS_close;
}

static void
enter(struct task *t, const struct __ptrace_syscall_info *info)
{
	if (info->entry.nr == SYS_prctl && info->entry.args[0] == FAULT_MARK) {
		t->is_counted = true;
		return;
	}
	t->is_inside = t->is_counted && info->entry.nr < MAX_CALLS;
	if (!t->is_inside)
		return;
	t->number = info->entry.nr;
	t->nth[t->number]++;
	memcpy(t->args, info->entry.args, sizeof(t->args));
	t->is_chosen = target.is_set && t == &tasks[target.task] &&
	    t->number == target.number && t->nth[t->number] == target.nth;
	if (!t->is_chosen)
		return;
	if (target.error == 0)
		set_third(t->pid, t->args[2] / 2);
	else if (!happens_anyway(t))
		skip_call(t->pid);
}

static void
leave(struct task *t, const struct __ptrace_syscall_info *info)
{
	if (!t->is_inside)
		return;
	t->is_inside = false;
	if (!target.is_set)
		print_call(t, info->exit.rval);
	if (!t->is_chosen)
		return;
	t->is_chosen = false;
	if (target.error != 0)
		set_result(t->pid, (uint64_t)-target.error);
	print_call(t, -target.error);
}

static void
at_call(pid_t pid)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0)
		return; /* killed meanwhile */
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		enter(task_of(pid), &info);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		leave(task_of(pid), &info);
}

/* One of them has stopped: see why, and let it go on. */
static void
at_stop(pid_t pid, int status)
{
	const int event = status >> 16;
	int signo = WSTOPSIG(status);
	unsigned long child;

	if (event == PTRACE_EVENT_EXEC && pid != program) {
		(void)ptrace(PTRACE_DETACH, pid, 0, 0);
		return;
	}
	if (event == STOP_EVENT && signo != SIGTRAP) {
		(void)ptrace(PTRACE_LISTEN, pid, 0, 0);
		return;
	}
	if (signo == (SIGTRAP | 0x80))
		at_call(pid);
	else if ((event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_CLONE ||
		     event == PTRACE_EVENT_VFORK) &&
	    ptrace(PTRACE_GETEVENTMSG, pid, 0, &child) == 0)
		(void)task_of((pid_t)child);
	if (event != 0 || signo == (SIGTRAP | 0x80))
		signo = 0;
	(void)task_of(pid);
	(void)ptrace(PTRACE_SYSCALL, pid, 0, signo);
}

/* Kill all there are, and count them. */
static unsigned
kill_children(void)
{
	char name[64], pids[4096] = "", *next = pids;
	unsigned n = 0;
	FILE *f;

	(void)snprintf(
	    name, sizeof(name), "/proc/self/task/%ld/children", (long)getpid());
	f = fopen(name, "r");
	if (f == NULL || fgets(pids, sizeof(pids), f) == NULL)
		pids[0] = '\0';
	if (f != NULL)
		(void)fclose(f);
	for (long pid; (pid = strtol(next, &next, 10)) > 0; n++)
		(void)kill((pid_t)pid, SIGKILL);
	return n;
}

static void
at_alarm(int signo)
{
	(void)signo;
	is_late = 1;
}

/* The program has ended; its time is over, that of what it left begins. */
static void
at_end(int status)
{
	if (WIFEXITED(status))
		(void)fprintf(report, "ends %d\n", WEXITSTATUS(status));
	else
		(void)fprintf(report, "dies %d\n", WTERMSIG(status));
	(void)alarm(LINGER);
}

static void
hang(void)
{
	(void)fprintf(report, "hangs\n");
	(void)kill(program, SIGKILL); /* not waited for: it is still there */
}

static void
watch(void)
{
	bool has_ended = false;
	int status;

	for (;;) {
		const pid_t pid = waitpid(-1, &status, __WALL);

		if (pid < 0 && errno == EINTR && is_late) {
			is_late = 0;
			if (has_ended)
				(void)fprintf(
				    report, "leaves %u\n", kill_children());
			else
				hang();
			(void)alarm(1); /* for what comes to us by that */
		} else if (pid < 0 && errno == ECHILD) {
			return;
		} else if (pid >= 0 && WIFSTOPPED(status)) {
			at_stop(pid, status);
		} else if (pid == program) {
			has_ended = true;
			at_end(status);
		}
	}
}

/* Begin it: it waits for us to be its tracer before it executes. */
static void
start(const char *preload, char **argv)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
	    PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
	    PTRACE_O_EXITKILL;
	int ends[2];
	char byte;

	if (pipe(ends) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		die("inject");
	program = fork();
	if (program < 0)
		die("fork");
	if (program == 0) {
		(void)close(ends[1]);
		(void)read(ends[0], &byte, 1);
		(void)close(ends[0]);
		if (setenv("LD_PRELOAD", preload, 1) == 0)
			(void)execv(argv[0], argv);
		die(argv[0]);
	}
	if (ptrace(PTRACE_SEIZE, program, 0, options) < 0)
		die("ptrace");
	(void)task_of(program);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void
aim(char **words)
{
	const int number = seccomp_syscall_resolve_name(words[1]);

	if (number < 0)
		die(words[1]);
	target.is_set = true;
	target.task = (unsigned)atoi(words[0]);
	target.number = (uint64_t)number;
	target.nth = (unsigned)atoi(words[2]);
	target.error = atoi(words[3]);
}

int
main(int argc, char **argv)
{
	const struct sigaction act = { .sa_handler = at_alarm };
	const bool is_aimed = argc > 8 && strcmp(argv[8], "--") == 0;
	const int at = is_aimed ? 9 : 5;

	if (argc <= at || strcmp(argv[at - 1], "--") != 0) {
		(void)fprintf(stderr,
		    "usage: inject ALLOC.SO REPORT SECONDS "
		    "[TASK CALL NTH HOW] -- PROGRAM [ARG]...\n");
		return 2;
	}
	report = fopen(argv[2], "we");
	if (report == NULL)
		die(argv[2]);
	if (is_aimed)
		aim(argv + 4);
	(void)sigaction(SIGALRM, &act, NULL);
	start(argv[1], argv + at);
	(void)alarm((unsigned)atoi(argv[3]));
	watch();
	return fclose(report) == 0 ? 0 : 99;
}
