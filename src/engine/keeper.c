/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/keeper.h"

#include "base/fault.h"
#include "base/num.h"
#include "base/signals.h"
#include "engine/reaper.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

_Static_assert((int)KEEPER_NAME_MAX == (int)PROCESS_NAME_MAX, "names fit");

enum {
	STATUS_UNPREPARED = 125,
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
	MILLISECOND = 1000000, /* in nanoseconds */
};

/* In the keeper. */
struct keeping {
	struct reaper reaper; /* on behalf of the supervisor */
	pid_t command; /* -1: there is none any more */
	pid_t caller; /* who stops when the command does; 0: nobody */
	bool has_stopped; /* the caller, by us */
};

/* Wait until it has been sent, or nobody is left to read it. */
static void
tell(struct keeping *k, const struct keeper_message *m)
{
	const struct timespec a_bit = { .tv_nsec = MILLISECOND };
	struct reaper *r = &k->reaper;

	while (r->fd >= 0 && send(r->fd, m, sizeof(*m), MSG_NOSIGNAL) < 0) {
		if (errno == ENOBUFS || errno == ENOMEM)
			(void)nanosleep(&a_bit, NULL); /* no signal comes */
		else if (errno != EINTR)
			reaper_desert(r);
	}
}

static void
tell_event(struct keeping *k, enum keeper_event event, pid_t pid, int value)
{
	struct keeper_message m;

	memset(&m, 0, sizeof(m)); /* padding too: it leaves the process */
	m.event = event;
	m.pid = pid;
	m.value = value;
	tell(k, &m);
}

static void
tell_kin(struct keeping *k, enum keeper_event event, const struct process *p)
{
	struct keeper_message m;

	memset(&m, 0, sizeof(m)); /* padding too: it leaves the process */
	m.event = event;
	m.pid = p->pid;
	m.value = p->signo;
	memcpy(m.name, p->name, sizeof(m.name));
	tell(k, &m);
}

/*
 * Stop the caller, or let it go on if it was stopped here.  Another stop may
 * follow without a word of going on in between: a job that is put into the
 * background and reads from the terminal.
 */
static void
take_along(struct keeping *k, int signo)
{
	const bool is_stop = signo == SIGSTOP;

	if (k->caller > 0 && (is_stop || k->has_stopped) &&
	    getppid() == k->caller)
		(void)kill(k->caller, signo); /* our parent, and alive */
	k->has_stopped = is_stop;
}

static void
tell_status(struct keeping *k, int status)
{
	const pid_t pid = k->command;

	if (WIFSTOPPED(status)) {
		tell_event(k, KEEPER_STOPPED, pid, WSTOPSIG(status));
		/* who is stopped by another may need us to go on again */
		if (WSTOPSIG(status) != SIGSTOP)
			take_along(k, SIGSTOP);
		return;
	}
	if (WIFCONTINUED(status)) {
		tell_event(k, KEEPER_CONTINUED, pid, 0);
	} else {
		k->command = -1;
		tell_event(k, KEEPER_EXITED, pid, status);
	}
	take_along(k, SIGCONT);
}

static void
hear_changed(void *arg, pid_t pid, int status)
{
	struct keeping *k = arg;

	if (pid == k->command)
		tell_status(k, status);
}

static void
hear_ended(void *arg, const struct process *p)
{
	tell_kin(arg, KEEPER_ENDED, p);
}

static void
hear_alive(void *arg, const struct process *p)
{
	tell_kin(arg, KEEPER_ALIVE, p);
}

/*
 * Close all but one descriptor.  The limit of open files may be a thousand
 * million, so we never try them one by one.
 */
static void
close_others(int fd)
{
	const unsigned n = (unsigned)fd;
	uint64_t other;
	DIR *dir;

	if ((n == 0 || syscall(SYS_close_range, 0, n - 1, 0) == 0) &&
	    syscall(SYS_close_range, n + 1, ~0U, 0) == 0)
		return;
	dir = opendir("/proc/self/fd"); /* Linux before 5.9 */
	if (dir == NULL)
		return;
	for (const struct dirent *d; (d = readdir(dir)) != NULL;) {
		if (num_parse(
			&other, d->d_name, strlen(d->d_name), 10, INT32_MAX) &&
		    (int)other != fd && (int)other != dirfd(dir))
			(void)close((int)other); /* the caller has it too */
	}
	(void)closedir(dir); /* nothing was written */
}

_Noreturn static void
run_command(struct keeping *k, const struct keeper_options *o)
{
	int error;

	/* by ourselves, so that it goes before KEEPER_FAILED */
	tell_event(k, KEEPER_STARTED, getpid(), 0);
	signals_restore(o->mask);
	if (o->prepare != NULL && o->prepare(o->arg) < 0)
		_exit(STATUS_UNPREPARED);
	(void)execvpe(o->argv[0], o->argv, o->envp);
	error = errno;
	tell_event(k, KEEPER_FAILED, getpid(), error);
	_exit(error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

static void
ignore(int signo)
{
	(void)signo;
}

/* In the keeper, with all signals blocked. */
static void
start_command(struct keeping *k, const struct keeper_options *o)
{
	/* what is not ignored wakes ppoll(), and turns to default at exec */
	const struct sigaction wake = { .sa_handler = ignore };
	struct sigaction old = { .sa_handler = SIG_DFL };
	sigset_t mask;

	(void)sigaction(SIGCHLD, &wake, &old); /* a valid signal */
	signals_block(&mask); /* musl has let its own through */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1); /* as the caller could */
	k->command = fork();
	if (k->command == 0) {
		if (old.sa_handler == SIG_IGN)
			(void)sigaction(SIGCHLD, &old, NULL); /* as above */
		run_command(k, o);
	}
	if (k->command < 0) {
		tell_event(k, KEEPER_FAILED, 0, errno);
		tell_event(k, KEEPER_EXITED, 0, STATUS_UNPREPARED << 8);
	}
}

_Noreturn static void
run_keeper(int fd, pid_t caller, const struct keeper_options *o)
{
	sigset_t mask;
	struct keeping k = {
		.reaper = {
			.fd = fd,
			.mask = &mask,
			.tells = { hear_changed, hear_ended, hear_alive, &k },
		},
		.command = -1,
		.caller = o->stops_caller ? caller : 0,
	};
	struct reaper *r = &k.reaper;

	start_command(&k, o);
	(void)setsid(); /* just forked, so we lead no group */
	close_others(fd);
	(void)!chdir("/"); /* if not, the caller could not either */
	/* who kills the program by its name should not mean us */
	(void)prctl(PR_SET_NAME, "amtree-keeper");
	signals_fill(&mask);
	(void)sigdelset(&mask, SIGCHLD);

	while (k.command > 0 && r->fd >= 0)
		reaper_wait(r);
	if (r->fd >= 0)
		reaper_end(r);
	else
		reaper_kill(r);
	tell_event(&k, KEEPER_DONE, 0, 0);
	_exit(0);
}

int
keeper_start(struct keeper *k, const struct keeper_options *o, struct fault *f)
{
	const pid_t caller = getpid();
	sigset_t mask;
	int ends[2], saved;

	*k = (struct keeper)KEEPER_INIT;
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return fault_sys(f, "cannot become a subreaper");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return fault_sys(f, "cannot create a socket");
	signals_block(&mask);
	k->pid = fork();
	saved = errno;
	if (k->pid == 0) {
		/* else we would not learn of the supervisor's end */
		(void)close(ends[0]);
		run_keeper(ends[1], caller, o);
	}
	signals_restore(&mask);
	(void)close(ends[1]); /* a socket: nothing to lose */
	k->fd = ends[0];
	errno = saved;
	if (k->pid < 0) {
		fault_sys(f, "cannot fork");
		keeper_end(k);
		return -1;
	}
	return 0;
}

int
keeper_read(struct keeper *k, struct keeper_message *m, struct fault *f)
{
	ssize_t n;

	do
		n = recv(k->fd, m, sizeof(*m), 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fault_sys(f, "cannot hear the keeper");
	if (n == 0)
		return 0;
	if (n != (ssize_t)sizeof(*m))
		return fault_set(
		    f, FAULT_SYSTEM, "the keeper sent %zd bytes", n);
	if (m->event == KEEPER_STARTED)
		k->command = m->pid;
	if (m->event == KEEPER_EXITED)
		k->command = -1;
	return 1;
}

/* Wait for the keeper, even if somebody stops it; true if it was killed. */
static bool
wait_for(pid_t pid)
{
	int status;

	for (;;) {
		if (waitpid(pid, &status, WUNTRACED) < 0) {
			if (errno == EINTR)
				continue;
			return true; /* SIGCHLD is ignored: who knows */
		}
		if (!WIFSTOPPED(status))
			return WIFSIGNALED(status);
		(void)kill(pid, SIGCONT); /* our child: cannot fail */
	}
}

void
keeper_end(struct keeper *k)
{
	struct reaper heir = { .fd = -1 };

	if (k->fd >= 0)
		(void)close(k->fd); /* a socket: nothing to lose */
	if (k->pid > 0 && wait_for(k->pid))
		reaper_kill(&heir);
	*k = (struct keeper)KEEPER_INIT;
}
