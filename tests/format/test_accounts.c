/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "format/accounts.h"
#include "format/owner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char passwd[] = "root:x:0:0:root:/root:/bin/ash\n"
			     "bin:x:1:1:bin:/bin:/sbin/nologin\n"
			     "toor:x:0:0:second root:/root:/bin/sh\n"
			     "games:*:35:35::/usr/games:\n";
static const char group[] = "root:x:0:root\n"
			    "bin:x:1:root,bin,daemon\n"
			    "www-data:x:82:\n"
			    "abuild:x:300:builder";

static void
parse(struct accounts *a, enum accounts_kind kind, const char *bytes, size_t n)
{
	/* with no byte more than is promised, for the sanitizer to see */
	char *copy = malloc(n > 0 ? n : 1);
	struct fault f = { 0 };

	assert_non_null(copy);
	if (n > 0)
		memcpy(copy, bytes, n);
	*a = (struct accounts){ .kind = kind };
	assert_ok(accounts_parse(a, copy, n, &f), &f);
	free(copy);
}

static void
parse_text(struct accounts *a, enum accounts_kind kind, const char *text)
{
	parse(a, kind, text, strlen(text));
}

static void
expect_id(const struct accounts *a, const char *name, uint32_t want)
{
	uint32_t id = 4711;

	if (!accounts_find(a, name, &id))
		fail_msg("'%s' is not found", name);
	assert_int_equal(id, want);
}

static void
expect_none(const struct accounts *a, const char *name)
{
	uint32_t id = 4711;

	if (accounts_find(a, name, &id))
		fail_msg("'%s' is found", name);
	assert_int_equal(id, 4711);
}

static void
expect_name(const struct accounts *a, uint32_t id, const char *want)
{
	const char *name = accounts_name(a, id);

	if (name == NULL)
		fail_msg("number %u has no name", (unsigned)id);
	assert_string_equal(name, want);
}

static void
expect_text(const struct accounts *a, const char *want)
{
	if (a->text.len != strlen(want) ||
	    memcmp(a->text.data, want, a->text.len) != 0)
		fail_msg("the text is '%.*s', not '%s'", (int)a->text.len,
		    a->text.data, want);
}

static void
add(struct accounts *a, const char *name, const struct accounts *other)
{
	struct fault f = { 0 };

	assert_ok(accounts_add(a, name, other, &f), &f);
}

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

static void
an_account_that_is_there_keeps_its_number(void **state)
{
	struct accounts a;

	(void)state;
	parse_text(&a, ACCOUNTS_GROUPS, group);
	add(&a, "abuild", NULL);
	add(&a, "new", NULL);
	add(&a, "new", NULL);
	expect_id(&a, "abuild", 300);
	expect_id(&a, "new", 999);
	assert_int_equal(a.added, 1);
	assert_int_equal(a.count, 5);
	accounts_release(&a);
}

static void
new_accounts_get_what_neither_list_has_downwards(void **state)
{
	struct accounts users, groups;

	(void)state;
	parse_text(&users, ACCOUNTS_USERS, "a:x:999:1:::\nb:x:997:1:::\n");
	parse_text(&groups, ACCOUNTS_GROUPS, "a:x:998:\nb:x:1000:\n");
	add(&groups, "www", &users);
	expect_id(&groups, "www", 996);
	add(&users, "www", &groups);
	expect_id(&users, "www", 995);
	add(&users, "alone", NULL);
	expect_id(&users, "alone", 998);
	accounts_release(&users);
	accounts_release(&groups);
}

static void
a_new_users_group_is_the_one_of_its_name_or_nobodys(void **state)
{
	struct accounts users, groups;

	(void)state;
	parse_text(&users, ACCOUNTS_USERS, "root:x:0:0:::\n");
	parse_text(&groups, ACCOUNTS_GROUPS, "games:x:35:\n");
	add(&users, "games", &groups);
	add(&users, "ntp", &groups);
	add(&users, "lonely", NULL);
	expect_text(&users,
	    "root:x:0:0:::\n"
	    "games:x:999:35:games:/dev/null:/sbin/nologin\n"
	    "ntp:x:998:65534:ntp:/dev/null:/sbin/nologin\n"
	    "lonely:x:997:65534:lonely:/dev/null:/sbin/nologin\n");
	accounts_release(&users);
	accounts_release(&groups);
}

static void
what_was_added_reads_back_as_it_is(void **state)
{
	static const enum accounts_kind kinds[] = { ACCOUNTS_USERS,
		ACCOUNTS_GROUPS };

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct accounts a, again;

		parse_text(&a, kinds[k], k == 0 ? passwd : group);
		add(&a, "x2345678901234567890123456789012", NULL);
		add(&a, "_ntp", NULL);
		parse(&again, kinds[k], a.text.data, a.text.len);
		assert_int_equal(again.count, a.count);
		for (size_t i = 0; i < a.count; i++) {
			assert_string_equal(
			    again.items[i].name, a.items[i].name);
			assert_int_equal(again.items[i].id, a.items[i].id);
		}
		accounts_release(&a);
		accounts_release(&again);
	}
}

static void
a_name_that_is_none_is_refused_and_changes_nothing(void **state)
{
	static const char *const names[] = { "a:b", "a\nroot", "", "-a", "7",
		"a b", "+", "+a", "x23456789012345678901234567890123" };
	struct accounts a;
	struct fault f = { 0 };

	(void)state;
	parse_text(&a, ACCOUNTS_USERS, passwd);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct fault each = { 0 };

		if (accounts_add(&a, names[i], NULL, &each) == 0)
			fail_msg("'%s' is taken", names[i]);
		assert_int_equal(each.kind, FAULT_INPUT);
	}
	assert_fault(accounts_add(&a, "+a", NULL, &f), &f, FAULT_INPUT,
	    "'+a' is not a user name");
	assert_int_equal(a.count, 4);
	assert_int_equal(a.added, 0);
	expect_text(&a, passwd);
	accounts_release(&a);
}

static void
the_number_after_the_last_free_one_is_said_to_be_missing(void **state)
{
	const unsigned all = ACCOUNTS_FIRST - ACCOUNTS_LAST + 1;
	struct accounts a, other;
	struct fault f = { 0 };
	char name[16];

	(void)state;
	parse_text(&a, ACCOUNTS_GROUPS, "");
	parse_text(&other, ACCOUNTS_USERS, "half:x:500:500:::\n");
	for (unsigned i = 1; i < all; i++) {
		snprintf(name, sizeof(name), "g%u", i);
		add(&a, name, &other);
	}
	expect_id(&a, "g1", ACCOUNTS_FIRST);
	expect_id(&a, "g898", ACCOUNTS_LAST + 1);
	expect_name(&a, ACCOUNTS_LAST, "g899");
	assert_null(accounts_name(&a, 500));
	assert_int_equal(a.added, all - 1);
	assert_fault(accounts_add(&a, "more", &other, &f), &f, FAULT_INPUT,
	    "no number from 100 to 999 is free for group 'more'");
	expect_none(&a, "more");
	add(&a, "g7", &other);
	accounts_release(&a);
	accounts_release(&other);
}

static void
released_accounts_are_empty_and_keep_their_kind(void **state)
{
	struct accounts a = { .kind = ACCOUNTS_GROUPS };

	(void)state;
	accounts_release(&a);
	parse_text(&a, ACCOUNTS_GROUPS, group);
	accounts_release(&a);
	assert_int_equal(a.kind, ACCOUNTS_GROUPS);
	assert_int_equal(a.count, 0);
	assert_int_equal(a.text.len, 0);
	expect_none(&a, "root");
	accounts_release(&a);
}

static int
parse_and_add(void *arg, struct fault *f)
{
	struct accounts a = { .kind = ACCOUNTS_USERS };
	const char *text = arg;
	char name[16];
	int r = accounts_parse(&a, text, strlen(text), f);

	/* enough for all of its memory to grow */
	for (int i = 0; r == 0 && i < 200; i++) {
		const size_t count = a.count, len = a.text.len;

		snprintf(name, sizeof(name), "user%d", i);
		r = accounts_add(&a, name, NULL, f);
		if (r < 0) {
			assert_int_equal(a.count, count);
			assert_int_equal(a.text.len, len);
		}
	}
	accounts_release(&a);
	return r;
}

static void
a_lack_of_memory_is_a_fault_and_adds_nothing(void **state)
{
	char text[] = "root:x:0:0:root:/root:/bin/ash\nbin:x:1:1:bin:/:";

	(void)state;
	alloc_fail_each(parse_and_add, text);
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
		cmocka_unit_test(an_account_that_is_there_keeps_its_number),
		cmocka_unit_test(
		    new_accounts_get_what_neither_list_has_downwards),
		cmocka_unit_test(
		    a_new_users_group_is_the_one_of_its_name_or_nobodys),
		cmocka_unit_test(what_was_added_reads_back_as_it_is),
		cmocka_unit_test(
		    a_name_that_is_none_is_refused_and_changes_nothing),
		cmocka_unit_test(
		    the_number_after_the_last_free_one_is_said_to_be_missing),
		cmocka_unit_test(
		    released_accounts_are_empty_and_keep_their_kind),
		cmocka_unit_test(a_lack_of_memory_is_a_fault_and_adds_nothing),
	};

	return cmocka_run_group_tests_name("accounts", tests, NULL, NULL);
}
