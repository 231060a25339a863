/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "engine/declare.h"
#include "engine/place.h"

#define FILE_OF_FOO "pkg/.control.foo/.mtree"

static const struct declare_request to_group = {
	.keywords = KEYWORD_GROUP,
	.entry.gname = "abuild",
	.umask = 022,
};

/* Places in pkg/foo; the strings are constant. */
static struct place
in_foo(const char *path)
{
	return (struct place){ .root = (char *)"pkg/foo",
		.control = (char *)"pkg/.control.foo",
		.path = (char *)path };
}

static int
declare_all(const struct declare_request *q, const struct place *places,
    size_t count, struct fault *f)
{
	struct declaration d;
	int r = declare_prepare(&d, q, places, count, f);

	if (r == 0)
		r = declare_commit(&d, f);
	declare_release(&d);
	return r;
}

static int
declare(const struct declare_request *q, const char *path, struct fault *f)
{
	const struct place p = in_foo(path);

	return declare_all(q, &p, 1, f);
}

static struct declare_request
to_mode(const char *mode)
{
	struct declare_request q = { .keywords = KEYWORD_MODE, .umask = 022 };
	struct fault f = { 0 };

	assert_ok(mode_parse(&q.mode, mode, strlen(mode), &f), &f);
	return q;
}

static void
an_entry_states_all_and_binds_what_was_asked_for(void **state)
{
	struct fault f = { 0 };

	(void)state;
	scratch_dir("pkg/foo/var/cache/distfiles");
	must(chmod("pkg/foo/var/cache/distfiles", 0775));
	assert_ok(declare(&to_group, "var/cache/distfiles", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=gname\n"
	    "var/cache/distfiles gname=abuild uname=root mode=775 type=dir\n");
}

static void
what_was_said_before_is_stated_again_but_not_bound(void **state)
{
	const struct declare_request q = {
		.keywords = KEYWORD_USER,
		.entry.uname = "www",
	};
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/file", "");
	assert_ok(declare(&to_group, "file", &f), &f);
	assert_ok(declare(&q, "file", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=gname\n"
	    "./file gname=abuild uname=root mode=644 type=file\n"
	    "#amtree bind=uname\n"
	    "./file gname=abuild uname=www mode=644 type=file\n");
}

static void
a_recorded_device_is_stated_as_one(void **state)
{
	const struct declare_request device = {
		.keywords = KEYWORD_TYPE | KEYWORD_DEVICE,
		.entry = { .type = ENTRY_CHAR, .major = 1, .minor = 5 },
	};
	const struct declare_request caps = {
		.keywords = KEYWORD_CAPS,
		.caps = "cap_kill=p",
	};
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/null", "");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded bind=type,device\n"
	    "./null type=char device=native,1,3 optional\n");
	assert_ok(declare(&to_group, "null", &f), &f);
	assert_ok(declare(&device, "null", &f), &f);
	assert_refused(declare(&caps, "null", &f), &f, FAULT_INPUT,
	    "'null' is a char: it has no capabilities");
	scratch_expect(FILE_OF_FOO,
	    "#amtree recorded bind=type,device\n"
	    "./null type=char device=native,1,3 optional\n"
	    "#amtree bind=gname\n"
	    "./null gname=abuild uname=root mode=644 type=char "
	    "device=native,1,3\n"
	    "#amtree bind=type,device\n"
	    "./null gname=abuild uname=root mode=644 type=char "
	    "device=native,1,5\n");
}

static void
a_mode_is_relative_to_the_one_in_force(void **state)
{
	const struct declare_request set = to_mode("4750"),
				     add = to_mode("o+x");
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/file", "");
	assert_ok(declare(&set, "file", &f), &f);
	assert_ok(declare(&add, "file", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=mode\n"
	    "./file gname=root uname=root mode=4750 type=file\n"
	    "#amtree bind=mode\n"
	    "./file gname=root uname=root mode=4751 type=file\n");
	assert_int_equal(scratch_mode("pkg/foo/file"), 0644);
}

static void
recursion_takes_all_below_and_leaves_out_what_cannot_be(void **state)
{
	struct declare_request q = to_mode("g+w");
	struct fault f = { 0 };

	(void)state;
	q.is_recursive = true;
	scratch_file("pkg/foo/dir/file", "");
	scratch_symlink("file", "pkg/foo/dir/link");
	scratch_file("pkg/foo/other", "");
	assert_ok(declare(&q, "dir", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=mode\n"
	    "./dir gname=root uname=root mode=775 type=dir\n"
	    "#amtree bind=mode\n"
	    "dir/file gname=root uname=root mode=664 type=file\n");
}

static void
the_whole_package_needs_recursion(void **state)
{
	struct declare_request q = to_group;
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/file", "");
	assert_refused(declare(&q, "", &f), &f, FAULT_USAGE,
	    "'pkg/foo' is the root of a package, not a file in it: use -R");
	f = (struct fault){ 0 };
	q.is_recursive = true;
	assert_ok(declare(&q, "", &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=gname\n"
	    "./file gname=abuild uname=root mode=644 type=file\n");
}

static void
a_file_named_twice_gets_one_entry(void **state)
{
	struct declare_request q = to_group;
	const struct place places[] = { in_foo("dir"), in_foo("dir/file") };
	struct fault f = { 0 };

	(void)state;
	q.is_recursive = true;
	scratch_file("pkg/foo/dir/file", "");
	assert_ok(declare_all(&q, places, 2, &f), &f);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=gname\n"
	    "./dir gname=abuild uname=root mode=755 type=dir\n"
	    "#amtree bind=gname\n"
	    "dir/file gname=abuild uname=root mode=644 type=file\n");
}

static void
nothing_is_appended_if_one_is_at_fault(void **state)
{
	const struct place places[] = { in_foo("file"), in_foo("none") };
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/file", "");
	scratch_file(FILE_OF_FOO, "./file mode=600\n");
	assert_refused(declare_all(&to_group, places, 2, &f), &f, FAULT_INPUT,
	    "'pkg/foo/none' does not exist, and only");
	scratch_expect(FILE_OF_FOO, "./file mode=600\n");
}

static void
preparing_writes_nothing(void **state)
{
	const struct place p = in_foo("file");
	struct fault f = { 0 };
	struct declaration d;

	(void)state;
	scratch_file("pkg/foo/file", "");
	assert_ok(declare_prepare(&d, &to_group, &p, 1, &f), &f);
	assert_false(scratch_has("pkg/.control.foo"));
	declare_release(&d);
}

static void
what_others_append_in_between_is_in_force(void **state)
{
	const struct declare_request set = to_mode("4750"),
				     add = to_mode("o+x");
	const struct place p = in_foo("file");
	struct fault f = { 0 };
	struct declaration d;

	(void)state;
	scratch_file("pkg/foo/file", "");
	assert_ok(declare_prepare(&d, &add, &p, 1, &f), &f);
	assert_ok(declare(&set, "file", &f), &f);
	assert_ok(declare_commit(&d, &f), &f);
	declare_release(&d);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "#amtree bind=mode\n"
	    "./file gname=root uname=root mode=4750 type=file\n"
	    "#amtree bind=mode\n"
	    "./file gname=root uname=root mode=4751 type=file\n");
}

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
		test(an_entry_states_all_and_binds_what_was_asked_for),
		test(what_was_said_before_is_stated_again_but_not_bound),
		test(a_recorded_device_is_stated_as_one),
		test(a_mode_is_relative_to_the_one_in_force),
		test(recursion_takes_all_below_and_leaves_out_what_cannot_be),
		test(the_whole_package_needs_recursion),
		test(a_file_named_twice_gets_one_entry),
		test(nothing_is_appended_if_one_is_at_fault),
		test(preparing_writes_nothing),
		test(what_others_append_in_between_is_in_force),
		test(a_type_creates_what_is_missing),
		test(what_was_created_can_be_changed_later),
		test(a_regular_file_cannot_be_created),
		test(what_a_type_cannot_have_is_refused),
		test(capabilities_stand_in_the_comment),
		test(a_broken_file_is_not_appended_to),
		test(
		    every_failed_allocation_is_a_fault_and_nothing_is_half_written),
	};

	return cmocka_run_group_tests_name("declare", tests, NULL, NULL);
}
