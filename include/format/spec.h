/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spec - what a line says of one path: an entry, of which some fields count
 *
 * What a spec states is one thing, what it binds another: a file's whole line is
 * written, so that others read it, but only what was asked for counts
 * (format/note.h).  Both are sets of keywords (format/keyword.h).  Specs are laid
 * over each other, and then over the entry that is on disk:
 *
 *	spec_fold(&first, &later);
 *	if (spec_apply(&entry, &first, &arena, f) < 0)
 *		...
 */
#ifndef FORMAT_SPEC_H
#define FORMAT_SPEC_H

#include "format/entry.h"

#include <stdbool.h>

struct arena;
struct deed_list;
struct fault;

/* What one entry line says. */
struct spec {
	struct entry entry; /* fields of keywords not in `has` mean nothing */
	const struct xattr *caps; /* KEYWORD_CAPS: the value, NULL for none */
	unsigned has; /* set of enum keyword_bit */
	unsigned binds; /* those of them that count */
	unsigned recorded; /* those of these that stem from recordings */
	unsigned line; /* number in its file, from 1 */
	/* Of one line: who did what was recorded (format/deed.h); may be NULL. */
	const struct deed_list *by;
};

/*
 * All that the spec binds was recorded.  If that is a device, its file on disk
 * may be an empty one that stands for it.
 */
void spec_set_recorded(struct spec *s);

/* Lay what `over` binds over `under`, which then binds it too. */
void spec_fold(struct spec *under, const struct spec *over);

/* The lowest keyword that both bind to different values; 0 for none. */
unsigned spec_conflict(const struct spec *a, const struct spec *b);

/* The keywords (but for size) that are not the same in both. */
unsigned spec_difference(const struct entry *a, const struct entry *b);

/*
 * True if the spec can make its object: a type is bound, not a file's, and was
 * not just recorded.
 */
bool spec_creates(const struct spec *s);

/*
 * True if it does so wherever else that path is (KEYWORD_CREATE), while others
 * follow the file there.
 */
bool spec_insists(const struct spec *s);

/*
 * True if the spec makes the entry a device: a recording says that it is one, for
 * which an empty file stands on disk.
 */
bool spec_is_device(const struct spec *s, const struct entry *e);

/*
 * Give the entry what the spec binds, and mark it as changed if that differs
 * from what it had.  FAULT_INPUT, without a name in front, for what cannot be:
 * another type than the one that is declared, capabilities of a directory; but
 * capabilities that were just recorded are passed over there.
 */
int spec_apply(struct entry *e, const struct spec *s, struct arena *arena,
    struct fault *f);

#endif
