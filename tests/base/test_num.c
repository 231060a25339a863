/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/num.h"

#include <stdio.h>
#include <string.h>

static void
assert_refused(const char *s, size_t len, unsigned base, uint64_t max)
{
	uint64_t n = 42;

	if (num_parse(&n, s, len, base, max))
		fail_msg("takes '%.*s'", (int)len, s);
	assert_int_equal(n, 42);
}

static void
digits_are_a_number_of_their_base(void **state)
{
	uint64_t n;

	(void)state;
	assert_true(num_parse(&n, "0", 1, 10, 0));
	assert_int_equal(n, 0);
	assert_true(num_parse(&n, "00012", 5, 10, 12));
	assert_int_equal(n, 12);
	assert_true(num_parse(&n, "7777", 4, 8, 07777));
	assert_int_equal(n, 07777);
	assert_true(num_parse(&n, "123x", 3, 10, 1000));
	assert_int_equal(n, 123);
}

static void
anything_but_digits_is_refused(void **state)
{
	static const char *const texts[] = { "", "-1", "+1", " 1", "1 ", "1.",
		"0x1", "a", "1\n", "\xb2" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_refused(texts[i], strlen(texts[i]), 10, UINT64_MAX);
	assert_refused("8", 1, 8, UINT64_MAX);
	assert_refused("1\0"
		       "1",
	    3, 10, UINT64_MAX);
}

static void
limit_is_the_largest_number_taken(void **state)
{
	char text[32];
	uint64_t n;

	(void)state;
	for (uint64_t max = 1; max < UINT64_MAX / 7; max = max * 7 + 3) {
		int len = snprintf(text, sizeof(text), "%ju", (uintmax_t)max);

		assert_true(num_parse(&n, text, (size_t)len, 10, max));
		assert_int_equal(n, max);
		assert_refused(text, (size_t)len, 10, max - 1);
	}
}

static void
number_beyond_64_bits_does_not_wrap(void **state)
{
	static const char most[] = "18446744073709551615";
	static const char octal[] = "1777777777777777777777";
	char nines[301];
	uint64_t n;

	(void)state;
	assert_true(num_parse(&n, most, strlen(most), 10, UINT64_MAX));
	assert_true(n == UINT64_MAX);
	assert_true(num_parse(&n, octal, strlen(octal), 8, UINT64_MAX));
	assert_true(n == UINT64_MAX);
	assert_refused("18446744073709551616", 20, 10, UINT64_MAX);
	assert_refused("20000000000000000000", 20, 10, UINT64_MAX);
	assert_refused("2000000000000000000000", 22, 8, UINT64_MAX);
	memset(nines, '9', 300);
	assert_refused(nines, 300, 10, UINT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_are_a_number_of_their_base),
		cmocka_unit_test(anything_but_digits_is_refused),
		cmocka_unit_test(limit_is_the_largest_number_taken),
		cmocka_unit_test(number_beyond_64_bits_does_not_wrap),
	};

	return cmocka_run_group_tests_name("num", tests, NULL, NULL);
}
