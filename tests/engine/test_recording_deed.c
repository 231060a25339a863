/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"
#include "test_recording.h"

#include "base/buf.h"
#include "engine/identify.h"
#include "engine/recording.h"
#include "engine/survey.h"
#include "engine/tree.h"

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

/* Up from "root": load a journal of the lines in `b`, and the tree. */
static void
load_beside_tree(struct recording *r, struct tree *t, struct buf *b)
{
	struct fault f = { 0 };

	must(chdir(".."));
	assert_non_null(buf_end(b, &f));
	load(r, b->data);
	buf_release(b);
	assert_ok(tree_open(t, "root", &f), &f);
	assert_ok(survey_walk(t, "", &(struct survey_options){ 0 }, &f), &f);
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
	load_beside_tree(&r, &t, &b);
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
	load_beside_tree(&r, &t, &b);
	must(rename("root/file", "root/moved"));
	assert_refused(recording_recall(&r, &t, &t.entries[0], &s, &f), &f,
	    FAULT_SYSTEM, "'root/file': cannot open: No such file");
	f = (struct fault){ 0 };
	scratch_file("root/file", "");
	assert_refused(recording_recall(&r, &t, &t.entries[0], &s, &f), &f,
	    FAULT_INPUT, "'root/file': changed since the tree was read");
	tree_release(&t);
	recording_release(&r);
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
		test(lines_have_the_texts_of_their_deeds),
		test(deeds_that_are_not_told_in_order_are_refused),
		test(entries_of_a_tree_are_recalled),
		test(a_file_that_was_replaced_meanwhile_is_a_fault),
		test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("recording_deed", tests, NULL, NULL);
}
