/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * resume - what an earlier run recorded, taken up again
 *
 * The end of a run leaves its records in override files (engine/deposit).  The
 * next run over the same trees begins with them: files show the owners that they
 * were given, and a chown back to root is one.
 */
#ifndef ENGINE_RESUME_H
#define ENGINE_RESUME_H

struct fault;
struct merge_package;
struct supervisor;

/*
 * Record for the files of the package what the recorded lines of its override
 * file say, and note it in the journal.  Files that are gone have no record, nor
 * do owners whose names nobody knows any more; a root or a file of overrides that
 * does not exist has nothing to say.
 */
int resume_load(
    struct supervisor *s, const struct merge_package *package, struct fault *f);

#endif
