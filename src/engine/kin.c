/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/kin.h"

#include "base/num.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FIRST_CAP = 256,
	PID_LIMIT = 1 << 22, /* the highest /proc/sys/kernel/pid_max */
	STAT_MAX = 1024,
	/* fields of proc_pid_stat(5), counted from the state */
	FIELD_PARENT = 1,
	FIELD_THREADS = 17,
	FIELD_START = 19,
};

void
kin_release(struct kin *kin)
{
	free(kin->items);
	*kin = (struct kin){ 0 };
}

/* Read a file as far as it fits, with a NUL behind; the length. */
static size_t
read_file(const char *path, char *text, size_t size)
{
	ssize_t n;
	int fd;

	text[0] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, size - 1); /* /proc gives all it has at once */
	(void)close(fd); /* nothing was written */
	if (n < 0)
		n = 0;
	text[n] = '\0';
	return (size_t)n;
}

static size_t
read_of(pid_t pid, const char *what, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, what);
	return read_file(path, text, size);
}

static bool
parse_field(const char *fields, unsigned nth, uint64_t max, uint64_t *out)
{
	for (; nth > 0; nth--) {
		fields = strchr(fields, ' ');
		if (fields == NULL)
			return false;
		fields++;
	}
	return num_parse(out, fields, strcspn(fields, " "), 10, max);
}

/* "PID (NAME) STATE ...": the name is hostile, so it ends at the last ')'. */
static bool
parse_stat(const char *text, struct kin_process *p)
{
	const char *fields = strrchr(text, ')');
	uint64_t parent, threads;

	if (fields == NULL || fields[1] != ' ')
		return false;
	fields += 2;
	if (!parse_field(fields, FIELD_PARENT, PID_LIMIT, &parent) ||
	    !parse_field(fields, FIELD_THREADS, PID_LIMIT, &threads) ||
	    !parse_field(fields, FIELD_START, UINT64_MAX, &p->start))
		return false;
	p->parent = (pid_t)parent;
	/* the first thread may end before others do */
	p->is_alive = strchr("ZX", fields[0]) == NULL || threads > 1;
	return true;
}

static bool
look(pid_t pid, struct kin_process *p)
{
	char text[STAT_MAX];

	*p = (struct kin_process){ .pid = pid };
	return read_of(pid, "stat", text, sizeof(text)) > 0 &&
	    parse_stat(text, p);
}

/* A process for which there is no memory is one more that is missing. */
static void
add(struct kin *kin, const struct kin_process *p)
{
	if (kin->count == kin->cap) {
		const size_t cap = kin->cap > 0 ? kin->cap * 2 : FIRST_CAP;
		struct kin_process *items = NULL;

		if (cap <= SIZE_MAX / sizeof(*items))
			items = realloc(kin->items, cap * sizeof(*items));
		if (items == NULL)
			return;
		kin->items = items;
		kin->cap = cap;
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
	    !num_parse(&pid, link, strlen(link), 10, PID_LIMIT) ||
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
	struct kin_process p;
	bool is_hidden = true;
	uint64_t pid;

	if (dir == NULL)
		return errno != ENOMEM;
	while ((d = readdir(dir)) != NULL) {
		if (!num_parse(
			&pid, d->d_name, strlen(d->d_name), 10, PID_LIMIT) ||
		    (pid_t)pid == self || !look((pid_t)pid, &p))
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

static pid_t
highest_pid(void)
{
	char text[32];
	uint64_t max;

	(void)read_file("/proc/sys/kernel/pid_max", text, sizeof(text));
	if (!num_parse(&max, text, strcspn(text, "\n"), 10, PID_LIMIT))
		return PID_LIMIT;
	return (pid_t)max;
}

/* Add our children, found among all the numbers there may be. */
static void
probe(struct kin *kin, pid_t self)
{
	const pid_t end = highest_pid();
	struct kin_process p;
	bool has_ended;

	for (pid_t pid = 1; pid < end; pid++) {
		if (!is_child(pid, &has_ended) || has_ended)
			continue;
		(void)look(pid, &p); /* its start may stay unknown */
		p.parent = self;
		p.is_alive = true;
		add(kin, &p);
	}
}

static int
compare(const void *a, const void *b)
{
	const struct kin_process *x = a, *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static bool
descends(const struct kin *kin, const struct kin_process *p, pid_t self)
{
	const struct kin_process key = { .pid = p->parent };
	const struct kin_process *parent;

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
			struct kin_process *p = &kin->items[i];

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

bool
kin_is_same(const struct kin_process *a, const struct kin_process *b)
{
	return a->pid == b->pid && a->start == b->start;
}

/* The short name, as between the first '(' and the last ')' of stat. */
static void
name_shortly(struct kin_process *p)
{
	char text[STAT_MAX];
	const char *name, *end;
	size_t len;

	if (read_of(p->pid, "stat", text, sizeof(text)) == 0)
		return;
	name = strchr(text, '(');
	end = strrchr(text, ')');
	if (name == NULL || end == NULL)
		return;
	name++;
	len = (size_t)(end - name);
	if (len >= sizeof(p->name))
		len = sizeof(p->name) - 1;
	memcpy(p->name, name, len);
	p->name[len] = '\0';
}

void
kin_name(struct kin_process *p)
{
	size_t len = read_of(p->pid, "cmdline", p->name, sizeof(p->name));

	while (len > 0 && p->name[len - 1] == '\0')
		len--;
	for (size_t i = 0; i < len; i++) {
		if (p->name[i] == '\0')
			p->name[i] = ' ';
	}
	if (len == 0)
		name_shortly(p);
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
signal_distant(const struct kin_process *p, int signo)
{
	const int fd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	struct kin_process now;
	int r = -1, saved = ESRCH;

	if (look(p->pid, &now) && now.is_alive && kin_is_same(&now, p)) {
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
kin_signal(const struct kin_process *p, int signo)
{
	if (p->parent == getpid())
		return signal_child(p->pid, signo);
	return signal_distant(p, signo);
}

bool
kin_is_stopped(pid_t pid)
{
	char text[STAT_MAX];
	const char *end;

	(void)read_of(pid, "stat", text, sizeof(text)); /* else it is empty */
	end = strrchr(text, ')');
	return end != NULL && strncmp(end, ") T", 3) == 0;
}
