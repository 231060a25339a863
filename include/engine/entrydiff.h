/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entrydiff - two entries of one path, thing by thing
 *
 * What is compared, and when it is the same:
 *
 *	owner, group	by name; without a name by number, where 0 is "root"
 *	number		beside the same name
 *	set-id bits	what is gained; else what is lost
 *	mode		the other bits
 *	capabilities	byte by byte; lost if the second has none that is new
 *	attributes	all others, byte by byte
 *	type, device, target of a link, time with its nanoseconds
 *	contents	of regular files, by their digests
 *
 * Where types differ there is nothing more to say of what only one has.  The risk
 * of an owner, group or number is the greatest, if it is the one that a set-id
 * program lends to who runs it.
 *
 * What is found borrows from the entries, or from the arena of the differences.
 */
#ifndef ENGINE_ENTRYDIFF_H
#define ENGINE_ENTRYDIFF_H

struct differences;
struct entry;
struct fault;

/* Add how `b` differs from `a`. */
int entrydiff_changed(struct differences *ds, const struct entry *a,
    const struct entry *b, struct fault *f);

/* Add that there is but one of them, and the power that an added one lends. */
int entrydiff_removed(
    struct differences *ds, const struct entry *a, struct fault *f);
int entrydiff_added(
    struct differences *ds, const struct entry *b, struct fault *f);

#endif
