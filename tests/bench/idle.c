/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idle COMMAND... - a supervisor that does nothing
 *
 * Runs COMMAND under the filter of amtree-run and lets each call that was stopped
 * go on at once; chown(2) returns 0.  No supervisor can be faster, whatever it
 * knows: what amtree-run takes beyond that is its own work (scripts/bench-run.sh).
 */
#include "base/fault.h"
#include "engine/calls.h"
#include "engine/filter.h"
#include "engine/notify.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void
give_up(const char *what)
{
	perror(what);
	exit(125);
}

/* Its end is ours. */
static void
follow(int sig)
{
	int status;

	(void)sig; /* there is one */
	if (wait(&status) > 0)
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 125);
}

/* In the command's process; the listener stays open until it has been taken. */
static void
execute(const struct filter *filter, int socket, char **argv)
{
	const int listener = filter_apply(filter);
	char taken;

	if (listener < 0)
		give_up("idle: no filter");
	if (write(socket, &listener, sizeof(listener)) != sizeof(listener) ||
	    read(socket, &taken, 1) != 1)
		give_up("idle: no supervisor");
	execvp(argv[0], argv);
	give_up(argv[0]);
}

static int
take_listener(pid_t command, int socket)
{
	int number = -1, pidfd;

	if (read(socket, &number, sizeof(number)) != sizeof(number))
		give_up("idle: no command");
	pidfd = (int)syscall(SYS_pidfd_open, command, 0);
	number = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
	if (number < 0 || write(socket, "", 1) != 1)
		give_up("idle: no listener");
	return number;
}

static void
let_go(const struct filter *filter, int listener)
{
	const struct filter_abi *abi;
	struct notify_call call;

	for (;;) {
		const struct call *row;

		if (notify_receive(listener, &call) <= 0)
			continue;
		row = filter_find(filter, call.arch, call.number, &abi);
		if (row != NULL && row->kind == CALL_CHOWN)
			(void)notify_answer(listener, &call, 0, 0);
		else
			(void)notify_continue(listener, &call);
	}
}

int
main(int argc, char **argv)
{
	const struct filter_options o = { .fakes_ids = true };
	const struct sigaction action = { .sa_handler = follow };
	struct filter filter;
	struct fault f = { 0 };
	int sockets[2], listener;
	pid_t command;

	if (argc < 2 || filter_make(&filter, &o, &f) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) < 0 ||
	    sigaction(SIGCHLD, &action, NULL) < 0)
		give_up("idle");
	command = fork();
	if (command < 0)
		give_up("idle");
	if (command == 0)
		execute(&filter, sockets[1], argv + 1);
	listener = take_listener(command, sockets[0]);
	notify_tune(listener);
	let_go(&filter, listener);
}
