/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "foobar.h"
#include "recorded.h"

#include "engine/origins.h"
#include "format/deed.h"

/*
 * The lines that bind the keyword, what counts first in front, are these: each
 * "f" for foo's file, "b" for bar's or "j" for the journal, its number, a blank.
 */
static void
expect(const struct origins *all, enum keyword_bit keyword, const char *want)
{
	const struct origin *from;
	char got[256] = "";
	size_t at = 0;

	while ((from = origins_next(all, keyword, &at)) != NULL)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%c%u ",
		    strcmp(from->file, FILE_OF_FOO) == 0       ? 'f'
			: strcmp(from->file, FILE_OF_BAR) == 0 ? 'b'
							       : 'j',
		    from->spec.line);
	if (strcmp(got, want) != 0)
		fail_msg("%s comes from '%s', not '%s'", keyword_name(keyword),
		    got, want);
}

static void
what_counts_first_comes_first(void **state)
{
	struct origins all;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a/x", "");
	recorded_add("pkg/foo/a/x", "uname=j mode=600");
	scratch_file(FILE_OF_BAR,
	    "a/x uname=m\n"
	    "a/x uname=m2 gname=m2\n"
	    "#amtree recorded\na/x uname=rm\n");
	scratch_file(FILE_OF_FOO,
	    "a/x uname=o\n"
	    "#amtree recorded\na/x uname=r gname=r optional\n"
	    "#amtree bind=mode\na/x uname=no mode=644\n"
	    "a/y uname=other optional\n"
	    "a/x uname=o2\n"
	    "#amtree recorded\na/x uname=r2 mode=400\n");
	load(&all, "a/x");
	expect(&all, KEYWORD_USER, "f7 f1 b2 b1 j2 f9 f3 b4 ");
	expect(&all, KEYWORD_GROUP, "b2 f3 ");
	expect(&all, KEYWORD_MODE, "f5 j2 f9 ");
	expect(&all, KEYWORD_TYPE, "");
	assert_string_equal(all.entry->uname, "o2");
	assert_string_equal(all.entry->gname, "m2");
	assert_int_equal(all.found->mode, 0644);
	origins_release(&all);
}

static void
lines_of_all_names_of_a_file_count(void **state)
{
	struct origins all;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a/x", "");
	must(link("pkg/foo/a/x", "pkg/foo/a/y"));
	must(link("pkg/foo/a/x", "pkg/foo/z"));
	scratch_file("pkg/foo/a/other", "");
	recorded_add("pkg/foo/a/x", "gname=j");
	scratch_file(FILE_OF_FOO,
	    "a/x uname=www\n"
	    "a/other uname=no\n"
	    "./z gname=grp mode=600\n"
	    "#amtree recorded\na/y mode=4711\n");
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = { "a/x", "a/y", "z" };

		load(&all, names[i]);
		expect(&all, KEYWORD_USER, "f1 ");
		expect(&all, KEYWORD_GROUP, "f3 j2 ");
		expect(&all, KEYWORD_MODE, "f3 f5 ");
		assert_string_equal(all.entry->uname, "www");
		assert_string_equal(all.entry->path, names[i]);
		origins_release(&all);
	}
}

static void
what_a_merge_passes_over_is_no_origin(void **state)
{
	struct origins all;

	(void)state;
	make_packages();
	scratch_symlink("x", "pkg/foo/a/l");
	scratch_dir("pkg/foo/a/d");
	recorded_add("pkg/foo/a/l", "uname=www mode=600 caps=cap_kill=p");
	recorded_add("pkg/foo/a/d", "uname=www caps=cap_kill=p");
	scratch_file(FILE_OF_FOO, "a/l mode=644\n");
	load(&all, "a/l");
	expect(&all, KEYWORD_USER, "j2 ");
	expect(&all, KEYWORD_MODE, "");
	expect(&all, KEYWORD_CAPS, "");
	assert_int_equal(all.entry->mode, 0777);
	origins_release(&all);
	load(&all, "a/d");
	expect(&all, KEYWORD_USER, "j3 ");
	expect(&all, KEYWORD_CAPS, "");
	origins_release(&all);
}

static void
what_is_created_has_no_file_on_disk(void **state)
{
	struct origins all;

	(void)state;
	make_packages();
	scratch_file(FILE_OF_FOO,
	    "#amtree create\na/new type=dir\n"
	    "a/new/null type=char device=native,1,3\n"
	    "a/new/null uname=www\n");
	load(&all, "a/new/null");
	expect(&all, KEYWORD_TYPE, "f3 ");
	expect(&all, KEYWORD_DEVICE, "f3 ");
	expect(&all, KEYWORD_USER, "f4 ");
	assert_null(all.found);
	assert_int_equal(all.entry->mode, 0644);
	origins_release(&all);
}

static void
records_say_whose_deeds_they_were(void **state)
{
	struct origins all;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a/x", "");
	scratch_file("journal", JOURNAL_SIGNATURE "deed=1:chown:one\n");
	recorded_add("pkg/foo/a/x", "uname=j by=uname:1");
	scratch_file(
	    FILE_OF_FOO, "#amtree recorded by=uname:chown:two\na/x uname=r\n");
	load(&all, "a/x");
	expect(&all, KEYWORD_USER, "j3 f2 ");
	assert_string_equal(all.items[0].spec.by->of[DEED_USER], "chown:one");
	assert_string_equal(all.items[1].spec.by->of[DEED_USER], "chown:two");
	origins_release(&all);
}

static void
refuse(const char *path, const char *why)
{
	struct origins all = ORIGINS_INIT;
	struct fault f = { 0 };

	assert_refused(
	    origins_load(&all, &options, path, &f), &f, FAULT_INPUT, why);
	origins_release(&all);
}

static void
what_is_wrong_with_this_file_is_a_fault_and_no_more(void **state)
{
	struct origins all;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a/x", "");
	scratch_file("pkg/foo/a/fine", "");
	scratch_file("pkg/bar/a/moved", "");
	scratch_file("pkg/foo/.hidden", "");
	scratch_file(FILE_OF_FOO,
	    "a/x type=dir\n"
	    "a/fine uname=www\n"
	    "a/missing uname=www\n"
	    "a/moved uname=www\n");
	load(&all, "a/fine");
	expect(&all, KEYWORD_USER, "f2 ");
	origins_release(&all);
	refuse("a/x", ".mtree:1: 'a/x': is declared as type=dir, but it is a");
	refuse("a/missing", ".mtree:3: 'a/missing' does not exist in");
	refuse("a/moved", "'a/moved' is not in package 'pkg/foo'");
	refuse("a/find",
	    "'a/find' is not in package 'pkg/foo' (did you mean "
	    "'a/fine'?)");
	refuse(".hidden", "'.hidden' is not in package 'pkg/foo'");
	refuse("quite/else", "'quite/else' is not in package 'pkg/foo'");
}

static int
load_and_release(void *arg, struct fault *f)
{
	struct origins all = ORIGINS_INIT;
	const int r = origins_load(&all, &options, arg, f);

	origins_release(&all);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	static char path[] = "a/x";

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a/x", "");
	scratch_file("journal", JOURNAL_SIGNATURE "deed=1:chown:one\n");
	recorded_add("pkg/foo/a/x", "uname=j by=uname:1");
	scratch_file(FILE_OF_BAR, "a/x uname=m\n");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded by=uname:chown:two\na/x uname=r\na/x gname=o\n");
	alloc_fail_each(load_and_release, path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_counts_first_comes_first),
		test(lines_of_all_names_of_a_file_count),
		test(what_a_merge_passes_over_is_no_origin),
		test(what_is_created_has_no_file_on_disk),
		test(records_say_whose_deeds_they_were),
		test(what_is_wrong_with_this_file_is_a_fault_and_no_more),
		test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("origins", tests, NULL, NULL);
}
