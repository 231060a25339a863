/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_accounts.h"

#include "format/accounts.h"

#include <string.h>

/* Of these lines the one between two good ones is no account. */
static void
expect_passed_over(enum accounts_kind kind, const char *line, size_t len)
{
	const char *rest = kind == ACCOUNTS_USERS ? ":5:5:::\n" : ":5:\n";
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	struct accounts a;

	assert_ok(buf_addf(&text, &f, "before:x%s", rest), &f);
	assert_ok(buf_add(&text, line, len, &f), &f);
	assert_ok(buf_addf(&text, &f, "\nbehind:x%s", rest), &f);
	parse(&a, kind, text.data, text.len);
	if (a.count != 2)
		fail_msg("of three lines with '%.*s' %zu are accounts",
		    (int)len, line, a.count);
	assert_string_equal(a.items[0].name, "before");
	assert_string_equal(a.items[1].name, "behind");
	assert_int_equal(a.text.len, text.len);
	assert_memory_equal(a.text.data, text.data, text.len);
	accounts_release(&a);
	buf_release(&text);
}

static void
names_and_numbers_of_users_are_found(void **state)
{
	struct accounts a;

	(void)state;
	parse_text(&a, ACCOUNTS_USERS, passwd);
	assert_int_equal(a.count, 4);
	assert_int_equal(a.added, 0);
	expect_id(&a, "bin", 1);
	expect_id(&a, "games", 35);
	expect_name(&a, 35, "games");
	expect_none(&a, "game");
	expect_none(&a, "gamess");
	expect_none(&a, "");
	assert_null(accounts_name(&a, 36));
	expect_text(&a, passwd);
	accounts_release(&a);
}

static void
names_and_numbers_of_groups_are_found(void **state)
{
	struct accounts a;

	(void)state;
	parse_text(&a, ACCOUNTS_GROUPS, group);
	assert_int_equal(a.count, 4);
	expect_id(&a, "www-data", 82);
	expect_id(&a, "abuild", 300);
	expect_name(&a, 1, "bin");
	expect_none(&a, "daemon");
	accounts_release(&a);
}

static void
of_equal_names_and_of_equal_numbers_the_first_is_found(void **state)
{
	struct accounts a;

	(void)state;
	parse_text(&a, ACCOUNTS_GROUPS, "a:x:7:\nb:x:7:\na:x:8:\n");
	assert_int_equal(a.count, 3);
	expect_id(&a, "a", 7);
	expect_name(&a, 7, "a");
	expect_name(&a, 8, "a");
	accounts_release(&a);
}

static void
a_last_line_without_newline_counts_and_gets_one(void **state)
{
	struct accounts a;

	(void)state;
	parse_text(&a, ACCOUNTS_GROUPS, "a:x:1:\nb:x:2:");
	expect_id(&a, "b", 2);
	expect_text(&a, "a:x:1:\nb:x:2:\n");
	add(&a, "c", NULL);
	expect_text(&a, "a:x:1:\nb:x:2:\nc:x:999:\n");
	accounts_release(&a);
}

static void
no_bytes_are_no_accounts(void **state)
{
	struct accounts a = { .kind = ACCOUNTS_USERS };
	struct fault f = { 0 };

	(void)state;
	assert_ok(accounts_parse(&a, NULL, 0, &f), &f);
	assert_int_equal(a.count, 0);
	assert_int_equal(a.text.len, 0);
	expect_none(&a, "root");
	assert_null(accounts_name(&a, 0));
	add(&a, "www", NULL);
	expect_text(&a, "www:x:999:65534:www:/dev/null:/sbin/nologin\n");
	accounts_release(&a);
}

static void
lines_that_are_no_account_stay_in_the_text_alone(void **state)
{
	static const char *const users[] = { "", ":",
		"::::::", "#a:x:1:1:::", "+",
		"+::::::", "-a:x:1:1:::", "+a:x:1:1:::", "a",
		"a:x:1:1::", ":x:1:1:::", "a:x::1:::", "a:x:-1:1:::",
		"a:x:+1:1:::", "a:x: 1:1:::", "a:x:1 :1:::", "a:x:0x1:1:::",
		"a:x:1.5:1:::", "a:x:one:1:::", "a:x:4294967295:1:::",
		"a:x:4294967296:1:::", "a:x:18446744073709551617:1:::",
		"a:x:99999999999999999999999999:1:::" };
	static const char *const groups[] = { "", ":::", "a:x:1", "#a:x:1:",
		"+:::", "-a:x:1:", ":x:1:", "a:x::", "a:x:4294967296:" };

	(void)state;
	for (size_t i = 0; i < sizeof(users) / sizeof(*users); i++)
		expect_passed_over(ACCOUNTS_USERS, users[i], strlen(users[i]));
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		expect_passed_over(
		    ACCOUNTS_GROUPS, groups[i], strlen(groups[i]));
}

static void
a_nul_in_a_name_or_number_makes_a_line_no_account(void **state)
{
	struct accounts a;

	(void)state;
	expect_passed_over(ACCOUNTS_GROUPS, "root\0:x:0:", 10);
	expect_passed_over(ACCOUNTS_GROUPS, "\0root:x:0:", 10);
	expect_passed_over(ACCOUNTS_GROUPS, "root:x:0\0:", 10);
	expect_passed_over(ACCOUNTS_GROUPS, "root:x:\0000:", 10);
	/* elsewhere it is nobody's business */
	parse(&a, ACCOUNTS_GROUPS, "a:\0:1:\0b\0\n", 11);
	expect_id(&a, "a", 1);
	accounts_release(&a);
}

static void
fields_that_nobody_asked_for_are_no_reason_to_refuse(void **state)
{
	enum { FIELDS = 10000 };
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	struct accounts a;

	(void)state;
	assert_ok(buf_adds(&text, "many:x:7", &f), &f);
	for (int i = 0; i < FIELDS; i++)
		assert_ok(buf_adds(&text, ":", &f), &f);
	parse(&a, ACCOUNTS_USERS, text.data, text.len);
	expect_id(&a, "many", 7);
	assert_int_equal(a.text.len, text.len + 1);
	accounts_release(&a);
	buf_release(&text);
}

static void
a_line_of_a_megabyte_is_read_as_any_other(void **state)
{
	enum { LONG = 1024 * 1024 };
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	struct accounts a;

	(void)state;
	/* once as its members, and once as its name */
	for (int round = 0; round < 2; round++) {
		if (round == 0)
			assert_ok(buf_adds(&text, "long:x:7:", &f), &f);
		for (int i = 0; i < LONG; i++)
			assert_ok(buf_add(&text, "m", 1, &f), &f);
		assert_ok(buf_adds(&text, ":x:8:\n", &f), &f);
	}
	parse(&a, ACCOUNTS_GROUPS, text.data, text.len);
	assert_int_equal(a.count, 2);
	expect_id(&a, "long", 7);
	assert_int_equal(a.items[1].id, 8);
	assert_int_equal(strlen(a.items[1].name), LONG);
	accounts_release(&a);
	buf_release(&text);
}

static void
names_that_no_package_can_have_hold_their_numbers(void **state)
{
	struct accounts a;

	(void)state;
	parse_text(&a, ACCOUNTS_GROUPS,
	    "DOM\\bob:x:7:\nwe ird:x:999:\n1000:x:998:\nbob:x:7:\n");
	expect_id(&a, "DOM\\bob", 7);
	expect_name(&a, 7, "bob");
	assert_null(accounts_name(&a, 999));
	assert_null(accounts_name(&a, 998));
	add(&a, "www", NULL);
	expect_id(&a, "www", 997);
	accounts_release(&a);
}

static void
the_largest_number_is_one_less_than_chown_takes_for_none(void **state)
{
	struct accounts a;

	(void)state;
	parse_text(&a, ACCOUNTS_GROUPS, "a:x:4294967294:\nb:x:0000000007:\n");
	expect_id(&a, "a", 4294967294);
	expect_name(&a, 4294967294, "a");
	expect_id(&a, "b", 7);
	accounts_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_of_users_are_found),
		cmocka_unit_test(names_and_numbers_of_groups_are_found),
		cmocka_unit_test(
		    of_equal_names_and_of_equal_numbers_the_first_is_found),
		cmocka_unit_test(
		    a_last_line_without_newline_counts_and_gets_one),
		cmocka_unit_test(no_bytes_are_no_accounts),
		cmocka_unit_test(
		    lines_that_are_no_account_stay_in_the_text_alone),
		cmocka_unit_test(
		    a_nul_in_a_name_or_number_makes_a_line_no_account),
		cmocka_unit_test(
		    fields_that_nobody_asked_for_are_no_reason_to_refuse),
		cmocka_unit_test(a_line_of_a_megabyte_is_read_as_any_other),
		cmocka_unit_test(
		    names_that_no_package_can_have_hold_their_numbers),
		cmocka_unit_test(
		    the_largest_number_is_one_less_than_chown_takes_for_none),
	};

	return cmocka_run_group_tests_name("accounts", tests, NULL, NULL);
}
