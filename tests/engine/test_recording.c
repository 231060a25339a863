/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_recording.h"
#include "scratch.h"

#include "base/buf.h"
#include "engine/recording.h"

#include <sys/mman.h>

static void
files_are_found_by_what_they_are(void **state)
{
	struct recording r;

	(void)state;
	load(&r,
	    "2:9:5.000000000 uname=late\n"
	    "1:9:7.000000000 uname=other\n"
	    "1:3:5.000000000 uname=a\n"
	    "1:9:5.000000000 uname=b\n"
	    "1:9:-5.000000000 uname=old\n");
	assert_int_equal(r.count, 5);
	expect_user(find(&r, 1, 3, 5), "a");
	expect_user(find(&r, 1, 9, 5), "b");
	expect_user(find(&r, 1, 9, 7), "other");
	expect_user(find(&r, 1, 9, -5), "old");
	expect_user(find(&r, 2, 9, 5), "late");
	assert_null(find(&r, 1, 9, 6));
	assert_null(find(&r, 1, 4, 5));
	assert_null(find(&r, 3, 9, 5));
	assert_true(recording_may_have(&r, 1, 9));
	assert_true(recording_may_have(&r, 2, 9));
	assert_false(recording_may_have(&r, 2, 3));
	assert_false(recording_may_have(&r, 1, 8));
	assert_false(recording_may_have(&r, 9, 99));
	recording_release(&r);
}

static void
a_file_born_later_with_the_same_number_is_another(void **state)
{
	const struct identity same = { 1, 3, 5, 6 }, later = { 1, 3, 5, 7 };
	struct recording r;

	(void)state;
	load(&r, "1:3:5.000000006 uname=a\n");
	expect_user(recording_find(&r, &same), "a");
	assert_null(recording_find(&r, &later));
	recording_release(&r);
}

static void
of_two_lines_about_one_file_the_later_counts(void **state)
{
	struct recording r;
	const struct spec *s;

	(void)state;
	load(&r,
	    "1:3:5.000000000 uname=a mode=755\n"
	    "1:4:5.000000000 uname=x\n"
	    "1:3:5.000000000 gname=b\n"
	    "1:4:5.000000000\n");
	s = find(&r, 1, 3, 5);
	assert_non_null(s);
	assert_int_equal(s->binds, KEYWORD_GROUP);
	assert_int_equal(s->line, 4);
	assert_null(find(&r, 1, 4, 5));
	assert_false(recording_may_have(&r, 1, 4));
	assert_int_equal(r.count, 1);
	recording_release(&r);
}

static void
an_empty_journal_knows_nothing(void **state)
{
	struct recording r;

	(void)state;
	load(&r, "");
	assert_null(find(&r, 1, 1, 0));
	assert_false(recording_may_have(&r, 0, 0));
	recording_release(&r);
	recording_release(&r);
}

static void
what_is_being_written_is_left_for_the_next_time(void **state)
{
	struct recording r;

	(void)state;
	load(&r, "1:3:5.000000000 uname=a\n1:3:5.000000000 uname=b");
	expect_user(find(&r, 1, 3, 5), "a");
	recording_release(&r);
	load(&r, "1:3:5.000000000 uname=a\nrubbish");
	expect_user(find(&r, 1, 3, 5), "a");
	recording_release(&r);
}

static void
refuse(const char *bytes, const char *why)
{
	struct recording r = { 0 };
	struct fault f = { 0 };

	scratch_file("journal", bytes);
	assert_fault(recording_load(&r, "journal", &f), &f, FAULT_INPUT, why);
	recording_release(&r);
}

static void
a_broken_line_is_named_with_its_file(void **state)
{
	(void)state;
	refuse("#amtree journal 1\n1:2:3.000000000 uname=a\nrubbish\n",
	    "journal:3: 'rubbish' does not say which file it is: "
	    "DEV:INODE:BIRTH.NANOSECONDS");
	refuse("#amtree journal 1\n\n",
	    "journal:2: '' does not say which file it is: "
	    "DEV:INODE:BIRTH.NANOSECONDS");
	refuse("#amtree journal 1\n1:2:3.000000000 mode=9\n",
	    "journal:2: invalid octal mode '9'");
}

static void
what_is_no_journal_is_refused(void **state)
{
	static const char none[] =
	    "no journal of amtree-run, or one of another version";
	char why[128];

	(void)state;
	snprintf(why, sizeof(why), "journal:1: %s", none);
	refuse("#mtree v2.0\n", why);
	refuse("#amtree journal 2\n", why);
	refuse("#amtree journal 1 \n", why);
	refuse("\n", why);
	snprintf(why, sizeof(why), "'journal': %s", none);
	refuse("", why);
	refuse("#amtree journal 1", why);
}

static void
a_line_without_end_is_refused(void **state)
{
	enum { LEN = 200000 };
	char *text = malloc(LEN + 1);
	const size_t start = strlen(JOURNAL_SIGNATURE);

	(void)state;
	assert_non_null(text);
	memset(text, '1', LEN);
	text[LEN] = '\0';
	memcpy(text, JOURNAL_SIGNATURE, start);
	refuse(text, "journal:2: line is longer than 65535 bytes");
	text[start + 65536] = '\n';
	refuse(text, "journal:2: line is longer than 65535 bytes");
	free(text);
}

static void
only_a_regular_file_is_read(void **state)
{
	struct recording r = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_refused(recording_load(&r, "nope", &f), &f, FAULT_SYSTEM,
	    "cannot open journal 'nope': No such file");
	f = (struct fault){ 0 };
	assert_refused(recording_load(&r, ".", &f), &f, FAULT_INPUT,
	    "'.' is no regular file");
	f = (struct fault){ 0 };
	must(mkfifo("fifo", 0600));
	assert_refused(recording_load(&r, "fifo", &f), &f, FAULT_INPUT,
	    "'fifo' is no regular file");
	recording_release(&r);
}

static void
a_file_in_memory_is_read_while_it_grows(void **state)
{
	static const char line[] = "1:3:5.000000000 uname=a\n";
	const int fd = memfd_create("journal", MFD_CLOEXEC);
	struct recording r = { 0 };
	struct fault f = { 0 };
	char name[64];

	(void)state;
	must(fd);
	snprintf(name, sizeof(name), "/proc/%d/fd/%d", (int)getpid(), fd);
	must(write(fd, JOURNAL_SIGNATURE, strlen(JOURNAL_SIGNATURE)));
	assert_ok(recording_load(&r, name, &f), &f);
	assert_null(find(&r, 1, 3, 5));
	recording_release(&r);
	must(write(fd, line, strlen(line)));
	assert_ok(recording_load(&r, name, &f), &f);
	expect_user(find(&r, 1, 3, 5), "a");
	assert_string_equal(r.file, name);
	recording_release(&r);
	must(close(fd));
}

static void
a_file_recorded_a_hundred_thousand_times_takes_room_once(void **state)
{
	enum { COUNT = 100000, FILES = 100 };
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	struct recording r;

	(void)state;
	for (unsigned i = 0; i < COUNT; i++)
		assert_ok(buf_addf(&b, &f, "1:%u:5.000000000 uid=%u\n",
			      i * 7 % FILES, i),
		    &f);
	assert_non_null(buf_end(&b, &f));
	load(&r, b.data);
	assert_int_equal(r.count, FILES);
	assert_in_range(r.cap, FILES, 4 * FILES);
	for (unsigned i = COUNT - FILES; i < COUNT; i++)
		assert_int_equal(find(&r, 1, i * 7 % FILES, 5)->entry.uid, i);
	recording_release(&r);
	buf_release(&b);
}

static void
many_files_are_all_found(void **state)
{
	enum { COUNT = 50000 };
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	struct recording r;

	(void)state;
	/* a multiplier without a common factor visits each number once */
	for (unsigned i = 0; i < COUNT; i++)
		assert_ok(buf_addf(&b, &f, "1:%u:5.000000000 uid=%u\n",
			      i * 7919 % COUNT, i + 1),
		    &f);
	assert_non_null(buf_end(&b, &f));
	load(&r, b.data);
	assert_int_equal(r.count, COUNT);
	for (unsigned i = 0; i < COUNT; i++)
		assert_int_equal(
		    find(&r, 1, i * 7919 % COUNT, 5)->entry.uid, i + 1);
	recording_release(&r);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(files_are_found_by_what_they_are),
		test(a_file_born_later_with_the_same_number_is_another),
		test(of_two_lines_about_one_file_the_later_counts),
		test(an_empty_journal_knows_nothing),
		test(what_is_being_written_is_left_for_the_next_time),
		test(a_broken_line_is_named_with_its_file),
		test(what_is_no_journal_is_refused),
		test(a_line_without_end_is_refused),
		test(only_a_regular_file_is_read),
		test(a_file_in_memory_is_read_while_it_grows),
		test(a_file_recorded_a_hundred_thousand_times_takes_room_once),
		test(many_files_are_all_found),
	};

	return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
