/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/supervisor.h"

#include "base/bell.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/notice.h"
#include "engine/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

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
	const struct scribe_sources told = {
		.roster = &s->roster,
		.records = &s->trap.records,
		.deeds = &s->trap.witness.ledger,
	};

	*s = (struct supervisor){
		.o = o,
		.roster = ROSTER_INIT,
		.scribe = SCRIBE_INIT,
		.keeper = KEEPER_INIT,
		.handover = HANDOVER_INIT,
		.listener = -1,
		.relay = RELAY_INIT,
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
	    scribe_open(&s->scribe, &told, f) < 0)
		return -1;
	fo.watches_opens = s->roster.users.added + s->roster.groups.added > 0;
	return filter_make(&s->filter, &fo, f) < 0 ? -1 : check_room(f);
}

void
supervisor_close(struct supervisor *s)
{
	keeper_end(&s->keeper);
	filter_release(&s->filter);
	record_release(&s->trap.records);
	witness_release(&s->trap.witness);
	scribe_close(&s->scribe);
	roster_release(&s->roster);
	for (int i = 0; i < TRAP_FILES; i++)
		io_drop(&s->trap.files[i].fd);
	io_drop(&s->listener);
	handover_close(&s->handover);
	relay_close(&s->relay);
}

static void
take_listener(struct supervisor *s)
{
	s->listener = handover_receive(&s->handover);
	if (s->listener < 0)
		return;
	s->trap.listener = s->listener;
	notify_tune(s->listener);
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
	if (!handover_is_proven(&s->handover))
		return handover_prove(&s->handover, s->listener, &call, f);
	if (scribe_is_behind(&s->scribe) && !is_same_work(&call, &s->last) &&
	    scribe_flush(&s->scribe, f) < 0)
		return -1;
	s->last = call;
	return trap_answer(&s->trap, &call, f);
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

/* What comes before there is a command waits for it; behind it it is dropped. */
static bool
takes_signals(const struct supervisor *s)
{
	return s->has_ended ||
	    (s->keeper.command > 0 && handover_is_proven(&s->handover));
}

/* Look at all but the calls, without waiting, or wait for the handover. */
static int
serve_others(struct supervisor *s, int timeout, bool *is_done, struct fault *f)
{
	struct pollfd fds[WAIT_COUNT] = {
		[WAIT_KEEPER] = { s->keeper.fd, POLLIN, 0 },
		[WAIT_SIGNALS] = { takes_signals(s) ? s->relay.fd : -1, POLLIN,
		    0 },
		[WAIT_HANDOVER] = { s->handover.fd, POLLIN, 0 },
	};

	if (poll(fds, WAIT_COUNT, timeout) < 0 && errno != EINTR)
		return fault_sys(f, "cannot wait for the command");
	if (fds[WAIT_HANDOVER].revents != 0)
		take_listener(s);
	if (fds[WAIT_SIGNALS].revents != 0)
		relay_serve(&s->relay, s->keeper.command);
	if (fds[WAIT_KEEPER].revents != 0)
		return serve_keeper(s, is_done, f);
	return 0;
}

/* From the listener's arrival on: calls come first, the rest by the bell. */
static int
serve_calls(struct supervisor *s, bool *is_done, struct fault *f)
{
	const int others[] = { s->keeper.fd, s->relay.fd };
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

int
supervisor_run(
    struct supervisor *s, char *const *argv, char *const *envp, struct fault *f)
{
	const struct keeper_options ko = {
		.argv = argv,
		.envp = envp,
		.mask = &s->relay.mask,
		.prepare = handover_prepare,
		.arg = &s->handover,
		.stops_caller = true,
	};
	int r;

	if (relay_open(&s->relay, f) < 0 ||
	    handover_open(&s->handover, &s->filter, f) < 0)
		return -1;
	r = keeper_start(&s->keeper, &ko, f);
	handover_part(&s->handover);
	if (r == 0)
		r = serve(s, f);
	if (r == 0)
		r = scribe_flush(&s->scribe, f);
	keeper_end(&s->keeper);
	if (s->handover.refused_by != 0 ||
	    (r == 0 && s->cannot_execute == 0 &&
		!handover_is_proven(&s->handover)))
		r = handover_explain(&s->handover, f);
	relay_close(&s->relay);
	return r;
}
