/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vis - bytes made visible, as vis(3) and mtree(5) have it
 *
 * In an mtree file a name is printable ASCII; every other byte, and those that
 * some reader takes for more than themselves (space # = \ * ? [), is a backslash
 * and three octal digits.  What we write every reader reads; what we read may
 * also hold the C-style escapes that other writers use.
 */
#ifndef FORMAT_VIS_H
#define FORMAT_VIS_H

#include <stddef.h>

struct buf;
struct fault;

/* Append `len` bytes, encoded.  "/" is never encoded. */
int vis_add(struct buf *b, const char *bytes, size_t len, struct fault *f);

/*
 * Append `len` encoded bytes, decoded: \ooo, \\, \#, \s (space), \a \b \f \n
 * \r \t \v.  FAULT_INPUT for any other escape, and for a NUL.
 */
int vis_parse(struct buf *b, const char *text, size_t len, struct fault *f);

/*
 * Append `len` bytes as a terminal may show them: whole UTF-8 characters stay,
 * control characters (C1 too) and stray bytes become \ooo.
 */
int vis_show(struct buf *b, const char *bytes, size_t len, struct fault *f);

/*
 * The length of the UTF-8 character that `len` bytes (at least 1) begin with; 0
 * if they begin with none.
 */
size_t vis_char_len(const char *bytes, size_t len);

#endif
