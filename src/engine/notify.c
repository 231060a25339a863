/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/notify.h"

#include "base/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>

/* Newer than the headers that we may be compiled with. */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS _IOW('!', 4, uint64_t)
#endif
#ifndef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP 1UL
#endif
#ifndef SECCOMP_ADDFD_FLAG_SEND
#define SECCOMP_ADDFD_FLAG_SEND 2U
#endif

/* The type that ioctl(2) has for what is asked. */
#ifdef __GLIBC__
typedef unsigned long ask;
#else
typedef int ask;
#endif

/* The kernel's structs may grow: room for what ours does not have yet. */
union request {
	struct seccomp_notif notif;
	char room[256];
};

void
notify_tune(int listener)
{
	/* an older kernel has no such flag, and works as well without it */
	(void)ioctl(listener, (ask)SECCOMP_IOCTL_NOTIF_SET_FLAGS,
	    SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
}

int
notify_receive(int listener, struct notify_call *call)
{
	union request r;

	memset(&r, 0, sizeof(r)); /* the kernel insists */
	if (ioctl(listener, (ask)SECCOMP_IOCTL_NOTIF_RECV, &r) < 0)
		return errno == EINTR || errno == ENOENT ? 0 : -1;
	*call = (struct notify_call){
		.id = r.notif.id,
		.pid = (pid_t)r.notif.pid,
		.arch = r.notif.data.arch,
		.number = r.notif.data.nr,
		.address = r.notif.data.instruction_pointer,
	};
	for (int i = 0; i < 6; i++)
		call->args[i] = r.notif.data.args[i];
	return 1;
}

bool
notify_is_over(int listener)
{
	struct pollfd fd = { .fd = listener };

	return poll(&fd, 1, 0) > 0 && (fd.revents & POLLHUP) != 0;
}

bool
notify_is_valid(int listener, const struct notify_call *call)
{
	uint64_t id = call->id;
	int r;

	do
		r = ioctl(listener, (ask)SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
	while (r < 0 && errno == EINTR);
	return r == 0;
}

static int
answer(int listener, struct seccomp_notif_resp *resp)
{
	int r;

	do
		r = ioctl(listener, (ask)SECCOMP_IOCTL_NOTIF_SEND, resp);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -1 : 0;
}

int
notify_answer(
    int listener, const struct notify_call *call, int64_t value, int error)
{
	struct seccomp_notif_resp resp = {
		.id = call->id,
		.val = error != 0 ? 0 : value,
		.error = -error,
	};

	return answer(listener, &resp);
}

int
notify_continue(int listener, const struct notify_call *call)
{
	struct seccomp_notif_resp resp = {
		.id = call->id,
		.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE,
	};

	return answer(listener, &resp);
}

/* Interrupted, it would have answered all the same, and given nothing. */
static int
add_fd(int listener, struct seccomp_notif_addfd *add)
{
	sigset_t mask;
	int given, error;

	signals_block(&mask);
	given = ioctl(listener, (ask)SECCOMP_IOCTL_NOTIF_ADDFD, add);
	error = errno;
	signals_restore(&mask);
	errno = error;
	return given;
}

int
notify_give(
    int listener, const struct notify_call *call, int fd, bool is_close_on_exec)
{
	struct seccomp_notif_addfd add = {
		.id = call->id,
		.flags = SECCOMP_ADDFD_FLAG_SEND,
		.srcfd = (uint32_t)fd,
		.newfd_flags = is_close_on_exec ? O_CLOEXEC : 0,
	};
	int given = add_fd(listener, &add);

	if (given >= 0 || errno != EINVAL)
		return given < 0 ? -1 : 0;
	add.flags = 0; /* before Linux 5.14 it takes two steps */
	given = add_fd(listener, &add);
	return given < 0 ? -1 : notify_answer(listener, call, given, 0);
}
