/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"
#include "test_declare.h"

#include "engine/declare.h"

static void
a_type_creates_what_is_missing(void **state)
{
	const struct declare_request dir = {
		.keywords = KEYWORD_TYPE | KEYWORD_USER,
		.entry = { .type = ENTRY_DIR, .uname = "www" },
	};
	const struct declare_request device = {
		.keywords = KEYWORD_TYPE | KEYWORD_DEVICE,
		.entry = { .type = ENTRY_CHAR, .major = 1, .minor = 3 },
	};
	const struct declare_request link = {
		.keywords = KEYWORD_TYPE | KEYWORD_LINK,
		.entry = { .type = ENTRY_LINK, .link = "a b" },
	};
	struct fault f = { 0 };

	(void)state;
	scratch_dir("pkg/foo");
	assert_ok(declare(&dir, "run", &f), &f);
	assert_ok(declare(&device, "null", &f), &f);
	assert_ok(declare(&link, "link", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree create bind=type,uname\n"
	    "./run gname=root uname=www mode=755 type=dir\n"
	    "#amtree create bind=type,device\n"
	    "./null gname=root uname=root mode=644 type=char "
	    "device=native,1,3\n"
	    "#amtree create bind=type,link\n"
	    "./link gname=root uname=root mode=777 type=link link=a\\040b\n");
	assert_false(scratch_has("pkg/foo/run"));
}

static void
what_was_created_can_be_changed_later(void **state)
{
	const struct declare_request dir = {
		.keywords = KEYWORD_TYPE,
		.entry.type = ENTRY_DIR,
	};
	struct fault f = { 0 };

	(void)state;
	scratch_dir("pkg/foo");
	assert_ok(declare(&dir, "run", &f), &f);
	assert_ok(declare(&to_group, "run", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree create bind=type\n"
	    "./run gname=root uname=root mode=755 type=dir\n"
	    "#amtree create bind=gname\n"
	    "./run gname=abuild uname=root mode=755 type=dir\n");
}

static void
a_regular_file_cannot_be_created(void **state)
{
	const struct declare_request q = {
		.keywords = KEYWORD_TYPE,
		.entry.type = ENTRY_FILE,
	};
	struct fault f = { 0 };

	(void)state;
	scratch_dir("pkg/foo");
	assert_refused(
	    declare(&q, "file", &f), &f, FAULT_INPUT, "does not exist");
}

static void
what_a_type_cannot_have_is_refused(void **state)
{
	const struct declare_request mode = to_mode("600");
	const struct declare_request caps = {
		.keywords = KEYWORD_CAPS,
		.caps = "cap_kill=p",
	};
	const struct declare_request other_type = {
		.keywords = KEYWORD_TYPE,
		.entry.type = ENTRY_FIFO,
	};
	struct fault f = { 0 };

	(void)state;
	scratch_dir("pkg/foo/dir");
	scratch_symlink("dir", "pkg/foo/link");
	assert_refused(declare(&mode, "link", &f), &f, FAULT_INPUT,
	    "'link' is a link: it has no mode of its own");
	f = (struct fault){ 0 };
	assert_refused(declare(&caps, "dir", &f), &f, FAULT_INPUT,
	    "'dir' is a dir: it has no capabilities");
	f = (struct fault){ 0 };
	assert_refused(declare(&other_type, "dir", &f), &f, FAULT_INPUT,
	    "'dir' exists and is a dir, not a fifo");
	assert_false(scratch_has("pkg/.control.foo"));
}

static void
capabilities_stand_in_the_comment(void **state)
{
	const struct declare_request q = {
		.keywords = KEYWORD_CAPS,
		.caps = "cap_kill,cap_chown=ep cap_kill-e+e",
	};
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/file", "");
	assert_ok(declare(&q, "file", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=caps caps=cap_kill,cap_chown=ep\\040cap_kill-e+e\n"
	    "./file gname=root uname=root mode=644 type=file\n");
}

static void
a_broken_file_is_not_appended_to(void **state)
{
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/file", "");
	scratch_file(FILE_OF_FOO, "./file mode=600");
	assert_refused(declare(&to_group, "file", &f), &f, FAULT_INPUT,
	    FILE_OF_FOO ":1: last line has no newline");
	scratch_expect(FILE_OF_FOO, "./file mode=600");
}

static int
declare_anew(void *arg, struct fault *f)
{
	struct declare_request q = to_group;
	struct stat st;
	int r;

	(void)arg;
	(void)unlink(FILE_OF_FOO);
	q.is_recursive = true;
	r = declare(&q, "", f);
	if (r < 0 && stat(FILE_OF_FOO, &st) == 0)
		assert_int_equal(st.st_size, 0);
	return r;
}

static void
every_failed_allocation_is_a_fault_and_nothing_is_half_written(void **state)
{
	(void)state;
	scratch_file("pkg/foo/dir/file", "");
	scratch_symlink("file", "pkg/foo/dir/link");
	alloc_fail_each(declare_anew, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_type_creates_what_is_missing),
		test(what_was_created_can_be_changed_later),
		test(a_regular_file_cannot_be_created),
		test(what_a_type_cannot_have_is_refused),
		test(capabilities_stand_in_the_comment),
		test(a_broken_file_is_not_appended_to),
		test(
		    every_failed_allocation_is_a_fault_and_nothing_is_half_written),
	};

	return cmocka_run_group_tests_name("declare_type", tests, NULL, NULL);
}
