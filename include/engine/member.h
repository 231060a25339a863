/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * member - an entry as libarchive has it, for the header of a tar member
 *
 *	if (member_fill(ae, e, NULL, f) < 0) ...
 *	archive_write_header(a, ae);
 *
 * What format/records writes is left out: attributes, checksums, times before
 * the Epoch.
 */
#ifndef ENGINE_MEMBER_H
#define ENGINE_MEMBER_H

struct archive_entry;
struct entry;
struct fault;

/*
 * Say of `ae` all that `e` is, and nothing that it was before.  A `target` makes
 * it a hard link to that path.  On 32 bits libarchive may have been built with
 * times that end in 2038: a later one is a fault then.
 */
int member_fill(struct archive_entry *ae, const struct entry *e,
    const char *target, struct fault *f);

#endif
