/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../scratch.h"

#include "base/pool.h"
#include "engine/inspection.h"
#include "engine/report.h"

#include <stdbool.h>

enum { BLOCK = 512 };

static void
put(FILE *file, const void *block)
{
	assert_int_equal(fwrite(block, BLOCK, 1, file), 1);
}

/* Add an empty file of a user's. */
static void
put_entry(FILE *file, const char *name, const char *user)
{
	unsigned char b[BLOCK] = { 0 };
	unsigned sum = 0;

	snprintf((char *)b, 100, "%s", name);
	memcpy(b + 100, "0000644\0000000000\0000000000\00000000000000", 36);
	memcpy(b + 136, "00000000000\0        0", 21);
	memcpy(b + 257, "ustar\00000", 8);
	snprintf((char *)b + 265, 32, "%s", user);
	snprintf((char *)b + 297, 32, "root");
	for (int i = 0; i < BLOCK; i++)
		sum += b[i];
	snprintf((char *)b + 148, 8, "%06o", sum);
	put(file, b);
}

static void
make_tar(const char *name, unsigned count, const char *user)
{
	static const unsigned char zeros[BLOCK];
	FILE *file = fopen(name, "w");
	char path[32];

	assert_non_null(file);
	for (unsigned i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "file%08u", i);
		put_entry(file, path, user);
	}
	put(file, zeros);
	put(file, zeros);
	assert_int_equal(fclose(file), 0);
}

static int
setup(void **state)
{
	FILE *file;

	if (scratch_setup(state) < 0 || mkdir("r", 0755) < 0)
		return -1;
	make_tar("one.tar", 1, "www");
	make_tar("many.tar", 40000, "www");
	make_tar("huge.tar", 200000, "root");
	file = fopen("r/APKBUILD", "w");
	if (file == NULL || fputs("pkgusers=a\nchown a b\n", file) < 0)
		return -1;
	return fclose(file);
}

static void
expect(
    enum inspection_form form, bool is_json, const char *file, const char *want)
{
	const struct inspection_options o = { .form = form,
		.is_json = is_json };
	struct inspection i = { .options = &o, .file = file };
	struct fault f = { 0 };

	assert_ok(inspection_run(&i, &f), &f);
	assert_false(i.is_large);
	assert_string_equal(buf_end(&i.text, &f), want);
	assert_int_equal(i.census.packages + i.census.recipes.read, 1);
	assert_int_equal(
	    i.is_guilty, form == INSPECTION_CHECK || form == INSPECTION_POLICY);
	inspection_release(&i);
}

static void
each_form_has_its_text(void **state)
{
	(void)state;
	expect(INSPECTION_LIST, false, "one.tar",
	    "one.tar www      root     0644 file  file00000000\n");
	expect(INSPECTION_SUGGEST, false, "one.tar",
	    "# one.tar\namtree -u www \"$pkgdir\"/file00000000\n");
	expect(INSPECTION_POLICY, false, "one.tar",
	    "one.tar user www # file00000000\n");
	expect(INSPECTION_CHECK, false, "one.tar",
	    "one.tar one.tar user www # file00000000\n");
	expect(INSPECTION_CHECK, true, "one.tar",
	    "{\"file\":\"one.tar\",\"package\":null,\"version\":null,"
	    "\"arch\":null,\"denied\":\"user\",\"value\":\"www\","
	    "\"path\":\"file00000000\",\"entries\":1}\n");
	expect(INSPECTION_SUMMARY, false, "one.tar", "");
}

static void
a_recipe_is_known_by_its_name(void **state)
{
	const struct inspection_options o = { .form = INSPECTION_LIST };
	struct inspection i = { .options = &o, .file = "r/APKBUILD" };
	struct fault f = { 0 };

	(void)state;
	assert_ok(inspection_run(&i, &f), &f);
	assert_string_equal(buf_end(&i.text, &f),
	    "r/APKBUILD:1: pkgusers=a\nr/APKBUILD:2: chown a b\n");
	assert_int_equal(i.census.recipes.chown, 1);
	assert_int_equal(i.census.packages, 0);
	inspection_release(&i);
}

static void
what_is_known_to_be_unreadable_is_broken_and_says_why(void **state)
{
	const struct inspection_options o = { .form = INSPECTION_CHECK };
	struct inspection i = {
		.options = &o, .file = "r", .why = "Permission denied"
	};
	struct fault f = { 0 };

	(void)state;
	assert_ok(inspection_run(&i, &f), &f);
	assert_int_equal(i.text.len, 0);
	assert_string_equal(
	    buf_end(&i.messages, &f), "r: cannot be read: Permission denied");
	assert_int_equal(i.census.broken, 1);
	assert_false(i.is_guilty);
	inspection_release(&i);
}

struct counted {
	size_t bytes, largest;
};

static int
count(void *arg, const struct buf *text, struct fault *f)
{
	struct counted *c = arg;

	(void)f;
	c->bytes += text->len;
	if (text->len > c->largest)
		c->largest = text->len;
	return 0;
}

static void
expect_large(const char *file, uint64_t entries, size_t bytes)
{
	const struct inspection_options o = { .form = INSPECTION_LIST };
	struct inspection i = { .options = &o, .file = file };
	struct counted c = { 0 };
	struct fault f = { 0 };

	assert_ok(inspection_run(&i, &f), &f);
	assert_true(i.is_large);
	assert_int_equal(i.text.len + i.messages.len, 0);
	assert_int_equal(i.census.packages, 0);
	assert_ok(inspection_run_large(&i, count, &c, &f), &f);
	assert_int_equal(i.census.packages, 1);
	assert_int_equal(i.census.broken, 0);
	assert_int_equal(i.census.entries, entries);
	assert_int_equal(c.bytes, bytes);
	assert_true(c.largest < REPORT_PIECE + 200);
	inspection_release(&i);
}

static void
what_is_large_is_left_for_later_and_comes_in_pieces(void **state)
{
	(void)state;
	expect_large("many.tar", 40000,
	    40000 *
		strlen("many.tar www      root     0644 file  "
		       "file00000000\n"));
	expect_large("huge.tar", 200000, 0);
}

static int
run(void *job, unsigned worker, struct fault *f)
{
	(void)worker;
	return inspection_run(job, f);
}

static void
threads_say_what_one_says(void **state)
{
	enum { COUNT = 40 };
	const struct inspection_options o = { .form = INSPECTION_LIST };
	const struct pool_options options = {
		.threads = 4, .depth = COUNT, .run = run
	};
	struct inspection jobs[COUNT] = { 0 };
	struct fault f = { 0 };
	struct pool *pool = pool_new(&options, &f);
	void *job;

	(void)state;
	assert_non_null(pool);
	for (int i = 0; i < COUNT; i++) {
		jobs[i].options = &o;
		jobs[i].file = i % 2 == 0 ? "one.tar" : "r/APKBUILD";
		assert_ok(pool_submit(pool, &jobs[i], &f), &f);
	}
	for (int i = 0; i < COUNT; i++) {
		assert_int_equal(pool_next(pool, &job, &f), 1);
		assert_ptr_equal(job, &jobs[i]);
		assert_int_equal(jobs[i].text.len, jobs[i % 2].text.len);
		assert_memory_equal(
		    jobs[i].text.data, jobs[i % 2].text.data, jobs[i].text.len);
	}
	pool_free(pool);
	for (int i = 0; i < COUNT; i++)
		inspection_release(&jobs[i]);
}

static int
run_all_forms(void *arg, struct fault *f)
{
	int r = 0;

	for (int form = 0; r == 0 && form <= INSPECTION_SUMMARY; form++) {
		const struct inspection_options o = {
			.form = (enum inspection_form)form
		};
		struct inspection i = { .options = &o, .file = arg };

		r = inspection_run(&i, f);
		inspection_release(&i);
	}
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	char one[] = "one.tar", recipe[] = "r/APKBUILD", none[] = "none";

	(void)state;
	alloc_fail_each(run_all_forms, one);
	alloc_fail_each(run_all_forms, recipe);
	alloc_fail_each(run_all_forms, none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_has_its_text),
		cmocka_unit_test(a_recipe_is_known_by_its_name),
		cmocka_unit_test(
		    what_is_known_to_be_unreadable_is_broken_and_says_why),
		cmocka_unit_test(
		    what_is_large_is_left_for_later_and_comes_in_pieces),
		cmocka_unit_test(threads_say_what_one_says),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name(
	    "inspection", tests, setup, scratch_teardown);
}
