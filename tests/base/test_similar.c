/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/similar.h"

#include <stdio.h>
#include <string.h>

static void
edits_are_counted(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned distance;
	} examples[] = {
		{ "", "", 0 },
		{ "usr", "usr", 0 },
		{ "", "abc", 3 },
		{ "usr/bin", "usr/sbin", 1 },
		{ "kitten", "sitting", 3 },
		{ "abcdefgh", "", 8 },
		{ "var/cache/distfiles", "var/cache/distfile", 1 },
		{ "ab", "ba", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
		assert_int_equal(
		    similar_distance(examples[i].a, examples[i].b, SIMILAR_MAX),
		    examples[i].distance);
}

static void
names_further_apart_than_the_limit_are_strangers(void **state)
{
	(void)state;
	assert_int_equal(similar_distance("abc", "xyz", 3), 3);
	assert_int_equal(similar_distance("abc", "xyz", 2), SIMILAR_MAX + 1);
	assert_int_equal(similar_distance("abc", "abd", 0), SIMILAR_MAX + 1);
	assert_int_equal(
	    similar_distance("abcdefghi", "", SIMILAR_MAX), SIMILAR_MAX + 1);
	assert_int_equal(
	    similar_distance("", "abcdefghi", SIMILAR_MAX), SIMILAR_MAX + 1);
}

/* Levenshtein's table in full. */
static unsigned
slow_distance(const char *a, const char *b)
{
	const size_t a_len = strlen(a), b_len = strlen(b);
	unsigned table[24][24];

	for (size_t i = 0; i <= a_len; i++) {
		for (size_t j = 0; j <= b_len; j++) {
			unsigned best = (unsigned)(i + j);

			if (i > 0 && table[i - 1][j] + 1 < best)
				best = table[i - 1][j] + 1;
			if (j > 0 && table[i][j - 1] + 1 < best)
				best = table[i][j - 1] + 1;
			if (i > 0 && j > 0 &&
			    table[i - 1][j - 1] + (a[i - 1] != b[j - 1]) < best)
				best = table[i - 1][j - 1] +
				    (a[i - 1] != b[j - 1]);
			table[i][j] = best;
		}
	}
	return table[a_len][b_len];
}

static void
make_name(char *s, unsigned *seed)
{
	unsigned len;

	*seed = *seed * 1103515245 + 12345;
	len = (*seed >> 16) % 21;
	for (unsigned i = 0; i < len; i++) {
		*seed = *seed * 1103515245 + 12345;
		s[i] = (char)('a' + (*seed >> 16) % 3);
	}
	s[len] = '\0';
}

static void
quick_way_agrees_with_the_full_table(void **state)
{
	unsigned seed = 1;
	char a[24], b[24];

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		unsigned slow;

		make_name(a, &seed);
		make_name(b, &seed);
		slow = slow_distance(a, b);
		for (unsigned limit = 0; limit <= SIMILAR_MAX; limit += 2) {
			const unsigned want =
			    slow <= limit ? slow : SIMILAR_MAX + 1;

			if (similar_distance(a, b, limit) != want)
				fail_msg("'%s' and '%s' are %u apart, not %u",
				    a, b, want, similar_distance(a, b, limit));
		}
	}
}

static void
long_names_take_no_square_of_time(void **state)
{
	static char a[400001], b[400001];

	(void)state;
	memset(a, 'x', sizeof(a) - 1);
	memset(b, 'x', sizeof(b) - 1);
	b[200000] = 'y';
	assert_int_equal(similar_distance(a, b, SIMILAR_MAX), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edits_are_counted),
		cmocka_unit_test(
		    names_further_apart_than_the_limit_are_strangers),
		cmocka_unit_test(quick_way_agrees_with_the_full_table),
		cmocka_unit_test(long_names_take_no_square_of_time),
	};

	return cmocka_run_group_tests_name("similar", tests, NULL, NULL);
}
