/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/buf.h"
#include "base/sink.h"
#include "format/pgzip.h"

#include <string.h>
#include <zlib.h>

enum { BIG = 11 * 1024 * 1024 + 12345 };

/* A sink that remembers, or fails when it holds `limit` bytes. */
struct memory {
	struct sink sink; /* must be first */
	struct buf bytes;
	size_t limit; /* 0: none */
};

static int
remember(struct sink *s, const void *bytes, size_t len, struct fault *f)
{
	struct memory *m = (struct memory *)s;

	if (m->limit > 0 && m->bytes.len + len > m->limit)
		return fault_set(f, FAULT_SYSTEM, "disk is full");
	return buf_add(&m->bytes, bytes, len, f);
}

/* Text, noise and zeros by turns; the same on every run. */
static void
fill(struct buf *b, size_t len)
{
	struct fault f = { 0 };
	uint32_t x = 1;

	assert_ok(buf_reserve(b, len, &f), &f);
	for (size_t i = 0; i < len; i++) {
		static const char words[] = "the same words again and again ";
		const size_t part = i >> 16 & 3;

		x = x * 1664525 + 1013904223;
		b->data[i] = part == 0 ? (char)(x >> 24)
		    : part == 1        ? '\0'
				       : words[(i + (x >> 31)) % 31];
	}
	b->len = len;
}

static void
gzip(struct memory *m, const struct buf *in, unsigned threads, size_t step)
{
	const struct pgzip_options o = {
		.out = &m->sink,
		.threads = threads,
		.level = 1,
	};
	struct fault f = { 0 };
	struct pgzip *z;

	*m = (struct memory){ .sink = { remember } };
	z = pgzip_new(&o, &f);
	if (z == NULL)
		fail_msg("%s", f.text);
	for (size_t done = 0; done < in->len; done += step) {
		const size_t left = in->len - done;

		assert_ok(sink_put(pgzip_sink(z), in->data + done,
			      left < step ? left : step, &f),
		    &f);
	}
	assert_ok(pgzip_finish(z, &f), &f);
	pgzip_free(z);
}

/* zlib reads one member, checks its trailer, and finds `want` and no more. */
static void
assert_member(const struct buf *packed, const struct buf *want)
{
	struct buf got = BUF_INIT;
	struct fault f = { 0 };
	z_stream z = { 0 };

	assert_ok(buf_reserve(&got, want->len + 1, &f), &f);
	assert_int_equal(inflateInit2(&z, 16 + MAX_WBITS), Z_OK);
	z.next_in = (unsigned char *)packed->data;
	z.avail_in = (unsigned)packed->len;
	z.next_out = (unsigned char *)got.data;
	z.avail_out = (unsigned)want->len + 1;
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.avail_in, 0);
	assert_int_equal(z.total_out, want->len);
	if (want->len > 0)
		assert_memory_equal(got.data, want->data, want->len);
	inflateEnd(&z);
	buf_release(&got);
}

static void
output_is_one_member_that_gzip_reads(void **state)
{
	static const size_t sizes[] = { 0, 1, 2, 100, 70000, 4 << 20,
		(4 << 20) + 1, BIG };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct buf in = BUF_INIT;
		struct memory m;

		fill(&in, sizes[i]);
		gzip(&m, &in, 2, sizes[i] + 1);
		assert_member(&m.bytes, &in);
		assert_memory_equal(
		    m.bytes.data, "\x1f\x8b\x08\0\0\0\0\0\x02\x03", 10);
		buf_release(&m.bytes);
		buf_release(&in);
	}
}

static void
same_bytes_for_any_threads_and_puts(void **state)
{
	static const struct way {
		unsigned threads;
		size_t step;
	} ways[] = { { 0, 4096 }, { 1, 1 << 16 }, { 2, 99991 }, { 7, BIG } };
	struct buf in = BUF_INIT;
	struct memory serial, m;

	(void)state;
	fill(&in, BIG);
	gzip(&serial, &in, 0, BIG);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		gzip(&m, &in, ways[i].threads, ways[i].step);
		assert_int_equal(m.bytes.len, serial.bytes.len);
		assert_memory_equal(
		    m.bytes.data, serial.bytes.data, m.bytes.len);
		buf_release(&m.bytes);
	}
	buf_release(&serial.bytes);
	buf_release(&in);
}

static void
failing_output_surfaces_and_stays(void **state)
{
	static const unsigned threads[] = { 0, 2 };

	(void)state;
	for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++) {
		struct memory m = { .sink = { remember }, .limit = 100 };
		const struct pgzip_options o = {
			.out = &m.sink,
			.threads = threads[i],
			.level = PGZIP_LEVEL,
		};
		struct buf in = BUF_INIT;
		struct fault f = { 0 };
		struct pgzip *z = pgzip_new(&o, &f);

		assert_non_null(z);
		fill(&in, BIG);
		if (sink_put(pgzip_sink(z), in.data, in.len, &f) == 0)
			(void)pgzip_finish(z, &f);
		assert_int_equal(f.kind, FAULT_SYSTEM);
		assert_string_equal(f.text, "disk is full");
		f = (struct fault){ 0 };
		assert_fault(pgzip_finish(z, &f), &f, FAULT_SYSTEM,
		    "compression has failed before");
		pgzip_free(z);
		buf_release(&m.bytes);
		buf_release(&in);
	}
}

static void
free_is_safe_in_the_middle(void **state)
{
	struct memory m = { .sink = { remember } };
	struct pgzip_options o = { .out = &m.sink, .threads = 3, .level = 1 };
	struct buf in = BUF_INIT;

	(void)state;
	fill(&in, BIG);
	for (size_t len = 0; len <= BIG; len += BIG / 2) {
		struct fault f = { 0 };
		struct pgzip *z = pgzip_new(&o, &f);

		assert_non_null(z);
		assert_ok(sink_put(pgzip_sink(z), in.data, len, &f), &f);
		pgzip_free(z);
	}
	pgzip_free(NULL);
	buf_release(&m.bytes);
	buf_release(&in);
}

static void
options_out_of_range_are_usage(void **state)
{
	struct memory m = { .sink = { remember } };
	struct pgzip_options o = { .out = &m.sink, .level = 13 };
	struct fault f = { 0 };

	(void)state;
	assert_null(pgzip_new(&o, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_string_equal(f.text, "no compression level 13");
	f = (struct fault){ 0 };
	o.threads = PGZIP_THREADS_MAX + 1;
	assert_null(pgzip_new(&o, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_string_equal(f.text, "more than 256 threads");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_is_one_member_that_gzip_reads),
		cmocka_unit_test(same_bytes_for_any_threads_and_puts),
		cmocka_unit_test(failing_output_surfaces_and_stays),
		cmocka_unit_test(free_is_safe_in_the_middle),
		cmocka_unit_test(options_out_of_range_are_usage),
	};

	return cmocka_run_group_tests_name("pgzip", tests, NULL, NULL);
}
