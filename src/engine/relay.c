/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/relay.h"

#include "base/fault.h"
#include "base/signals.h"
#include "engine/process.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <unistd.h>

int
relay_open(struct relay *r, struct fault *f)
{
	sigset_t all;

	signals_fill(&all);
	signals_block(&r->mask);
	r->fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	if (r->fd >= 0)
		return 0;
	fault_sys(f, "cannot receive signals");
	signals_restore(&r->mask);
	return -1;
}

/*
 * A terminal sends to the whole job, so that the command has got it.  What the
 * kernel says to us alone is that the terminal was hung up, if we lead its
 * session, and that an alarm has run out that was set before we were executed.
 * Who lets a job go on has sent SIGCONT to all of it, as a rule.
 */
static bool
is_for_command(pid_t command, const struct signalfd_siginfo *info)
{
	const pid_t sender = (pid_t)info->ssi_pid;

	if (info->ssi_code > 0)
		return info->ssi_signo == SIGALRM ||
		    (info->ssi_signo == SIGHUP && getsid(0) == getpid());
	if (info->ssi_signo == SIGCONT)
		return process_is_stopped(command);
	/* SIGPIPE may be our own */
	return info->ssi_signo != SIGCHLD && sender != getpid();
}

void
relay_serve(struct relay *r, pid_t command)
{
	struct signalfd_siginfo info;

	while (read(r->fd, &info, sizeof(info)) == sizeof(info)) {
		if (command > 0 && is_for_command(command, &info))
			(void)kill(
			    command, (int)info.ssi_signo); /* or it is gone */
	}
}

void
relay_close(struct relay *r)
{
	if (r->fd < 0)
		return;
	relay_serve(r, -1); /* ours, as SIGXFSZ: there has been a fault */
	(void)close(r->fd); /* nothing was written */
	signals_restore(&r->mask);
	r->fd = -1;
}
