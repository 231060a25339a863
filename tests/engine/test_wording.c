/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"

#include "base/arena.h"
#include "engine/wording.h"
#include "format/entry.h"

#include <stdio.h>
#include <string.h>

static void
expect_xattr(const char *name, const void *value, size_t len, const char *want)
{
	const struct xattr x = { .name = name, .value = value, .len = len };
	struct arena a = { 0 };
	struct fault f = { 0 };
	const char *got = wording_xattr(&a, &x, &f);

	assert_non_null(got);
	assert_string_equal(got, want);
	arena_release(&a);
}

static void
an_owner_is_its_name_or_else_its_number(void **state)
{
	struct arena a = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_string_equal(wording_owner(&a, "www", 82, &f), "www");
	assert_string_equal(wording_owner(&a, NULL, 82, &f), "82");
	assert_string_equal(wording_owner(&a, NULL, 0, &f), "0");
	assert_string_equal(
	    wording_owner(&a, NULL, UINT32_MAX, &f), "4294967295");
	assert_string_equal(wording_owner(&a, "", 82, &f), "");
	arena_release(&a);
}

static void
what_is_printed_is_cut_where_a_short_text_ends(void **state)
{
	char long_text[100];
	struct arena a = { 0 };
	struct fault f = { 0 };

	(void)state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	assert_string_equal(wording_print(&a, &f, "%04o", 0755u), "0755");
	assert_int_equal(strlen(wording_print(&a, &f, "%s", long_text)), 63);
	arena_release(&a);
}

static void
a_time_is_a_decimal_number_before_the_epoch_too(void **state)
{
	static const struct {
		int64_t seconds;
		uint32_t nanoseconds;
		const char *want;
	} rows[] = {
		{ 0, 0, "0" },
		{ 1700000000, 0, "1700000000" },
		{ 1700000000, 5, "1700000000.000000005" },
		{ -2, 0, "-2" },
		{ -2, 250000000, "-1.750000000" },
		{ -1, 999999999, "-0.000000001" },
		{ INT64_MAX, 1, "9223372036854775807.000000001" },
		{ INT64_MIN, 0, "-9223372036854775808" },
		{ INT64_MIN, 1, "-9223372036854775807.999999999" },
	};
	struct arena a = { 0 };
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct entry e = {
			.mtime = rows[i].seconds,
			.mtime_nsec = rows[i].nanoseconds,
		};

		assert_string_equal(wording_time(&a, &e, &f), rows[i].want);
	}
	arena_release(&a);
}

static void
an_attribute_is_as_it_is_if_it_can_be_printed_and_else_in_hex(void **state)
{
	(void)state;
	expect_xattr("user.a", "some text", 9, "some text");
	expect_xattr("user.a", "", 0, "");
	expect_xattr("user.a", "a\0", 2, "0x6100");
	expect_xattr("user.a", "\x7f", 1, "0x7f");
	expect_xattr("user.a", "\n", 1, "0x0a");
	expect_xattr("user.a", "\xc3\xa4", 2, "0xc3a4");
}

static void
of_a_long_attribute_its_begin_and_its_length_are_told(void **state)
{
	enum { SHOWN = 500 };
	static char bytes[SHOWN + 1], want[2 * SHOWN + 40];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	snprintf(want, sizeof(want), "%.*s", SHOWN, bytes);
	expect_xattr("user.a", bytes, SHOWN, want);
	snprintf(want, sizeof(want), "%.*s... (501 bytes)", SHOWN, bytes);
	expect_xattr("user.a", bytes, SHOWN + 1, want);
	/* what makes it no text may be where nobody looks */
	bytes[SHOWN] = '\1';
	memcpy(want, "0x", 3);
	for (int i = 0; i < SHOWN; i++)
		strcat(want, "78");
	strcat(want, "... (501 bytes)");
	expect_xattr("user.a", bytes, SHOWN + 1, want);
}

static void
capabilities_are_as_setcap_takes_them_and_bytes_if_no_file_can_have_them(
    void **state)
{
	static const unsigned char caps[20] = { 1, 0, 0, 2, 0, 0x20 };

	(void)state;
	expect_xattr(ENTRY_CAPS_XATTR, caps, 20, "cap_net_raw=ep");
	expect_xattr("user.a", caps, 6, "0x010000020020");
	expect_xattr(ENTRY_CAPS_XATTR, caps, 6, "0x010000020020");
	expect_xattr(ENTRY_CAPS_XATTR, "text", 4, "text");
}

static void
an_entry_is_its_type_mode_and_owners(void **state)
{
	const struct entry file = {
		.mode = 0644, .uname = "root", .gname = "www"
	};
	const struct entry device = {
		.type = ENTRY_CHAR, .mode = 06755, .uid = 7, .gid = 8
	};
	struct arena a = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_string_equal(wording_entry(&a, &file, &f), "file,0644,root:www");
	assert_string_equal(wording_entry(&a, &device, &f), "char,6755,7:8");
	arena_release(&a);
}

static int
word_all(void *arg, struct fault *f)
{
	static const unsigned char caps[20] = { 1, 0, 0, 2, 0, 0x20 };
	const struct xattr xattrs[] = {
		{ .name = ENTRY_CAPS_XATTR, .value = caps, .len = 20 },
		{ .name = ENTRY_CAPS_XATTR, .value = caps, .len = 7 },
	};
	const struct entry e = { .mtime = -2, .mtime_nsec = 1 };
	struct arena a = { 0 };
	int r = 0;

	(void)arg;
	if (wording_xattr(&a, &xattrs[0], f) == NULL ||
	    wording_xattr(&a, &xattrs[1], f) == NULL ||
	    wording_time(&a, &e, f) == NULL || wording_entry(&a, &e, f) == NULL)
		r = -1;
	arena_release(&a);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(word_all, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_owner_is_its_name_or_else_its_number),
		cmocka_unit_test(
		    what_is_printed_is_cut_where_a_short_text_ends),
		cmocka_unit_test(
		    a_time_is_a_decimal_number_before_the_epoch_too),
		cmocka_unit_test(
		    an_attribute_is_as_it_is_if_it_can_be_printed_and_else_in_hex),
		cmocka_unit_test(
		    of_a_long_attribute_its_begin_and_its_length_are_told),
		cmocka_unit_test(
		    capabilities_are_as_setcap_takes_them_and_bytes_if_no_file_can_have_them),
		cmocka_unit_test(an_entry_is_its_type_mode_and_owners),
		cmocka_unit_test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("wording", tests, NULL, NULL);
}
