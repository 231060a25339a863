/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "format/entry.h"
#include "format/records.h"

#include <string.h>

static const struct records_options nothing = { 0 };

/* The records of the entry are exactly these bytes, behind what was there. */
static void
expect_bytes(const struct entry *e, const struct records_options *o,
    const char *want, size_t len)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(buf_adds(&b, "before", &f), &f);
	assert_ok(records_add(&b, e, o, &f), &f);
	if (b.len != 6 + len || memcmp(b.data + 6, want, len) != 0)
		fail_msg("'%.*s' instead of '%.*s'", (int)(b.len - 6),
		    b.data + 6, (int)len, want);
	assert_memory_equal(b.data, "before", 6);
	buf_release(&b);
}

static void
expect(const struct entry *e, const struct records_options *o, const char *want)
{
	expect_bytes(e, o, want, strlen(want));
}

/* An attribute of this name is written so. */
static void
expect_name(const char *name, const char *want)
{
	const struct xattr x = { .name = name, .value = "x", .len = 1 };
	const struct entry e = { .path = "file", .xattrs = &x };

	expect(&e, &nothing, want);
}

static void
expect_time(int64_t seconds, uint32_t nsec, bool has_time, const char *want)
{
	const struct records_options o = { .has_time = has_time };
	const struct entry e = {
		.path = "file", .mtime = seconds, .mtime_nsec = nsec
	};

	expect(&e, &o, want);
}

static void
what_the_header_can_say_needs_no_record(void **state)
{
	const struct entry e = { .path = "caf\xe9",
		.link = "target",
		.uname = "root",
		.mtime = 1000000000,
		.size = 1,
		.mode = 04755 };

	(void)state;
	expect(&e, &nothing, "");
}

static void
the_checksum_is_recorded_as_it_is_given(void **state)
{
	const struct records_options o = {
		.sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
	};
	const struct entry e = { .path = "file" };

	(void)state;
	expect(&e, &o,
	    "68 APK-TOOLS.checksum.SHA1="
	    "da39a3ee5e6b4b0d3255bfef95601890afd80709\n");
}

static void
attributes_are_recorded_in_their_order_whatever_they_hold(void **state)
{
	static const char want[] = "24 SCHILY.xattr.user.a=\n"
				   "30 SCHILY.xattr.user.b=a\0b\n=c\n";
	const struct xattr second = {
		.name = "user.b", .value = "a\0b\n=c", .len = 6
	};
	const struct xattr first = { .next = &second, .name = "user.a" };
	const struct entry e = { .path = "file", .xattrs = &first };

	(void)state;
	expect_bytes(&e, &nothing, want, sizeof(want) - 1);
}

static void
what_ends_a_key_and_the_sign_of_the_escape_are_escaped(void **state)
{
	(void)state;
	expect_name(
	    "user.a=b%=%3D", "40 SCHILY.xattr.user.a%3Db%25%3D%253D=x\n");
}

static void
all_other_bytes_of_a_name_stand_as_they_are(void **state)
{
	(void)state;
	expect_name("user.caf\xe9", "28 SCHILY.xattr.user.caf\xe9=x\n");
	expect_name("user.\xc3\xa9 \n", "28 SCHILY.xattr.user.\xc3\xa9 \n=x\n");
}

static void
a_hard_link_has_no_attribute_but_the_capabilities(void **state)
{
	const struct records_options link = { .is_hard_link = true };
	const struct xattr more = {
		.name = "user.a", .value = "one", .len = 3
	};
	const struct xattr caps = { .next = &more,
		.name = "security.capability",
		.value = "caps",
		.len = 4 };
	const struct xattr almost = { .next = &caps,
		.name = "security.capabilit",
		.value = "no",
		.len = 2 };
	const struct entry with = { .path = "file", .xattrs = &almost };
	const struct entry without = { .path = "file", .xattrs = &more };

	(void)state;
	expect(&with, &link, "41 SCHILY.xattr.security.capability=caps\n");
	expect(&without, &link, "");
	expect(&without, &nothing, "27 SCHILY.xattr.user.a=one\n");
}

static void
a_time_before_the_epoch_is_always_recorded(void **state)
{
	static const struct {
		int64_t seconds;
		uint32_t nsec;
		const char *want;
	} times[] = {
		{ -1, 0, "12 mtime=-1\n" },
		{ -2147483649, 0, "21 mtime=-2147483649\n" },
		{ INT64_MIN, 0, "30 mtime=-9223372036854775808\n" },
		/* the fraction counts forward, the decimal number back */
		{ -1, 500000000, "22 mtime=-0.500000000\n" },
		{ -1, 999999999, "22 mtime=-0.000000001\n" },
		{ -2, 1, "22 mtime=-1.999999999\n" },
		{ INT64_MIN, 999999999,
		    "40 mtime=-9223372036854775807.000000001\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		expect_time(
		    times[i].seconds, times[i].nsec, false, times[i].want);
		expect_time(
		    times[i].seconds, times[i].nsec, true, times[i].want);
	}
}

static void
a_later_time_is_recorded_where_it_is_asked_for(void **state)
{
	(void)state;
	expect_time(0, 0, true, "11 mtime=0\n");
	expect_time(1000000000, 0, true, "20 mtime=1000000000\n");
	expect_time(INT64_MAX, 0, true, "29 mtime=9223372036854775807\n");
	expect_time(0, 0, false, "");
	expect_time(INT64_MAX, 0, false, "");
}

static void
a_later_time_with_a_fraction_is_left_to_libarchive(void **state)
{
	(void)state;
	expect_time(0, 1, true, "");
	expect_time(1000000000, 999999999, true, "");
	expect_time(1000000000, 999999999, false, "");
}

static void
all_kinds_come_together_the_time_last(void **state)
{
	const struct records_options o = { .sha1 = "0123", .has_time = true };
	const struct xattr x = { .name = "user.a", .value = "one", .len = 3 };
	const struct entry e = { .path = "file", .xattrs = &x };

	(void)state;
	expect(&e, &o,
	    "27 SCHILY.xattr.user.a=one\n"
	    "32 APK-TOOLS.checksum.SHA1=0123\n"
	    "11 mtime=0\n");
}

static int
add_all(void *arg, struct fault *f)
{
	static const char value[1000];
	const struct records_options o = { .sha1 = value, .has_time = true };
	const struct xattr second = {
		.name = "user.b=", .value = value, .len = sizeof(value)
	};
	const struct xattr first = { .next = &second,
		.name = "user.a",
		.value = value,
		.len = sizeof(value) };
	const struct entry e = { .path = arg, .xattrs = &first };
	struct buf b = BUF_INIT;
	const int r = records_add(&b, &e, &o, f);

	buf_release(&b);
	return r;
}

static void
a_lack_of_memory_is_a_fault(void **state)
{
	char path[] = "file";

	(void)state;
	alloc_fail_each(add_all, path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_header_can_say_needs_no_record),
		cmocka_unit_test(the_checksum_is_recorded_as_it_is_given),
		cmocka_unit_test(
		    attributes_are_recorded_in_their_order_whatever_they_hold),
		cmocka_unit_test(
		    what_ends_a_key_and_the_sign_of_the_escape_are_escaped),
		cmocka_unit_test(all_other_bytes_of_a_name_stand_as_they_are),
		cmocka_unit_test(
		    a_hard_link_has_no_attribute_but_the_capabilities),
		cmocka_unit_test(a_time_before_the_epoch_is_always_recorded),
		cmocka_unit_test(
		    a_later_time_is_recorded_where_it_is_asked_for),
		cmocka_unit_test(
		    a_later_time_with_a_fraction_is_left_to_libarchive),
		cmocka_unit_test(all_kinds_come_together_the_time_last),
		cmocka_unit_test(a_lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
