/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * handover - the listener of a filter, from the command's process to ours
 *
 * Only who puts a filter on gets its listener.  The command's process does so
 * before it executes, and sends the listener over a socket.  Then it proves that
 * its calls reach us, and come back with our answer: a kernel may take a filter
 * and still not deliver.  Where that fails, no command is started.
 *
 *	struct handover h = HANDOVER_INIT;
 *
 *	handover_open(&h, &filter, f)
 *	... handover_prepare(&h) in the command's process, and here:
 *	handover_part(&h);
 *	... wait for h.fd
 *	listener = handover_receive(&h);
 *	while (!handover_is_proven(&h))
 *		... handover_prove(&h, listener, &call, f)
 *	handover_close(&h);
 */
#ifndef ENGINE_HANDOVER_H
#define ENGINE_HANDOVER_H

#include <stdbool.h>

struct fault;
struct filter;
struct notify_call;

struct handover {
	const struct filter *filter; /* borrowed */
	int fd; /* readable when there is something to receive; -1: none */
	int commands; /* the other end, for the command's process; -1: none */
	unsigned proofs; /* first calls that were answered as they should be */
	int refused_by; /* errno with which the kernel refused the filter */
};

/* clang-format off */
#define HANDOVER_INIT { .fd = -1, .commands = -1 }
/* clang-format on */

/* Get ready.  To be closed after a fault, too. */
int handover_open(
    struct handover *h, const struct filter *filter, struct fault *f);
void handover_close(struct handover *h);

/*
 * In the command's process: put the filter on, hand its listener over and make
 * the calls that prove it.  To be called as keeper_options.prepare, with the
 * handover as its argument; only makes system calls.
 */
int handover_prepare(void *arg);

/* The command's process has been forked: let go of its end. */
void handover_part(struct handover *h);

/*
 * Take what has come.  The listener, the caller's to close; -1: the command's
 * process has ended before, or had none, see handover_explain().
 */
int handover_receive(struct handover *h);

/* True once the first calls have been answered, and the rest are the command's. */
bool handover_is_proven(const struct handover *h);

/* Answer one of the first calls. */
int handover_prove(struct handover *h, int listener,
    const struct notify_call *call, struct fault *f);

/* Why the command's calls do not reach us, as a fault: -1. */
int handover_explain(const struct handover *h, struct fault *f);

#endif
