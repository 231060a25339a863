/* SPDX-License-Identifier: BSD-2-Clause */
#include "laid.h"

#include "base/arena.h"
#include "format/keyword.h"
#include "format/spec.h"

static void
the_later_of_two_counts_where_it_binds(void **state)
{
	struct arena arena = { 0 };
	struct spec s = parse("./x uid=7 gname=foo mode=600", &arena);
	const struct spec later =
	    parse("#amtree bind=uname,mode\n"
		  "./x uname=bar gname=no mode=755 type=file optional",
		&arena);

	(void)state;
	spec_fold(&s, &later);
	assert_int_equal(s.binds, KEYWORD_USER | KEYWORD_GROUP | KEYWORD_MODE);
	assert_string_equal(s.entry.uname, "bar");
	assert_string_equal(s.entry.gname, "foo");
	assert_int_equal(s.entry.mode, 0755);
	assert_int_equal(s.line, 2);
	assert_true((s.has & KEYWORD_OPTIONAL) != 0);
	arena_release(&arena);
}

static void
a_recorded_device_may_have_a_file_in_its_place(void **state)
{
	struct arena arena = { 0 };
	struct spec s = parse("./x type=char device=native,1,3", &arena);
	struct spec file = parse("./x type=file mode=600", &arena);

	(void)state;
	spec_set_recorded(&s);
	spec_set_recorded(&file);
	assert_int_equal(s.recorded, KEYWORD_TYPE | KEYWORD_DEVICE);
	assert_true((s.has & KEYWORD_RECORDED) != 0);
	assert_true((s.has & KEYWORD_PLACEHOLDER) != 0);
	assert_true((file.has & KEYWORD_RECORDED) != 0);
	assert_true((file.has & KEYWORD_PLACEHOLDER) == 0);
	arena_release(&arena);
}

static void
only_values_that_both_bind_conflict(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned want;
	} cases[] = {
		{ "./x uname=a", "./x uname=b", KEYWORD_USER },
		{ "./x uname=a", "./x uname=a", 0 },
		{ "./x uname=a", "./x gname=b", 0 },
		{ "./x uid=5", "./x uname=a", KEYWORD_USER },
		{ "./x uid=5", "./x uid=6", KEYWORD_USER },
		{ "./x uid=0", "./x uname=root", 0 },
		{ "./x gname=a mode=755", "./x gname=b mode=644",
		    KEYWORD_MODE },
		{ "./x type=link link=a", "./x type=link link=b",
		    KEYWORD_LINK },
		{ "./x device=native,1,2", "./x device=native,1,3",
		    KEYWORD_DEVICE },
		{ "./x time=1.0", "./x time=1.5", KEYWORD_TIME },
		{ "#amtree caps=none\n./x", "#amtree caps==\n./x",
		    KEYWORD_CAPS },
		{ "#amtree caps=all=p\n./x", "#amtree caps==p\n./x", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena arena = { 0 };
		const struct spec a = parse(cases[i].a, &arena),
				  b = parse(cases[i].b, &arena);
		const unsigned got = spec_conflict(&a, &b);

		if (got != cases[i].want)
			fail_msg("%s, %s: %u", cases[i].a, cases[i].b, got);
		assert_int_equal(spec_conflict(&b, &a), got);
		arena_release(&arena);
	}
}

static void
differences_are_told_keyword_by_keyword(void **state)
{
	const struct xattr caps = {
		.name = ENTRY_CAPS_XATTR, .value = "x", .len = 1
	};
	struct entry e = a_file;

	(void)state;
	assert_int_equal(spec_difference(&e, &a_file), 0);
	e.gname = "www";
	e.mode = 0;
	e.xattrs = &caps;
	assert_int_equal(spec_difference(&e, &a_file),
	    KEYWORD_GROUP | KEYWORD_MODE | KEYWORD_CAPS);
	assert_int_equal(spec_difference(&a_file, &e),
	    KEYWORD_GROUP | KEYWORD_MODE | KEYWORD_CAPS);
	e = a_file;
	e.type = ENTRY_CHAR;
	e.minor = 3;
	assert_int_equal(
	    spec_difference(&e, &a_file), KEYWORD_TYPE | KEYWORD_DEVICE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_later_of_two_counts_where_it_binds),
		cmocka_unit_test(
		    a_recorded_device_may_have_a_file_in_its_place),
		cmocka_unit_test(only_values_that_both_bind_conflict),
		cmocka_unit_test(differences_are_told_keyword_by_keyword),
	};

	return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}
