/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/tracee.h"

#include "engine/notify.h"
#include "engine/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE = 4096, FIRST_LOOK = 256, STATUS_MAX = 4096 };

/* Kernels may lack process_vm_readv(2), and sandboxes refuse it. */
static ssize_t
move_by_file(const struct tracee *t, uint64_t address, void *bytes, size_t len,
    bool is_write)
{
	char name[64];
	ssize_t r = -1;
	int fd, error;

	snprintf(name, sizeof(name), "/proc/%d/mem", (int)t->call->pid);
	fd = open(name, (is_write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* what was opened is the caller's, if it is alive after that */
	if (!notify_is_valid(t->listener, t->call))
		errno = ESRCH;
	else if (is_write)
		r = pwrite(fd, bytes, len, (off_t)address);
	else
		r = pread(fd, bytes, len, (off_t)address);
	error = errno == EIO ? EFAULT : errno;
	(void)close(fd); /* memory, no file */
	errno = error;
	return r;
}

/* Move up to `len` bytes, fewer where memory ends. */
static ssize_t
move(const struct tracee *t, uint64_t address, void *bytes, size_t len,
    bool is_write)
{
	const pid_t pid = t->call->pid;
	/* what is read into has no value yet */
	/* cppcheck-suppress ctuuninitvar */
	const struct iovec here = { bytes, len };
	const struct iovec there = { (void *)(uintptr_t)address, len };
	const ssize_t r = is_write
	    ? process_vm_writev(pid, &here, 1, &there, 1, 0)
	    : process_vm_readv(pid, &here, 1, &there, 1, 0);

	if (r >= 0 || (errno != ENOSYS && errno != EPERM))
		return r;
	return move_by_file(t, address, bytes, len, is_write);
}

int
tracee_read(const struct tracee *t, uint64_t address, void *bytes, size_t len)
{
	const ssize_t got = move(t, address, bytes, len, false);

	if (got >= 0 && (size_t)got != len)
		errno = EFAULT;
	return got >= 0 && (size_t)got == len ? 0 : -1;
}

/* Most strings are short: look at little first, never over a page's end. */
ssize_t
tracee_read_string(
    const struct tracee *t, uint64_t address, char *text, size_t size)
{
	size_t len = 0, most = FIRST_LOOK;

	while (len < size) {
		const uint64_t from = address + len;
		size_t part = PAGE - (size_t)(from % PAGE);
		const char *end;
		ssize_t got;

		if (part > most)
			part = most;
		if (part > size - len)
			part = size - len;
		got = move(t, from, text + len, part, false);
		if (got <= 0) {
			if (got == 0)
				errno = EFAULT;
			return -1;
		}
		end = memchr(text + len, '\0', (size_t)got);
		if (end != NULL)
			return end - text;
		len += (size_t)got;
		most = PAGE;
	}
	errno = ENAMETOOLONG;
	return -1;
}

int
tracee_write(
    const struct tracee *t, uint64_t address, const void *bytes, size_t len)
{
	ssize_t done;

	if (!notify_is_valid(t->listener, t->call)) {
		errno = ESRCH;
		return -1;
	}
	done = move(t, address, (void *)(uintptr_t)bytes, len, true);
	if (done >= 0 && (size_t)done != len)
		errno = EFAULT;
	return done >= 0 && (size_t)done == len ? 0 : -1;
}

/* What the kernel says of the caller behind `key`, a line's begin. */
static int
read_status(const struct tracee *t, const char *key, char *value, size_t size)
{
	char status[STATUS_MAX];
	const char *line;

	if (process_read(t->call->pid, "status", status, sizeof(status)) < 0)
		return -1;
	line = strstr(status, key);
	if (line == NULL || !notify_is_valid(t->listener, t->call)) {
		errno = ESRCH;
		return -1;
	}
	snprintf(value, size, "%s", line + strlen(key));
	return 0;
}

int
tracee_umask(const struct tracee *t, mode_t *mask)
{
	char value[16];

	if (read_status(t, "\nUmask:", value, sizeof(value)) < 0)
		return -1;
	*mask = (mode_t)strtoul(value, NULL, 8) & 07777;
	return 0;
}

bool
tracee_has_user(const struct tracee *t, uid_t user)
{
	char value[64], *rest = value;

	if (read_status(t, "\nUid:", value, sizeof(value)) < 0)
		return false;
	/* real, effective, saved, file system */
	for (int i = 0; i < 4; i++)
		if (strtoul(rest, &rest, 10) != user)
			return false;
	return true;
}
