/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gunzip - gzip members (RFC 1952), one after the other, and where each ends
 *
 * A package is several members end to end, and one of them has a digest of its
 * own, so who reads it has to know which bytes of the file belong to which:
 *
 *	gunzip_feed(z, bytes, len);
 *	do {
 *		event = gunzip_next(z, &piece, f);
 *		... piece.packed bytes of the input went into it
 *	} while (event == GUNZIP_PIECE || event == GUNZIP_END);
 *
 * Memory is a window of zlib's and GUNZIP_ROOM bytes, whatever the input.  CRC
 * and length of each member are checked.
 */
#ifndef FORMAT_GUNZIP_H
#define FORMAT_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>

struct fault;
struct gunzip;

enum { GUNZIP_ROOM = 128 * 1024 };

enum gunzip_event {
	GUNZIP_PIECE, /* some bytes came out, perhaps none */
	GUNZIP_END, /* so did the last of a member, whose trailer is right */
	GUNZIP_HUNGRY, /* all input is used up */
	GUNZIP_BROKEN, /* no gzip behind these bytes; the fault says why */
};

struct gunzip_piece {
	const void *bytes; /* borrowed until the next call */
	size_t len;
	const void
	    *packed; /* the input that was read for it, in what was fed */
	size_t packed_len;
};

/* NULL on failure. */
struct gunzip *gunzip_new(struct fault *f);
void gunzip_free(struct gunzip *z);

/* Give it `len` bytes of input, borrowed until it is hungry again. */
void gunzip_feed(struct gunzip *z, const void *bytes, size_t len);

/*
 * The next event.  After GUNZIP_END the next member begins, if there is one;
 * after GUNZIP_BROKEN (FAULT_INPUT, or FAULT_MEMORY) there is none any more.
 */
enum gunzip_event gunzip_next(
    struct gunzip *z, struct gunzip_piece *piece, struct fault *f);

/* True if some, but not all, of a member was read. */
bool gunzip_is_inside(const struct gunzip *z);

/* True if the bytes are how a gzip member begins, as far as they go. */
bool gunzip_is_begun(const void *bytes, size_t len);

#endif
