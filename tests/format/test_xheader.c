/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/arena.h"
#include "format/tar.h"
#include "format/xheader.h"

#include <stdlib.h>
#include <string.h>

/* Apply the records, which have nothing before them and nothing behind. */
static void
apply(struct tar_entry *e, const char *records, struct arena *a)
{
	const size_t len = strlen(records);
	struct fault f = { 0 };
	char *copy = malloc(len);

	assert_non_null(copy);
	memcpy(copy, records, len);
	assert_ok(xheader_apply(e, copy, len, a, &f), &f);
	free(copy);
}

static void
a_record_counts_its_own_length(void **state)
{
	struct tar_entry e = { .entry = { .path = "x" } };
	struct arena a = { 0 };

	(void)state;
	apply(&e, "10 path=y\n5 =\n13 uname=www\n", &a);
	assert_string_equal(e.entry.path, "y");
	assert_int_equal(e.flaws, TAR_BAD_RECORD);
	assert_null(e.entry.uname);

	e = (struct tar_entry){ .entry = { .path = "x", .uname = "www" } };
	apply(&e, "10 path=y\n4 =\n13 uname=www\n", &a);
	assert_int_equal(e.flaws, 0);
	arena_release(&a);
}

static void
a_length_too_short_for_itself_ends_the_records(void **state)
{
	static const char *const rows[] = { "0 path=y\n", "0 \n", "1 \n",
		"2 \n", "00 path=y\n", "3 \n", " \n", " " };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct tar_entry e = { .entry = { .path = "x" } };
		struct arena a = { 0 };

		apply(&e, rows[i], &a);
		if (e.flaws != TAR_BAD_RECORD)
			fail_msg("flaws %#x of '%s'", e.flaws, rows[i]);
		assert_string_equal(e.entry.path, "x");
		arena_release(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_counts_its_own_length),
		cmocka_unit_test(
		    a_length_too_short_for_itself_ends_the_records),
	};

	return cmocka_run_group_tests_name("xheader", tests, NULL, NULL);
}
