/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "engine/ledger.h"
#include "format/deed.h"

#include <stdio.h>
#include <string.h>

static uint32_t
add(struct ledger *l, const char *text)
{
	struct fault f = { 0 };
	uint32_t number = 4711;

	assert_ok(ledger_add(l, text, strlen(text), &number, &f), &f);
	return number;
}

static void
equal_deeds_have_one_number(void **state)
{
	struct ledger l = { 0 };

	(void)state;
	assert_int_equal(add(&l, "chown:a"), 1);
	assert_int_equal(add(&l, "chown:b"), 2);
	assert_int_equal(add(&l, "chown:a"), 1);
	assert_int_equal(add(&l, "chown:a b"), 3);
	assert_int_equal(add(&l, "chown:"), 4);
	assert_int_equal(l.count, 4);
	assert_string_equal(ledger_text(&l, 3), "chown:a b");
	ledger_release(&l);
}

static void
a_number_that_nobody_has_stands_for_nothing(void **state)
{
	struct ledger l = { 0 };

	(void)state;
	assert_null(ledger_text(&l, 0));
	assert_null(ledger_text(&l, 1));
	assert_int_equal(add(&l, "chown:a"), 1);
	assert_null(ledger_text(&l, 0));
	assert_null(ledger_text(&l, 2));
	assert_null(ledger_text(&l, UINT32_MAX));
	ledger_release(&l);
}

static void
a_text_ends_where_it_is_said_to(void **state)
{
	struct ledger l = { 0 };
	struct fault f = { 0 };
	uint32_t number;

	(void)state;
	assert_ok(ledger_add(&l, "chown:abc", 7, &number, &f), &f);
	assert_string_equal(ledger_text(&l, number), "chown:a");
	ledger_release(&l);
}

static void
there_is_an_end_to_what_is_kept(void **state)
{
	struct ledger l = { 0 };
	char text[32];

	(void)state;
	for (uint32_t i = 1; i <= DEED_COUNT_MAX + 10; i++) {
		snprintf(text, sizeof(text), "chown:%u", i);
		assert_int_equal(add(&l, text), i <= DEED_COUNT_MAX ? i : 0);
	}
	assert_int_equal(l.count, DEED_COUNT_MAX);
	assert_int_equal(add(&l, "chown:77"), 77);
	assert_int_equal(add(&l, "chown:65535"), 65535);
	assert_string_equal(ledger_text(&l, 4711), "chown:4711");
	ledger_release(&l);
}

static int
fill(void *arg, struct fault *f)
{
	struct ledger l = { 0 };
	char text[32];
	uint32_t number;
	int r = 0;

	(void)arg;
	for (unsigned i = 0; r == 0 && i < 1000; i++) {
		snprintf(text, sizeof(text), "chown:%u", i % 500);
		r = ledger_add(&l, text, strlen(text), &number, f);
	}
	ledger_release(&l);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	struct ledger l = { 0 };
	struct fault f = { 0 };
	uint32_t number;
	char text[32];

	(void)state;
	alloc_fail_each(fill, NULL);
	/* and what was there before is there still */
	for (unsigned i = 1; i <= 64; i++) {
		snprintf(text, sizeof(text), "chown:%u", i);
		assert_int_equal(add(&l, text), i);
	}
	alloc_fail(2, 1);
	assert_int_equal(ledger_add(&l, "chown:x", 7, &number, &f), -1);
	alloc_fail(0, 0);
	assert_int_equal(add(&l, "chown:33"), 33);
	assert_int_equal(add(&l, "chown:x"), 65);
	ledger_release(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_deeds_have_one_number),
		cmocka_unit_test(a_number_that_nobody_has_stands_for_nothing),
		cmocka_unit_test(a_text_ends_where_it_is_said_to),
		cmocka_unit_test(there_is_an_end_to_what_is_kept),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
