/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * declare - from what a packager asks for to lines in an override file
 *
 * What amtree(1) does once it has read its options: look at the files, fill the
 * entry in so that a reader and bsdtar(1) see all of it, bind what was asked
 * for, and append the lot in one write.
 */
#ifndef ENGINE_DECLARE_H
#define ENGINE_DECLARE_H

#include "format/keyword.h"
#include "format/mode.h"

struct fault;
struct place;

struct declare_request {
	unsigned keywords; /* what was asked for; set of enum keyword_bit */
	struct entry entry; /* the values of USER, GROUP, TYPE, DEVICE, LINK */
	struct mode_change mode; /* KEYWORD_MODE */
	unsigned umask; /* for a mode without "who", as chmod has it */
	const char *caps; /* KEYWORD_CAPS: as typed, or MTREE_NO_CAPS */
	bool is_recursive; /* everything below too */
};

/*
 * Append one entry for each of the places, which all lie in one package.
 * Nothing is appended if any of them is at fault: it does not exist and is not
 * created (KEYWORD_TYPE), is of another type than the one asked for, or cannot
 * have what is asked for (a symbolic link has no mode, a directory no
 * capabilities).  Where a recursive request meets such a file, it leaves out
 * what cannot be, as chmod -R does.
 */
int declare_append(const struct declare_request *request,
    const struct place *places, size_t count, struct fault *f);

#endif
