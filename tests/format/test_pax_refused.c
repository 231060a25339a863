/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "test_pax.h"

#include "base/buf.h"
#include "format/pax.h"

#include <stdlib.h>
#include <string.h>

static void
assert_broken(const struct buf *header, size_t len, const char *text)
{
	/* a copy of just the size, so that a read behind it is seen */
	char *exact = malloc(len > 0 ? len : 1);
	struct buf records = BUF_INIT, out = BUF_INIT;
	struct fault f = { 0 };

	assert_non_null(exact);
	if (len > 0)
		memcpy(exact, header->data, len);
	assert_fault(
	    pax_splice(&out, exact, len, &records, &f), &f, FAULT_INPUT, text);
	buf_release(&out);
	free(exact);
}

static void
header_that_is_not_whole_is_refused(void **state)
{
	struct buf header = BUF_INIT;

	(void)state;
	add_header(&header, "su", "6 a=b\n");
	assert_int_equal(header.len, 3 * BLOCK);
	for (size_t len = 0; len < header.len; len++) {
		if (len % BLOCK != 0 || len == 0)
			assert_broken(
			    &header, len, "tar header is not whole blocks");
	}
	assert_broken(&header, 2 * BLOCK, "tar header has no ustar magic");
	buf_release(&header);
}

static void
header_of_another_kind_is_refused(void **state)
{
	struct buf header = BUF_INIT;

	(void)state;
	add_header(&header, "su", "6 a=b\n");
	header.data[156] = 'g';
	assert_broken(&header, header.len, "pax header has the wrong size");
	header.data[156] = 'x';
	header.data[header.len - BLOCK + 257] = 'U';
	assert_broken(&header, header.len, "tar header has no ustar magic");
	buf_release(&header);
}

static void
header_with_another_size_than_it_says_is_refused(void **state)
{
	static const char *const sizes[] = { "00000000000", "00000001001",
		"77777777777", "0000000000x", "-0000000001", "           " };
	struct buf header = BUF_INIT;

	(void)state;
	add_header(&header, "su", "6 a=b\n");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		memcpy(header.data + 124, sizes[i], 11);
		assert_broken(
		    &header, header.len, "pax header has the wrong size");
	}
	/* base-256 */
	memcpy(header.data + 124, "\x80\0\0\0\0\0\0\0\0\0\6", 11);
	assert_broken(&header, header.len, "pax header has the wrong size");
	buf_reset(&header);
	add_header(&header, "su", "6 a=b\n");
	add_block(&header, "su", '0', 0);
	assert_broken(&header, header.len, "pax header has the wrong size");
	buf_release(&header);
}

static void
broken_records_are_refused(void **state)
{
	static const char *const broken[] = { "6", "6 ", "6 a=", "6 a=b",
		"6 a=b ", "7 a=b\n", "5 a=b\n", "x a=b\n", " 6 a=b\n",
		"-6 a=b\n", "+6 a=b\n", "06a=b\n", "6 a:b\n", "0 a=b\n",
		"4 a=b\n", "5 =b\n", "4 =\n", "18446744073709551622 a=b\n",
		"99999999999999999999 a=b\n", "6 a=b\n6 a=b\n\n",
		"6 a=b\n7 a=b\n", "4294967302 a=b\n", "= \n" };

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		struct buf header = BUF_INIT;

		add_header(&header, "su", broken[i]);
		assert_broken(
		    &header, header.len, "pax record is not well formed");
		buf_release(&header);
	}
}

/* True if it is spliced, false if it is refused in the way of this module. */
static bool
survives(const struct buf *header)
{
	const struct buf records = BUF_INIT;
	struct buf out = BUF_INIT;
	struct fault f = { 0 };
	const int r = pax_splice(&out, header->data, header->len, &records, &f);

	if (r == 0)
		assert_in_range(out.len, BLOCK, 3 * BLOCK);
	else
		assert_int_equal(f.kind, FAULT_INPUT);
	buf_release(&out);
	return r == 0;
}

static void
flipped_bytes_are_survived(void **state)
{
	static const char flips[] = { 0, '0', '9', ' ', '=', '\n', '\377' };
	struct buf header = BUF_INIT;

	(void)state;
	add_header(
	    &header, "su", "21 hdrcharset=BINARY\n6 a=b\n12 path=x\\y\n");
	assert_true(survives(&header));
	for (size_t i = 0; i < header.len; i++) {
		const char right = header.data[i];

		for (size_t k = 0; k < sizeof(flips); k++) {
			header.data[i] = flips[k];
			(void)survives(&header); /* either is right */
		}
		header.data[i] = right;
	}
	buf_release(&header);
}

static int
splice_once(void *arg, struct fault *f)
{
	const struct buf *header = arg;
	struct buf records = BUF_INIT, out = BUF_INIT;
	int r = -1;

	if (pax_add(&records, "APK-TOOLS.checksum.SHA1", "00", 2, f) == 0)
		r = pax_splice(&out, header->data, header->len, &records, f);
	buf_release(&records);
	buf_release(&out);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	struct buf header = BUF_INIT;

	(void)state;
	add_header(&header, "su", "6 a=b\n");
	alloc_fail_each(splice_once, &header);
	buf_release(&header);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_that_is_not_whole_is_refused),
		cmocka_unit_test(header_of_another_kind_is_refused),
		cmocka_unit_test(
		    header_with_another_size_than_it_says_is_refused),
		cmocka_unit_test(broken_records_are_refused),
		cmocka_unit_test(flipped_bytes_are_survived),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("pax_refused", tests, NULL, NULL);
}
