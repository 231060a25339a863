/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"

#include "base/arena.h"
#include "base/path.h"
#include "format/entry.h"
#include "format/value.h"

#include <stdio.h>
#include <string.h>

static struct word
word_of(const char *text)
{
	return (struct word){ text, strlen(text) };
}

/* The text read as a value of that kind, into an entry of zeros. */
static int
read_value(struct arena *arena, enum value_kind kind, const char *text,
    struct entry *e, struct fault *f)
{
	struct value_reader r = { .arena = arena };
	const int got = (*e = (struct entry){ 0 },
	    value_parse(&r, kind, e, word_of(text), f));

	value_release(&r);
	return got;
}

static void
expect_refused(enum value_kind kind, const char *text, const char *words)
{
	struct arena arena = { 0 };
	struct fault f = { 0 };
	struct entry e;

	if (read_value(&arena, kind, text, &e, &f) == 0)
		fail_msg("'%s' is taken", text);
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_string_equal(f.text, words);
	arena_release(&arena);
}

static void
each_kind_sets_the_fields_that_it_is_of(void **state)
{
	struct arena arena = { 0 };
	struct fault f = { 0 };
	struct entry e;

	(void)state;
	assert_ok(read_value(&arena, VALUE_TYPE, "dir", &e, &f), &f);
	assert_int_equal(e.type, ENTRY_DIR);
	assert_ok(read_value(&arena, VALUE_MODE, "07777", &e, &f), &f);
	assert_int_equal(e.mode, 07777);
	assert_ok(read_value(&arena, VALUE_UNAME, "www", &e, &f), &f);
	assert_string_equal(e.uname, "www");
	assert_null(e.gname);
	assert_ok(read_value(&arena, VALUE_GNAME, "www", &e, &f), &f);
	assert_string_equal(e.gname, "www");
	assert_ok(read_value(&arena, VALUE_UID, "2097151", &e, &f), &f);
	assert_int_equal(e.uid, 2097151);
	assert_ok(read_value(&arena, VALUE_GID, "0", &e, &f), &f);
	assert_int_equal(e.gid, 0);
	assert_ok(read_value(&arena, VALUE_LINK, "a\\040b", &e, &f), &f);
	assert_string_equal(e.link, "a b");
	assert_ok(read_value(&arena, VALUE_DEVICE, "native,8,1", &e, &f), &f);
	assert_int_equal(e.major, 8);
	assert_int_equal(e.minor, 1);
	assert_ok(read_value(&arena, VALUE_SIZE, "8589934592", &e, &f), &f);
	assert_true(e.size == UINT64_C(8589934592));
	arena_release(&arena);
}

static void
a_value_that_says_nothing_changes_nothing(void **state)
{
	const struct entry zeros = { 0 };
	struct arena arena = { 0 };
	struct fault f = { 0 };
	struct entry e;

	(void)state;
	assert_ok(read_value(&arena, VALUE_NONE, "\\9 anything", &e, &f), &f);
	assert_memory_equal(&e, &zeros, sizeof(e));
	arena_release(&arena);
}

static void
a_time_is_seconds_and_a_count_of_nanoseconds(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
		uint32_t nanoseconds;
	} rows[] = {
		{ "0", 0, 0 },
		{ "1700000000.000000001", 1700000000, 1 },
		{ "5.5", 5, 5 },
		{ "-5.250000000", -5, 250000000 },
		{ "9223372036854775807.999999999", INT64_MAX, 999999999 },
	};
	struct arena arena = { 0 };
	struct fault f = { 0 };
	struct entry e;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_ok(
		    read_value(&arena, VALUE_TIME, rows[i].text, &e, &f), &f);
		assert_true(e.mtime == rows[i].seconds);
		assert_int_equal(e.mtime_nsec, rows[i].nanoseconds);
	}
	arena_release(&arena);
}

static void
a_number_that_is_none_or_too_large_is_told_with_what_it_should_be(void **state)
{
	(void)state;
	expect_refused(VALUE_MODE, "", "invalid octal mode ''");
	expect_refused(VALUE_MODE, "8", "invalid octal mode '8'");
	expect_refused(VALUE_MODE, "10000", "invalid octal mode '10000'");
	expect_refused(VALUE_UID, "2097152", "invalid uid '2097152'");
	expect_refused(VALUE_UID, "-1", "invalid uid '-1'");
	expect_refused(VALUE_GID, "1 ", "invalid gid '1 '");
	expect_refused(VALUE_SIZE, "0x10", "invalid size '0x10'");
	expect_refused(VALUE_SIZE, "9223372036854775808",
	    "invalid size '9223372036854775808'");
	expect_refused(VALUE_TIME, "", "invalid time ''");
	expect_refused(VALUE_TIME, "-", "invalid time '-'");
	expect_refused(VALUE_TIME, "1.", "invalid time '1.'");
	expect_refused(VALUE_TIME, ".5", "invalid time '.5'");
	expect_refused(
	    VALUE_TIME, "1.1000000000", "invalid time '1.1000000000'");
}

static void
a_device_has_a_form_and_two_numbers(void **state)
{
	static const char *const texts[] = { "", "8,1", "native,8", "native,8,",
		"native,,1", "native,8,1,2", "freebsd,8,1", "native,4096,1",
		"native,8,1048576" };
	struct arena arena = { 0 };
	struct fault f = { 0 };
	struct entry e;
	char words[80];

	(void)state;
	assert_ok(
	    read_value(&arena, VALUE_DEVICE, "linux,4095,1048575", &e, &f), &f);
	assert_int_equal(e.major, ENTRY_MAJOR_MAX);
	assert_int_equal(e.minor, ENTRY_MINOR_MAX);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		snprintf(words, sizeof(words), "invalid device '%s'", texts[i]);
		expect_refused(VALUE_DEVICE, texts[i], words);
	}
	arena_release(&arena);
}

static void
types_and_names_are_those_that_a_package_can_have(void **state)
{
	(void)state;
	expect_refused(VALUE_TYPE, "socket", "a package cannot have a socket");
	expect_refused(VALUE_TYPE, "Dir", "invalid type 'Dir'");
	expect_refused(VALUE_UNAME, "", "empty user name");
	expect_refused(VALUE_GNAME, "-x", "'-x' is not a group name");
	expect_refused(VALUE_LINK, "", "invalid link target ''");
}

static void
a_target_may_be_as_long_as_a_path_and_no_longer(void **state)
{
	static char text[PATH_LIMIT + 2];
	struct arena arena = { 0 };
	struct fault f = { 0 };
	struct entry e;

	(void)state;
	memset(text, 'x', PATH_LIMIT);
	assert_ok(read_value(&arena, VALUE_LINK, text, &e, &f), &f);
	assert_string_equal(e.link, text);
	arena_release(&arena);
	text[PATH_LIMIT] = 'x';
	/* a message says no more of it than a line takes */
	expect_refused(VALUE_LINK, text,
	    "invalid link target '"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'");
}

static void
a_recorded_number_may_be_more_than_an_archive_holds(void **state)
{
	struct value_reader r = { .takes_any_id = true };
	struct fault f = { 0 };
	struct entry e = { 0 };

	(void)state;
	assert_ok(
	    value_parse(&r, VALUE_UID, &e, word_of("4294967295"), &f), &f);
	assert_true(e.uid == UINT32_MAX);
	assert_int_equal(
	    value_parse(&r, VALUE_UID, &e, word_of("4294967296"), &f), -1);
	value_release(&r);
}

static void
equal_names_of_many_lines_are_there_once(void **state)
{
	struct arena arena = { 0 };
	struct value_reader r = { .arena = &arena };
	struct fault f = { 0 };
	struct entry e = { 0 };
	const char *first;

	(void)state;
	assert_ok(value_parse(&r, VALUE_UNAME, &e, word_of("www"), &f), &f);
	first = e.uname;
	assert_ok(value_parse(&r, VALUE_UNAME, &e, word_of("ftp"), &f), &f);
	assert_ok(value_parse(&r, VALUE_GNAME, &e, word_of("www"), &f), &f);
	assert_ptr_equal(e.gname, first);
	/* so many others that it is forgotten, and read anew */
	for (int i = 0; i < 20; i++) {
		char name[8];

		snprintf(name, sizeof(name), "u%d", i);
		assert_ok(
		    value_parse(&r, VALUE_UNAME, &e, word_of(name), &f), &f);
		assert_string_equal(e.uname, name);
	}
	assert_ok(value_parse(&r, VALUE_UNAME, &e, word_of("www"), &f), &f);
	assert_string_equal(e.uname, "www");
	value_release(&r);
	arena_release(&arena);
}

static int
read_some(void *arg, struct fault *f)
{
	struct arena arena = { 0 };
	struct value_reader r = { .arena = &arena };
	struct entry e = { 0 };
	int result = 0;

	(void)arg;
	if (value_parse(&r, VALUE_UNAME, &e, word_of("www"), f) < 0 ||
	    value_parse(&r, VALUE_LINK, &e, word_of("a\\040b"), f) < 0)
		result = -1;
	value_release(&r);
	arena_release(&arena);
	return result;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(read_some, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_sets_the_fields_that_it_is_of),
		cmocka_unit_test(a_value_that_says_nothing_changes_nothing),
		cmocka_unit_test(a_time_is_seconds_and_a_count_of_nanoseconds),
		cmocka_unit_test(
		    a_number_that_is_none_or_too_large_is_told_with_what_it_should_be),
		cmocka_unit_test(a_device_has_a_form_and_two_numbers),
		cmocka_unit_test(
		    types_and_names_are_those_that_a_package_can_have),
		cmocka_unit_test(
		    a_target_may_be_as_long_as_a_path_and_no_longer),
		cmocka_unit_test(
		    a_recorded_number_may_be_more_than_an_archive_holds),
		cmocka_unit_test(equal_names_of_many_lines_are_there_once),
		cmocka_unit_test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
