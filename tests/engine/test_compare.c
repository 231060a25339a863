/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_compare.h"
#include "../alloc.h"
#include "../tests.h"

#include "engine/compare.h"
#include "format/pkginfo.h"

#include <stdlib.h>
#include <string.h>

static void
equal_packages_have_no_difference(void **state)
{
	struct sides s;

	(void)state;
	init(&s);
	expect(&s, "");
	for (int i = 0; i < 2; i++) {
		put(&s, i, file("a"));
		put(&s, i, file("b"));
	}
	expect(&s, "");
}

static void
a_path_that_is_there_twice_is_a_difference(void **state)
{
	struct entry second = file("a");
	struct sides s;

	(void)state;
	second.mode = 04755;
	init(&s);
	put(&s, 0, file("a"));
	put(&s, 1, file("a"));
	put(&s, 1, second);
	expect(&s,
	    "setid      a 0644 -> 4755\nmode       a 0644 -> 4755\n"
	    "duplicate  a 1 -> 2\n");
	put(&s, 0, second);
	expect(&s, "");
	init(&s);
	put(&s, 0, file("a"));
	put(&s, 0, file("a"));
	expect(&s,
	    "missing    a file,0644,root:root -> -\n"
	    "missing    a file,0644,root:root -> -\nduplicate  a 2 -> 0\n");
}

/* Names of files by number: 1 is one file whatever its names. */
static struct entry
name_of(const char *path, unsigned ino)
{
	struct entry e = file(path);

	e.ino = ino;
	e.nlink = 2;
	return e;
}

static void
names_of_one_file_may_have_any_order(void **state)
{
	struct sides s;

	(void)state;
	init(&s);
	put(&s, 0, name_of("a", 1));
	put(&s, 0, name_of("b", 2));
	put(&s, 0, name_of("c", 1));
	put(&s, 1, name_of("a", 9));
	put(&s, 1, name_of("b", 1));
	put(&s, 1, name_of("c", 9));
	expect(&s, "");
}

static void
copies_of_a_file_are_not_its_names(void **state)
{
	struct sides s;

	(void)state;
	init(&s);
	put(&s, 0, name_of("a", 1));
	put(&s, 0, name_of("b", 1));
	put(&s, 0, name_of("c", 1));
	put(&s, 1, file("a"));
	put(&s, 1, name_of("b", 5));
	put(&s, 1, name_of("c", 5));
	expect(&s, "link       b hard a -> -\nlink       c hard a -> b\n");
}

static void
names_that_only_one_package_has_do_not_matter(void **state)
{
	struct sides s;

	(void)state;
	init(&s);
	put(&s, 0, name_of("a", 1));
	put(&s, 0, name_of("b", 1));
	put(&s, 0, name_of("c", 1));
	put(&s, 1, name_of("b", 5));
	put(&s, 1, name_of("c", 5));
	expect(&s, "missing    a file,0644,root:root -> -\n");
}

static void
symbolic_links_are_not_one_file(void **state)
{
	struct entry a = name_of("a", 1), b = name_of("b", 1);
	struct sides s;

	(void)state;
	a.type = b.type = ENTRY_LINK;
	a.link = b.link = "x";
	init(&s);
	put(&s, 0, a);
	put(&s, 0, b);
	b.ino = 2;
	put(&s, 1, a);
	put(&s, 1, b);
	expect(&s, "");
}

/* .PKGINFO and scripts */

static void
parse(struct pkginfo *p, const char *text)
{
	struct fault f = { 0 };

	*p = (struct pkginfo){ 0 };
	assert_ok(pkginfo_parse(p, text, strlen(text), &f), &f);
	pkginfo_sort(p);
}

static void
expect_info(const char *a, const char *b, const char *want)
{
	struct pkginfo x, y;
	struct sides s;

	init(&s);
	parse(&x, a);
	parse(&y, b);
	s.views[0].info = &x;
	s.views[1].info = &y;
	expect(&s, want);
	pkginfo_release(&x);
	pkginfo_release(&y);
}

static void
metadata_is_compared_field_by_field(void **state)
{
	(void)state;
	expect_info("license = MIT\n", "license = A B\n",
	    "metadata   license MIT -> A\\040B\n");
	expect_info("license = MIT\n", "url = x\n",
	    "metadata   license MIT -> -\nmetadata   url - -> x\n");
	expect_info(
	    "", "a = 1\nz = 2\n", "metadata   a - -> 1\nmetadata   z - -> 2\n");
}

static void
a_field_is_a_set(void **state)
{
	(void)state;
	expect_info("depend = a\ndepend = b\n",
	    "depend = b\ndepend = a\ndepend = b\n", "");
	expect_info("depend = a\ndepend = b\n", "depend = c\ndepend = b\n",
	    "metadata   depend a -> c\n");
	expect_info("depend = a\ndepend = b\n", "depend = c\n",
	    "metadata   depend - -> c\nmetadata   depend a -> -\n"
	    "metadata   depend b -> -\n");
	expect_info("depend = a\n", "depend = b\ndepend = a\ndepend = c\n",
	    "metadata   depend - -> b\nmetadata   depend - -> c\n");
}

static void
what_must_differ_is_no_difference(void **state)
{
	(void)state;
	expect_info("# by x\nbuilddate = 1\ndatahash = 00\nz = 1\n",
	    "# by y\nbuilddate = 2\nbuilddate = 3\ndatahash = 11\nz = 1\n", "");
}

static void
what_is_not_known_is_not_compared(void **state)
{
	struct pkginfo x;
	struct tree control = TREE_INIT;
	struct sides s;

	(void)state;
	init(&s);
	parse(&x, "a = b\n");
	s.views[0].info = &x;
	s.views[1].control = &control;
	expect(&s, "");
	pkginfo_release(&x);
}

static void
scripts_are_compared_by_their_contents(void **state)
{
	struct sides s, scripts;

	(void)state;
	init(&s);
	init(&scripts);
	for (int i = 0; i < 2; i++)
		s.views[i].control = &scripts.trees[i];
	put(&scripts, 0, file(".post-install"));
	put(&scripts, 1, file(".post-install"));
	scripts.entries[1][0].mode = 0755;
	expect(&s, "");
	scripts.entries[1][0].digest = "bb";
	put(&scripts, 0, file(".pre-install"));
	put(&scripts, 1, file(".trigger"));
	expect(&s,
	    "script     .post-install 3:aaaa -> 3:bb\n"
	    "script     .pre-install 3:aaaa -> -\n"
	    "script     .trigger - -> 3:aaaa\n");
}

/* Order, ignoring, memory */

static void
make_many(struct sides *s)
{
	static const struct xattr x = { NULL, "user.x", "1", 1 };
	struct entry e = name_of("a", 1);

	init(s);
	put(s, 0, e);
	e.mode = 06755, e.uname = "u", e.gname = NULL, e.gid = 3;
	e.mtime = 5, e.xattrs = &x, e.digest = "d";
	put(s, 1, e);
	put(s, 0, name_of("b", 1));
	put(s, 1, name_of("b", 2));
	put(s, 0, file("c"));
	put(s, 1, file("d"));
	put(s, 1, file("d"));
}

static void
the_riskiest_comes_first(void **state)
{
	struct sides s;

	(void)state;
	make_many(&s);
	expect(&s,
	    "setid      a 0644 -> 6755\nowner      a root -> u\n"
	    "group      a root -> 3\nmode       a 0644 -> 6755\n"
	    "link       b hard a -> -\nmissing    c file,0644,root:root -> -\n"
	    "extra      d - -> file,0644,root:root\n"
	    "extra      d - -> file,0644,root:root\nduplicate  d 0 -> 2\n"
	    "contents   a 3:aaaa -> 3:d\nxattr      a user.x - -> 1\n"
	    "time       a 0 -> 5\n");
}

static void
what_is_ignored_is_no_difference(void **state)
{
	struct fault f = { 0 };
	struct sides s;

	(void)state;
	make_many(&s);
	assert_ok(difference_ignore_add(
		      &s.ignore, "setid,owner,group,mode,link,missing", &f),
	    &f);
	assert_ok(difference_ignore_add(
		      &s.ignore, "extra,duplicate,contents,xattr,time", &f),
	    &f);
	expect(&s, "");
}

static int
compare_and_release(void *arg, struct fault *f)
{
	struct buf out = BUF_INIT;
	const int r = put_lines(&out, arg, f);

	buf_release(&out);
	return r;
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	struct pkginfo x, y;
	struct sides s;

	(void)state;
	make_many(&s);
	parse(&x, "a = b\n");
	parse(&y, "a = c\n");
	s.views[0].info = &x;
	s.views[1].info = &y;
	alloc_fail_each(compare_and_release, &s);
	pkginfo_release(&x);
	pkginfo_release(&y);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_packages_have_no_difference),
		cmocka_unit_test(a_path_that_is_there_twice_is_a_difference),
		cmocka_unit_test(names_of_one_file_may_have_any_order),
		cmocka_unit_test(copies_of_a_file_are_not_its_names),
		cmocka_unit_test(names_that_only_one_package_has_do_not_matter),
		cmocka_unit_test(symbolic_links_are_not_one_file),
		cmocka_unit_test(metadata_is_compared_field_by_field),
		cmocka_unit_test(a_field_is_a_set),
		cmocka_unit_test(what_must_differ_is_no_difference),
		cmocka_unit_test(what_is_not_known_is_not_compared),
		cmocka_unit_test(scripts_are_compared_by_their_contents),
		cmocka_unit_test(the_riskiest_comes_first),
		cmocka_unit_test(what_is_ignored_is_no_difference),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
