/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recording - a journal read back: what was recorded of which file
 *
 *	struct recording r = { 0 };
 *	if (recording_load(&r, "/proc/4711/fd/5", f) < 0) ...
 *	spec = recording_find(&r, &id);
 *	recording_release(&r);
 */
#ifndef ENGINE_RECORDING_H
#define ENGINE_RECORDING_H

#include "base/arena.h"
#include "engine/ledger.h"
#include "format/journal.h"

#include <stdbool.h>

struct entry;
struct fault;
struct tree;

struct recording {
	struct arena arena; /* holds the strings of the lines */
	struct journal_line *lines; /* owned; sorted, one a file */
	size_t count, cap;
	struct ledger deeds; /* of which the lines have numbers */
	const struct deed_list *by; /* of the line before */
	const char *file; /* its name, for messages */
};

void recording_release(struct recording *r);

/*
 * Read a journal into an empty recording; it is a fault if there is no such
 * file, and if a line is broken.  It may be appended to meanwhile: a last line
 * that has no newline yet is as if it was not there.
 */
int recording_load(struct recording *r, const char *file, struct fault *f);

/* True if anything at all is recorded of that device and inode. */
bool recording_may_have(const struct recording *r, uint64_t dev, uint64_t ino);

/*
 * What is recorded of a file; NULL for nothing.  Its `line` is the number of its
 * line in the journal, and its `by` says whose deeds it was.
 */
const struct spec *recording_find(
    const struct recording *r, const struct identity *id);

/*
 * What is recorded of the file that is an entry of the tree, which is open: 1 and
 * *spec, or 0.  A file that is no longer what it was when the tree was read is a
 * fault.
 */
int recording_recall(const struct recording *r, const struct tree *t,
    const struct entry *e, const struct spec **spec, struct fault *f);

#endif
