/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmocka - as much of cmocka 1.1 as these tests use, in one header
 *
 * For C libraries that no cmocka is packaged for (see check-musl in the
 * Makefile).  The interface and the lines printed are cmocka's.  A failed
 * assertion ends its test by longjmp(3), or aborts if CMOCKA_TEST_ABORT is "1";
 * the program returns the number of failed tests.  A test without setup gets the
 * state of its group.  A skipped test is none that passed.
 *
 * All of it is static: only the file with main() may assert.
 */
#ifndef CMOCKA_H
#define CMOCKA_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*CMUnitTestFunction)(void **state);
typedef int (*CMFixtureFunction)(void **state);

struct CMUnitTest {
	const char *name;
	CMUnitTestFunction test_func;
	CMFixtureFunction setup_func, teardown_func;
	void *initial_state;
};

enum plain_outcome { PLAIN_HELD, PLAIN_FAILED, PLAIN_SKIPPED };
enum { PLAIN_NAMES = 256 };

/* Where a failed assertion goes, with an outcome. */
static jmp_buf plain_end __attribute__((unused));

__attribute__((noreturn, unused)) static void
plain_fail(const char *file, int line)
{
	const char *wanted = getenv("CMOCKA_TEST_ABORT");

	fprintf(
	    stderr, "[  ERROR   ] --- %s:%d: error: Failure!\n", file, line);
	if (wanted != NULL && strcmp(wanted, "1") == 0)
		abort();
	longjmp(plain_end, PLAIN_FAILED);
}

__attribute__((unused)) static void
plain_assert_integers(
    uintmax_t a, uintmax_t b, int is_equal_wanted, const char *file, int line)
{
	if ((a == b) == is_equal_wanted)
		return;
	fprintf(stderr, "%#" PRIxMAX " %s %#" PRIxMAX "\n", a,
	    is_equal_wanted ? "!=" : "==", b);
	plain_fail(file, line);
}

__attribute__((unused)) static void
plain_assert_range(
    uintmax_t value, uintmax_t min, uintmax_t max, const char *file, int line)
{
	if (value >= min && value <= max)
		return;
	fprintf(stderr,
	    "%" PRIuMAX " is not within %" PRIuMAX "-%" PRIuMAX "\n", value,
	    min, max);
	plain_fail(file, line);
}

__attribute__((unused)) static void
plain_assert_strings(const char *a, const char *b, int is_equal_wanted,
    const char *file, int line)
{
	if ((strcmp(a, b) == 0) == is_equal_wanted)
		return;
	fprintf(
	    stderr, "\"%s\" %s \"%s\"\n", a, is_equal_wanted ? "!=" : "==", b);
	plain_fail(file, line);
}

__attribute__((unused)) static void
plain_assert_memory(const void *a, const void *b, size_t len,
    int is_equal_wanted, const char *file, int line)
{
	const unsigned char *x = a, *y = b;
	size_t i = 0;

	while (i < len && x[i] == y[i])
		i++;
	if ((i == len) == is_equal_wanted)
		return;
	if (i < len)
		fprintf(stderr, "difference at offset %zu 0x%02x 0x%02x\n", i,
		    x[i], y[i]);
	else
		fprintf(stderr, "no difference in %zu bytes\n", len);
	plain_fail(file, line);
}

__attribute__((unused)) static void
plain_assert_truth(int is_true, const char *text, const char *file, int line)
{
	if (is_true)
		return;
	fprintf(stderr, "%s\n", text);
	plain_fail(file, line);
}

#define PLAIN_HERE __FILE__, __LINE__

#define assert_true(c) plain_assert_truth((c) != 0, #c, PLAIN_HERE)
#define assert_false(c) plain_assert_truth((c) == 0, "!(" #c ")", PLAIN_HERE)
#define assert_null(p) \
	plain_assert_truth((p) == NULL, #p " == NULL", PLAIN_HERE)
#define assert_non_null(p) \
	plain_assert_truth((p) != NULL, #p " != NULL", PLAIN_HERE)
#define assert_int_equal(a, b) \
	plain_assert_integers((uintmax_t)(a), (uintmax_t)(b), 1, PLAIN_HERE)
#define assert_int_not_equal(a, b) \
	plain_assert_integers((uintmax_t)(a), (uintmax_t)(b), 0, PLAIN_HERE)
#define assert_ptr_equal(a, b) \
	plain_assert_integers((uintptr_t)(a), (uintptr_t)(b), 1, PLAIN_HERE)
#define assert_ptr_not_equal(a, b) \
	plain_assert_integers((uintptr_t)(a), (uintptr_t)(b), 0, PLAIN_HERE)
#define assert_in_range(v, min, max) \
	plain_assert_range(          \
	    (uintmax_t)(v), (uintmax_t)(min), (uintmax_t)(max), PLAIN_HERE)
#define assert_string_equal(a, b) plain_assert_strings((a), (b), 1, PLAIN_HERE)
#define assert_string_not_equal(a, b) \
	plain_assert_strings((a), (b), 0, PLAIN_HERE)
#define assert_memory_equal(a, b, len) \
	plain_assert_memory((a), (b), (len), 1, PLAIN_HERE)
#define assert_memory_not_equal(a, b, len) \
	plain_assert_memory((a), (b), (len), 0, PLAIN_HERE)

#define fail() plain_fail(PLAIN_HERE)
#define fail_msg(...)                         \
	do {                                  \
		fprintf(stderr, "ERROR: ");   \
		fprintf(stderr, __VA_ARGS__); \
		fprintf(stderr, "\n");        \
		plain_fail(PLAIN_HERE);       \
	} while (0)

#define skip() longjmp(plain_end, PLAIN_SKIPPED)

#define print_message(...) printf(__VA_ARGS__)
#define print_error(...) fprintf(stderr, __VA_ARGS__)

#define cmocka_unit_test(f)             \
	{                               \
#f, f, NULL, NULL, NULL \
	}
#define cmocka_unit_test_setup(f, setup) \
	{                                \
#f, f, setup, NULL, NULL \
	}
#define cmocka_unit_test_teardown(f, teardown) \
	{                                      \
#f, f, NULL, teardown, NULL    \
	}
#define cmocka_unit_test_setup_teardown(f, setup, teardown) \
	{                                                   \
#f, f, setup, teardown, NULL                \
	}
#define cmocka_unit_test_prestate(f, state) \
	{                                   \
#f, f, NULL, NULL, state    \
	}

/* A function of its own for setjmp(3). */
__attribute__((unused)) static enum plain_outcome
plain_try(const struct CMUnitTest *t, void **state)
{
	switch (setjmp(plain_end)) {
	case PLAIN_HELD:
		t->test_func(state);
		return PLAIN_HELD;
	case PLAIN_SKIPPED:
		return PLAIN_SKIPPED;
	default:
		return PLAIN_FAILED;
	}
}

/* The teardown runs in either case. */
__attribute__((unused)) static enum plain_outcome
plain_run_test(const struct CMUnitTest *t, void *group_state)
{
	void *state = t->initial_state != NULL ? t->initial_state : group_state;
	enum plain_outcome outcome;

	if (t->setup_func != NULL && t->setup_func(&state) != 0)
		return PLAIN_FAILED;
	outcome = plain_try(t, &state);
	if (t->teardown_func != NULL && t->teardown_func(&state) != 0)
		return PLAIN_FAILED;
	return outcome;
}

/* In the end: those that did not pass, by name. */
__attribute__((unused)) static void
plain_list(
    const char *group, const char *what, size_t count, const char *const *names)
{
	fprintf(stderr, "[  %s ] %s: %zu test(s), listed below:\n", what, group,
	    count);
	for (size_t i = 0; i < count && i < PLAIN_NAMES; i++)
		fprintf(stderr, "[  %s ] %s\n", what, names[i]);
}

__attribute__((unused)) static int
plain_run_group(const char *group, const struct CMUnitTest *tests, size_t count,
    CMFixtureFunction setup, CMFixtureFunction teardown)
{
	static const char *const says[] = { "[       OK ]", "[  FAILED  ]",
		"[  SKIPPED ]" };
	const char *names[3][PLAIN_NAMES];
	size_t counts[3] = { 0 };
	void *state = NULL;

	fprintf(
	    stderr, "[==========] %s: Running %zu test(s).\n", group, count);
	if (setup != NULL && setup(&state) != 0) {
		fprintf(stderr, "[  FAILED  ] GROUP SETUP\n");
		return (int)count;
	}
	for (size_t i = 0; i < count; i++) {
		enum plain_outcome outcome;

		fprintf(stderr, "[ RUN      ] %s\n", tests[i].name);
		outcome = plain_run_test(&tests[i], state);
		fprintf(stderr, "%s %s\n", says[outcome], tests[i].name);
		if (counts[outcome] < PLAIN_NAMES)
			names[outcome][counts[outcome]] = tests[i].name;
		counts[outcome]++;
	}
	if (teardown != NULL && teardown(&state) != 0) {
		fprintf(stderr, "[  FAILED  ] GROUP TEARDOWN\n");
		return (int)count;
	}
	fprintf(stderr, "[==========] %s: %zu test(s) run.\n", group, count);
	fprintf(stderr, "[  PASSED  ] %zu test(s).\n", counts[PLAIN_HELD]);
	if (counts[PLAIN_SKIPPED] != 0)
		plain_list(group, "SKIPPED", counts[PLAIN_SKIPPED],
		    names[PLAIN_SKIPPED]);
	if (counts[PLAIN_FAILED] == 0)
		return 0;
	plain_list(group, "FAILED ", counts[PLAIN_FAILED], names[PLAIN_FAILED]);
	fprintf(stderr, "\n %zu FAILED TEST(S)\n", counts[PLAIN_FAILED]);
	return counts[PLAIN_FAILED] < 125 ? (int)counts[PLAIN_FAILED] : 125;
}

#define cmocka_run_group_tests_name(group, tests, setup, teardown) \
	plain_run_group(                                           \
	    group, tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown)
#define cmocka_run_group_tests(tests, setup, teardown) \
	cmocka_run_group_tests_name(#tests, tests, setup, teardown)

#endif
