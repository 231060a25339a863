/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * witness - who makes a call that is recorded
 *
 *	struct witness w = { 0 };
 *	const struct witness_call c = { &tracee, "fchownat", now };
 *	if (witness_ask(&w, &c, &deed, f) < 0) ...
 *	witness_release(&w);
 *
 * A command line is read from /proc once for a program, not once for a call: a
 * thread that makes the same call from the same address, soon after, is taken to
 * be the program that it was.  What it executes lies elsewhere, because the kernel
 * chooses addresses at random; only a program with fixed addresses (static, not
 * position-independent) that executes itself within WITNESS_SECONDS is taken for
 * what it was.
 */
#ifndef ENGINE_WITNESS_H
#define ENGINE_WITNESS_H

#include "engine/ledger.h"

#include <stdint.h>
#include <sys/types.h>

struct fault;
struct tracee;

enum {
	WITNESS_SEEN = 32,
	WITNESS_SECONDS =
	    1, /* of silence, after which a caller is asked anew */
};

/* A caller of whom the command line is known. */
struct witness_seen {
	uint64_t address; /* where it calls from */
	int64_t when; /* nanoseconds since the Epoch */
	pid_t pid;
	int number; /* of the call */
	uint32_t deed;
};

/* Starts life as { 0 }. */
struct witness {
	struct ledger ledger; /* what the deeds are */
	struct witness_seen seen[WITNESS_SEEN];
};

struct witness_call {
	const struct tracee *tracee; /* whose call waits */
	const char *name; /* of the call */
	int64_t now; /* nanoseconds since the Epoch */
};

void witness_release(struct witness *w);

/*
 * Whose deed the call is; 0 if that cannot be known: the caller is gone, has no
 * command line, or there are too many deeds.
 */
int witness_ask(struct witness *w, const struct witness_call *c, uint32_t *deed,
    struct fault *f);

#endif
