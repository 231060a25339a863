/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/kin.h"

#include "base/fault.h"
#include "base/grow.h"
#include "base/num.h"
#include "engine/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void
kin_release(struct kin *kin)
{
	free(kin->items);
	*kin = (struct kin){ 0 };
}

/* A process for which there is no memory is one more that is missing. */
static void
add(struct kin *kin, const struct process *p)
{
	if (kin->count == kin->cap) {
		struct fault f = { 0 };
		struct process *items = grow_array(
		    kin->items, &kin->cap, sizeof(*items), "processes", &f);

		if (items == NULL)
			return;
		kin->items = items;
	}
	kin->items[kin->count++] = *p;
}

/* /proc as our own process namespace has it; NULL if there is none. */
static DIR *
open_proc(pid_t self)
{
	char link[16] = "";
	uint64_t pid;
	DIR *dir = NULL;
	int fd;

	if (readlink("/proc/self", link, sizeof(link) - 1) <= 0 ||
	    !num_parse(&pid, link, strlen(link), 10, PROCESS_LIMIT) ||
	    (pid_t)pid != self) {
		errno = ENOENT;
		return NULL;
	}
	fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		dir = fdopendir(fd);
	if (fd >= 0 && dir == NULL)
		(void)close(fd); /* nothing was written */
	return dir;
}

/*
 * Add every process there is; true if /proc does not even show a child of ours.
 * That there is no memory is no reason to look for it elsewhere.
 */
static bool
scan(struct kin *kin, pid_t self)
{
	DIR *dir = open_proc(self);
	const struct dirent *d;
	struct process p;
	bool is_hidden = true;
	uint64_t pid;

	if (dir == NULL)
		return errno != ENOMEM;
	while ((d = readdir(dir)) != NULL) {
		if (!num_parse(&pid, d->d_name, strlen(d->d_name), 10,
			PROCESS_LIMIT) ||
		    (pid_t)pid == self || !process_look(&p, (pid_t)pid))
			continue;
		is_hidden &= p.parent != self;
		add(kin, &p);
	}
	(void)closedir(dir); /* nothing was written */
	return is_hidden;
}

/* Ask wait(2) of a number; `has_ended` is set if it is a child of ours. */
static bool
is_child(pid_t pid, bool *has_ended)
{
	siginfo_t info = { .si_pid = 0 };

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return false;
	*has_ended = info.si_pid != 0;
	return true;
}

/* Add our children, found among all the numbers there may be. */
static void
probe(struct kin *kin, pid_t self)
{
	const pid_t end = process_limit();
	struct process p;
	bool has_ended;

	for (pid_t pid = 1; pid < end; pid++) {
		if (!is_child(pid, &has_ended) || has_ended)
			continue;
		(void)process_look(&p, pid); /* its start may stay unknown */
		p.parent = self;
		p.is_alive = true;
		add(kin, &p);
	}
}

static int
compare(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static bool
descends(const struct kin *kin, const struct process *p, pid_t self)
{
	const struct process key = { .pid = p->parent };
	const struct process *parent;

	if (p->parent == self)
		return true;
	parent =
	    bsearch(&key, kin->items, kin->count, sizeof(*kin->items), compare);
	return parent != NULL && parent->is_kin;
}

/* Most have a lower number than their children: one round more than needed. */
static void
mark(struct kin *kin, pid_t self)
{
	bool has_changed = true;

	while (has_changed) {
		has_changed = false;
		for (size_t i = 0; i < kin->count; i++) {
			struct process *p = &kin->items[i];

			if (p->is_kin || !descends(kin, p, self))
				continue;
			p->is_kin = true;
			has_changed = true;
		}
	}
}

/* Who has none has no other kin either: orphans become children. */
static bool
has_children(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void
kin_load(struct kin *kin)
{
	const pid_t self = getpid();
	size_t kept = 0;

	kin->count = 0;
	if (!has_children())
		return;
	if (scan(kin, self))
		probe(kin, self);
	if (kin->count == 0)
		return;
	qsort(kin->items, kin->count, sizeof(*kin->items), compare);
	mark(kin, self);
	for (size_t i = 0; i < kin->count; i++) {
		if (kin->items[i].is_kin && kin->items[i].is_alive)
			kin->items[kept++] = kin->items[i];
	}
	kin->count = kept;
}

/* Nobody gets a child's number before we have waited for it. */
static int
signal_child(pid_t pid, int signo)
{
	bool has_ended;

	if (is_child(pid, &has_ended) && !has_ended)
		return kill(pid, signo);
	errno = ESRCH;
	return -1;
}

/* A descriptor of the process holds on to it while we make sure who it is. */
static int
signal_distant(const struct process *p, int signo)
{
	const int fd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	struct process now;
	int r = -1, saved = ESRCH;

	if (process_look(&now, p->pid) && now.is_alive &&
	    process_is_same(&now, p)) {
		if (fd >= 0)
			r = (int)syscall(
			    SYS_pidfd_send_signal, fd, signo, NULL, 0);
		else /* Linux before 5.3: it may end just now */
			r = kill(p->pid, signo);
		saved = errno;
	}
	if (fd >= 0)
		(void)close(fd); /* nothing was written */
	errno = saved;
	return r;
}

int
kin_signal(const struct process *p, int signo)
{
	if (p->parent == getpid())
		return signal_child(p->pid, signo);
	return signal_distant(p, signo);
}
