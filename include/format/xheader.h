/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xheader - the records of an extended header (pax(1)), laid over an entry
 *
 * "<length> <key>=<value>\n", the length counting all of it.  Those that count
 * are path, linkpath, size, uid, gid, uname, gname, mtime, SCHILY.xattr.*; of
 * others it is noted that they are there, where that matters to apk.
 */
#ifndef FORMAT_XHEADER_H
#define FORMAT_XHEADER_H

#include <stddef.h>

struct arena;
struct fault;
struct tar_entry;

/*
 * Apply the records, one after the other, the later winning.  Strings are copied
 * into the arena, less than 16 times `len` bytes of it.  What is malformed, and
 * all behind it, is left out: a flaw of the entry, not a fault.
 *
 * Attributes are sorted by name then.  "%3D" and "%25" in their names, which is
 * how GNU tar and we write "=" and "%", are these.
 */
int xheader_apply(struct tar_entry *e, const char *records, size_t len,
    struct arena *a, struct fault *f);

/* Set where the link leads, if the entry is one of either kind. */
int xheader_set_link(struct tar_entry *e, const char *target, size_t len,
    struct arena *a, struct fault *f);

#endif
