/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sink - whatever takes a stream of bytes
 *
 * The packer writes into a sink; a compressor is a sink that writes into
 * another; a file is the last.  Embed a struct sink as first member and fill in
 * `put`:
 *
 *	sink_put(&gzip->sink, bytes, len, f)
 */
#ifndef BASE_SINK_H
#define BASE_SINK_H

#include <stddef.h>

struct fault;

struct sink {
	/* Take all `len` bytes (borrowed for the call) or fail with -1. */
	int (*put)(
	    struct sink *s, const void *bytes, size_t len, struct fault *f);
};

static inline int
sink_put(struct sink *s, const void *bytes, size_t len, struct fault *f)
{
	return s->put(s, bytes, len, f);
}

#endif
