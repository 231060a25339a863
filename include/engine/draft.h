/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * draft - lines on their way into one override file
 *
 * They depend on what the file says already, and on a tree that may be large.
 * Nobody shall have to wait for the lock while that is walked through: the file is
 * read first, and once more if others have appended to it before we do.
 *
 *	struct draft d = { .control = dir };
 *	draft_load(&d, f);			(d.said is what the file says)
 *	make(arg, f);				(adds lines to d.text)
 *	draft_commit(&d, make, arg, f);
 *	draft_release(&d);
 */
#ifndef ENGINE_DRAFT_H
#define ENGINE_DRAFT_H

#include "base/buf.h"
#include "engine/control.h"
#include "engine/override.h"

#include <stdbool.h>
#include <sys/types.h>

struct fault;

struct draft {
	const char *control; /* borrowed; the control directory */
	bool is_of_records; /* of what the file says, only records count */
	struct override_set said; /* settled; strings stay until the release */
	struct control_state seen; /* the file as it was read */
	struct buf text; /* to be appended */
};

/* Read what the file says; without a file, nothing. */
int draft_load(struct draft *d, struct fault *f);

/*
 * Append the text, all of it or nothing.  If the file is another than the one that
 * was read, or has been written to since, it is read again, and `make` called to
 * put the text anew into the empty buffer, all under the lock.
 */
int draft_commit(struct draft *d, int (*make)(void *arg, struct fault *f),
    void *arg, struct fault *f);

void draft_release(struct draft *d);

#endif
