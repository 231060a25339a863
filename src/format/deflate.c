/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/deflate.h"

#include "base/buf.h"
#include "base/fault.h"
#include "format/tail.h"

#include <libdeflate.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
	RAW = -MAX_WBITS, /* zlib's word for deflate without a wrapper */
	JOINT_MAX = 5, /* bytes that an empty stored block can add */
	WINDOW = 64 * 1024,
};

struct deflate {
	struct libdeflate_compressor *compressor;
	struct libdeflate_decompressor *decompressor;
	struct buf proof; /* what a result decodes to */
	z_stream inflater;
	bool has_inflater;
	unsigned char window[WINDOW]; /* what `inflater` makes; nobody looks */
};

struct deflate *
deflate_new(int level, struct fault *f)
{
	struct deflate *d;

	if (level < 0 || level > DEFLATE_LEVEL_MAX) {
		fault_set(f, FAULT_USAGE, "no compression level %d", level);
		return NULL;
	}
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		goto fail;
	d->compressor = libdeflate_alloc_compressor(level);
	d->decompressor = libdeflate_alloc_decompressor();
	d->has_inflater = inflateInit2(&d->inflater, RAW) == Z_OK;
	if (d->compressor == NULL || d->decompressor == NULL ||
	    !d->has_inflater)
		goto fail;
	return d;
fail:
	fault_set(f, FAULT_MEMORY, "cannot allocate a compressor");
	deflate_free(d);
	return NULL;
}

void
deflate_free(struct deflate *d)
{
	if (d == NULL)
		return;
	if (d->has_inflater)
		(void)inflateEnd(&d->inflater); /* fails only on misuse */
	libdeflate_free_decompressor(d->decompressor);
	libdeflate_free_compressor(d->compressor);
	buf_release(&d->proof);
	free(d);
}

/* Replace `packed` by one whole stream. */
static int
compress_whole(struct deflate *d, const struct buf *plain, struct buf *packed,
    struct fault *f)
{
	const size_t bound =
	    libdeflate_deflate_compress_bound(d->compressor, plain->len);

	buf_reset(packed);
	if (buf_reserve(packed, bound + JOINT_MAX, f) < 0)
		return -1;
	packed->len = libdeflate_deflate_compress(
	    d->compressor, plain->data, plain->len, packed->data, bound);
	if (packed->len == 0)
		return fault_set(
		    f, FAULT_SYSTEM, "libdeflate could not compress a chunk");
	return 0;
}

static void
set_bit(struct buf *b, size_t bit, bool is_set)
{
	const unsigned char mask = (unsigned char)(1U << bit % 8);
	unsigned char *byte = (unsigned char *)b->data + bit / 8;

	*byte = (unsigned char)(is_set ? *byte | mask : *byte & ~mask);
}

/*
 * Make the last block one that goes on, and add an empty stored block as the
 * last.  Its header is three bits; the rest of its byte is filled with zeros.
 * compress_whole() has left room.
 */
static void
join(struct buf *packed, const struct tail *t)
{
	static const char joint[] = "\0\0\0\xff\xff";
	const size_t header = packed->len * 8 - t->end < 3 ? 1 : 0;
	const size_t len = JOINT_MAX - 1 + header;

	memcpy(packed->data + packed->len, joint + JOINT_MAX - len, len);
	packed->len += len;
	set_bit(packed, t->begin, false);
	set_bit(packed, t->end, true);
}

static void
undo_join(struct buf *packed, const struct tail *t)
{
	set_bit(packed, t->begin, true);
	set_bit(packed, t->end, false);
	packed->len = (t->end + 7) / 8;
}

/* 1 if the stream decodes to `plain`, 0 if not, -1 if we cannot tell. */
static int
is_proved(struct deflate *d, const struct buf *plain, const struct buf *stream,
    struct fault *f)
{
	size_t in, out;

	buf_reset(&d->proof);
	if (buf_reserve(&d->proof, plain->len + 1, f) < 0)
		return -1;
	if (libdeflate_deflate_decompress_ex(d->decompressor, stream->data,
		stream->len, d->proof.data, plain->len, &in,
		&out) != LIBDEFLATE_SUCCESS)
		return 0;
	return in == stream->len && out == plain->len &&
	    (out == 0 || memcmp(d->proof.data, plain->data, out) == 0);
}

/* Inflate the whole stream, which stops before each block. */
static int
find_tail(struct deflate *d, struct tail *t, const struct buf *stream,
    struct fault *f)
{
	z_stream *z = &d->inflater;
	int status = Z_OK;

	if (stream->len > UINT_MAX || inflateReset(z) != Z_OK)
		return fault_set(f, FAULT_SYSTEM, "zlib could not start");
	z->next_in = (unsigned char *)stream->data;
	z->avail_in = (unsigned)stream->len;
	*t = (struct tail){ 0 };
	while (status == Z_OK) {
		z->next_out = d->window;
		z->avail_out = sizeof(d->window);
		status = inflate(z, Z_BLOCK);
		if (status != Z_OK || (z->data_type & 128) == 0)
			continue;
		/* Behind a block; the low bits count what is not used. */
		t->end = (size_t)z->total_in * 8 - (z->data_type & 7);
		if ((z->data_type & 64) != 0 && z->avail_in == 0)
			return 0;
		t->begin = t->end;
	}
	return fault_set(f, FAULT_SYSTEM, "zlib could not inflate a chunk");
}

/* Join at `t`: 1 if what comes out is proved, 0 with `packed` as it was. */
static int
try_join(struct deflate *d, const struct buf *plain, struct buf *packed,
    const struct tail *t, struct fault *f)
{
	int result;

	join(packed, t);
	result = is_proved(d, plain, packed, f);
	if (result > 0)
		set_bit(packed, t->end, false);
	else
		undo_join(packed, t);
	return result;
}

int
deflate_chunk(struct deflate *d, const struct buf *plain, struct buf *packed,
    struct fault *f)
{
	struct tail t;
	int result = 0;

	if (compress_whole(d, plain, packed, f) < 0)
		return -1;
	if (tail_guess(&t, packed))
		result = try_join(d, plain, packed, &t, f);
	if (result == 0) {
		if (find_tail(d, &t, packed, f) < 0)
			return -1;
		result = try_join(d, plain, packed, &t, f);
	}
	if (result == 0)
		return fault_set(f, FAULT_SYSTEM,
		    "the compressor made a chunk that does not decode");
	return result < 0 ? -1 : 0;
}

int
deflate_prove(struct deflate *d, const struct buf *plain,
    const struct buf *stream, struct fault *f)
{
	const int result = is_proved(d, plain, stream, f);

	if (result == 0)
		return fault_set(f, FAULT_SYSTEM,
		    "compressed data does not decode to what went in");
	return result < 0 ? -1 : 0;
}

uint32_t
deflate_crc(const void *bytes, size_t len)
{
	return libdeflate_crc32(0, bytes, len);
}

uint32_t
deflate_crc_join(uint32_t first, uint32_t second, size_t len)
{
	return (uint32_t)crc32_combine(first, second, (z_off_t)len);
}
