/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process - one process, as /proc has it
 *
 * A number is used again when its process has ended, so who is meant is known by
 * the time of its start as well.  Names are hostile: any bytes.
 *
 *	struct process p;
 *
 *	if (process_look(&p, pid)) {
 *		process_name(&p);
 *		...
 *	}
 */
#ifndef ENGINE_PROCESS_H
#define ENGINE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	PROCESS_NAME_MAX = 64,
	PROCESS_LIMIT = 1 << 22, /* the highest /proc/sys/kernel/pid_max */
};

struct process {
	pid_t pid, parent;
	uint64_t start; /* ticks since boot; 0: not known */
	bool is_alive; /* and does not only wait to be reaped */
	bool is_kin; /* engine/kin has found that it descends from us */
	int signo; /* for whoever signals it; 0 at first */
	char name[PROCESS_NAME_MAX]; /* empty until process_name() */
};

/*
 * Read the file WHAT that /proc has of it, as far as it fits with a NUL behind;
 * the length, or -1 and errno.
 */
ssize_t process_read(pid_t pid, const char *what, char *text, size_t size);

/* False if /proc does not show it; then `p` has the number and nothing else. */
bool process_look(struct process *p, pid_t pid);

/* True if both are one process, not only one number. */
bool process_is_same(const struct process *a, const struct process *b);

/* Set `name` from /proc/PID/cmdline, cut, or else the short name; any bytes. */
void process_name(struct process *p);

/* True if SIGSTOP or such has stopped it; false too if /proc does not say. */
bool process_is_stopped(pid_t pid);

/* Its number in its own process namespace, of which /proc knows; 0: none. */
pid_t process_inner_number(pid_t pid);

/* The number that all are below, on this machine. */
pid_t process_limit(void);

#endif
