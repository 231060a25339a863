/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * advice - what a packager would write so that nothing need be recorded
 *
 * From what programs did (a recording, or one call that was refused) to lines
 * of amtree(1), by engine/suggest.
 */
#ifndef ENGINE_ADVICE_H
#define ENGINE_ADVICE_H

struct accounts;
struct buf;
struct fault;
struct layout;
struct layout_package;
struct recording;
struct trap_refusal;

struct advice_names {
	const struct accounts *users, *groups;
};

/*
 * Append the lines for a package: what is recorded of its files, as far as its
 * override file does not say so explicitly, and as far as the disk will not say
 * it without a recorder.  A mode is left to chmod(1), but for set-id bits that
 * did not last on disk.
 */
int advice_package(struct buf *lines, const struct layout_package *package,
    const struct recording *recording, struct fault *f);

/* Append the line, without its newline, that would do what was refused. */
int advice_refusal(struct buf *line, const struct trap_refusal *refusal,
    const struct layout *layout, const struct advice_names *names,
    struct fault *f);

#endif
