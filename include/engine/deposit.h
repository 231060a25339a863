/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deposit - what was recorded, put down in a package's override file
 *
 * When a recorded command has ended, identities mean nothing to the next
 * program; paths do.  Each file of the package that has a record gets a line in
 * the control directory's .mtree, marked "recorded" and "optional", so that
 * amtree -l shows it, amtree-build obeys it, and explicit overrides win over it.
 *
 * A line binds what was recorded and is neither so by default nor by an earlier
 * recorded line; the rest is a snapshot, as amtree(1) writes it.  So a mode that
 * is recorded as it is on disk may still be changed there.  Its comment says whose
 * deeds it was (format/deed.h), as far as that is known.
 */
#ifndef ENGINE_DEPOSIT_H
#define ENGINE_DEPOSIT_H

#include <stddef.h>

struct fault;
struct merge_package;
struct recording;

/*
 * Append to the override file of `package`, whose control directory has to be
 * named, what `recording` says about the files of its tree, in one write, as far
 * as the file does not say so already: doing it twice adds nothing, and makes no
 * file.  A root that does not exist has no files.  The number of entries that
 * were written goes to *count, which may be NULL.
 *
 * FAULT_INPUT, and nothing is written, for what no line can say: a number of a
 * user or group that no package can have.
 */
int deposit_write(const struct merge_package *package,
    const struct recording *recording, size_t *count, struct fault *f);

#endif
