/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/gunzip.h"

#include "base/fault.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { GZIP_ONLY = 16 }; /* zlib's word: a gzip header and trailer */

struct gunzip {
	z_stream stream;
	bool has_stream, is_inside, is_broken;
	const unsigned char *next; /* input that zlib has not been given */
	size_t left;
	unsigned char room[GUNZIP_ROOM];
};

struct gunzip *
gunzip_new(struct fault *f)
{
	struct gunzip *z = malloc(sizeof(*z));

	if (z == NULL) {
		fault_sys(f, "cannot allocate a decompressor");
		return NULL;
	}
	/* all but the room, which nobody reads before it is written */
	memset(z, 0, offsetof(struct gunzip, room));
	z->has_stream = inflateInit2(&z->stream, MAX_WBITS + GZIP_ONLY) == Z_OK;
	if (z->has_stream)
		return z;
	fault_set(f, FAULT_MEMORY, "cannot allocate a decompressor");
	gunzip_free(z);
	return NULL;
}

void
gunzip_free(struct gunzip *z)
{
	if (z == NULL)
		return;
	if (z->has_stream)
		(void)inflateEnd(&z->stream); /* fails only on misuse */
	free(z);
}

void
gunzip_feed(struct gunzip *z, const void *bytes, size_t len)
{
	z->next = bytes;
	z->left = len;
}

static enum gunzip_event
break_off(struct gunzip *z, int status, struct fault *f)
{
	const char *why = z->stream.msg;

	z->is_broken = true;
	if (status == Z_MEM_ERROR)
		fault_set(f, FAULT_MEMORY, "cannot allocate a window");
	else
		fault_set(f, FAULT_INPUT, "gzip: %s",
		    why != NULL ? why : "wrong data");
	return GUNZIP_BROKEN;
}

/* Let zlib read and write what it can. */
static int
inflate_some(struct gunzip *z, struct gunzip_piece *piece)
{
	z_stream *s = &z->stream;
	const size_t given = z->left < UINT_MAX ? z->left : UINT_MAX;
	int status;

	s->next_in = (unsigned char *)z->next; /* zlib leaves it alone */
	s->avail_in = (unsigned)given;
	s->next_out = z->room;
	s->avail_out = GUNZIP_ROOM;
	status = inflate(s, Z_NO_FLUSH);
	*piece = (struct gunzip_piece){
		.bytes = z->room,
		.len = GUNZIP_ROOM - s->avail_out,
		.packed = z->next,
		.packed_len = given - s->avail_in,
	};
	z->next += piece->packed_len;
	z->left -= piece->packed_len;
	return status;
}

enum gunzip_event
gunzip_next(struct gunzip *z, struct gunzip_piece *piece, struct fault *f)
{
	int status;

	*piece = (struct gunzip_piece){ 0 };
	if (z->is_broken)
		return break_off(z, Z_DATA_ERROR, f);
	if (z->left == 0 && !z->is_inside)
		return GUNZIP_HUNGRY;
	if (!z->is_inside && inflateReset(&z->stream) != Z_OK)
		return break_off(z, Z_STREAM_ERROR, f);
	z->is_inside = true;
	status = inflate_some(z, piece);
	if (status == Z_STREAM_END) {
		z->is_inside = false;
		return GUNZIP_END;
	}
	if (status == Z_BUF_ERROR) /* neither input nor pending output */
		return GUNZIP_HUNGRY;
	return status == Z_OK ? GUNZIP_PIECE : break_off(z, status, f);
}

bool
gunzip_is_inside(const struct gunzip *z)
{
	return z->is_inside;
}

bool
gunzip_is_begun(const void *bytes, size_t len)
{
	static const char magic[] = "\x1f\x8b\x08";

	return len > 0 &&
	    memcmp(bytes, magic,
		len < sizeof(magic) - 1 ? len : sizeof(magic) - 1) == 0;
}
