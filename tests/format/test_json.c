/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "format/caps.h"
#include "format/entry.h"
#include "format/json.h"

#include <string.h>

static void
assert_string(const char *bytes, size_t len, const char *want)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(json_add_string(&b, bytes, len, &f), &f);
	assert_string_equal(buf_end(&b, &f), want);
	buf_release(&b);
}

static void
assert_entry(const struct entry *e, const char *want)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(json_add_entry(&b, e, &f), &f);
	assert_string_equal(buf_end(&b, &f), want);
	buf_release(&b);
}

static void
strings_are_quoted_as_rfc_8259_has_it(void **state)
{
	(void)state;
	assert_string("", 0, "\"\"");
	assert_string("usr/bin", 7, "\"usr/bin\"");
	assert_string("a\"b\\c", 5, "\"a\\\"b\\\\c\"");
	assert_string(
	    "\0\t\n\x1f\x7f", 5, "\"\\u0000\\u0009\\u000a\\u001f\\u007f\"");
	assert_string(
	    "\xc3\xa4\xf0\x9f\x98\x80", 6, "\"\xc3\xa4\xf0\x9f\x98\x80\"");
}

static void
stray_bytes_become_lone_surrogates(void **state)
{
	(void)state;
	assert_string("\xff\x80", 2, "\"\\udcff\\udc80\"");
	assert_string("\xc3", 1, "\"\\udcc3\"");
	assert_string("\xc3x", 2, "\"\\udcc3x\"");
	assert_string("\xed\xb3\xbf", 3, "\"\\udced\\udcb3\\udcbf\"");
	assert_string("\xc0\x80", 2, "\"\\udcc0\\udc80\"");
}

static void
file_has_its_size_and_no_more(void **state)
{
	const struct entry e = { .path = "usr/bin/a b",
		.uname = "root",
		.gname = "games",
		.type = ENTRY_FILE,
		.mode = 02755,
		.gid = 65534,
		.size = UINT64_MAX,
		.mtime = 1700000000 };

	(void)state;
	assert_entry(&e,
	    "{\"path\":\"usr/bin/a b\",\"type\":\"file\",\"mode\":\"2755\","
	    "\"uname\":\"root\",\"gname\":\"games\",\"uid\":0,\"gid\":65534,"
	    "\"time\":1700000000,\"size\":18446744073709551615}\n");
}

static void
owner_without_a_name_is_null(void **state)
{
	const struct entry e = {
		.path = "d", .type = ENTRY_DIR, .uid = 2097151, .gid = 1
	};

	(void)state;
	assert_entry(&e,
	    "{\"path\":\"d\",\"type\":\"dir\",\"mode\":\"0\",\"uname\":null,"
	    "\"gname\":null,\"uid\":2097151,\"gid\":1,\"time\":0}\n");
}

static void
links_and_devices_say_what_they_are(void **state)
{
	const struct entry link = {
		.path = "l", .type = ENTRY_LINK, .link = "a\nb", .mode = 0777
	};
	const struct entry device = { .path = "dev/null",
		.type = ENTRY_CHAR,
		.mode = 0666,
		.major = 4095,
		.minor = 1048575 };

	(void)state;
	assert_entry(&link,
	    "{\"path\":\"l\",\"type\":\"link\",\"mode\":\"777\",\"uname\":null,"
	    "\"gname\":null,\"uid\":0,\"gid\":0,\"time\":0,"
	    "\"link\":\"a\\u000ab\"}\n");
	assert_entry(&device,
	    "{\"path\":\"dev/null\",\"type\":\"char\",\"mode\":\"666\","
	    "\"uname\":null,\"gname\":null,\"uid\":0,\"gid\":0,\"time\":0,"
	    "\"major\":4095,\"minor\":1048575}\n");
}

static void
times_have_a_fraction_if_they_need_one(void **state)
{
	static const struct {
		int64_t sec;
		uint32_t nsec;
		const char *want;
	} examples[] = {
		{ 0, 0, "0" },
		{ 1, 1, "1.000000001" },
		{ 0, 999999999, "0.999999999" },
		{ -1, 0, "-1" },
		{ -2, 250000000, "-1.750000000" },
		{ -1, 750000000, "-0.250000000" },
		{ INT64_MAX, 5, "9223372036854775807.000000005" },
		{ INT64_MIN, 0, "-9223372036854775808" },
		{ INT64_MIN, 1, "-9223372036854775807.999999999" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		const struct entry e = { .path = "f",
			.type = ENTRY_FIFO,
			.mtime = examples[i].sec,
			.mtime_nsec = examples[i].nsec };
		struct buf want = BUF_INIT;
		struct fault f = { 0 };

		assert_ok(buf_addf(&want, &f,
			      "{\"path\":\"f\",\"type\":\"fifo\","
			      "\"mode\":\"0\",\"uname\":null,\"gname\":null,"
			      "\"uid\":0,\"gid\":0,\"time\":%s}\n",
			      examples[i].want),
		    &f);
		assert_entry(&e, buf_end(&want, &f));
		buf_release(&want);
	}
}

static void
capabilities_are_said_as_text(void **state)
{
	unsigned char value[CAPS_XATTR_LEN];
	const struct xattr caps = {
		.name = ENTRY_CAPS_XATTR, .value = value, .len = sizeof(value)
	};
	const struct entry e = {
		.path = "f", .type = ENTRY_FILE, .xattrs = &caps
	};
	struct fault f = { 0 };

	(void)state;
	assert_ok(caps_parse(value, "cap_net_raw=ep", 14, &f), &f);
	assert_entry(&e,
	    "{\"path\":\"f\",\"type\":\"file\",\"mode\":\"0\",\"uname\":null,"
	    "\"gname\":null,\"uid\":0,\"gid\":0,\"time\":0,\"size\":0,"
	    "\"caps\":\"cap_net_raw=ep\"}\n");
}

static int
add_entry_once(void *arg, struct fault *f)
{
	struct buf b = BUF_INIT;
	const int r = json_add_entry(&b, arg, f);

	buf_release(&b);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	unsigned char value[CAPS_XATTR_LEN];
	const struct xattr caps = {
		.name = ENTRY_CAPS_XATTR, .value = value, .len = sizeof(value)
	};
	struct entry e = { .path = "a \xff name that does not fit at once \n",
		.type = ENTRY_LINK,
		.link = "some \"target\"",
		.uname = "root",
		.xattrs = &caps };
	struct fault f = { 0 };

	(void)state;
	assert_ok(caps_parse(value, "cap_net_raw=ep", 14, &f), &f);
	alloc_fail_each(add_entry_once, &e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_are_quoted_as_rfc_8259_has_it),
		cmocka_unit_test(stray_bytes_become_lone_surrogates),
		cmocka_unit_test(file_has_its_size_and_no_more),
		cmocka_unit_test(owner_without_a_name_is_null),
		cmocka_unit_test(links_and_devices_say_what_they_are),
		cmocka_unit_test(times_have_a_fraction_if_they_need_one),
		cmocka_unit_test(capabilities_are_said_as_text),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
