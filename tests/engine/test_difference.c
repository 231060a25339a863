/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "engine/difference.h"

#include <string.h>

static void
kinds_are_in_the_order_of_risk_and_have_words(void **state)
{
	(void)state;
	for (int i = 0; i < DIFFERENCE_KINDS; i++) {
		const enum difference_kind kind = (enum difference_kind)i;

		assert_non_null(difference_name(kind));
		assert_in_range(difference_risk(kind), 1, DIFFERENCE_RISK_MAX);
		for (int k = 0; k < i; k++) {
			const enum difference_kind before =
			    (enum difference_kind)k;

			assert_true(
			    difference_risk(before) >= difference_risk(kind));
			assert_string_not_equal(
			    difference_name(before), difference_name(kind));
		}
	}
}

static void
the_riskiest_is_first_whatever_the_order(void **state)
{
	static const struct difference all[] = {
		{ .kind = DIFFERENCE_SETID, .path = "b" },
		{ .kind = DIFFERENCE_TIME, .path = "c", .risk = 100 },
		{ .kind = DIFFERENCE_OWNER, .path = "a" },
		{ .kind = DIFFERENCE_XATTR, .path = "a", .field = "u" },
		{ .kind = DIFFERENCE_XATTR, .path = "a", .field = "v" },
		{ .kind = DIFFERENCE_METADATA, .field = "a", .after = "1" },
		{ .kind = DIFFERENCE_METADATA, .field = "a", .after = "2" },
		{ .kind = DIFFERENCE_METADATA, .field = "a", .before = "0" },
	};
	const size_t count = sizeof(all) / sizeof(*all);

	(void)state;
	for (size_t first = 0; first < count; first++) {
		struct differences ds = { 0 };
		struct fault f = { 0 };

		for (size_t i = 0; i < count; i++)
			assert_ok(difference_add(
				      &ds, &all[(first + 3 * i) % count], &f),
			    &f);
		difference_sort(&ds);
		assert_int_equal(ds.count, count);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(ds.list[i].kind, all[i].kind);
			assert_ptr_equal(ds.list[i].field, all[i].field);
			assert_ptr_equal(ds.list[i].after, all[i].after);
		}
		difference_release(&ds);
	}
}

static bool
is_ignored(const char *text, enum difference_kind kind, const char *field)
{
	struct difference_ignore ignore = { 0 };
	struct differences ds = { .ignore = &ignore };
	struct fault f = { 0 };
	bool r;

	assert_ok(difference_ignore_add(&ignore, text, &f), &f);
	assert_ok(difference_add(&ds,
		      &(struct difference){ .kind = kind, .field = field }, &f),
	    &f);
	r = ds.count == 0;
	difference_release(&ds);
	return r;
}

static void
kinds_and_fields_can_be_ignored(void **state)
{
	(void)state;
	assert_true(is_ignored("time", DIFFERENCE_TIME, NULL));
	assert_true(is_ignored("mode,time", DIFFERENCE_TIME, NULL));
	assert_true(is_ignored("setid-lost", DIFFERENCE_SETID_LOST, NULL));
	assert_false(is_ignored("setid-lost", DIFFERENCE_SETID, NULL));
	assert_true(is_ignored("metadata", DIFFERENCE_METADATA, "url"));
	assert_true(
	    is_ignored("time,metadata:url", DIFFERENCE_METADATA, "url"));
	assert_false(is_ignored("metadata:url", DIFFERENCE_METADATA, "ur"));
	assert_false(is_ignored("metadata:ur", DIFFERENCE_METADATA, "url"));
	assert_false(is_ignored("metadata:url", DIFFERENCE_XATTR, "url"));
}

static void
what_is_no_kind_is_refused(void **state)
{
	static const char *const words[] = { "", "x", "time,", ",time", "Time",
		"times", "metadata:", "broken", "time mode" };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct difference_ignore ignore = { 0 };
		struct fault f = { 0 };

		assert_int_equal(
		    difference_ignore_add(&ignore, words[i], &f), -1);
		assert_int_equal(f.kind, FAULT_USAGE);
	}
}

static void
there_is_an_end_to_the_fields(void **state)
{
	struct difference_ignore ignore = { 0 };
	struct fault f = { 0 };

	(void)state;
	for (int i = 0; i < DIFFERENCE_FIELDS_MAX; i++)
		assert_ok(difference_ignore_add(&ignore, "metadata:x", &f), &f);
	assert_fault(difference_ignore_add(&ignore, "metadata:x", &f), &f,
	    FAULT_USAGE, "more than 64 fields to ignore");
}

static int
add_and_release(void *arg, struct fault *f)
{
	struct differences ds = { 0 };
	int r = 0;

	(void)arg;
	for (int i = 0; r == 0 && i < 40; i++)
		r = difference_add(
		    &ds, &(struct difference){ .kind = DIFFERENCE_TIME }, f);
	difference_release(&ds);
	return r;
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(add_and_release, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_are_in_the_order_of_risk_and_have_words),
		cmocka_unit_test(the_riskiest_is_first_whatever_the_order),
		cmocka_unit_test(kinds_and_fields_can_be_ignored),
		cmocka_unit_test(what_is_no_kind_is_refused),
		cmocka_unit_test(there_is_an_end_to_the_fields),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
