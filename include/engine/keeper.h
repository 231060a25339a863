/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keeper - the process between a supervisor and the command it started
 *
 * All that a command leaves behind is to end with it, and all of it is to end
 * if the supervisor is killed.  A process cannot clean up after its own SIGKILL;
 * so one stands in between.  It is the command's parent and, as a subreaper
 * (PR_SET_CHILD_SUBREAPER), inherits every descendant that loses its own; it
 * ends them (engine/reaper) when the command has ended, or when the supervisor is
 * gone, and then ends itself.
 *
 *	supervisor --- keeper --- command --- ...
 *	                    \---- orphans
 *
 * The keeper tells the supervisor what happens over a socket, one message a
 * read; it waits for a supervisor who is slow, and loses none.  It keeps no file,
 * directory or memory of its own busy.  It is in a session of its own, so that
 * what is sent to the whole job does not reach it, and so that nobody takes it
 * for one who could continue a stopped job; the command is in the supervisor's
 * session and process group, where it would be if it had been run alone.
 *
 *	struct keeper k = KEEPER_INIT;
 *	if (keeper_start(&k, &o, f) < 0) ...
 *	while (poll(... k.fd ...) >= 0 && keeper_read(&k, &m, f) > 0)
 *		...
 *	keeper_end(&k);
 */
#ifndef ENGINE_KEEPER_H
#define ENGINE_KEEPER_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct fault;

enum { KEEPER_NAME_MAX = 64 };

enum keeper_event {
	KEEPER_STARTED, /* `pid` is the command's; it has not executed yet */
	KEEPER_FAILED, /* it could not be executed: `value` is errno; `pid` is
			* 0 if there is no process at all */
	KEEPER_STOPPED, /* `value` is the signal */
	KEEPER_CONTINUED, /* not told if it ends at once */
	KEEPER_EXITED, /* `value` is the status of wait(2); after KEEPER_FAILED
			* it exited with 126 or 127, as env(1) does, or 125 */
	KEEPER_ENDED, /* `pid`, called `name`, outlived the command and was
		       * ended by SIGTERM or, if that was not enough, SIGKILL:
		       * `value`.  Said once of each process */
	KEEPER_ALIVE, /* `pid`, called `name`, could not be ended: it may not
		       * be signalled, or hangs in the kernel */
	KEEPER_DONE, /* nothing is left but those; the last message */
};

struct keeper_message {
	enum keeper_event event;
	pid_t pid;
	int value;
	char name[KEEPER_NAME_MAX]; /* /proc/PID/cmdline with blanks for NULs,
				     * cut; any bytes */
};

struct keeper {
	pid_t pid; /* of the keeper; -1: none */
	pid_t
	    command; /* once KEEPER_STARTED was read; -1 after KEEPER_EXITED */
	int fd; /* readable when there is a message; -1: none */
};

/* clang-format off */
#define KEEPER_INIT { .pid = -1, .command = -1, .fd = -1 }
/* clang-format on */

struct keeper_options {
	char *const *argv; /* searched in the caller's PATH, see execvpe(3) */
	char *const *envp; /* the command's environment */
	const sigset_t *mask; /* the signals that it starts with blocked */
	/*
	 * Runs in the command's process right before it executes, with all
	 * descriptors still open; -1 ends that process with status 125.  It may
	 * only make system calls, and not fork: the child would keep the
	 * socket.  Signals that the caller ignores are ignored there and in
	 * the command, unless this changes it.
	 */
	int (*prepare)(void *arg);
	void *arg;
	/*
	 * Whenever the command stops as a job (not by SIGSTOP: who sent that may
	 * need the caller, to end it again), so does the caller, by SIGSTOP, for
	 * the shell that waits for it; and it is sent SIGCONT when the command
	 * continues.  Who stopped himself by a message could not be woken.
	 */
	bool stops_caller;
};

/*
 * Fork the keeper, which forks the command; returns at once.  The caller should
 * have one thread.  It becomes a subreaper, to inherit the descendants if the
 * keeper is killed, and should have no other child until keeper_end().
 */
int keeper_start(
    struct keeper *k, const struct keeper_options *o, struct fault *f);

/*
 * Read one message, waiting for it.  1 and the message; 0 if the keeper has gone
 * without saying KEEPER_DONE; -1 on a fault.
 */
int keeper_read(struct keeper *k, struct keeper_message *m, struct fault *f);

/*
 * Let go of the keeper: it ends, with everything that it still keeps (by
 * SIGKILL), before this returns.  If it was killed, all children that we have
 * are what it kept, and are ended here.  Safe on KEEPER_INIT.
 */
void keeper_end(struct keeper *k);

#endif
