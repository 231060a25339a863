/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "engine/merge.h"
#include "engine/senders.h"
#include "format/keyword.h"
#include "format/spec.h"

static const struct merge_package foo = { "pkg/foo", "pkg/.control.foo" };

static void
make_packages(void)
{
	scratch_dir("pkg/foo");
	scratch_dir("pkg/.control.foo");
	scratch_dir("pkg/bar");
	scratch_dir("pkg/.control.bar");
	scratch_dir("pkg/far");
	scratch_dir("pkg/.control.far");
}

/* The mode of foo's file "a", which has 755 on disk and what `own` says. */
static unsigned
mode_of(const struct spec *own)
{
	struct entry e = { .path = "a", .mode = 0755 };
	struct senders s = { 0 };
	struct fault f = { 0 };

	assert_ok(senders_open(&s, &foo, &f), &f);
	assert_ok(senders_lay_mode(&s, &e, own, &f), &f);
	senders_close(&s);
	return e.mode;
}

static void
a_mode_follows_its_file(void **state)
{
	(void)state;
	make_packages();
	scratch_file("pkg/.control.foo/.mtree", "./a mode=700\n");
	assert_int_equal(mode_of(NULL), 0755);
	scratch_file("pkg/.control.bar/.mtree", "./a uname=www\n");
	assert_int_equal(mode_of(NULL), 0755);
	scratch_file("pkg/.control.bar/.mtree", "./a mode=4750\n");
	assert_int_equal(mode_of(NULL), 04750);
}

static void
what_is_recorded_counts_least(void **state)
{
	(void)state;
	make_packages();
	scratch_file("pkg/.control.bar/.mtree", "./a mode=600\n");
	scratch_file("pkg/.control.far/.mtree",
	    "#amtree recorded\n./a mode=640 optional\n");
	assert_int_equal(mode_of(NULL), 0600);
	scratch_file("pkg/.control.bar/.mtree", "");
	assert_int_equal(mode_of(NULL), 0640);
}

static void
the_package_itself_goes_before(void **state)
{
	const struct spec owner = { .binds = KEYWORD_USER };
	const struct spec said = { .binds = KEYWORD_MODE };
	const struct spec recorded = { .binds = KEYWORD_MODE,
		.recorded = KEYWORD_MODE };

	(void)state;
	make_packages();
	scratch_file("pkg/.control.bar/.mtree", "./a mode=600\n");
	assert_int_equal(mode_of(&owner), 0600);
	assert_int_equal(mode_of(&recorded), 0600);
	assert_int_equal(mode_of(&said), 0755);
	scratch_file("pkg/.control.bar/.mtree",
	    "#amtree recorded\n./a mode=600 optional\n");
	assert_int_equal(mode_of(&recorded), 0755);
}

static void
who_keeps_a_file_or_creates_one_gives_nothing_away(void **state)
{
	(void)state;
	make_packages();
	scratch_file("pkg/.control.bar/.mtree",
	    "#amtree create\n./a type=fifo mode=600\n");
	assert_int_equal(mode_of(NULL), 0755);
	scratch_file("pkg/.control.bar/.mtree", "./a mode=600\n");
	scratch_file("pkg/bar/a", "");
	assert_int_equal(mode_of(NULL), 0755);
}

static void
what_cannot_be_read_is_a_fault(void **state)
{
	struct senders s = { 0 };
	struct fault f = { 0 };

	(void)state;
	make_packages();
	scratch_file("pkg/.control.bar/.mtree", "./a mode=8\n");
	assert_refused(senders_open(&s, &foo, &f), &f, FAULT_INPUT,
	    "pkg/.control.bar/.mtree:1: invalid octal mode '8'");
	senders_close(&s);
}

static int
open_and_lay(void *arg, struct fault *f)
{
	struct entry e = { .path = "a", .mode = 0755 };
	struct senders s = { 0 };
	int r = senders_open(&s, &foo, f);

	(void)arg;
	if (r == 0)
		r = senders_lay_mode(&s, &e, NULL, f);
	senders_close(&s);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	(void)state;
	make_packages();
	scratch_file("pkg/.control.bar/.mtree", "./a mode=600\n");
	alloc_fail_each(open_and_lay, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_mode_follows_its_file),
		test(what_is_recorded_counts_least),
		test(the_package_itself_goes_before),
		test(who_keeps_a_file_or_creates_one_gives_nothing_away),
		test(what_cannot_be_read_is_a_fault),
		test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("senders", tests, NULL, NULL);
}
