/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tail - where the last block of a deflate stream begins and ends
 *
 * Blocks of RFC 1951 have no lengths and begin at any bit, so the sure way to
 * the last one is to inflate everything before it.  This is the quick way: go
 * back from the end to a bit where a final block with codes of its own could
 * begin, and follow that block to see whether it ends with the stream.  Few
 * other bits look like such a header, as its codes must be complete.
 *
 * The answer is a guess that is hardly ever wrong, unless somebody wants it to
 * be: the caller must prove it by inflating the stream that it made.
 *
 * Pure functions over memory.  Sizes are in bits, counted from the stream's
 * first bit, which is the lowest of its first byte.
 */
#ifndef FORMAT_TAIL_H
#define FORMAT_TAIL_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct tail {
	size_t begin; /* the last block's final flag */
	size_t end; /* the bit behind it; less than a byte of zeros follows */
};

/*
 * Find the last block of `stream`, if it has codes of its own and at most 384
 * KiB.  False, with `*t` untouched, if there is no such block.
 */
bool tail_guess(struct tail *t, const struct buf *stream);

#endif
