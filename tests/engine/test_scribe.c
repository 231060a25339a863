/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_scribe.h"
#include "../alloc.h"

#include "engine/recording.h"

/* The journal has exactly this behind its first line. */
static void
expect_journal(const struct desk *d, const char *want)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	scratch_load(&b, d->s.name);
	assert_non_null(buf_end(&b, &f));
	assert_true(b.len >= strlen(JOURNAL_SIGNATURE));
	assert_memory_equal(
	    b.data, JOURNAL_SIGNATURE, strlen(JOURNAL_SIGNATURE));
	assert_string_equal(b.data + strlen(JOURNAL_SIGNATURE), want);
	buf_release(&b);
}

static void
a_record_is_written_down_when_it_is_time(void **state)
{
	struct desk d;

	(void)state;
	begin(&d);
	expect_journal(&d, "");
	assert_false(scribe_is_behind(&d.s));
	must_give(&d, 7, 82, 0);
	assert_true(scribe_is_behind(&d.s));
	expect_journal(&d, "");
	flush(&d);
	assert_false(scribe_is_behind(&d.s));
	expect_journal(&d, "1:7:5.000000000 uname=www\n");
	must_give(&d, 7, 4711, 0);
	flush(&d);
	flush(&d);
	expect_journal(&d,
	    "1:7:5.000000000 uname=www\n"
	    "1:7:5.000000000 uid=4711\n");
	end(&d);
}

static void
a_deed_is_told_once_and_before_it_is_spoken_of(void **state)
{
	struct desk d;

	(void)state;
	begin(&d);
	must_give(&d, 7, 82, 1);
	must_give(&d, 8, 82, 1);
	flush(&d);
	must_give(&d, 9, 82, 0);
	must_give(&d, 8, 83, 2);
	flush(&d);
	expect_journal(&d,
	    "deed=1:chown:by\\0401\n"
	    "1:7:5.000000000 uname=www by=uname:1\n"
	    "1:8:5.000000000 uname=www by=uname:1\n"
	    "deed=2:chown:by\\0402\n"
	    "1:9:5.000000000 uname=www\n"
	    "1:8:5.000000000 uid=83 by=uname:2\n");
	end(&d);
}

static void
all_that_is_recorded_of_a_file_is_in_its_line(void **state)
{
	const struct facts facts = file(7);
	struct fault f = { 0 };
	const struct record *r;
	struct desk d;

	(void)state;
	begin(&d);
	assert_ok(record_chown(&d.records, &facts, 82, 5, &r, &f), &f);
	assert_ok(
	    record_device(&d.records, &facts, S_IFCHR | 0660, 1, 3, &r, &f),
	    &f);
	assert_ok(record_caps(&d.records, &facts, NULL, 0, &r, &f), &f);
	assert_ok(scribe_note(&d.s, r, &f), &f);
	flush(&d);
	expect_journal(&d,
	    "1:7:5.000000000 uname=www gid=5 mode=660 type=char "
	    "device=native,1,3 caps=none\n");
	end(&d);
}

static void
a_record_that_its_file_outlived_is_taken_back(void **state)
{
	struct record gone = { .id = file(7).id };
	struct fault f = { 0 };
	struct desk d;

	(void)state;
	begin(&d);
	must_give(&d, 7, 82, 0);
	flush(&d);
	assert_ok(scribe_note(&d.s, &gone, &f), &f);
	assert_true(scribe_is_behind(&d.s));
	flush(&d);
	expect_journal(&d, "1:7:5.000000000 uname=www\n1:7:5.000000000\n");
	end(&d);
}

static void
a_file_that_is_changed_again_and_again_waits_once(void **state)
{
	struct desk d;

	(void)state;
	begin(&d);
	for (uint32_t i = 0; i < 3 * SCRIBE_WAITING_MAX; i++)
		must_give(&d, 7, 1 + i, 0);
	expect_journal(&d, "");
	flush(&d);
	expect_journal(&d, "1:7:5.000000000 uid=12288\n");
	end(&d);
}

static void
not_more_than_so_many_wait(void **state)
{
	struct recording r = { 0 };
	struct fault f = { 0 };
	struct desk d;

	(void)state;
	begin(&d);
	for (uint32_t i = 0; i < SCRIBE_WAITING_MAX; i++)
		must_give(&d, 1 + i, 4711, 0);
	assert_false(scribe_is_behind(&d.s));
	assert_ok(recording_load(&r, d.s.name, &f), &f);
	assert_int_equal(r.count, SCRIBE_WAITING_MAX);
	recording_release(&r);
	end(&d);
}

static int
write_some(void *arg, struct fault *f)
{
	struct desk d;
	int r = open_desk(&d, f);

	(void)arg;
	for (uint32_t i = 0; r == 0 && i < 100; i++)
		r = give(&d, i, 4711 + i, 1 + i % 10, f);
	if (r == 0)
		r = scribe_flush(&d.s, f);
	d.s.line_count = SCRIBE_STALE_MAX + 1; /* so that it is renewed */
	if (r == 0)
		r = give(&d, 1, 82, 1, f);
	if (r == 0)
		r = scribe_flush(&d.s, f);
	end(&d);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(write_some, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_record_is_written_down_when_it_is_time),
		test(a_deed_is_told_once_and_before_it_is_spoken_of),
		test(all_that_is_recorded_of_a_file_is_in_its_line),
		test(a_record_that_its_file_outlived_is_taken_back),
		test(a_file_that_is_changed_again_and_again_waits_once),
		test(not_more_than_so_many_wait),
		test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("scribe", tests, NULL, NULL);
}
