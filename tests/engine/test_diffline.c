/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "engine/difference.h"
#include "engine/diffline.h"

static const struct difference owner = {
	.kind = DIFFERENCE_OWNER,
	.path = "a b",
	.before = "-",
	.after = "",
	.risk = 85,
};

static void
each_value_is_a_column_that_means_one_thing(void **state)
{
	const struct difference license = {
		.kind = DIFFERENCE_METADATA,
		.field = "license",
		.after = "-> #",
	};
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(diffline_add_text(&b, NULL, &owner, &f), &f);
	assert_ok(diffline_add_text(
		      &b, &(struct diffline_package){ 0 }, &license, &f),
	    &f);
	assert_string_equal(buf_end(&b, &f),
	    "owner      a\\040b \\055 -> \"\"\n"
	    "- metadata   license - -> ->\\040\\043\n");
	buf_release(&b);
}

static void
objects_have_values_as_they_are(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(
	    diffline_add_json(&b, &(struct diffline_package){ 0 }, &owner, &f),
	    &f);
	assert_string_equal(buf_end(&b, &f),
	    "{\"package\":null,\"arch\":null,\"kind\":\"owner\","
	    "\"path\":\"a b\",\"field\":null,\"before\":\"-\",\"after\":\"\","
	    "\"risk\":85}\n");
	buf_release(&b);
}

static int
add_both(struct buf *text, struct fault *f)
{
	const struct diffline_package package = { "foo", "x86" };

	return diffline_add_text(text, &package, &owner, f) < 0
	    ? -1
	    : diffline_add_json(text, &package, &owner, f);
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each_text(add_both);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_value_is_a_column_that_means_one_thing),
		cmocka_unit_test(objects_have_values_as_they_are),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
