/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * resume - what an earlier run recorded, taken up again
 *
 * The end of a run leaves its records in override files (engine/deposit).  The
 * next run over the same trees begins with them: files that are still there show
 * the owners that they were given.  The lines themselves are taken out of the
 * override files.  They go by path, and would fall on what takes the place of
 * those files: abuild makes packages anew, but leaves their control directories.
 *
 * Whose deeds they were (format/deed.h) is taken up with them.
 */
#ifndef ENGINE_RESUME_H
#define ENGINE_RESUME_H

struct fault;
struct merge_package;
struct supervisor;

/*
 * Record for the files of the package what the recorded lines of its override
 * file say, and leave only what is explicit in that file.  Files that are gone
 * have no record, nor do owners whose names nobody knows any more; a root or a
 * file of overrides that does not exist has nothing to say.
 */
int resume_load(
    struct supervisor *s, const struct merge_package *package, struct fault *f);

/* Just take the recorded lines out: for a run that records nothing. */
int resume_forget(const struct merge_package *package, struct fault *f);

#endif
