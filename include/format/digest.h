/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest - SHA-1 and SHA-256 of a stream of bytes
 *
 *	struct digest *d = digest_new(DIGEST_SHA1, f);
 *	digest_add(d, bytes, len, f); ...
 *	digest_finish(d, hex, f);	(ready for the next stream then)
 *	digest_free(d);
 */
#ifndef FORMAT_DIGEST_H
#define FORMAT_DIGEST_H

#include <stddef.h>

struct digest;
struct fault;

enum digest_kind { DIGEST_SHA1, DIGEST_SHA256 };

enum { DIGEST_HEX_MAX = 65 }; /* 64 digits and a NUL */

/* NULL on failure. */
struct digest *digest_new(enum digest_kind kind, struct fault *f);
void digest_free(struct digest *d);

int digest_add(
    struct digest *d, const void *bytes, size_t len, struct fault *f);

/* Write the digest in hex, lower case, NUL-terminated, and start anew. */
int digest_finish(struct digest *d, char hex[DIGEST_HEX_MAX], struct fault *f);

#endif
