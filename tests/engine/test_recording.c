/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "base/buf.h"
#include "engine/identify.h"
#include "engine/recording.h"
#include "engine/survey.h"
#include "engine/tree.h"

#include <sys/mman.h>

/* Load a journal with this text behind its signature. */
static void
load(struct recording *r, const char *text)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	*r = (struct recording){ 0 };
	assert_ok(buf_adds(&b, JOURNAL_SIGNATURE, &f), &f);
	assert_ok(buf_adds(&b, text, &f), &f);
	scratch_write("journal", b.data, b.len);
	assert_ok(recording_load(r, "journal", &f), &f);
	buf_release(&b);
}

static const struct spec *
find(const struct recording *r, uint64_t dev, uint64_t ino, int64_t birth)
{
	const struct identity id = { .dev = dev, .ino = ino, .birth = birth };

	return recording_find(r, &id);
}

static void
expect_user(const struct spec *s, const char *name)
{
	assert_non_null(s);
	assert_int_equal(s->binds, KEYWORD_USER);
	assert_string_equal(s->entry.uname, name);
}

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

static void
lines_have_the_texts_of_their_deeds(void **state)
{
	struct recording r;
	const struct spec *a, *b, *c;

	(void)state;
	load(&r,
	    "deed=1:chown:one\n"
	    "1:3:5.000000000 uname=a gname=b by=uname:1\n"
	    "deed=2:chmod:two\\040words\n"
	    "1:4:5.000000000 uname=a mode=0 by=uname:1 by=mode:2\n"
	    "1:5:5.000000000 uname=a gname=b by=uname:1\n"
	    "1:6:5.000000000 uname=a\n");
	a = find(&r, 1, 3, 5);
	b = find(&r, 1, 4, 5);
	c = find(&r, 1, 5, 5);
	assert_string_equal(a->by->of[DEED_USER], "chown:one");
	assert_null(a->by->of[DEED_GROUP]);
	assert_string_equal(b->by->of[DEED_USER], "chown:one");
	assert_string_equal(b->by->of[DEED_MODE], "chmod:two words");
	assert_string_equal(c->by->of[DEED_USER], "chown:one");
	assert_null(c->by->of[DEED_MODE]);
	assert_null(find(&r, 1, 6, 5)->by);
	recording_release(&r);
}

static void
deeds_that_are_not_told_in_order_are_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} journals[] = {
		{ "deed=2:chown:x\n", "journal:2: deed 2 is out of order" },
		{ "deed=1:chown:x\ndeed=3:chown:y\n",
		    "journal:3: deed 3 is out of order" },
		{ "deed=1:chown:x\ndeed=1:chown:x\n",
		    "journal:3: deed 1 is out of order" },
		{ "deed=1:chown:x\ndeed=2:chown:x\n",
		    "journal:3: deed 2 is out of order" },
		{ "deed=1:chown:x\n1:2:3.000000004 uid=1 by=uname:2\n",
		    "journal:3: deed 2 was not told before" },
		{ "1:2:3.000000004 uid=1 by=uname:1\ndeed=1:chown:x\n",
		    "journal:2: deed 1 was not told before" },
		{ "deed=x\n", "journal:2: a deed without a colon" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(journals) / sizeof(*journals); i++) {
		struct recording r = { 0 };
		struct buf b = BUF_INIT;
		struct fault f = { 0 };

		assert_ok(buf_adds(&b, JOURNAL_SIGNATURE, &f), &f);
		assert_ok(buf_adds(&b, journals[i].text, &f), &f);
		scratch_write("journal", b.data, b.len);
		assert_fault(recording_load(&r, "journal", &f), &f, FAULT_INPUT,
		    journals[i].why);
		recording_release(&r);
		buf_release(&b);
	}
}

/* Append what the line for this file begins with. */
static void
add_identity(struct buf *b, const char *path)
{
	const int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct journal_line line = { 0 };
	struct fault f = { 0 };

	must(fd);
	assert_ok(identify_fd(&line.id, fd, &f), &f);
	must(close(fd));
	line.spec.entry.uname = path;
	line.spec.binds = KEYWORD_USER;
	assert_ok(journal_format(b, &line, &f), &f);
}

static void
entries_of_a_tree_are_recalled(void **state)
{
	struct tree t = TREE_INIT;
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	struct recording r;
	const struct spec *s;

	(void)state;
	scratch_file("root/file", "");
	scratch_file("root/dir/none", "");
	scratch_symlink("nowhere", "root/link");
	must(chmod("root/dir", 0));
	must(chdir("root"));
	add_identity(&b, "file");
	add_identity(&b, "link");
	must(chdir(".."));
	assert_ok(buf_add(&b, "", 1, &f), &f);
	load(&r, b.data);
	assert_ok(tree_open(&t, "root", &f), &f);
	assert_ok(survey_walk(&t, "", &(struct survey_options){ 0 }, &f), &f);
	for (size_t i = 0; i < t.count; i++) {
		const struct entry *e = &t.entries[i];
		const int has = recording_recall(&r, &t, e, &s, &f);

		assert_ok(has, &f);
		assert_int_equal(
		    has, e->type == ENTRY_LINK || strcmp(e->path, "file") == 0);
		if (has > 0)
			expect_user(s, e->path);
	}
	tree_release(&t);
	recording_release(&r);
	buf_release(&b);
}

static void
a_file_that_was_replaced_meanwhile_is_a_fault(void **state)
{
	struct tree t = TREE_INIT;
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	struct recording r;
	const struct spec *s;

	(void)state;
	scratch_file("root/file", "");
	must(chdir("root"));
	add_identity(&b, "file");
	must(chdir(".."));
	assert_non_null(buf_end(&b, &f));
	load(&r, b.data);
	assert_ok(tree_open(&t, "root", &f), &f);
	assert_ok(survey_walk(&t, "", &(struct survey_options){ 0 }, &f), &f);
	must(rename("root/file", "root/moved"));
	assert_refused(recording_recall(&r, &t, &t.entries[0], &s, &f), &f,
	    FAULT_SYSTEM, "'root/file': cannot open: No such file");
	f = (struct fault){ 0 };
	scratch_file("root/file", "");
	assert_refused(recording_recall(&r, &t, &t.entries[0], &s, &f), &f,
	    FAULT_INPUT, "'root/file': changed since the tree was read");
	tree_release(&t);
	recording_release(&r);
	buf_release(&b);
}

static int
load_and_release(void *arg, struct fault *f)
{
	struct recording r = { 0 };
	const int ret = recording_load(&r, arg, f);

	recording_release(&r);
	return ret;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	static char file[] = "journal";
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(buf_adds(&b, JOURNAL_SIGNATURE, &f), &f);
	for (unsigned i = 0; i < 200; i++)
		assert_ok(buf_addf(&b, &f,
			      "deed=%u:chown:%u\n"
			      "1:%u:5.000000000 uname=name%u "
			      "caps=cap_kill=p by=uname:%u\n",
			      i + 1, i, i, i, i + 1),
		    &f);
	scratch_write(file, b.data, b.len);
	alloc_fail_each(load_and_release, file);
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
		test(lines_have_the_texts_of_their_deeds),
		test(deeds_that_are_not_told_in_order_are_refused),
		test(entries_of_a_tree_are_recalled),
		test(a_file_that_was_replaced_meanwhile_is_a_fault),
		test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
