/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trap - the answers to stopped system calls
 *
 * Between the kernel (engine/notify) and the state (engine/record): takes a call
 * apart, finds the file it is about, lets the state decide, does on disk what is
 * left to do, and answers.
 */
#ifndef ENGINE_TRAP_H
#define ENGINE_TRAP_H

#include "engine/layer.h"
#include "engine/record.h"
#include "engine/witness.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct fault;
struct filter;
struct notify_call;

enum { TRAP_FILES = 2 };

/* A file of which callers get to read another one. */
struct trap_file {
	const char *name; /* its last component */
	uint64_t dev, ino;
	int fd; /* what they get; -1: nothing but the file itself */
	uint64_t own_dev, own_ino; /* of that */
};

/* Something that --strict refuses to record. */
struct trap_refusal {
	const char *path; /* absolute, as the kernel has it */
	pid_t pid;
	struct record wanted; /* what would have been recorded, by this call */
};

struct trap_listener {
	/* A record is other than it was; -1 and a fault ends it all. */
	int (*changed)(void *arg, const struct record *record, struct fault *f);
	void (*refused)(void *arg, const struct trap_refusal *refusal);
	/* A program of an ABI that is not known was killed. */
	void (*killed)(void *arg, pid_t pid);
	void *arg;
};

/* The fields down to `files` are the caller's to fill in. */
struct trap {
	int listener; /* borrowed */
	const struct filter *filter;
	struct trap_listener tells;
	bool is_strict;
	bool checks_user; /* callers may have become someone else than we are */
	struct record_set records; /* the caller's to release, */
	struct witness witness; /* and this */
	struct trap_file files[TRAP_FILES];
	bool has_other_root; /* some process has called chroot(2) or such */
	struct layer layer;
};

/*
 * Answer one call.  What is wrong with the call is between us and the caller,
 * who gets an errno; a fault is one of our own, after which nothing that is
 * recorded can be relied on.
 */
int trap_answer(
    struct trap *t, const struct notify_call *call, struct fault *f);

#endif
