/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "format/version.h"

#include <string.h>

/* Each is older than all behind it. */
static void
expect_order(const char *const *versions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < count; k++) {
			const char *a = versions[i], *b = versions[k];
			const int r = version_compare(a, b);

			if (i < k ? r >= 0 : i > k ? r <= 0 : r != 0)
				fail_msg("'%s' and '%s': %d", a, b, r);
		}
	}
}

#define expect(...)                                                           \
	do {                                                                  \
		static const char *const versions[] = { __VA_ARGS__ };        \
                                                                              \
		expect_order(versions, sizeof(versions) / sizeof(*versions)); \
	} while (0)

static void
numbers_go_by_value(void **state)
{
	(void)state;
	expect("0", "1", "2", "9", "10", "11", "100");
	expect("1.2", "1.10", "2.1", "10.0");
	expect("1-r2", "1-r10", "1.0-r0", "2-r0");
	expect("1_p2", "1_p10");
	expect("20230101", "184467440737095516150", "184467440737095516160");
}

static void
behind_a_dot_numbers_with_a_zero_in_front_are_fractions(void **state)
{
	(void)state;
	expect("1.0", "1.00", "1.009", "1.01", "1.0100", "1.02", "1.1", "1.10");
	expect("1.0.1", "1.00.0", "1.1.0");
}

static void
suffixes_come_before_the_release_or_behind_it(void **state)
{
	(void)state;
	expect("1.0_alpha", "1.0_alpha1", "1.0_alpha2", "1.0_alpha10",
	    "1.0_beta", "1.0_pre", "1.0_rc", "1.0_rc1", "1.0", "1.0_cvs",
	    "1.0_svn", "1.0_git", "1.0_hg", "1.0_p", "1.0_p0", "1.0_p1");
	expect(
	    "1_alpha_alpha", "1_alpha_rc3", "1_alpha", "1_alpha_p1", "1_rc1");
	expect("1_p1_pre2", "1_p1", "1_p1_git20200101", "1_p2");
}

static void
what_is_longer_is_newer_by_its_kind(void **state)
{
	(void)state;
	expect("1.0_rc1-r5", "1.0", "1.0-r0", "1.0-r1", "1.0~0a", "1.0~f",
	    "1.0~f-r0", "1.0_p1", "1.0a", "1.0a-r0", "1.0b", "1.0.0", "1.0.1");
}

static void
of_versions_that_are_the_same_bytes_decide(void **state)
{
	(void)state;
	expect("001", "01", "1", "01.1", "1.1");
	expect("1_p01", "1_p1");
	expect("1-r0", "1-r00");
}

static void
what_is_no_version_has_its_place_too(void **state)
{
	(void)state;
	expect("-r1", ".1", "A", "_p1", "a1", "\xff", "", "0");
	expect("1 ", "1+git", "1-", "1-r", "1.", "1..2", "1_", "1_P", "1_pp1",
	    "1~", "1~g", "1", "1-r1.2", "1-r1", "1~a~b", "1~a", "1_p-1", "1_p_",
	    "1_p", "1_p1.2", "1_p1", "1ab", "1a", "1.2.", "1.2.x", "1.2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_go_by_value),
		cmocka_unit_test(
		    behind_a_dot_numbers_with_a_zero_in_front_are_fractions),
		cmocka_unit_test(suffixes_come_before_the_release_or_behind_it),
		cmocka_unit_test(what_is_longer_is_newer_by_its_kind),
		cmocka_unit_test(of_versions_that_are_the_same_bytes_decide),
		cmocka_unit_test(what_is_no_version_has_its_place_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
