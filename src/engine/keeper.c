/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/keeper.h"

#include "base/fault.h"
#include "base/num.h"
#include "engine/kin.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
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

_Static_assert((int)KEEPER_NAME_MAX == (int)KIN_NAME_MAX, "names fit");

enum {
	STATUS_UNPREPARED = 125,
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
	REAP_MAX = 1000, /* children between two looks at the supervisor */
	REAP_TIME = 500, /* milliseconds of reaping between rounds of SIGKILL */
	PAUSE = 10, /* milliseconds of waiting between them */
	SECOND = 1000, /* in milliseconds */
	MILLISECOND = 1000000, /* in nanoseconds */
};

static const int64_t never = INT64_MAX;

/* What ends processes: the keeper, or the supervisor once it was killed. */
struct keeping {
	int fd; /* to the supervisor; -1: it is gone, or it is we */
	pid_t command; /* -1: there is none any more */
	pid_t caller; /* who stops when the command does; 0: nobody */
	bool has_stopped; /* the caller, by us */
	bool has_children;
	bool is_stuck; /* none of those left may be signalled */
	uint64_t progress; /* counts the ended, and the signalled */
	const sigset_t *mask; /* to wait with; NULL: as it is */
	struct kin kin; /* those that outlived the command, and their signals */
};

static int64_t
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail on Linux */
	return (int64_t)t.tv_sec * SECOND + t.tv_nsec / MILLISECOND;
}

static void
lose_supervisor(struct keeping *k)
{
	(void)close(k->fd); /* a socket: nothing to lose */
	k->fd = -1;
}

/* Wait until it has been sent, or nobody is left to read it. */
static void
tell(struct keeping *k, const struct keeper_message *m)
{
	const struct timespec a_bit = { .tv_nsec = MILLISECOND };

	while (k->fd >= 0 && send(k->fd, m, sizeof(*m), MSG_NOSIGNAL) < 0) {
		if (errno == ENOBUFS || errno == ENOMEM)
			(void)nanosleep(&a_bit, NULL); /* no signal comes */
		else if (errno != EINTR)
			lose_supervisor(k);
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
tell_kin(
    struct keeping *k, enum keeper_event event, const struct kin_process *p)
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

/* Take in what has happened to our children; true if there may be more. */
static bool
reap(struct keeping *k)
{
	for (unsigned n = 0; n < REAP_MAX; n++) {
		int status;
		const pid_t pid =
		    waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED);

		k->has_children = pid >= 0;
		if (pid <= 0)
			return false;
		if (pid == k->command)
			tell_status(k, status);
		if (!WIFSTOPPED(status) && !WIFCONTINUED(status))
			k->progress++;
	}
	return true;
}

/* Sleep until a child changes, the supervisor is gone or it is `until`. */
static void
doze(struct keeping *k, int64_t until)
{
	struct pollfd hangup = { .fd = k->fd }; /* which needs no asking for */
	const int64_t left = until - now();
	const int64_t ms = left > 0 ? left : 0;
	const struct timespec t = { .tv_sec = (time_t)(ms / SECOND),
		.tv_nsec = (long)(ms % SECOND) * MILLISECOND };

	if (ppoll(&hangup, 1, until == never ? NULL : &t, k->mask) > 0)
		lose_supervisor(k);
}

/* Reap all that have ended; they may end faster, so not without limit. */
static void
reap_all(struct keeping *k)
{
	const int64_t end = now() + REAP_TIME;

	while (reap(k) && now() < end)
		;
}

/* Give them until `deadline`; if the supervisor goes, the time is over. */
static void
linger(struct keeping *k, int64_t deadline)
{
	const int fd = k->fd;
	bool has_more = reap(k);

	while (k->has_children && k->fd == fd && now() < deadline) {
		doze(k, has_more ? 0 : deadline);
		has_more = reap(k);
	}
}

/* List our kin anew, with what we know of them; the ended ones are told of. */
static void
renew(struct keeping *k, struct kin *present)
{
	size_t j = 0;

	for (size_t i = 0; i < k->kin.count; i++) {
		const struct kin_process *was = &k->kin.items[i];
		struct kin_process *p;

		while (j < present->count && present->items[j].pid < was->pid)
			j++;
		p = &present->items[j];
		if (j < present->count && kin_is_same(p, was))
			*p = *was;
		else if (was->signo == SIGTERM)
			tell_kin(k, KEEPER_ENDED, was);
	}
	kin_release(&k->kin);
	k->kin = *present;
}

/* Send it; 1 if it is the first such signal, 0 if not, -1 and errno. */
static int
strike(struct keeping *k, struct kin_process *p, int signo)
{
	const bool is_first = p->signo != signo;

	if (p->signo == 0)
		kin_name(p);
	if (kin_signal(p, signo) < 0)
		return -1;
	if (signo == SIGTERM)
		(void)kin_signal(p, SIGCONT); /* if it could not end at once */
	p->signo = signo;
	if (!is_first)
		return 0;
	k->progress++;
	if (signo == SIGKILL)
		tell_kin(k, KEEPER_ENDED, p);
	return 1;
}

/* Signal all that descend from us; true if it was news to any of them. */
static bool
strike_all(struct keeping *k, int signo)
{
	struct kin present = { 0 };
	size_t n_refused = 0;
	bool has_new = false;

	kin_load(&present);
	renew(k, &present);
	for (size_t i = 0; i < k->kin.count; i++) {
		const int r = strike(k, &k->kin.items[i], signo);

		has_new |= r > 0;
		n_refused += r < 0 && errno == EPERM;
	}
	k->is_stuck = n_refused > 0 && n_refused == k->kin.count;
	return has_new;
}

/*
 * SIGKILL to all, again and again: some may fork faster than we list them, but
 * none of those that we have found can fork again.
 */
static void
kill_all(struct keeping *k)
{
	int64_t deadline = now() + KEEPER_LIMIT;
	uint64_t progress = k->progress;

	reap_all(k);
	while (k->has_children && now() < deadline) {
		const bool has_new = strike_all(k, SIGKILL);

		if (k->is_stuck)
			return;
		if (has_new)
			reap_all(k);
		else
			linger(k, now() + PAUSE);
		if (k->progress != progress)
			deadline = now() + KEEPER_LIMIT;
		progress = k->progress;
	}
}

static void
end_all(struct keeping *k)
{
	struct kin left = { 0 };

	linger(k, now() + KEEPER_GRACE);
	if (k->has_children && k->fd >= 0) {
		(void)strike_all(k, SIGTERM); /* which are new is no matter */
		linger(k, now() + KEEPER_PATIENCE);
	}
	kill_all(k);
	if (k->has_children)
		kin_load(&left);
	renew(k, &left);
	for (size_t i = 0; i < k->kin.count; i++)
		tell_kin(k, KEEPER_ALIVE, &k->kin.items[i]);
	kin_release(&k->kin);
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
	(void)sigprocmask(SIG_SETMASK, o->mask, NULL); /* a valid mask */
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

	(void)sigaction(SIGCHLD, &wake, &old); /* a valid signal */
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
	struct keeping k = {
		.fd = fd,
		.command = -1,
		.caller = o->stops_caller ? caller : 0,
	};
	bool has_more = false;
	sigset_t mask;

	start_command(&k, o);
	(void)setsid(); /* just forked, so we lead no group */
	close_others(fd);
	(void)chdir("/"); /* if not, the caller could not either */
	/* who kills the program by its name should not mean us */
	(void)prctl(PR_SET_NAME, "amtree-keeper");
	(void)sigfillset(&mask);
	(void)sigdelset(&mask, SIGCHLD);
	k.mask = &mask;

	while (k.command > 0 && k.fd >= 0) {
		doze(&k, has_more ? 0 : never);
		has_more = reap(&k);
	}
	if (k.fd >= 0)
		end_all(&k);
	else
		kill_all(&k);
	tell_event(&k, KEEPER_DONE, 0, 0);
	_exit(0);
}

int
keeper_start(struct keeper *k, const struct keeper_options *o, struct fault *f)
{
	const pid_t caller = getpid();
	sigset_t all, mask;
	int ends[2], saved;

	*k = (struct keeper)KEEPER_INIT;
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return fault_sys(f, "cannot become a subreaper");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return fault_sys(f, "cannot create a socket");
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &mask); /* a valid mask */
	k->pid = fork();
	saved = errno;
	if (k->pid == 0) {
		/* else we would not learn of the supervisor's end */
		(void)close(ends[0]);
		run_keeper(ends[1], caller, o);
	}
	(void)sigprocmask(SIG_SETMASK, &mask, NULL); /* a valid mask */
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
	struct keeping heirs = { .fd = -1, .command = -1 };

	if (k->fd >= 0)
		(void)close(k->fd); /* a socket: nothing to lose */
	if (k->pid > 0 && wait_for(k->pid)) {
		kill_all(&heirs);
		kin_release(&heirs.kin);
	}
	*k = (struct keeper)KEEPER_INIT;
}
