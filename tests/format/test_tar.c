/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_tar.h"

#include "base/buf.h"
#include "format/tar.h"

#include <stdio.h>
#include <string.h>

static void
add_end(struct buf *tar)
{
	static const char zeros[2 * TAR_BLOCK];

	add_bytes(tar, zeros, sizeof(zeros));
}

static void
every_type_of_ustar_is_read(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_header(&tar,
	    (struct header){
		.name = "a/", .type = '5', .mode = "0002755", .uname = "www" });
	add_header(&tar, (struct header){ .type = '0', .size = "00000000005" });
	add_bytes(&tar, "hello", 5);
	add_header(
	    &tar, (struct header){ .name = "h", .type = '1', .link = "usr/x" });
	add_header(
	    &tar, (struct header){ .name = "l", .type = '2', .link = "x y" });
	add_header(&tar,
	    (struct header){ .name = "c",
		.type = '3',
		.major = "0000001",
		.minor = "0000003" });
	add_header(&tar,
	    (struct header){ .name = "b", .type = '4', .minor = "0000010" });
	add_header(&tar, (struct header){ .name = "p", .type = '6' });
	add_header(&tar, (struct header){ .name = "7", .type = '7' });
	add_header(&tar, (struct header){ .name = "n", .prefix = "deep/er" });
	add_end(&tar);
	expect(&tar,
	    "a/ dir 2755 www:root 0:0 10.000000000 0\n"
	    "usr/x file 0644 root:root 0:0 10.000000000 5[hello]\n"
	    "h file 0644 root:root 0:0 10.000000000 0 == usr/x\n"
	    "l link 0644 root:root 0:0 10.000000000 0 -> x y\n"
	    "c char 0644 root:root 0:0 10.000000000 0 dev 1,3\n"
	    "b block 0644 root:root 0:0 10.000000000 0 dev 0,8\n"
	    "p fifo 0644 root:root 0:0 10.000000000 0\n"
	    "7 file 0644 root:root 0:0 10.000000000 0\n"
	    "deep/er/n file 0644 root:root 0:0 10.000000000 0",
	    TAR_UNKNOWN_TYPE); /* the last, whose type is a NUL */
}

static void
full_fields_need_no_end(void **state)
{
	struct buf tar = BUF_INIT;
	char name[101] = "", want[200];

	(void)state;
	memset(name, 'n', 100);
	add_header(&tar,
	    (struct header){ .name = name, .type = '0', .mode = "00000755" });
	snprintf(want, sizeof(want),
	    "%s file 0755 root:root 0:0 10.000000000 0", name);
	expect(&tar, want, 0);
}

static void
numbers_in_base_256_are_read_and_a_flaw(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_header(&tar,
	    (struct header){
		.type = '0', .uid = "\x80\0\0\0\0\x2d\xc6\xc0", .uid_len = 8 });
	add_header(&tar,
	    (struct header){ .type = '0',
		.uid = "\xff\xff\xff\xff\xff\xff\xff\xff",
		.uid_len = 8 });
	add_header(&tar,
	    (struct header){ .type = '0',
		.uid = "\xbf\xff\xff\xff\xff\xff\xff\xff",
		.uid_len = 8 });
	expect(&tar,
	    "usr/x file 0644 root:root 3000000:0 10.000000000 0\n"
	    "usr/x file 0644 root:root 4294967295:0 10.000000000 0\n"
	    "usr/x file 0644 root:root 4294967295:0 10.000000000 0",
	    TAR_ODD_NUMBER);
}

static void
an_impossible_size_is_a_fault(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_header(&tar,
	    (struct header){ .name = "large", .type = '0', .size = "\xff" });
	expect_fault(&tar, "tar: impossible size in the header at byte 0");
}

static void
a_time_in_base_256_may_be_before_the_epoch(void **state)
{
	static const struct {
		const char *mtime, *want;
	} rows[] = {
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfb", "-5" },
		{ "\xff\xff\xff\xff\x80\x01\x01\x01\x01\x01\x01\x01",
		    "-9223089458054627071" },
		{ "\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff", "0" },
		{ "\xff\xff\xff\xfe\xff\xff\xff\xff\xff\xff\xff\xff", "0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf tar = BUF_INIT;
		char want[80];

		add_header(&tar,
		    (struct header){ .type = '0', .mtime = rows[i].mtime });
		snprintf(want, sizeof(want),
		    "usr/x file 0644 root:root 0:0 %s.000000000 0",
		    rows[i].want);
		expect(&tar, want, TAR_ODD_NUMBER);
	}
}

static void
what_apk_reads_otherwise_is_a_flaw(void **state)
{
	static const struct {
		struct header header;
		const char *want;
		unsigned flaws;
	} rows[] = {
		{ { .type = '0', .uid = " 000001" }, "root:root 1:0",
		    TAR_ODD_NUMBER },
		{ { .type = '0', .uid = "00001x" }, "root:root 1:0",
		    TAR_ODD_NUMBER },
		{ { .type = '0', .magic = "\0\0\0\0\0\0\0" }, "-:- 0:0",
		    TAR_NO_USTAR },
		{ { .type = 'V' }, "root:root 0:0", TAR_UNKNOWN_TYPE },
		{ { .type = 'S' }, "root:root 0:0",
		    TAR_UNKNOWN_TYPE | TAR_SPARSE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf tar = BUF_INIT;
		char want[80];

		add_header(&tar, rows[i].header);
		snprintf(want, sizeof(want),
		    "usr/x file 0644 %s 10.000000000 0", rows[i].want);
		expect(&tar, want, rows[i].flaws);
	}
}

static void
headers_without_a_name_and_sparse_ones_are_flaws(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_records(&tar, "GNU.sparse.major=1");
	add_header(&tar, (struct header){ .type = '0' });
	expect(
	    &tar, "usr/x file 0644 root:root 0:0 10.000000000 0", TAR_SPARSE);
	add_header(&tar, (struct header){ .name = "", .type = '0' });
	expect(&tar, " file 0644 root:root 0:0 10.000000000 0", TAR_NAMELESS);
}

static void
an_old_directory_has_a_slash(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_header(&tar, (struct header){ .name = "usr/" });
	expect(&tar, "usr/ dir 0644 root:root 0:0 10.000000000 0",
	    TAR_UNKNOWN_TYPE);
}

static void
sums_of_signed_bytes_are_right_too(void **state)
{
	struct buf tar = BUF_INIT;
	unsigned sum = 0;

	(void)state;
	add_header(&tar, (struct header){ .name = "\xe4", .type = '0' });
	memset(tar.data + SUM_AT, ' ', 8);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned)(int)(signed char)tar.data[i];
	snprintf(tar.data + SUM_AT, 8, "%06o", sum);
	expect(&tar, "\xe4 file 0644 root:root 0:0 10.000000000 0", 0);
}

static void
every_flipped_bit_of_a_header_is_a_wrong_checksum(void **state)
{
	(void)state;
	for (size_t i = 0; i < TAR_BLOCK; i++) {
		struct buf tar = BUF_INIT;
		struct seen s = { BUF_INIT, 0 };
		struct fault f = { 0 };

		/* blanks around the sum's digits do not matter */
		if (i >= SUM_AT + 6 && i < SUM_AT + 8)
			continue;
		add_header(&tar, (struct header){ .type = '0' });
		tar.data[i] ^= 2;
		assert_fault(read_tar(&s, &tar, 1 << 20, &f), &f, FAULT_INPUT,
		    "tar: no header, or a wrong checksum, at byte 0");
		buf_release(&tar);
		buf_release(&s.text);
	}
}

static void
every_cut_is_within_an_entry_or_between_two(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_records(&tar, "path=ok");
	add_text(&tar, 'L', "other", 5);
	add_header(&tar, (struct header){ .type = '0', .size = "00000000005" });
	add_bytes(&tar, "hello", 5);
	add_end(&tar);
	for (size_t len = 0; len <= tar.len; len++) {
		const struct buf cut = { .data = tar.data, .len = len };
		const bool is_whole =
		    len == 0 || (len >= 6 * TAR_BLOCK && len % TAR_BLOCK == 0);
		struct seen s = { BUF_INIT, 0 };
		struct fault f = { 0 };

		if (is_whole)
			assert_ok(read_tar(&s, &cut, 100, &f), &f);
		else
			assert_fault(read_tar(&s, &cut, 100, &f), &f,
			    FAULT_INPUT, "tar: ends within an entry");
		buf_release(&s.text);
	}
	buf_release(&tar);
}

static bool
has_ended(const struct buf *tar)
{
	struct seen s = { BUF_INIT, 0 };
	struct tar t = { .visitor = { see_entry, NULL, &s } };
	struct fault f = { 0 };
	bool r;

	assert_ok(tar_put(&t, tar->data, tar->len, &f), &f);
	r = tar_has_ended(&t);
	tar_release(&t);
	buf_release(&s.text);
	return r;
}

static void
two_blocks_of_zeros_are_the_end(void **state)
{
	static const char zeros[TAR_BLOCK];
	struct buf tar = BUF_INIT;

	(void)state;
	add_header(&tar, (struct header){ .type = '0' });
	assert_false(has_ended(&tar));
	add_bytes(&tar, zeros, TAR_BLOCK);
	assert_false(has_ended(&tar));
	add_bytes(&tar, zeros, TAR_BLOCK);
	assert_true(has_ended(&tar));
	for (int i = 0; i < 18; i++)
		add_bytes(&tar, zeros, TAR_BLOCK);
	assert_true(has_ended(&tar));
	buf_release(&tar);
}

static void
one_block_of_zeros_is_passed_over_and_two_are_remembered(void **state)
{
	static const char zeros[TAR_BLOCK];
	struct buf tar = BUF_INIT;

	(void)state;
	add_bytes(&tar, zeros, TAR_BLOCK);
	add_header(&tar, (struct header){ .name = "a", .type = '0' });
	expect(&tar, "a file 0644 root:root 0:0 10.000000000 0", 0);
	add_end(&tar);
	add_header(&tar, (struct header){ .name = "a", .type = '0' });
	add_header(&tar, (struct header){ .name = "b", .type = '0' });
	expect(&tar,
	    "a file 0644 root:root 0:0 10.000000000 0\n"
	    "b file 0644 root:root 0:0 10.000000000 0",
	    TAR_BEHIND_END);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_of_ustar_is_read),
		cmocka_unit_test(full_fields_need_no_end),
		cmocka_unit_test(numbers_in_base_256_are_read_and_a_flaw),
		cmocka_unit_test(a_time_in_base_256_may_be_before_the_epoch),
		cmocka_unit_test(an_impossible_size_is_a_fault),
		cmocka_unit_test(what_apk_reads_otherwise_is_a_flaw),
		cmocka_unit_test(
		    headers_without_a_name_and_sparse_ones_are_flaws),
		cmocka_unit_test(an_old_directory_has_a_slash),
		cmocka_unit_test(sums_of_signed_bytes_are_right_too),
		cmocka_unit_test(
		    every_flipped_bit_of_a_header_is_a_wrong_checksum),
		cmocka_unit_test(every_cut_is_within_an_entry_or_between_two),
		cmocka_unit_test(two_blocks_of_zeros_are_the_end),
		cmocka_unit_test(
		    one_block_of_zeros_is_passed_over_and_two_are_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
