/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * declare - from what a packager asks for to lines in an override file
 *
 * What amtree(1) does once it has read its options: look at the files, fill the
 * entry in so that a reader and bsdtar(1) see all of it, bind what was asked
 * for, and append the lot in one write.  First everything is prepared, for all
 * packages that are concerned, and only then is anything written:
 *
 *	struct declaration d;
 *	if (declare_prepare(&d, &request, places, count, f) == 0)
 *		declare_commit(&d, f);
 *	declare_release(&d);
 */
#ifndef ENGINE_DECLARE_H
#define ENGINE_DECLARE_H

#include "engine/draft.h"
#include "engine/senders.h"
#include "engine/tree.h"
#include "format/keyword.h"
#include "format/mode.h"

#include <stdbool.h>
#include <stddef.h>

struct fault;
struct place;

struct declare_request {
	unsigned keywords; /* what was asked for; set of enum keyword_bit */
	struct entry entry; /* the values of USER, GROUP, TYPE, DEVICE, LINK */
	struct mode_change mode; /* KEYWORD_MODE */
	unsigned umask; /* for a mode without "who", as chmod has it */
	const char *caps; /* KEYWORD_CAPS: as typed, or NOTE_NO_CAPS */
	bool is_recursive; /* everything below too */
};

struct declaration {
	const struct declare_request *request; /* borrowed */
	struct tree tree; /* the files that are concerned */
	struct draft draft;
	struct senders senders; /* if a mode is relative */
};

/*
 * Make one entry for each of the places, which all lie in one package, and are
 * borrowed until declare_release().  Nothing is written yet.  It is a fault if a
 * file does not exist and is not created (KEYWORD_TYPE), is of another type than
 * the one asked for, or cannot have what is asked for (a symbolic link has no
 * mode, a directory no capabilities).  Where a recursive request meets such a
 * file, it leaves out what cannot be, as chmod -R does.  A symbolic mode is
 * relative to the one in force, be it said where the file has been moved from.
 *
 * To be released after a fault, too.
 */
int declare_prepare(struct declaration *d,
    const struct declare_request *request, const struct place *places,
    size_t count, struct fault *f);

/* Append what was prepared, all of it or nothing. */
int declare_commit(struct declaration *d, struct fault *f);

void declare_release(struct declaration *d);

#endif
