/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/buf.h"
#include "format/deflate.h"
#include "format/tail.h"

#include <stdio.h>
#include <string.h>

struct fixture {
	struct deflate *deflate;
	struct buf plain, packed, stream;
};

static void
setup(struct fixture *x, int level)
{
	struct fault f = { 0 };

	*x = (struct fixture){ .deflate = deflate_new(level, &f) };
	if (x->deflate == NULL)
		fail_msg("%s", f.text);
}

static void
teardown(struct fixture *x)
{
	deflate_free(x->deflate);
	buf_release(&x->plain);
	buf_release(&x->packed);
	buf_release(&x->stream);
}

/* Lines that compress well and differ; the same on every run. */
static void
add_text(struct buf *b, unsigned lines)
{
	struct fault f = { 0 };

	for (unsigned i = 0; i < lines; i++)
		assert_ok(buf_addf(b, &f, "%u times %u is %u\n", i % 977,
			      i % 31, i * 2654435761U % 10007),
		    &f);
}

static void
add_noise(struct buf *b, size_t len)
{
	struct fault f = { 0 };
	uint32_t x = 1;

	for (size_t i = 0; i < len; i++) {
		x = x * 1664525 + 1013904223;
		assert_ok(buf_add(b, &(char){ (char)(x >> 24) }, 1, &f), &f);
	}
}

/* Compress all of `plain` in chunks of `size` into one stream. */
static void
pack(struct fixture *x, size_t size)
{
	struct fault f = { 0 };
	size_t done = 0;

	do {
		const size_t left = x->plain.len - done;
		struct buf chunk = {
			.data =
			    x->plain.data == NULL ? NULL : x->plain.data + done,
			.len = left < size ? left : size,
		};

		assert_ok(
		    deflate_chunk(x->deflate, &chunk, &x->packed, &f), &f);
		assert_ok(
		    buf_add(&x->stream, x->packed.data, x->packed.len, &f), &f);
		done += chunk.len;
	} while (done < x->plain.len);
	assert_ok(
	    buf_add(&x->stream, DEFLATE_END, sizeof(DEFLATE_END) - 1, &f), &f);
}

static void
chunks_laid_end_to_end_are_one_stream(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 50, 1000, 65536, 1 << 20 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		for (int level = 0; level <= DEFLATE_LEVEL_MAX; level += 3) {
			struct fixture x;
			struct fault f = { 0 };

			setup(&x, level);
			add_text(&x.plain, sizes[i] < 1000 ? 100 : 20000);
			add_noise(&x.plain, sizes[i] * 2);
			add_text(&x.plain, 10);
			pack(&x, sizes[i]);
			assert_ok(
			    deflate_prove(x.deflate, &x.plain, &x.stream, &f),
			    &f);
			teardown(&x);
		}
	}
}

static void
nothing_is_a_chunk_too(void **state)
{
	struct fixture x;
	struct fault f = { 0 };

	(void)state;
	setup(&x, 7);
	pack(&x, 1);
	assert_ok(deflate_prove(x.deflate, &x.plain, &x.stream, &f), &f);
	teardown(&x);
}

static void
noise_grows_by_a_thousandth_at_most(void **state)
{
	struct fixture x;
	struct fault f = { 0 };

	(void)state;
	setup(&x, 7);
	add_noise(&x.plain, 1 << 20);
	assert_ok(deflate_chunk(x.deflate, &x.plain, &x.packed, &f), &f);
	assert_true(x.packed.len < x.plain.len + x.plain.len / 1000 + 16);
	teardown(&x);
}

static void
proof_fails_for_every_bit_that_is_wrong(void **state)
{
	struct fixture x;

	(void)state;
	setup(&x, 7);
	add_text(&x.plain, 200);
	pack(&x, x.plain.len / 2 + 1);
	for (size_t i = 0; i < x.stream.len * 8 - 6; i++) {
		struct fault f = { 0 };

		x.stream.data[i / 8] ^= (char)(1U << i % 8);
		/* What fills a stored block's first byte means nothing. */
		if (deflate_prove(x.deflate, &x.plain, &x.stream, &f) == 0)
			assert_memory_equal(
			    x.stream.data + i / 8 + 1, "\0\0\xff\xff", 4);
		else
			assert_string_equal(f.text,
			    "compressed data does not "
			    "decode to what went in");
		x.stream.data[i / 8] ^= (char)(1U << i % 8);
	}
	teardown(&x);
}

static void
proof_fails_for_more_or_less(void **state)
{
	struct fixture x;
	struct fault f = { 0 };

	(void)state;
	setup(&x, 7);
	add_text(&x.plain, 200);
	pack(&x, x.plain.len);
	x.plain.len--;
	assert_int_equal(deflate_prove(x.deflate, &x.plain, &x.stream, &f), -1);
	x.plain.len++;
	x.stream.len--;
	assert_int_equal(deflate_prove(x.deflate, &x.plain, &x.stream, &f), -1);
	x.stream.len++;
	assert_ok(buf_add(&x.stream, "", 1, &(struct fault){ 0 }), &f);
	f = (struct fault){ 0 };
	assert_fault(deflate_prove(x.deflate, &x.plain, &x.stream, &f), &f,
	    FAULT_SYSTEM, "compressed data does not decode to what went in");
	teardown(&x);
}

/* Noise that ends in a stream of its own deceives the guess, not the proof. */
static void
a_stream_stored_at_the_end_does_no_harm(void **state)
{
	struct fixture x, inner;
	struct buf chunk = BUF_INIT;
	struct fault f = { 0 };
	struct tail t;

	(void)state;
	setup(&x, 7);
	setup(&inner, 7);
	add_text(&inner.plain, 300);
	assert_ok(deflate_chunk(inner.deflate, &inner.plain, &chunk, &f), &f);
	/* Undo what deflate_chunk() added: a final flag, no stored block. */
	chunk.data[0] |= 1;
	chunk.len -= 4;
	add_noise(&x.plain, 100000);
	assert_ok(buf_add(&x.plain, chunk.data, chunk.len, &f), &f);
	if (!tail_guess(&t, &x.plain)) {
		chunk.len--;
		x.plain.len--;
	}
	assert_true(tail_guess(&t, &x.plain));
	assert_int_equal(t.begin, 100000 * 8);
	pack(&x, x.plain.len);
	assert_ok(deflate_prove(x.deflate, &x.plain, &x.stream, &f), &f);
	buf_release(&chunk);
	teardown(&inner);
	teardown(&x);
}

static void
level_must_exist(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_null(deflate_new(DEFLATE_LEVEL_MAX + 1, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_string_equal(f.text, "no compression level 13");
	f = (struct fault){ 0 };
	assert_null(deflate_new(-1, &f));
	deflate_free(NULL);
}

static void
crcs_can_be_joined(void **state)
{
	static const char text[] = "123456789";

	(void)state;
	assert_int_equal(deflate_crc(NULL, 0), 0);
	assert_int_equal(deflate_crc(text, 9), 0xcbf43926);
	assert_int_equal(
	    deflate_crc_join(deflate_crc(text, 4), deflate_crc(text + 4, 5), 5),
	    0xcbf43926);
	assert_int_equal(deflate_crc_join(0xcbf43926, 0, 0), 0xcbf43926);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chunks_laid_end_to_end_are_one_stream),
		cmocka_unit_test(nothing_is_a_chunk_too),
		cmocka_unit_test(noise_grows_by_a_thousandth_at_most),
		cmocka_unit_test(proof_fails_for_every_bit_that_is_wrong),
		cmocka_unit_test(proof_fails_for_more_or_less),
		cmocka_unit_test(a_stream_stored_at_the_end_does_no_harm),
		cmocka_unit_test(level_must_exist),
		cmocka_unit_test(crcs_can_be_joined),
	};

	return cmocka_run_group_tests_name("deflate", tests, NULL, NULL);
}
