/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/supervisor.h"

#include "base/bell.h"
#include "base/fault.h"
#include "base/notice.h"
#include "engine/kin.h"
#include "engine/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * A call that no program makes, by which the command's process proves that its
 * calls reach us, and the answer that only we would give: a kernel may take the
 * filter and still not deliver, a sandbox may answer 0 to every chown(2).
 */
enum { PROOF = 0x616d7472, PROOF_FD = -4711, PROOFS = 2 };

/* What the command's process sends once it has put the filter on. */
struct handover {
	int error; /* errno; 0: the listener comes along */
};

enum { ROOM = 16 }; /* descriptors */

/* What is waited for. */
enum { WAIT_KEEPER, WAIT_SIGNALS, WAIT_HANDOVER, WAIT_COUNT };

/* True if the call goes on with what the one before it did. */
static bool
is_same_work(const struct notify_call *a, const struct notify_call *b)
{
	return a->pid == b->pid && a->number == b->number && a->arch == b->arch;
}

static int
tell_change(void *arg, const struct record *record, struct fault *f)
{
	struct supervisor *s = arg;

	return scribe_note(&s->scribe, record, f);
}

static void
tell_refusal(void *arg, const struct trap_refusal *refusal)
{
	const struct supervisor *s = arg;

	if (s->o->refused != NULL)
		s->o->refused(s->o->arg, s, refusal);
}

static void
tell_killed(void *arg, pid_t pid)
{
	const struct supervisor *s = arg;

	notice_say(s->o->notice,
	    "process %d is a program of another ABI, whose system calls cannot "
	    "be recorded: killed",
	    (int)pid);
}

/*
 * What a run and its answers have open at most.  A call of which we cannot open
 * the file would go unrecorded; so better no run at all.
 */
static int
check_room(struct fault *f)
{
	int fds[ROOM];
	int n = 0, r = 0;

	while (n < ROOM && (fds[n] = open("/", O_PATH | O_CLOEXEC)) >= 0)
		n++;
	if (n < ROOM)
		r = fault_sys(f, "no room for %d open files", ROOM);
	while (n > 0)
		(void)close(fds[--n]); /* O_PATH: nothing to lose */
	return r;
}

int
supervisor_open(
    struct supervisor *s, const struct supervisor_options *o, struct fault *f)
{
	/* without, setcap(8) gives up; but root's programs may mean it */
	struct filter_options fo = {
		.fakes_ids = o->fakes_ids,
		.fakes_caps = o->fakes_ids || geteuid() != 0,
	};

	*s = (struct supervisor){
		.o = o,
		.roster = ROSTER_INIT,
		.scribe = SCRIBE_INIT,
		.keeper = KEEPER_INIT,
		.listener = -1,
		.handed = -1,
		.signals = -1,
	};
	s->trap = (struct trap){
		.listener = -1,
		.filter = &s->filter,
		.is_strict = o->is_strict,
		/* only root can, and only where set*id are not faked */
		.checks_user = !o->fakes_ids && geteuid() == 0,
		.tells = { tell_change, tell_refusal, tell_killed, s },
		.records = { .user = geteuid(), .group = getegid() },
		.files = { { .fd = -1 }, { .fd = -1 } },
	};
	if (roster_load(&s->roster, &o->names, s->trap.files, f) < 0 ||
	    scribe_open(&s->scribe, &s->roster, &s->trap.records, f) < 0)
		return -1;
	fo.watches_opens = s->roster.users.added + s->roster.groups.added > 0;
	return filter_make(&s->filter, &fo, f) < 0 ? -1 : check_room(f);
}

static void
close_one(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd); /* memory and sockets: nothing to lose */
	*fd = -1;
}

void
supervisor_close(struct supervisor *s)
{
	keeper_end(&s->keeper);
	filter_release(&s->filter);
	record_release(&s->trap.records);
	scribe_close(&s->scribe);
	roster_release(&s->roster);
	for (int i = 0; i < TRAP_FILES; i++)
		close_one(&s->trap.files[i].fd);
	close_one(&s->listener);
	close_one(&s->handed);
	close_one(&s->signals);
}

/* Send what happened, and the listener if there is one. */
static int
hand_over(int socket, int error, int listener)
{
	struct handover h = { .error = error };
	struct iovec part = { &h, sizeof(h) };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} u = { 0 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };

	if (listener >= 0) {
		m.msg_control = &u;
		m.msg_controllen = sizeof(u);
		u.header.cmsg_level = SOL_SOCKET;
		u.header.cmsg_type = SCM_RIGHTS;
		u.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&u.header), &listener, sizeof(int));
	}
	return sendmsg(socket, &m, MSG_NOSIGNAL) == (ssize_t)sizeof(h) ? 0 : -1;
}

/* In the command's process, before it executes. */
struct preparation {
	const struct filter *filter;
	int socket;
};

static int
prepare(void *arg)
{
	const struct preparation *p = arg;
	const int listener = filter_apply(p->filter);

	if (listener < 0) {
		(void)hand_over(p->socket, errno, -1); /* else it ends anyway */
		return -1;
	}
	if (hand_over(p->socket, 0, listener) < 0)
		return -1;
	(void)close(listener); /* the supervisor has it */
	/* one that is answered, and one that the kernel goes on with */
	if (syscall(SYS_fchown, PROOF_FD, PROOF, PROOF) != PROOF)
		return -1;
	if (syscall(SYS_fchown, PROOF_FD, PROOF, PROOF) != -1 || errno != EBADF)
		return -1;
	return 0;
}

static void
receive_handover(struct supervisor *s)
{
	struct handover h = { 0 };
	struct iovec part = { &h, sizeof(h) };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} u;
	struct msghdr m = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &u,
		.msg_controllen = sizeof(u) };
	const ssize_t got = recvmsg(s->handed, &m, MSG_CMSG_CLOEXEC);

	close_one(&s->handed);
	if (got < (ssize_t)sizeof(h))
		return;
	if (h.error != 0)
		s->refused_by = h.error;
	if (CMSG_FIRSTHDR(&m) != NULL && s->listener < 0) {
		memcpy(&s->listener, CMSG_DATA(&u.header), sizeof(int));
		s->trap.listener = s->listener;
		notify_tune(s->listener);
	}
}

/*
 * The first calls, see prepare().  If the kernel cannot go on with a call that
 * was stopped (Linux 5.5), no command is started.
 */
static int
prove(struct supervisor *s, const struct notify_call *call, struct fault *f)
{
	const int r = s->proofs == 0
	    ? notify_answer(s->listener, call, PROOF, 0)
	    : notify_continue(s->listener, call);

	if (r == 0)
		s->proofs++;
	else if (notify_answer(s->listener, call, 0, ENOSYS) < 0 &&
	    errno != ENOENT)
		return fault_sys(f, "cannot answer system calls");
	return 0;
}

static int
serve_call(struct supervisor *s, struct fault *f)
{
	struct notify_call call;
	const int r = notify_receive(s->listener, &call);

	if (r < 0)
		return fault_sys(f, "cannot receive system calls");
	if (r == 0) {
		s->is_deserted = notify_is_over(s->listener);
		return 0;
	}
	if (s->proofs < PROOFS)
		return prove(s, &call, f);
	if (scribe_is_behind(&s->scribe) && !is_same_work(&call, &s->last) &&
	    scribe_flush(&s->scribe, f) < 0)
		return -1;
	s->last = call;
	return trap_answer(&s->trap, &call, f);
}

/*
 * A terminal sends to the whole job, so that the command has got it.  What the
 * kernel says to us alone is that the terminal was hung up, if we lead its
 * session, and that an alarm has run out that was set before we were executed.
 * Who lets a job go on has sent SIGCONT to all of it, as a rule.
 */
static bool
is_for_command(const struct supervisor *s, const struct signalfd_siginfo *info)
{
	const pid_t sender = (pid_t)info->ssi_pid;

	if (info->ssi_code > 0)
		return info->ssi_signo == SIGALRM ||
		    (info->ssi_signo == SIGHUP && getsid(0) == getpid());
	if (info->ssi_signo == SIGCONT)
		return kin_is_stopped(s->keeper.command);
	/* SIGPIPE may be our own */
	return info->ssi_signo != SIGCHLD && sender != getpid();
}

static void
serve_signals(struct supervisor *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info)) {
		if (s->keeper.command > 0 && is_for_command(s, &info))
			(void)kill(s->keeper.command,
			    (int)info.ssi_signo); /* or it is gone */
	}
}

static int
serve_keeper(struct supervisor *s, bool *is_done, struct fault *f)
{
	struct keeper_message m;
	const int r = keeper_read(&s->keeper, &m, f);

	if (r < 0)
		return -1;
	if (r == 0)
		return fault_set(
		    f, FAULT_SYSTEM, "the keeper of the command was killed");
	switch (m.event) {
	case KEEPER_STARTED:
	case KEEPER_STOPPED: /* we have been stopped along with it */
	case KEEPER_CONTINUED:
		break;
	case KEEPER_FAILED:
		s->cannot_execute = m.value;
		break;
	case KEEPER_EXITED:
		s->has_ended = true;
		s->status = m.value;
		break;
	case KEEPER_ENDED:
		notice_say(s->o->notice,
		    "process %d ('%s') outlived the command: ended by %s",
		    (int)m.pid, m.name,
		    m.value == SIGKILL ? "SIGKILL" : "SIGTERM");
		break;
	case KEEPER_ALIVE:
		notice_say(s->o->notice,
		    "process %d ('%s') outlived the command and cannot be "
		    "ended",
		    (int)m.pid, m.name);
		break;
	case KEEPER_DONE:
		*is_done = true;
		break;
	}
	return 0;
}

/* Look at all but the calls, without waiting, or wait for the handover. */
static int
serve_others(struct supervisor *s, int timeout, bool *is_done, struct fault *f)
{
	struct pollfd fds[WAIT_COUNT] = {
		[WAIT_KEEPER] = { s->keeper.fd, POLLIN, 0 },
		[WAIT_SIGNALS] = { s->signals, POLLIN, 0 },
		[WAIT_HANDOVER] = { s->handed, POLLIN, 0 },
	};

	if (poll(fds, WAIT_COUNT, timeout) < 0 && errno != EINTR)
		return fault_sys(f, "cannot wait for the command");
	if (fds[WAIT_HANDOVER].revents != 0)
		receive_handover(s);
	if (fds[WAIT_SIGNALS].revents != 0)
		serve_signals(s);
	if (fds[WAIT_KEEPER].revents != 0)
		return serve_keeper(s, is_done, f);
	return 0;
}

/* From the listener's arrival on: calls come first, the rest by the bell. */
static int
serve_calls(struct supervisor *s, bool *is_done, struct fault *f)
{
	const int others[] = { s->keeper.fd, s->signals };
	struct bell bell;
	int r = bell_start(&bell, others, 2, f);

	while (r == 0 && !*is_done) {
		if (bell_rings(&bell)) {
			r = serve_others(s, 0, is_done, f);
			bell_hush(&bell);
		} else if (s->is_deserted) {
			r = serve_others(s, -1, is_done, f);
		} else {
			r = serve_call(s, f);
		}
	}
	bell_stop(&bell);
	return r;
}

static int
serve(struct supervisor *s, struct fault *f)
{
	bool is_done = false;

	while (!is_done && s->listener < 0) {
		if (serve_others(s, -1, &is_done, f) < 0)
			return -1;
	}
	return is_done ? 0 : serve_calls(s, &is_done, f);
}

static int
block_signals(struct supervisor *s, sigset_t *old, struct fault *f)
{
	sigset_t all;

	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, old) < 0)
		return fault_sys(f, "cannot block signals");
	s->signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signals < 0)
		return fault_sys(f, "cannot receive signals");
	/* heir of what the keeper would leave, were it killed */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return fault_sys(f, "cannot inherit orphans");
	return 0;
}

static int
explain_refusal(const struct supervisor *s, struct fault *f)
{
	errno = s->refused_by;
	if (errno == EBUSY)
		return fault_set(f, FAULT_SYSTEM,
		    "another supervisor (amtree-run?) records this process "
		    "already, and runs do not nest");
	return fault_sys(f,
	    "this kernel or sandbox has no seccomp user notification (Linux "
	    "5.5)");
}

int
supervisor_run(
    struct supervisor *s, char *const *argv, char *const *envp, struct fault *f)
{
	struct preparation p = { .filter = &s->filter };
	sigset_t old;
	const struct keeper_options ko = {
		.argv = argv,
		.envp = envp,
		.mask = &old,
		.prepare = prepare,
		.arg = &p,
		.stops_caller = true,
	};
	int sockets[2], r;

	if (block_signals(s, &old, f) < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
		return fault_sys(f, "cannot make a socket");
	s->handed = sockets[0];
	p.socket = sockets[1];
	r = keeper_start(&s->keeper, &ko, f);
	(void)close(sockets[1]); /* the command's process has its own */
	if (r == 0)
		r = serve(s, f);
	if (r == 0)
		r = scribe_flush(&s->scribe, f);
	keeper_end(&s->keeper);
	if (r == 0 && s->proofs < PROOFS && s->refused_by == 0 &&
	    s->cannot_execute == 0)
		s->refused_by = ENOSYS;
	if (s->refused_by != 0)
		r = explain_refusal(s, f);
	serve_signals(s); /* ours, as SIGXFSZ: there has been a fault */
	(void)sigprocmask(SIG_SETMASK, &old, NULL); /* cannot fail */
	return r;
}
