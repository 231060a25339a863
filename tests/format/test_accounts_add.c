/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "test_accounts.h"

#include "format/accounts.h"

#include <stdio.h>
#include <string.h>

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

	return cmocka_run_group_tests_name("accounts_add", tests, NULL, NULL);
}
