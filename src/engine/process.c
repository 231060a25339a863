/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/process.h"

#include "base/num.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	STAT_MAX = 1024,
	STATUS_MAX = 4096,
	/* fields of proc_pid_stat(5), counted from the state */
	FIELD_PARENT = 1,
	FIELD_THREADS = 17,
	FIELD_START = 19,
};

/* Read a file as far as it fits, with a NUL behind; the length, or -1 and errno. */
static ssize_t
read_file(const char *path, char *text, size_t size)
{
	ssize_t n;
	int fd;

	text[0] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, text, size - 1); /* /proc gives all it has at once */
	(void)close(fd); /* nothing was written */
	text[n > 0 ? n : 0] = '\0';
	return n;
}

ssize_t
process_read(pid_t pid, const char *what, char *text, size_t size)
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
parse_stat(const char *text, struct process *p)
{
	const char *fields = strrchr(text, ')');
	uint64_t parent, threads;

	if (fields == NULL || fields[1] != ' ')
		return false;
	fields += 2;
	if (!parse_field(fields, FIELD_PARENT, PROCESS_LIMIT, &parent) ||
	    !parse_field(fields, FIELD_THREADS, PROCESS_LIMIT, &threads) ||
	    !parse_field(fields, FIELD_START, UINT64_MAX, &p->start))
		return false;
	p->parent = (pid_t)parent;
	/* the first thread may end before others do */
	p->is_alive = strchr("ZX", fields[0]) == NULL || threads > 1;
	return true;
}

bool
process_look(struct process *p, pid_t pid)
{
	char text[STAT_MAX];

	*p = (struct process){ .pid = pid };
	return process_read(pid, "stat", text, sizeof(text)) > 0 &&
	    parse_stat(text, p);
}

bool
process_is_same(const struct process *a, const struct process *b)
{
	return a->pid == b->pid && a->start == b->start;
}

/* The short name, as between the first '(' and the last ')' of stat. */
static void
name_shortly(struct process *p)
{
	char text[STAT_MAX];
	const char *name, *end;
	size_t len;

	if (process_read(p->pid, "stat", text, sizeof(text)) <= 0)
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
process_name(struct process *p)
{
	ssize_t len = process_read(p->pid, "cmdline", p->name, sizeof(p->name));

	while (len > 0 && p->name[len - 1] == '\0')
		len--;
	for (ssize_t i = 0; i < len; i++) {
		if (p->name[i] == '\0')
			p->name[i] = ' ';
	}
	if (len <= 0)
		name_shortly(p);
}

bool
process_is_stopped(pid_t pid)
{
	char text[STAT_MAX];
	const char *end;

	/* else it is empty */
	(void)process_read(pid, "stat", text, sizeof(text));
	end = strrchr(text, ')');
	return end != NULL && strncmp(end, ") T", 3) == 0;
}

pid_t
process_inner_number(pid_t pid)
{
	static const char key[] = "\nNSpid:";
	char text[STATUS_MAX];
	const char *from, *last;
	uint64_t number;

	/* else it is empty */
	(void)process_read(pid, "status", text, sizeof(text));
	from = strstr(text, key);
	if (from == NULL)
		return 0;
	/* from ours, which has read it, to the innermost */
	from += strlen(key);
	text[strcspn(from, "\n") + (size_t)(from - text)] = '\0';
	last = strrchr(from, '\t');
	if (last == NULL ||
	    !num_parse(&number, last + 1, strlen(last + 1), 10, PROCESS_LIMIT))
		return 0;
	return (pid_t)number;
}

pid_t
process_limit(void)
{
	char text[32];
	uint64_t max;

	(void)read_file("/proc/sys/kernel/pid_max", text, sizeof(text));
	if (!num_parse(&max, text, strcspn(text, "\n"), 10, PROCESS_LIMIT))
		return PROCESS_LIMIT;
	return (pid_t)max;
}
