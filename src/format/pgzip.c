/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/pgzip.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/pool.h"
#include "base/sink.h"
#include "format/deflate.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum {
	/*
	 * Another size gives other bytes.  Of 1, 2, 4 and 8 MiB all take the
	 * same time; the largest that keeps two threads near 40 MiB compresses
	 * a tree a third of a percent better than the smallest.
	 */
	CHUNK_SIZE = 4 * 1024 * 1024,

	/* Chunks besides one a thread: one to fill, one that waits. */
	SPARE_CHUNKS = 2,
};

struct chunk {
	struct pgzip *owner; /* a job looks at its level and deflaters only */
	struct buf plain, packed;
	uint32_t crc; /* of `plain` */
};

struct pgzip {
	struct sink sink; /* must be first */
	struct sink *out;
	int level;
	struct pool *pool;
	struct deflate **deflates; /* one a worker, made when it needs it */
	unsigned deflate_count;
	struct chunk *chunks; /* a ring: those in the pool, then `filling` */
	unsigned chunk_count, filling;
	bool has_header, has_failed;
	uint32_t crc; /* of all that was written */
	uint64_t len;
};

static int
compress_chunk(void *job, unsigned worker, struct fault *f)
{
	struct chunk *c = job;
	struct deflate **d = &c->owner->deflates[worker];

	if (*d == NULL)
		*d = deflate_new(c->owner->level, f);
	if (*d == NULL)
		return -1;
	c->crc = deflate_crc(c->plain.data, c->plain.len);
	return deflate_chunk(*d, &c->plain, &c->packed, f);
}

/* No name, no time, slowest, Unix: what `gzip -n -9` writes. */
static int
put_header(struct pgzip *z, struct fault *f)
{
	static const char header[] = "\x1f\x8b\x08\0\0\0\0\0\x02\x03";

	if (z->has_header)
		return 0;
	z->has_header = true;
	return sink_put(z->out, header, sizeof(header) - 1, f);
}

static int
write_chunk(struct pgzip *z, struct chunk *c, struct fault *f)
{
	if (put_header(z, f) < 0 ||
	    sink_put(z->out, c->packed.data, c->packed.len, f) < 0)
		return -1;
	z->crc = deflate_crc_join(z->crc, c->crc, c->plain.len);
	z->len += c->plain.len;
	buf_reset(&c->plain);
	return 0;
}

/* Write the oldest chunk in the pool: 1, or 0 if there is none. */
static int
take_chunk(struct pgzip *z, struct fault *f)
{
	void *job;
	const int result = pool_next(z->pool, &job, f);

	if (result <= 0)
		return result;
	return write_chunk(z, job, f) < 0 ? -1 : 1;
}

/* Hand in the chunk that was filled; the next one in the ring is free. */
static int
submit_chunk(struct pgzip *z, struct fault *f)
{
	if (pool_is_full(z->pool) && take_chunk(z, f) < 0)
		return -1;
	if (pool_submit(z->pool, &z->chunks[z->filling], f) < 0)
		return -1;
	z->filling = (z->filling + 1) % z->chunk_count;
	while (pool_is_ready(z->pool)) {
		if (take_chunk(z, f) < 0)
			return -1;
	}
	return 0;
}

static int
add_bytes(struct pgzip *z, const char *bytes, size_t len, struct fault *f)
{
	while (len > 0) {
		struct buf *plain = &z->chunks[z->filling].plain;
		const size_t room = CHUNK_SIZE - plain->len;
		const size_t n = len < room ? len : room;

		if (buf_add(plain, bytes, n, f) < 0)
			return -1;
		if (plain->len == CHUNK_SIZE && submit_chunk(z, f) < 0)
			return -1;
		bytes += n;
		len -= n;
	}
	return 0;
}

static int
put(struct sink *s, const void *bytes, size_t len, struct fault *f)
{
	struct pgzip *z = (struct pgzip *)s;

	if (!z->has_failed && add_bytes(z, bytes, len, f) == 0)
		return 0;
	z->has_failed = true;
	return fault_set(f, FAULT_SYSTEM, "compression has failed before");
}

struct pgzip *
pgzip_new(const struct pgzip_options *o, struct fault *f)
{
	const struct pool_options pool = {
		.threads = o->threads,
		.depth = o->threads + SPARE_CHUNKS - 1,
		.run = compress_chunk,
	};
	struct pgzip *z;

	if (o->threads > PGZIP_THREADS_MAX) {
		fault_set(
		    f, FAULT_USAGE, "more than %d threads", PGZIP_THREADS_MAX);
		return NULL;
	}
	z = calloc(1, sizeof(*z));
	if (z == NULL)
		goto fail;
	*z =
	    (struct pgzip){ .sink = { put }, .out = o->out, .level = o->level };
	z->deflate_count = o->threads > 0 ? o->threads : 1;
	z->deflates = calloc(z->deflate_count, sizeof(struct deflate *));
	z->chunk_count = o->threads + SPARE_CHUNKS;
	z->chunks = calloc(z->chunk_count, sizeof(*z->chunks));
	if (z->deflates == NULL || z->chunks == NULL)
		goto fail;
	for (unsigned i = 0; i < z->chunk_count; i++)
		z->chunks[i].owner = z;
	z->deflates[0] = deflate_new(o->level, f);
	z->pool = pool_new(&pool, f);
	if (z->deflates[0] == NULL || z->pool == NULL)
		goto fail;
	return z;
fail:
	fault_set(f, FAULT_MEMORY, "cannot allocate a gzip compressor");
	pgzip_free(z);
	return NULL;
}

void
pgzip_free(struct pgzip *z)
{
	if (z == NULL)
		return;
	pool_free(z->pool);
	for (unsigned i = 0; z->chunks != NULL && i < z->chunk_count; i++) {
		buf_release(&z->chunks[i].plain);
		buf_release(&z->chunks[i].packed);
	}
	for (unsigned i = 0; z->deflates != NULL && i < z->deflate_count; i++)
		deflate_free(z->deflates[i]);
	free(z->chunks);
	free(z->deflates);
	free(z);
}

struct sink *
pgzip_sink(struct pgzip *z)
{
	return &z->sink;
}

static void
store_le32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> 8 * i);
}

/* The end of the blocks, then the CRC and the length modulo 2^32. */
static int
put_trailer(struct pgzip *z, struct fault *f)
{
	unsigned char trailer[8];

	store_le32(trailer, z->crc);
	store_le32(trailer + 4, (uint32_t)z->len);
	if (sink_put(z->out, DEFLATE_END, sizeof(DEFLATE_END) - 1, f) < 0)
		return -1;
	return sink_put(z->out, trailer, sizeof(trailer), f);
}

static int
finish(struct pgzip *z, struct fault *f)
{
	int result;

	if (z->chunks[z->filling].plain.len > 0 && submit_chunk(z, f) < 0)
		return -1;
	do {
		result = take_chunk(z, f);
	} while (result > 0);
	if (result < 0 || put_header(z, f) < 0)
		return -1;
	return put_trailer(z, f);
}

int
pgzip_finish(struct pgzip *z, struct fault *f)
{
	if (!z->has_failed && finish(z, f) == 0)
		return 0;
	z->has_failed = true;
	return fault_set(f, FAULT_SYSTEM, "compression has failed before");
}
