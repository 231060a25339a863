/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracee - a program whose system call waits for us: its memory, its ids
 *
 * Everything in it is hostile: addresses lead anywhere, strings do not end, and
 * other threads change both while we look.  So each value is read once, lengths
 * are bounded, and nothing is written before the caller is known to be still the
 * one that asked.
 *
 * All functions return -1 with errno, the one that the caller should see.
 */
#ifndef ENGINE_TRACEE_H
#define ENGINE_TRACEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct notify_call;

struct tracee {
	int listener;
	const struct notify_call *call; /* the one that waits */
	bool has_other_root; /* some process has called chroot(2) or such */
};

/* Read `len` bytes. */
int tracee_read(
    const struct tracee *t, uint64_t address, void *bytes, size_t len);

/*
 * Read a string into `text`, its NUL too.  Returns its length; ENAMETOOLONG if
 * there is no NUL among the first `size` bytes.
 */
ssize_t tracee_read_string(
    const struct tracee *t, uint64_t address, char *text, size_t size);

/* Write `len` bytes, unless the caller is gone (ESRCH). */
int tracee_write(
    const struct tracee *t, uint64_t address, const void *bytes, size_t len);

/* The umask of the caller. */
int tracee_umask(const struct tracee *t, mode_t *mask);

/* True if all ids of the caller are that user's. */
bool tracee_has_user(const struct tracee *t, uid_t user);

#endif
