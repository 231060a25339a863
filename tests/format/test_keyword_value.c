/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "test_keyword.h"

#include <stdio.h>
#include <string.h>

static void
assert_refused(const char *words, const char *text)
{
	struct reading r = { 0 };
	struct fault f = { 0 };

	assert_fault(read_words(&r, words, &f), &f, FAULT_INPUT, text);
	release(&r);
}

static void
unknown_keywords_are_refused(void **state)
{
	(void)state;
	assert_refused("uidd=5", "unknown keyword 'uidd'");
	assert_refused("mode=755 MODE=755", "unknown keyword 'MODE'");
	assert_refused("caps=all=ep", "unknown keyword 'caps'");
	assert_refused("=5", "unknown keyword ''");
	assert_refused("\\", "unknown keyword '\\'");
	assert_refused("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeee=1",
	    "unknown keyword 'aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd'");
}

static void
keywords_that_change_contents_are_refused(void **state)
{
	static const char *const names[] = { "content", "contents", "ignore",
		"nochange" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char words[64], text[128];

		snprintf(text, sizeof(text),
		    "keyword '%s' has no meaning for a package", names[i]);
		assert_refused(names[i], text);
		snprintf(words, sizeof(words), "%s=/etc/passwd", names[i]);
		assert_refused(words, text);
	}
}

static void
values_stand_where_they_are_needed_only(void **state)
{
	(void)state;
	assert_refused("mode", "keyword 'mode' needs a value");
	assert_refused("sha1", "keyword 'sha1' needs a value");
	assert_refused("optional=1", "keyword 'optional' takes no value");
	assert_refused("optional=", "keyword 'optional' takes no value");
	assert_refused("mode=", "invalid octal mode ''");
	assert_refused("uname=", "empty user name");
	assert_refused("gname=", "empty group name");
	assert_refused("link=", "invalid link target ''");
	assert_refused("type=", "invalid type ''");
	assert_refused("time=", "invalid time ''");
}

static void
values_that_are_none_are_refused(void **state)
{
	(void)state;
	assert_refused("mode=0788", "invalid octal mode '0788'");
	assert_refused("mode=10000", "invalid octal mode '10000'");
	assert_refused("mode=u+x", "invalid octal mode 'u+x'");
	assert_refused("mode=-1", "invalid octal mode '-1'");
	assert_refused("type=FILE", "invalid type 'FILE'");
	assert_refused("type=socket", "a package cannot have a socket");
	assert_refused("uid=-1", "invalid uid '-1'");
	assert_refused("uid=2097152", "invalid uid '2097152'");
	assert_refused("gid=4294967296", "invalid gid '4294967296'");
	assert_refused("gid=abuild", "invalid gid 'abuild'");
	assert_refused("uname=1000", "'1000' is not a user name");
	assert_refused("gname=a=b",
	    "group name 'a=b' has a character that no account name may have");
	assert_refused("uname=a\\040b",
	    "user name 'a\\040b' has a character that no account name may "
	    "have");
	assert_refused("size=-1", "invalid size '-1'");
	assert_refused(
	    "size=9223372036854775808", "invalid size '9223372036854775808'");
	assert_refused("link=a\\", "backslash without three octal digits");
	assert_refused("link=\\000", "NUL in a name");
}

static void
devices_are_native_numbers_within_range(void **state)
{
	static const char *const values[] = { "", "native", "native,1",
		"native,1,", "native,,1", "native,1,2,3", "native,4096,0",
		"native,0,1048576", "native,-1,0", "1,2", ",1,2", "bsdos,1,2",
		"0x103", "259", ",,", "native,1, 2" };
	struct reading r = { 0 };
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		char words[64];
		struct reading refused = { 0 };
		struct fault why = { 0 };

		snprintf(words, sizeof(words), "device=%s", values[i]);
		assert_int_equal(read_words(&refused, words, &why), -1);
		assert_int_equal(why.kind, FAULT_INPUT);
		release(&refused);
	}
	assert_refused("device=native,1", "invalid device 'native,1'");
	assert_refused("device=qnx,1,2", "invalid device 'qnx,1,2'");
	assert_ok(read_words(&r, "device=linux,8,1", &f), &f);
	assert_int_equal(r.spec.entry.major, 8);
	assert_int_equal(r.spec.entry.minor, 1);
	release(&r);
}

static void
times_are_seconds_and_nanoseconds(void **state)
{
	static const struct {
		const char *words;
		int64_t sec;
		uint32_t nsec;
	} examples[] = {
		{ "time=0", 0, 0 },
		{ "time=5.0", 5, 0 },
		{ "time=5.7", 5, 7 },
		{ "time=5.000000007", 5, 7 },
		{ "time=5.999999999", 5, 999999999 },
		{ "time=-5.250000000", -5, 250000000 },
		{ "time=9223372036854775807", INT64_MAX, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		struct reading r = { 0 };
		struct fault f = { 0 };

		assert_ok(read_words(&r, examples[i].words, &f), &f);
		assert_true(r.spec.entry.mtime == examples[i].sec);
		assert_int_equal(r.spec.entry.mtime_nsec, examples[i].nsec);
		release(&r);
	}
	assert_refused("time=5.", "invalid time '5.'");
	assert_refused("time=.5", "invalid time '.5'");
	assert_refused("time=5.1000000000", "invalid time '5.1000000000'");
	assert_refused("time=5.1.1", "invalid time '5.1.1'");
	assert_refused("time=--5", "invalid time '--5'");
	assert_refused("time=-", "invalid time '-'");
	assert_refused(
	    "time=9223372036854775808", "invalid time '9223372036854775808'");
}

static void
link_target_may_be_as_long_as_a_path(void **state)
{
	static char words[4200] = "link=";
	struct reading r = { 0 };
	struct fault f = { 0 };

	(void)state;
	memset(words + 5, 'x', 4085);
	assert_ok(read_words(&r, words, &f), &f);
	assert_int_equal(strlen(r.spec.entry.link), 4085);
	release(&r);
	words[5 + 4085] = 'x';
	assert_refused(words,
	    "invalid link target 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'");
}

static int
read_once(void *arg, struct fault *f)
{
	struct reading r = { 0 };
	const int result = read_words(&r, arg, f);

	release(&r);
	return result;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	static char words[9000];

	(void)state;
	strcpy(words, "uname=games gname=abuild ");
	for (unsigned i = 0; i < 4; i++) {
		strcat(words, " link=");
		memset(words + strlen(words), 'x', 2000);
	}
	alloc_fail_each(read_once, words);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_keywords_are_refused),
		cmocka_unit_test(keywords_that_change_contents_are_refused),
		cmocka_unit_test(values_stand_where_they_are_needed_only),
		cmocka_unit_test(values_that_are_none_are_refused),
		cmocka_unit_test(devices_are_native_numbers_within_range),
		cmocka_unit_test(times_are_seconds_and_nanoseconds),
		cmocka_unit_test(link_target_may_be_as_long_as_a_path),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("keyword_value", tests, NULL, NULL);
}
