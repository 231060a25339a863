/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../child.h"
#include "../scratch.h"

#include "base/buf.h"
#include "engine/catalog.h"

static void
make(const char *name)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
}

/* Packages and others, in no order. */
static int
setup(void **state)
{
	if (scratch_setup(state) < 0 || mkdir("r", 0755) < 0 ||
	    mkdir("r/b", 0755) < 0 || mkdir("r/b/c", 0755) < 0 ||
	    mkdir("r/dir.apk", 0755) < 0 || mkdir("empty", 0755) < 0)
		return -1;
	make("r/b/c/2.apk");
	make("r/z.apk");
	make("r/b/APKBUILD");
	make("r/APKBUILD.orig");
	make("r/.apk");
	make("r/x.tar");
	make("r/b-1.apk");
	return symlink("../z.apk", "r/b/link.apk") < 0 ||
		symlink("..", "r/b/up.apk") < 0 ||
		symlink("none", "r/dangling.apk") < 0
	    ? -1
	    : 0;
}

/* "NAME|" or "NAME: WHY|". */
static int
show(struct buf *out, const struct catalog_file *file, struct fault *f)
{
	if (buf_adds(out, file->name, f) < 0 ||
	    (file->why != NULL &&
		(buf_adds(out, ": ", f) < 0 ||
		    buf_adds(out, file->why, f) < 0)))
		return -1;
	return buf_adds(out, "|", f);
}

static int
list(struct buf *out, const char *const *operands, struct fault *f)
{
	struct catalog c = { .has_recipes = true };
	int r = 0;

	for (; r == 0 && *operands != NULL; operands++)
		r = catalog_add(&c, *operands, f);
	for (size_t i = 0; r == 0 && i < c.count; i++)
		r = show(out, &c.files[i], f);
	catalog_release(&c);
	return r;
}

static void
expect(const char *const *operands, const char *want)
{
	struct buf out = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(list(&out, operands, &f), &f);
	assert_string_equal(buf_end(&out, &f), want);
	buf_release(&out);
}

static void
a_directory_stands_for_packages_and_recipes_sorted(void **state)
{
	(void)state;
	expect((const char *[]){ "r", NULL },
	    "r/b-1.apk|r/b/APKBUILD|r/b/c/2.apk|r/b/link.apk|r/z.apk|");
	expect((const char *[]){ "r/b/", NULL },
	    "r/b/APKBUILD|r/b/c/2.apk|r/b/link.apk|");
	expect((const char *[]){ "empty", NULL }, "");
}

static void
other_operands_stand_for_themselves_in_their_order(void **state)
{
	(void)state;
	expect((const char *[]){ "z", "r/x.tar", "r/b/c", "a", NULL },
	    "z|r/x.tar|r/b/c/2.apk|a|");
}

static void
a_link_to_a_directory_is_followed_as_an_operand_only(void **state)
{
	(void)state;
	assert_int_equal(symlink("r/b/c", "to-c"), 0);
	expect((const char *[]){ "to-c", NULL }, "to-c/2.apk|");
}

static void
only_a_whole_name_is_that_of_a_recipe(void **state)
{
	(void)state;
	assert_true(catalog_is_recipe("APKBUILD"));
	assert_true(catalog_is_recipe("./a/APKBUILD"));
	assert_false(catalog_is_recipe("a/APKBUILD/b"));
	assert_false(catalog_is_recipe("xAPKBUILD"));
	assert_false(catalog_is_recipe("APKBUILD.orig"));
}

static void
recipes_are_left_out_unless_they_are_wanted(void **state)
{
	struct catalog c = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(catalog_add(&c, "r/b", &f), &f);
	assert_int_equal(c.count, 2);
	assert_string_equal(c.files[0].name, "r/b/c/2.apk");
	assert_string_equal(c.files[1].name, "r/b/link.apk");
	catalog_release(&c);
}

static void
list_closed(void)
{
	child_drop_root();
	expect((const char *[]){ "closed", "closed/b", "r/b/c", NULL },
	    "closed/a.apk|closed/b: Permission denied|"
	    "closed/c: Permission denied|closed/d/1.apk|"
	    "closed/to-b.apk|"
	    "closed/b: Permission denied|r/b/c/2.apk|");
}

static void
what_cannot_be_read_says_why_and_the_rest_is_there(void **state)
{
	(void)state;
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(mkdir("closed", 0755), 0);
	assert_int_equal(mkdir("closed/b", 0755), 0);
	assert_int_equal(mkdir("closed/c", 0755), 0);
	assert_int_equal(mkdir("closed/d", 0755), 0);
	make("closed/a.apk");
	make("closed/b/1.apk");
	make("closed/c/1.apk");
	make("closed/c/2.apk");
	make("closed/d/1.apk");
	assert_int_equal(symlink("b/1.apk", "closed/to-b.apk"), 0);
	assert_int_equal(chmod("closed/b", 0), 0);
	/* it can be listed, not searched */
	assert_int_equal(chmod("closed/c", 0644), 0);
	assert_child_passes(list_closed);
	assert_int_equal(chmod("closed/b", 0755), 0);
	assert_int_equal(chmod("closed/c", 0755), 0);
}

static int
list_all(void *arg, struct fault *f)
{
	struct buf out = BUF_INIT;
	const int r = list(&out, arg, f);

	buf_release(&out);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	const char *operands[] = { "r/b/c", "x", NULL };

	(void)state;
	alloc_fail_each(list_all, operands);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_directory_stands_for_packages_and_recipes_sorted),
		cmocka_unit_test(
		    other_operands_stand_for_themselves_in_their_order),
		cmocka_unit_test(
		    a_link_to_a_directory_is_followed_as_an_operand_only),
		cmocka_unit_test(only_a_whole_name_is_that_of_a_recipe),
		cmocka_unit_test(recipes_are_left_out_unless_they_are_wanted),
		cmocka_unit_test(
		    what_cannot_be_read_says_why_and_the_rest_is_there),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name(
	    "catalog", tests, setup, scratch_teardown);
}
