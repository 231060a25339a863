/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json - entries as JSON, one object a line (RFC 8259)
 *
 * A name may be any bytes, JSON only Unicode: a byte that is not part of valid
 * UTF-8 becomes the lone surrogate \udc80 to \udcff, which python3's
 * os.fsencode() turns back into the byte.
 */
#ifndef FORMAT_JSON_H
#define FORMAT_JSON_H

#include <stddef.h>

struct buf;
struct entry;
struct fault;

/* Append `len` bytes as a JSON string, quotes and all. */
int json_add_string(
    struct buf *b, const char *bytes, size_t len, struct fault *f);

/* Append a comma and a member: a string, or null.  The name needs no escape. */
int json_add_member(
    struct buf *b, const char *name, const char *value, struct fault *f);

/*
 * Append the entry and a newline.  Members, in this order: path, type, mode (a
 * string of octal digits), uname and gname (null without a name), uid, gid,
 * time (seconds, with a fraction if it has one); and where they apply size,
 * link, major, minor, caps.
 */
int json_add_entry(struct buf *b, const struct entry *e, struct fault *f);

#endif
