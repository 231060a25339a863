/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deflate - chunks of RFC 1951 that can be laid end to end
 *
 * libdeflate compresses well and fast, but a buffer at a time, and every
 * result ends its stream.  Here a result is turned into a run of blocks that
 * goes on: the final flag of its last block is cleared, and an empty stored
 * block fills the last byte.
 *
 *	deflate_chunk(d, &plain, &packed, f) -> write packed, and so on
 *	write DEFLATE_END
 *
 * Nothing leaves unproved: after that change the chunk is inflated again and
 * compared with what went in.  Only the stored block's own flag is set for the
 * proof and cleared behind it.
 *
 * The same library versions give the same bytes.  A chunk knows nothing of the
 * chunks before it, so small chunks compress badly.
 */
#ifndef FORMAT_DEFLATE_H
#define FORMAT_DEFLATE_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct deflate;
struct fault;

enum { DEFLATE_LEVEL_MAX = 12 };

/* The empty final block that ends a stream of chunks, without a NUL. */
#define DEFLATE_END "\x03\0"

/*
 * A compressor with the memory that it reuses, for one thread at a time.  Level
 * 0 stores, DEFLATE_LEVEL_MAX is slowest.  NULL on failure.
 */
struct deflate *deflate_new(int level, struct fault *f);

void deflate_free(struct deflate *d);

/*
 * Replace `packed` by the blocks that decode to `plain`, which may be empty.
 * They end on a byte and are longer than `plain` by a thousandth and a few
 * bytes at most.
 */
int deflate_chunk(struct deflate *d, const struct buf *plain,
    struct buf *packed, struct fault *f);

/*
 * Prove that `stream`, one whole stream with its final flag, decodes to `plain`
 * and to nothing else; FAULT_SYSTEM if it does not.
 */
int deflate_prove(struct deflate *d, const struct buf *plain,
    const struct buf *stream, struct fault *f);

/* The CRC-32 of gzip (RFC 1952) of some bytes; of no bytes it is 0. */
uint32_t deflate_crc(const void *bytes, size_t len);

/* The CRC-32 of two runs of bytes end to end, the second `len` bytes long. */
uint32_t deflate_crc_join(uint32_t first, uint32_t second, size_t len);

#endif
