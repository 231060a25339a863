/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracee - a program whose system call waits for us: its memory and its files
 *
 * Everything in it is hostile: addresses lead anywhere, strings do not end, and
 * other threads change both while we look.  So each value is read once, lengths
 * are bounded, and nothing is written before the caller is known to be still the
 * one that asked.
 *
 * Its paths mean what they mean to it: relative to its own directory, its
 * descriptors and its own root.  A struct target is the same file in terms that
 * we can use.
 *
 *	struct target t;
 *	if (tracee_find(&t, &tracee, &operand) == 0)
 *		fchmodat(t.dirfd, t.path, mode, 0);
 *	tracee_release(&t);
 *
 * All functions return -1 with errno, the one that the caller should see.
 */
#ifndef ENGINE_TRACEE_H
#define ENGINE_TRACEE_H

#include <limits.h>
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

/* The file that a call is about, as its arguments name it. */
struct operand {
	int dirfd; /* the caller's; AT_FDCWD too */
	uint64_t path; /* address of the path; 0: `dirfd` is the file */
	bool is_followed; /* at its end, too */
	bool is_empty_allowed; /* AT_EMPTY_PATH */
	bool is_exact; /* may be changed, so that no link may mislead us */
};

struct target {
	int dirfd; /* for the *at calls: AT_FDCWD, or ours */
	int flags; /* AT_SYMLINK_NOFOLLOW, or 0 where it is to be followed */
	bool is_loose; /* a link at its end is to be found again, exactly */
	const char *path; /* into `text` */
	char text[PATH_MAX + 64];
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

/*
 * Find what the operand names.  The file itself need not exist; what it names
 * last is looked up by the call that uses the target.
 */
int tracee_find(
    struct target *target, const struct tracee *t, const struct operand *o);

/* Let go of a target; also of one that was not found.  Keeps errno. */
void tracee_release(struct target *target);

#endif
