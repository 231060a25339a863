/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pgzip - a gzip compressor that uses several threads
 *
 * A sink that cuts what it is given into chunks, compresses them in a pool, and
 * writes them in order as one gzip member (RFC 1952) without name or time:
 *
 *	struct pgzip *z = pgzip_new(&(struct pgzip_options){
 *	    .out = &file->sink, .threads = 2, .level = PGZIP_LEVEL }, f);
 *	sink_put(pgzip_sink(z), bytes, len, f) and so on
 *	pgzip_finish(z, f);
 *	pgzip_free(z);
 *
 * The same bytes and level give the same output, whatever the number of threads
 * and however the bytes are divided among puts.  Memory is about ten MiB for
 * each thread and two more, and only what the input needs of it is touched.
 *
 * What fails in a thread is reported by a later put or by pgzip_finish(), so
 * the output is good only if that succeeds.  After a failure nothing can be
 * done but pgzip_free().
 */
#ifndef FORMAT_PGZIP_H
#define FORMAT_PGZIP_H

struct fault;
struct pgzip;
struct sink;

enum {
	/* The fastest that is no larger than stock: see scripts/bench.sh. */
	PGZIP_LEVEL = 7,
	PGZIP_THREADS_MAX = 256,
};

struct pgzip_options {
	struct sink *out; /* borrowed until pgzip_free() */
	unsigned threads; /* besides the caller's; 0: compress in the caller */
	int level; /* 0 to DEFLATE_LEVEL_MAX */
};

/* NULL on failure; FAULT_USAGE if an option is out of range. */
struct pgzip *pgzip_new(const struct pgzip_options *o, struct fault *f);

/* Safe at any time and on NULL; does not finish the member. */
void pgzip_free(struct pgzip *z);

/* Where the bytes go in. */
struct sink *pgzip_sink(struct pgzip *z);

/* Write what is left and the trailer.  Once, and nothing can be put after. */
int pgzip_finish(struct pgzip *z, struct fault *f);

#endif
