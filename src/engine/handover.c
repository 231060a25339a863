/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/handover.h"

#include "base/fault.h"
#include "base/io.h"
#include "engine/filter.h"
#include "engine/notify.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * A call that no program makes, by which the command's process proves that its
 * calls reach us, and the answer that only we would give: a kernel may take the
 * filter and still not deliver, a sandbox may answer 0 to every chown(2).
 */
enum { PROOF = 0x616d7472, PROOF_FD = -4711, PROOFS = 2 };

/* What the command's process sends once it has put the filter on. */
struct message {
	int error; /* errno; 0: the listener comes along */
};

int
handover_open(struct handover *h, const struct filter *filter, struct fault *f)
{
	int ends[2];

	*h = (struct handover)HANDOVER_INIT;
	h->filter = filter;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return fault_sys(f, "cannot make a socket");
	h->fd = ends[0];
	h->commands = ends[1];
	return 0;
}

void
handover_close(struct handover *h)
{
	io_drop(&h->fd);
	io_drop(&h->commands);
}

/* Send what happened, and the listener if there is one. */
static int
send_listener(int socket, int error, int listener)
{
	struct message sent = { .error = error };
	struct iovec part = { &sent, sizeof(sent) };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} u = { 0 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };

	if (listener >= 0) {
		m.msg_control = &u;
		m.msg_controllen = sizeof(u);
		u.header.cmsg_level = SOL_SOCKET;
		u.header.cmsg_type = SCM_RIGHTS;
		u.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&u.header), &listener, sizeof(int));
	}
	return sendmsg(socket, &m, MSG_NOSIGNAL) == (ssize_t)sizeof(sent) ? 0
									  : -1;
}

int
handover_prepare(void *arg)
{
	const struct handover *h = arg;
	const int listener = filter_apply(h->filter);

	/* else what the supervisor fails to receive would wait here for ever */
	(void)close(h->fd);
	if (listener < 0) {
		/* else it ends anyway */
		(void)send_listener(h->commands, errno, -1);
		return -1;
	}
	if (send_listener(h->commands, 0, listener) < 0)
		return -1;
	(void)close(listener); /* the supervisor has it */
	/* one that is answered, and one that the kernel goes on with */
	if (syscall(SYS_fchown, PROOF_FD, PROOF, PROOF) != PROOF)
		return -1;
	if (syscall(SYS_fchown, PROOF_FD, PROOF, PROOF) != -1 || errno != EBADF)
		return -1;
	return 0;
}

void
handover_part(struct handover *h)
{
	io_drop(&h->commands);
}

int
handover_receive(struct handover *h)
{
	struct message sent = { 0 };
	int listener = -1;
	struct iovec part = { &sent, sizeof(sent) };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} u;
	struct msghdr m = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &u,
		.msg_controllen = sizeof(u) };
	const ssize_t got = recvmsg(h->fd, &m, MSG_CMSG_CLOEXEC);

	io_drop(&h->fd);
	if (got < (ssize_t)sizeof(sent))
		return -1;
	if (sent.error != 0)
		h->refused_by = sent.error;
	if (CMSG_FIRSTHDR(&m) != NULL)
		memcpy(&listener, CMSG_DATA(&u.header), sizeof(int));
	return listener;
}

bool
handover_is_proven(const struct handover *h)
{
	return h->proofs == PROOFS;
}

/*
 * The first calls, see handover_prepare().  If the kernel cannot go on with a call
 * that was stopped (Linux 5.5), no command is started.
 */
int
handover_prove(struct handover *h, int listener, const struct notify_call *call,
    struct fault *f)
{
	const int r = h->proofs == 0 ? notify_answer(listener, call, PROOF, 0)
				     : notify_continue(listener, call);

	if (r == 0)
		h->proofs++;
	else if (notify_answer(listener, call, 0, ENOSYS) < 0 &&
	    errno != ENOENT)
		return fault_sys(f, "cannot answer system calls");
	return 0;
}

int
handover_explain(const struct handover *h, struct fault *f)
{
	errno = h->refused_by != 0 ? h->refused_by : ENOSYS;
	if (errno == EBUSY)
		return fault_set(f, FAULT_SYSTEM,
		    "another supervisor (amtree-run?) records this process "
		    "already, and runs do not nest");
	return fault_sys(f,
	    "this kernel or sandbox has no seccomp user notification (Linux "
	    "5.5)");
}
