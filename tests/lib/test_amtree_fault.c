/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../engine/scratch.h"
#include "test_amtree.h"

#include "amtree.h"

static void
assert_fails(const struct amtree *a, int r, const char *words)
{
	assert_int_equal(r, -1);
	if (strstr(amtree_error(a), words) == NULL)
		fail_msg("'%s' says nothing of '%s'", amtree_error(a), words);
}

static int
refuse(void *arg, const void *bytes, size_t len)
{
	(void)arg;
	(void)bytes;
	(void)len;
	return 1;
}

static void
siblings_take_what_was_moved(void **state)
{
	struct amtree *a;

	(void)state;
	make_package();
	scratch_file("pkg/foo-sub/usr/bin/su", "su\n");
	assert_int_equal(unlink("pkg/foo/usr/bin/su"), 0);
	a = open_package("pkg/foo", NULL);
	assert_fails(a, amtree_merge(a), ".control.foo/.mtree:3: 'usr/bin/su'");
	assert_null(amtree_next(a, NULL));
	assert_int_equal(amtree_sibling(a, "pkg/foo-sub", NULL), 0);
	assert_ok_call(a, amtree_merge(a));
	assert_string_equal(amtree_error(a), "");
	amtree_free(a);
}

static void
hear(void *arg, const char *text)
{
	snprintf(arg, 256, "%s", text);
}

static void
what_is_left_out_is_heard(void **state)
{
	char heard[256] = "";
	struct amtree *a;

	(void)state;
	make_package();
	scratch_file("pkg/foo/.hidden", "");
	a = open_package("pkg/foo", NULL);
	amtree_listen(a, hear, heard);
	assert_ok_call(a, amtree_merge(a));
	assert_non_null(strstr(heard, "'.hidden' begins with a dot"));
	heard[0] = '\0';
	amtree_listen(a, NULL, NULL);
	assert_ok_call(a, amtree_merge(a));
	assert_string_equal(heard, "");
	amtree_free(a);
}

static void
a_broken_journal_is_named(void **state)
{
	struct amtree *a;

	(void)state;
	make_package();
	scratch_file("journal", "#amtree journal 1\nnonsense\n");
	a = open_package("pkg/foo", NULL);
	assert_int_equal(amtree_journal(a, "journal"), 0);
	assert_fails(a, amtree_merge(a), "journal:2:");
	amtree_free(a);
}

static void
settings_have_limits(void **state)
{
	struct amtree *a = amtree_new();

	(void)state;
	assert_non_null(a);
	assert_fails(a, amtree_set(a, 0, 0), "no setting 0");
	assert_fails(a, amtree_set(a, 99, 0), "no setting 99");
	assert_fails(a, amtree_set(a, AMTREE_THREADS, 65), "from 0 to 64");
	assert_fails(a, amtree_set(a, AMTREE_LEVEL, -1), "from 0 to 12");
	assert_fails(a, amtree_set(a, AMTREE_EPOCH, INT64_MAX), "8589934591");
	assert_int_equal(amtree_set(a, AMTREE_LEVEL, 1), 0);
	assert_string_equal(amtree_error(a), "");
	amtree_free(a);
}

static void
nothing_loaded_is_an_error(void **state)
{
	struct amtree *a = amtree_new();

	(void)state;
	assert_non_null(a);
	assert_fails(a, amtree_read(a), "no package was named");
	assert_fails(a, amtree_merge(a), "no package was named");
	assert_fails(a, amtree_write(a, AMTREE_ALL, refuse, NULL), "nothing");
	assert_fails(a, amtree_build(a, "x", NULL), "nothing");
	assert_fails(a, amtree_stream(a, refuse, NULL, NULL), "nothing");
	assert_null(amtree_next(a, NULL));
	amtree_free(a);
	amtree_free(NULL);
	assert_string_equal(amtree_error(NULL), "out of memory");
}

static struct amtree *
merge_package(void)
{
	struct amtree *a;

	make_package();
	a = open_package("pkg/foo", NULL);
	assert_ok_call(a, amtree_merge(a));
	return a;
}

static void
who_takes_the_output_can_end_it(void **state)
{
	struct amtree *a = merge_package();

	(void)state;
	assert_fails(a, amtree_write(a, AMTREE_ALL, refuse, NULL), "ended by");
	assert_fails(a, amtree_stream(a, refuse, NULL, NULL), "ended by");
	assert_ok_call(a, amtree_build(a, "data.tar.gz", NULL));
	amtree_free(a);
}

static void
a_file_that_changed_since_is_refused(void **state)
{
	struct amtree *a = merge_package();

	(void)state;
	scratch_file("pkg/foo/usr/share/a b", "another text\n");
	assert_fails(a, amtree_build(a, "data.tar.gz", NULL), "a b'");
	assert_false(scratch_has("data.tar.gz"));
	amtree_free(a);
}

/* All that can be asked for, once. */
static int
use(void *arg, struct fault *f)
{
	struct amtree *a = amtree_new();
	struct buf text = BUF_INIT;
	int r = -1;

	(void)arg;
	if (a != NULL && amtree_package(a, "pkg/foo", NULL) == 0 &&
	    amtree_sibling(a, "pkg/foo-sub", NULL) == 0 &&
	    amtree_read(a) == 0 && amtree_merge(a) == 0 &&
	    amtree_write(a, AMTREE_ALL, take, &text) == 0 &&
	    amtree_build(a, "data.tar.gz", NULL) == 0)
		r = 0;
	if (r < 0) {
		assert_string_not_equal(amtree_error(a), "");
		fault_set(f, FAULT_MEMORY, "%s", amtree_error(a));
	}
	buf_release(&text);
	amtree_free(a);
	return r;
}

static void
every_failed_allocation_is_an_error_and_leaks_nothing(void **state)
{
	(void)state;
	make_package();
	scratch_file("pkg/foo-sub/x", "");
	alloc_fail_each(use, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(siblings_take_what_was_moved),
		test(what_is_left_out_is_heard),
		test(a_broken_journal_is_named),
		test(settings_have_limits),
		test(nothing_loaded_is_an_error),
		test(who_takes_the_output_can_end_it),
		test(a_file_that_changed_since_is_refused),
		test(every_failed_allocation_is_an_error_and_leaks_nothing),
	};

	return cmocka_run_group_tests_name("amtree_fault", tests, NULL, NULL);
}
