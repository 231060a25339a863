/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_override.h"
#include "scratch.h"

#include "engine/override.h"
#include "format/spec.h"

static void
several_entries_of_a_path_add_up_and_the_later_wins(void **state)
{
	struct override_set set = { 0 };
	const struct spec *s;

	(void)state;
	load(&set,
	    "a/b uname=foo mode=755\n"
	    "a/c uname=other\n"
	    "./a/b gname=bar mode=4711\n");
	s = find(&set, "a/b");
	assert_int_equal(set.count, 2);
	assert_int_equal(s->binds, KEYWORD_USER | KEYWORD_GROUP | KEYWORD_MODE);
	assert_string_equal(s->entry.uname, "foo");
	assert_string_equal(s->entry.gname, "bar");
	assert_int_equal(s->entry.mode, 04711);
	assert_int_equal(s->line, 3);
	assert_string_equal(find(&set, "a/c")->entry.uname, "other");
	override_release(&set);
}

static void
only_what_an_entry_binds_counts(void **state)
{
	struct override_set set = { 0 };
	const struct spec *s;

	(void)state;
	load(&set,
	    "#amtree bind=uname\n"
	    "a/b gname=root uname=foo mode=644 type=file\n"
	    "#amtree bind=gname\n"
	    "a/b gname=bar uname=root mode=600 type=file\n");
	s = find(&set, "a/b");
	assert_int_equal(s->binds, KEYWORD_USER | KEYWORD_GROUP);
	assert_string_equal(s->entry.uname, "foo");
	assert_string_equal(s->entry.gname, "bar");
	override_release(&set);
}

static void
a_number_takes_the_place_of_an_earlier_name(void **state)
{
	struct override_set set = { 0 };
	const struct spec *s;

	(void)state;
	load(&set, "a/b uname=foo gid=5\na/b uid=7 gname=bar\n");
	s = find(&set, "a/b");
	assert_null(s->entry.uname);
	assert_int_equal(s->entry.uid, 7);
	assert_string_equal(s->entry.gname, "bar");
	override_release(&set);
}

static void
optional_once_is_optional_for_good(void **state)
{
	struct override_set set = { 0 };

	(void)state;
	load(&set, "a/b optional uname=foo\na/b uname=bar\n");
	assert_true(find(&set, "a/b")->has & KEYWORD_OPTIONAL);
	override_release(&set);
}

static void
capabilities_can_be_taken_back(void **state)
{
	struct override_set set = { 0 };
	const struct spec *s;

	(void)state;
	load(&set,
	    "#amtree bind=caps caps=cap_net_raw=ep\na/b type=file\n"
	    "#amtree bind=caps caps=none\na/b type=file\n");
	s = find(&set, "a/b");
	assert_true(s->binds & KEYWORD_CAPS);
	assert_null(s->caps);
	override_release(&set);
}

static void
entries_are_found_by_path_whatever_their_order(void **state)
{
	static const char *const paths[] = { "a", "a-b", "a/b", "b", "z/z" };
	struct override_set set = { 0 };

	(void)state;
	load(&set,
	    "./z/z mode=1\n./b mode=2\n./a/b mode=3\n./a mode=4\n./a-b mode=5\n");
	for (size_t i = 0; i < set.count; i++) {
		assert_string_equal(set.specs[i].entry.path, paths[i]);
		assert_ptr_equal(find(&set, paths[i]), &set.specs[i]);
	}
	assert_null(override_find(&set, "a/"));
	assert_null(override_find(&set, "c"));
	override_release(&set);
}

static void
a_missing_file_says_nothing(void **state)
{
	struct override_set set = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(override_load(&set, "none", &f), &f);
	override_settle(&set);
	assert_int_equal(set.count, 0);
	assert_null(override_find(&set, "a"));
	override_release(&set);
}

static void
a_directory_is_no_override_file(void **state)
{
	struct override_set set = { 0 };
	struct fault f = { 0 };

	(void)state;
	scratch_dir("mtree");
	assert_fault(override_load(&set, "mtree", &f), &f, FAULT_INPUT,
	    "'mtree' is a directory");
	override_release(&set);
}

static void
a_fault_names_file_and_line(void **state)
{
	struct override_set set = { 0 };
	struct fault f = { 0 };

	(void)state;
	scratch_file("mtree", "#mtree v2.0\na/b mode=755\n\na/c uidd=7\n");
	assert_fault(override_load(&set, "mtree", &f), &f, FAULT_INPUT,
	    "mtree:4: unknown keyword 'uidd'");
	override_release(&set);
}

static void
a_hundred_thousand_lines_for_one_path_are_one_entry(void **state)
{
	struct override_set set = { 0 };
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	for (int i = 1; i <= 100000; i++)
		assert_ok(buf_addf(&text, &f, "a/b uid=%d\n", i), &f);
	assert_non_null(buf_end(&text, &f));
	load(&set, text.data);
	assert_int_equal(set.count, 1);
	assert_int_equal(find(&set, "a/b")->entry.uid, 100000);
	override_release(&set);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(several_entries_of_a_path_add_up_and_the_later_wins),
		test(only_what_an_entry_binds_counts),
		test(a_number_takes_the_place_of_an_earlier_name),
		test(optional_once_is_optional_for_good),
		test(capabilities_can_be_taken_back),
		test(entries_are_found_by_path_whatever_their_order),
		test(a_missing_file_says_nothing),
		test(a_directory_is_no_override_file),
		test(a_fault_names_file_and_line),
		test(a_hundred_thousand_lines_for_one_path_are_one_entry),
	};

	return cmocka_run_group_tests_name("override", tests, NULL, NULL);
}
