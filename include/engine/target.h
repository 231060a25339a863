/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * target - the file that a stopped call is about, in terms that we can use
 *
 * The caller's paths mean what they mean to it: relative to its own directory,
 * its descriptors and its own root; and its /proc/self is not ours.  Links on
 * the way are the caller's to set, and may change while we look.
 *
 *	struct target t;
 *	if (target_find(&t, &tracee, &operand) == 0)
 *		fchmodat(t.dirfd, t.path, mode, 0);
 *	target_release(&t);
 */
#ifndef ENGINE_TARGET_H
#define ENGINE_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tracee;

/* The file that a call is about, as its arguments name it. */
struct target_operand {
	int dirfd; /* the caller's; AT_FDCWD too */
	uint64_t path; /* address of the path; 0: `dirfd` is the file */
	bool is_followed; /* at its end, too */
	bool is_empty_allowed; /* AT_EMPTY_PATH */
	bool is_exact; /* may be changed, so that no link may mislead us */
	bool is_new; /* is going to be made there, by us */
};

struct target {
	int dirfd; /* for the *at calls: AT_FDCWD, or ours */
	int flags; /* AT_SYMLINK_NOFOLLOW, or 0 where it is to be followed */
	bool is_loose; /* a link at its end is to be found again, exactly */
	bool is_held; /* it is open, and no change of names can mislead us */
	const char *path; /* into `text` */
	/* Where none was found, it begins with the directory that was asked for. */
	char text[PATH_MAX + 64];
};

/*
 * Find what the operand names.  The file itself need not exist; what it names
 * last is looked up by the call that uses the target.  Returns -1 with errno, the
 * one that the caller should see.
 */
int target_find(struct target *target, const struct tracee *t,
    const struct target_operand *o);

/* Open it with O_PATH, a link itself where it is not to be followed; -1, errno. */
int target_open(const struct target *target);

/* Let the target be what is open as `fd`, which is its own from then on. */
void target_hold(struct target *target, int fd);

/* Let go of a target; also of one that was not found.  Keeps errno. */
void target_release(struct target *target);

/*
 * The absolute name of a target, also of one that does not exist yet; cut to
 * `size`, and with "..." in front where the way is longer than a path can be.
 */
void target_name(const struct target *target, char *path, size_t size);

#endif
