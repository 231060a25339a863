/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/buf.h"
#include "format/gunzip.h"

#include <string.h>

/* "hello" and "", as `gzip -n` writes them. */
static const unsigned char hello[] = "\x1f\x8b\x08\0\0\0\0\0\0\3\xcbH\xcd\xc9"
				     "\xc9\7\0\x86\xa6\x10\x36\5\0\0\0";
static const unsigned char empty[] =
    "\x1f\x8b\x08\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0\0";

enum { HELLO_LEN = sizeof(hello) - 1, EMPTY_LEN = sizeof(empty) - 1 };

static void
add(struct buf *b, const unsigned char *bytes, size_t len)
{
	struct fault f = { 0 };

	assert_ok(buf_add(b, bytes, len, &f), &f);
}

/*
 * Read in pieces of `step`; `out` gets what comes out, with "|" for each end,
 * "!" where it breaks, and "?" if it ends inside a member.  The bytes of input
 * that were said to be read come out in `packed`.
 */
static void
inflate_all(
    struct buf *out, struct buf *packed, const struct buf *in, size_t step)
{
	struct fault f = { 0 }, why = { 0 };
	struct gunzip *z = gunzip_new(&f);
	enum gunzip_event event = GUNZIP_HUNGRY;

	assert_non_null(z);
	for (size_t at = 0; at < in->len && event != GUNZIP_BROKEN;
	     at += step) {
		struct gunzip_piece p;

		gunzip_feed(z, in->data + at,
		    in->len - at < step ? in->len - at : step);
		do {
			event = gunzip_next(z, &p, &why);
			add(out, p.bytes, p.len);
			add(packed, p.packed, p.packed_len);
			if (event == GUNZIP_END)
				assert_ok(buf_adds(out, "|", &f), &f);
		} while (event == GUNZIP_PIECE || event == GUNZIP_END);
	}
	if (event == GUNZIP_BROKEN)
		assert_ok(buf_adds(out, "!", &f), &f);
	else if (gunzip_is_inside(z))
		assert_ok(buf_adds(out, "?", &f), &f);
	assert_int_equal(
	    why.kind, event == GUNZIP_BROKEN ? FAULT_INPUT : FAULT_NONE);
	gunzip_free(z);
}

/* That is what comes out, in pieces of any size. */
static void
expect(const struct buf *in, const char *want)
{
	for (size_t step = 1; step <= in->len; step++) {
		struct buf out = BUF_INIT, packed = BUF_INIT;
		struct fault f = { 0 };

		inflate_all(&out, &packed, in, step);
		assert_non_null(buf_end(&out, &f));
		assert_string_equal(out.data, want);
		assert_true(packed.len <= in->len);
		assert_memory_equal(packed.data, in->data, packed.len);
		if (strpbrk(want, "!") == NULL)
			assert_int_equal(packed.len, in->len);
		buf_release(&out);
		buf_release(&packed);
	}
}

static void
members_come_one_by_one_with_their_bytes(void **state)
{
	struct buf in = BUF_INIT;

	(void)state;
	add(&in, hello, HELLO_LEN);
	expect(&in, "hello|");
	add(&in, empty, EMPTY_LEN);
	expect(&in, "hello||");
	add(&in, hello, HELLO_LEN);
	expect(&in, "hello||hello|");
	buf_release(&in);
}

static void
a_member_cut_short_ends_inside(void **state)
{
	struct buf in = BUF_INIT;

	(void)state;
	add(&in, hello, HELLO_LEN - 1);
	expect(&in, "hello?");
	buf_reset(&in);
	add(&in, hello, HELLO_LEN);
	add(&in, hello, 3);
	expect(&in, "hello|?");
	buf_release(&in);
}

static void
a_wrong_trailer_breaks_it(void **state)
{
	struct buf in = BUF_INIT;

	(void)state;
	add(&in, hello, HELLO_LEN);
	in.data[HELLO_LEN - 8] ^= 1; /* the CRC */
	expect(&in, "hello!");
	in.data[HELLO_LEN - 8] ^= 1;
	in.data[HELLO_LEN - 4] ^= 1; /* the length */
	expect(&in, "hello!");
	buf_release(&in);
}

static void
other_bytes_behind_a_member_break_it(void **state)
{
	struct buf in = BUF_INIT;

	(void)state;
	add(&in, hello, HELLO_LEN);
	add(&in, (const unsigned char *)"garbage", 7);
	expect(&in, "hello|!");
	buf_release(&in);
}

static void
a_beginning_is_known_by_three_bytes(void **state)
{
	(void)state;
	assert_true(gunzip_is_begun(hello, HELLO_LEN));
	assert_true(gunzip_is_begun(hello, 1));
	assert_false(gunzip_is_begun(hello, 0));
	assert_false(gunzip_is_begun("\x1f\x8b\x07", 3));
	assert_false(gunzip_is_begun("x", 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_one_by_one_with_their_bytes),
		cmocka_unit_test(a_member_cut_short_ends_inside),
		cmocka_unit_test(a_wrong_trailer_breaks_it),
		cmocka_unit_test(other_bytes_behind_a_member_break_it),
		cmocka_unit_test(a_beginning_is_known_by_three_bytes),
	};

	return cmocka_run_group_tests_name("gunzip", tests, NULL, NULL);
}
