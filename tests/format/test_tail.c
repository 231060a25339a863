/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/buf.h"
#include "format/deflate.h"
#include "format/tail.h"

#include <string.h>

/* One block with codes of its own, followed by an empty stored one. */
static void
make_block(struct buf *packed)
{
	struct deflate *d;
	struct buf plain = BUF_INIT;
	struct fault f = { 0 };

	for (unsigned i = 0; i < 300; i++)
		assert_ok(buf_addf(&plain, &f, "line %u of text\n", i * i), &f);
	d = deflate_new(7, &f);
	assert_non_null(d);
	assert_ok(deflate_chunk(d, &plain, packed, &f), &f);
	deflate_free(d);
	buf_release(&plain);
}

/* Make it the last block and cut off the stored one but for its header. */
static void
make_last(struct buf *packed)
{
	struct tail t;

	packed->data[0] |= 1;
	packed->len -= 4;
	/* The header had a byte to itself if the block left it no room. */
	if (!tail_guess(&t, packed))
		packed->len--;
}

static void
last_block_is_found_behind_anything(void **state)
{
	struct buf packed = BUF_INIT, stream = BUF_INIT;
	struct fault f = { 0 };
	struct tail t;

	(void)state;
	make_block(&packed);
	make_last(&packed);
	for (size_t before = 0; before < 2000; before += 97) {
		buf_reset(&stream);
		for (size_t i = 0; i < before; i++)
			assert_ok(buf_add(&stream, "#", 1, &f), &f);
		assert_ok(buf_add(&stream, packed.data, packed.len, &f), &f);
		assert_true(tail_guess(&t, &stream));
		assert_int_equal(t.begin, before * 8);
		assert_true(t.end <= stream.len * 8);
		assert_true(t.end > (stream.len - 1) * 8);
	}
	buf_release(&packed);
	buf_release(&stream);
}

static void
block_that_goes_on_or_does_not_end_is_not_taken(void **state)
{
	struct buf packed = BUF_INIT;
	struct tail t;

	(void)state;
	make_block(&packed);
	assert_false(tail_guess(&t, &packed));
	make_last(&packed);
	assert_true(tail_guess(&t, &packed));
	for (; packed.len > 0; packed.len--) {
		struct buf cut = { packed.data, packed.len - 1, 0 };

		assert_false(tail_guess(&t, &cut));
	}
	buf_release(&packed);
}

static void
what_fills_the_last_byte_must_be_zeros(void **state)
{
	struct buf packed = BUF_INIT;
	struct tail t;

	(void)state;
	make_block(&packed);
	make_last(&packed);
	assert_true(tail_guess(&t, &packed));
	for (size_t bit = t.end; bit < packed.len * 8; bit++) {
		struct tail again;

		packed.data[bit / 8] ^= (char)(1U << bit % 8);
		assert_false(tail_guess(&again, &packed));
		packed.data[bit / 8] ^= (char)(1U << bit % 8);
	}
	buf_release(&packed);
}

/* The sanitizers watch that no bit makes it read too far. */
static void
hostile_bits_are_harmless(void **state)
{
	struct buf packed = BUF_INIT;
	struct tail t = { 0 };
	uint32_t x = 1;

	(void)state;
	make_block(&packed);
	make_last(&packed);
	for (unsigned i = 0; i < 20000; i++) {
		x = x * 1664525 + 1013904223;
		packed.data[(x >> 16) % (i % 4 == 0 ? packed.len : 80)] ^=
		    (char)(1U << (x >> 8) % 8);
		packed.data[0] = (char)((packed.data[0] & ~7) | 5);
		(void)tail_guess(&t, &packed); /* either is right */
		assert_true(t.end <= packed.len * 8);
	}
	buf_release(&packed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(last_block_is_found_behind_anything),
		cmocka_unit_test(
		    block_that_goes_on_or_does_not_end_is_not_taken),
		cmocka_unit_test(what_fills_the_last_byte_must_be_zeros),
		cmocka_unit_test(hostile_bits_are_harmless),
	};

	return cmocka_run_group_tests_name("tail", tests, NULL, NULL);
}
