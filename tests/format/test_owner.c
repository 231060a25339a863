/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "format/entry.h"
#include "format/owner.h"

#include <stdio.h>
#include <string.h>

static void
names_of_accounts_are_taken_as_given(void **state)
{
	static const char *const names[] = { "root", "abuild", "_ntp",
		"www-data", "a", "0day", "1000x", "Machine$", "user@domain",
		"a.b", "x2345678901234567890123456789012" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct fault f = { 0 };

		assert_ok(
		    owner_check("user", names[i], strlen(names[i]), &f), &f);
	}
}

static void
refused_names_are_said_with_what_they_are(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_fault(owner_check("group", "", 0, &f), &f, FAULT_INPUT,
	    "empty group name");
	f = (struct fault){ 0 };
	assert_fault(
	    owner_check("user", "123456789012345678901234567890123x", 33, &f),
	    &f, FAULT_INPUT,
	    "user name '123456789012345678901234567890123' is longer than 32 "
	    "bytes");
	f = (struct fault){ 0 };
	assert_fault(owner_check("user", "a b", 3, &f), &f, FAULT_INPUT,
	    "user name 'a b' has a character that no account name may have");
	f = (struct fault){ 0 };
	assert_fault(owner_check("user", "-R", 2, &f), &f, FAULT_INPUT,
	    "'-R' is not a user name");
	f = (struct fault){ 0 };
	assert_fault(owner_check("group", "1000", 4, &f), &f, FAULT_INPUT,
	    "'1000' is not a group name");
}

static void
bytes_that_separate_quote_or_do_not_print_are_refused(void **state)
{
	unsigned refused = 0;

	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		const char name[] = { 'a', (char)c, 'b' };
		const int is_bad = c <= ' ' || c >= 0x7f ||
		    strchr(":/#=\\*?[,\"'", (int)c) != NULL;
		struct fault f = { 0 };

		assert_int_equal(
		    owner_check("user", name, 3, &f), is_bad ? -1 : 0);
		refused += is_bad != 0;
	}
	assert_int_equal(refused, 33 + 129 + 11);
}

static void
digits_are_a_number_and_zero_is_root(void **state)
{
	static const struct {
		const char *text, *name;
		uint32_t id;
	} examples[] = {
		{ "abuild", "abuild", 0 },
		{ "root", "root", 0 },
		{ "1000", NULL, 1000 },
		{ "007", NULL, 7 },
		{ "2097151", NULL, OWNER_ID_MAX },
		{ "0", "root", 0 },
		{ "000", "root", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		struct fault f = { 0 };
		const char *name = "x";
		uint32_t id = 42;

		assert_ok(
		    owner_parse("user", examples[i].text, &name, &id, &f), &f);
		assert_int_equal(id, examples[i].id);
		if (examples[i].name == NULL)
			assert_null(name);
		else
			assert_string_equal(name, examples[i].name);
	}
}

static void
numbers_that_apk_cannot_read_are_refused(void **state)
{
	const char *name;
	uint32_t id;
	struct fault f = { 0 };

	(void)state;
	assert_fault(owner_parse("group", "2097152", &name, &id, &f), &f,
	    FAULT_INPUT,
	    "group number 2097152 is over 2097151, more than apk can read");
	f = (struct fault){ 0 };
	assert_int_equal(
	    owner_parse("user", "18446744073709551616", &name, &id, &f), -1);
	f = (struct fault){ 0 };
	assert_int_equal(owner_parse("user", "-1", &name, &id, &f), -1);
	f = (struct fault){ 0 };
	assert_fault(owner_parse("user", "", &name, &id, &f), &f, FAULT_INPUT,
	    "empty user name");
}

static void
missing_account_never_makes_a_privileged_file_roots(void **state)
{
	const struct xattr caps = { .name = ENTRY_CAPS_XATTR };
	struct entry plain = { .mode = 0755,
		.uname = "games",
		.gname = "games",
		.uid = 7,
		.gid = 7 };
	struct entry setuid = { .mode = 04755,
		.uname = "games",
		.gname = "root",
		.uid = 7,
		.gid = 7 };
	struct entry capable = {
		.mode = 0755, .uname = "root", .gname = "games", .xattrs = &caps
	};

	(void)state;
	owner_number(&plain);
	assert_int_equal(plain.uid, 0);
	assert_int_equal(plain.gid, 0);
	owner_number(&setuid);
	assert_int_equal(setuid.uid, OWNER_NOBODY);
	assert_int_equal(setuid.gid, 0);
	owner_number(&capable);
	assert_int_equal(capable.uid, 0);
	assert_int_equal(capable.gid, OWNER_NOBODY);
}

static void
number_without_a_name_stands_for_itself(void **state)
{
	struct entry e = { .mode = 06755, .uid = 1000, .gid = 1001 };

	(void)state;
	owner_number(&e);
	assert_int_equal(e.uid, 1000);
	assert_int_equal(e.gid, 1001);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_accounts_are_taken_as_given),
		cmocka_unit_test(refused_names_are_said_with_what_they_are),
		cmocka_unit_test(
		    bytes_that_separate_quote_or_do_not_print_are_refused),
		cmocka_unit_test(digits_are_a_number_and_zero_is_root),
		cmocka_unit_test(numbers_that_apk_cannot_read_are_refused),
		cmocka_unit_test(
		    missing_account_never_makes_a_privileged_file_roots),
		cmocka_unit_test(number_without_a_name_stands_for_itself),
	};

	return cmocka_run_group_tests_name("owner", tests, NULL, NULL);
}
