/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "foobar.h"

#include "engine/origins.h"
#include "engine/why.h"

static int
explain(struct buf *b, const char *path, struct fault *f)
{
	struct origins all = ORIGINS_INIT;
	int r = origins_load(&all, &options, path, f);

	if (r == 0)
		r = why_add(b, &all, f);
	origins_release(&all);
	return r;
}

static void
expect(const char *path, const char *want)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(explain(&b, path, &f), &f);
	assert_non_null(buf_end(&b, &f));
	assert_string_equal(b.data, want);
	buf_release(&b);
}

/* The two packages, and a journal that tells of one deed. */
static void
make_build(void)
{
	make_packages();
	scratch_file("journal",
	    JOURNAL_SIGNATURE
	    "deed=1:fchownat:chown\\040-R\\040www\\040pkg/foo\n");
}

static void
a_plain_file_is_what_it_is_on_disk(void **state)
{
	(void)state;
	make_build();
	scratch_file("pkg/foo/a/x", "");
	scratch_file("pkg/foo/top", "");
	must(chmod("pkg/foo/a/x", 02755));
	expect("a/x",
	    "a/x\n"
	    "    uname=root: default\n"
	    "    gname=root: default\n"
	    "    mode=2755: on disk\n"
	    "    type=file: on disk\n"
	    "    caps=none: on disk\n");
	expect("top",
	    "./top\n"
	    "    uname=root: default\n"
	    "    gname=root: default\n"
	    "    mode=644: on disk\n"
	    "    type=file: on disk\n"
	    "    caps=none: on disk\n");
}

static void
each_keyword_has_its_line_and_what_that_overrides(void **state)
{
	(void)state;
	make_build();
	scratch_file("pkg/foo/a/x", "");
	must(link("pkg/foo/a/x", "pkg/foo/a/y z"));
	recorded_add("pkg/foo/a/x", "uid=7 gname=www by=gname:1");
	scratch_file(FILE_OF_BAR, "a/x uname=moved\n");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded by=uname:chown:chown\\040old\\040a/x "
	    "by=caps:setxattr:setcap caps=cap_kill=p\n"
	    "a/x uname=old\n"
	    "a/x mode=4711 type=file\n"
	    "a/y\\040z uid=5\n"
	    "#amtree caps=none\n"
	    "a/x uname=root\n"
	    "a/x uid=5\n");
	expect("a/x",
	    "a/x\n"
	    "    uid=5: " FILE_OF_FOO ":4, as a/y\\040z\n"
	    "        over uid=5: " FILE_OF_FOO ":7\n"
	    "        over uname=root: " FILE_OF_FOO ":6\n"
	    "        over uname=moved: " FILE_OF_BAR ":1, moved from there\n"
	    "        over uid=7: journal:3, recorded\n"
	    "        over uname=old: " FILE_OF_FOO
	    ":2, recorded: chown old a/x (chown)\n"
	    "        over uname=root: default\n"
	    "    gname=www: journal:3, recorded: chown -R www pkg/foo "
	    "(fchownat)\n"
	    "        over gname=root: default\n"
	    "    mode=4711: " FILE_OF_FOO ":3\n"
	    "        over mode=644: on disk\n"
	    "    type=file: " FILE_OF_FOO ":3\n"
	    "        over type=file: on disk\n"
	    "    caps=none: " FILE_OF_FOO ":6\n"
	    "        over caps=cap_kill=p: " FILE_OF_FOO
	    ":2, recorded: setcap (setxattr)\n"
	    "        over caps=none: on disk\n");
}

static void
a_device_has_its_number_and_the_file_that_stands_for_it(void **state)
{
	(void)state;
	make_build();
	scratch_file("pkg/foo/a/null", "");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded by=device,mode:mknodat:mknod\\040null\\040c\n"
	    "a/null mode=666 type=char device=native,1,3\n"
	    "#amtree recorded bind=device\n"
	    "a/null type=char device=native,1,5\n");
	expect("a/null",
	    "a/null\n"
	    "    uname=root: default\n"
	    "    gname=root: default\n"
	    "    mode=666: " FILE_OF_FOO
	    ":2, recorded: mknod null c (mknodat)\n"
	    "        over mode=644: on disk\n"
	    "    type=char: " FILE_OF_FOO
	    ":2, recorded: mknod null c (mknodat)\n"
	    "        over type=file: on disk\n"
	    "    device=native,1,5: " FILE_OF_FOO ":4, recorded\n"
	    "        over device=native,1,3: " FILE_OF_FOO
	    ":2, recorded: mknod null c (mknodat)\n");
}

static void
links_and_directories_have_what_they_have(void **state)
{
	(void)state;
	make_build();
	scratch_symlink("to where", "pkg/foo/a/l");
	scratch_file(FILE_OF_FOO, "a/l mode=600 gname=www\n");
	expect("a/l",
	    "a/l\n"
	    "    uname=root: default\n"
	    "    gname=www: " FILE_OF_FOO ":1\n"
	    "        over gname=root: default\n"
	    "    mode=777: a link has no other\n"
	    "    type=link: on disk\n"
	    "    link=to\\040where: on disk\n");
	expect("a",
	    "./a\n"
	    "    uname=root: default\n"
	    "    gname=root: default\n"
	    "    mode=755: on disk\n"
	    "    type=dir: on disk\n");
}

static void
what_is_created_overrides_nothing_on_disk(void **state)
{
	(void)state;
	make_build();
	scratch_file(
	    FILE_OF_FOO, "a/d type=dir\na/l type=link link=x\na/d uname=www\n");
	expect("a/d",
	    "a/d\n"
	    "    uname=www: " FILE_OF_FOO ":3\n"
	    "        over uname=root: default\n"
	    "    gname=root: default\n"
	    "    mode=755: as it is created\n"
	    "    type=dir: " FILE_OF_FOO ":1\n");
	expect("a/l",
	    "a/l\n"
	    "    uname=root: default\n"
	    "    gname=root: default\n"
	    "    mode=777: a link has no other\n"
	    "    type=link: " FILE_OF_FOO ":2\n"
	    "    link=x: " FILE_OF_FOO ":2\n");
}

static void
nothing_in_it_can_harm_a_terminal(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	make_build();
	scratch_file("pkg/foo/a/\033[31m\n", "");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded by=uname:chown:\\033[31m\\012\\177\\377\n"
	    "a/\\033[31m\\012 uname=www\n");
	assert_ok(explain(&b, "a/\033[31m\n", &f), &f);
	for (size_t i = 0; i < b.len; i++)
		assert_true(b.data[i] == '\n' ||
		    (b.data[i] >= ' ' && b.data[i] < 0x7f));
	assert_non_null(buf_end(&b, &f));
	assert_non_null(
	    strstr(b.data, ":2, recorded: \\033[31m\\012\\177\\377 (chown)\n"));
	buf_release(&b);
}

static int
explain_and_release(void *arg, struct fault *f)
{
	struct buf b = BUF_INIT;
	const int r = explain(&b, arg, f);

	buf_release(&b);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	static char path[] = "a/x";

	(void)state;
	make_build();
	scratch_file("pkg/foo/a/x", "");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded by=uname:chown:x caps=cap_kill=p\n"
	    "a/x uname=old gname=old mode=4711\n");
	alloc_fail_each(explain_and_release, path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_plain_file_is_what_it_is_on_disk),
		test(each_keyword_has_its_line_and_what_that_overrides),
		test(a_device_has_its_number_and_the_file_that_stands_for_it),
		test(links_and_directories_have_what_they_have),
		test(what_is_created_overrides_nothing_on_disk),
		test(nothing_in_it_can_harm_a_terminal),
		test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("why", tests, NULL, NULL);
}
