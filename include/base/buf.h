/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * buf - a growable run of bytes
 *
 * Starts life as BUF_INIT, needs one buf_release(), and may be used again after
 * it.  The bytes may hold NULs and are not NUL-terminated, unless buf_end() has
 * been called since the last change.  `data` and `len` are there to be read;
 * only these functions change them.  On failure the buffer is as it was.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

struct fault;

struct buf {
	char *data; /* owned; NULL until something is added */
	size_t len, cap;
};

/* clang-format off */
#define BUF_INIT { 0 }
/* clang-format on */

/* Free the bytes and go back to BUF_INIT. */
void buf_release(struct buf *b);

/* Forget the bytes but keep the memory for reuse. */
void buf_reset(struct buf *b);

/* Make room for `extra` more bytes, so that adding them cannot fail. */
int buf_reserve(struct buf *b, size_t extra, struct fault *f);

/* Append a copy of `len` bytes; `src` may be NULL if `len` is 0. */
int buf_add(struct buf *b, const void *src, size_t len, struct fault *f);

/* Append a string, without its NUL. */
int buf_adds(struct buf *b, const char *s, struct fault *f);

/* Append what printf(3) would print, at most 255 bytes of it. */
__attribute__((format(printf, 3, 4))) int buf_addf(
    struct buf *b, struct fault *f, const char *fmt, ...);

/* Append two hexadecimal digits for each byte. */
int buf_add_hex(struct buf *b, const void *bytes, size_t len, struct fault *f);

/*
 * Put a NUL behind the bytes, not counted in `len`, and return the string.
 * It is valid until the next change.  NULL on failure.
 */
const char *buf_end(struct buf *b, struct fault *f);

#endif
