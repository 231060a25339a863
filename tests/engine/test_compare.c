/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "engine/compare.h"
#include "engine/difference.h"
#include "engine/diffline.h"
#include "engine/tree.h"
#include "format/pkginfo.h"

#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MAX = 8 };

/* Two packages of a few entries each, sorted by path. */
struct sides {
	struct entry entries[2][ENTRIES_MAX];
	struct tree trees[2];
	struct compare_side views[2];
	struct difference_ignore ignore;
};

static struct entry
file(const char *path)
{
	return (struct entry){
		.path = path,
		.uname = "root",
		.gname = "root",
		.mode = 0644,
		.nlink = 1,
		.size = 3,
		.digest = "aaaa",
	};
}

static void
add(struct sides *s, int side, struct entry e)
{
	struct tree *t = &s->trees[side];

	t->entries = s->entries[side];
	assert_true(t->count < ENTRIES_MAX);
	t->entries[t->count++] = e;
	s->views[side].tree = t;
}

static void
init(struct sides *s)
{
	*s = (struct sides){ 0 };
	for (int i = 0; i < 2; i++)
		s->views[i].tree = &s->trees[i];
}

/* All lines, without blanks that align. */
static int
put_lines(struct buf *out, const struct sides *s, struct fault *f)
{
	struct differences ds = { .ignore = &s->ignore };
	int r = compare_sides(&ds, &s->views[0], &s->views[1], f);

	for (size_t i = 0; r == 0 && i < ds.count; i++)
		r = diffline_add_text(out, NULL, &ds.list[i], f);
	difference_release(&ds);
	return r;
}

static void
expect(const struct sides *s, const char *want)
{
	struct buf out = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(put_lines(&out, s, &f), &f);
	assert_string_equal(buf_end(&out, &f), want);
	buf_release(&out);
}

/* One entry of both, which differ in some way. */
static void
expect_of(struct entry a, struct entry b, const char *want)
{
	struct sides s;

	init(&s);
	add(&s, 0, a);
	add(&s, 1, b);
	expect(&s, want);
}

static void
equal_packages_have_no_difference(void **state)
{
	struct sides s;

	(void)state;
	init(&s);
	expect(&s, "");
	for (int i = 0; i < 2; i++) {
		add(&s, i, file("a"));
		add(&s, i, file("b"));
	}
	expect(&s, "");
}

static void
each_thing_of_an_entry_is_a_kind(void **state)
{
	const struct xattr one = { NULL, "user.x", "1", 1 };
	const struct xattr two = { NULL, "user.x", "\1\2", 2 };
	const struct xattr other = { NULL, "user.y", "1", 1 };
	struct entry a = file("x"), b;

	(void)state;
	b = a, b.mode = 04644;
	expect_of(a, b, "setid      x 0644 -> 4644\n");
	expect_of(b, a, "setid-lost x 4644 -> 0644\n");
	b.mode = 04755;
	expect_of(
	    a, b, "setid      x 0644 -> 4755\nmode       x 0644 -> 4755\n");
	b.mode = 0600;
	expect_of(a, b, "mode       x 0644 -> 0600\n");
	b = a, b.uname = "www";
	expect_of(a, b, "owner      x root -> www\n");
	b = a, b.gname = NULL, b.gid = 12;
	expect_of(a, b, "group      x root -> 12\n");
	b = a, b.digest = "bbbbbbbbbbbbbbbb", b.size = 7;
	expect_of(a, b, "contents   x 3:aaaa -> 7:bbbbbbbbbbbb\n");
	b = a, b.mtime = -2, b.mtime_nsec = 250000000;
	expect_of(a, b, "time       x 0 -> -1.750000000\n");
	a.xattrs = &one, b = a, b.xattrs = &two;
	expect_of(a, b, "xattr      x user.x 1 -> 0x0102\n");
	b.xattrs = &other;
	expect_of(
	    a, b, "xattr      x user.x 1 -> -\nxattr      x user.y - -> 1\n");
}

static void
each_thing_of_a_type_is_a_kind(void **state)
{
	struct entry a = file("x"), b = a;

	(void)state;
	a.type = b.type = ENTRY_LINK;
	a.link = "y", b.link = "z w";
	expect_of(a, b, "link       x y -> z\\040w\n");
	a.type = b.type = ENTRY_CHAR;
	a.link = b.link = NULL;
	a.major = 1, a.minor = 3, b.major = 1, b.minor = 5;
	expect_of(a, b, "device     x 1,3 -> 1,5\n");
	b.type = ENTRY_BLOCK;
	expect_of(a, b, "type       x char -> block\n");
	/* what only files have does not count of others */
	a.type = b.type = ENTRY_DIR;
	b.digest = "other";
	expect_of(a, b, "");
}

static void
owners_go_by_name_and_root_is_0(void **state)
{
	struct entry a = file("x"), b = a;

	(void)state;
	a.uname = NULL;
	expect_of(a, b, "");
	b.uname = NULL, b.uid = 5;
	expect_of(a, b, "owner      x root -> 5\n");
	a.uid = 5;
	expect_of(a, b, "");
	a.uname = b.uname = "www";
	expect_of(a, b, "");
	b.uid = 6;
	expect_of(a, b, "number     x uid 5 -> 6\n");
	b.uname = NULL, a.uname = "6";
	expect_of(a, b, "owner      x 6 -> 6\n");
}

static unsigned
risk_of(struct entry a, struct entry b)
{
	struct differences ds = { 0 };
	struct fault f = { 0 };
	struct sides s;
	unsigned risk;

	init(&s);
	add(&s, 0, a);
	add(&s, 1, b);
	assert_ok(compare_sides(&ds, &s.views[0], &s.views[1], &f), &f);
	assert_int_equal(ds.count, 1);
	risk = ds.list[0].risk;
	difference_release(&ds);
	return risk;
}

static void
the_owner_that_a_program_lends_is_the_greatest_risk(void **state)
{
	struct entry a = file("x"), b = a;

	(void)state;
	b.uname = "www";
	assert_int_equal(risk_of(a, b), difference_risk(DIFFERENCE_OWNER));
	a.mode = b.mode = 02755;
	assert_int_equal(risk_of(a, b), difference_risk(DIFFERENCE_OWNER));
	a.mode = b.mode = 04755;
	assert_int_equal(risk_of(a, b), DIFFERENCE_RISK_MAX);
	a.type = b.type = ENTRY_DIR;
	assert_int_equal(risk_of(a, b), difference_risk(DIFFERENCE_OWNER));
	a = b = file("x");
	a.gname = b.gname = "games";
	a.mode = b.mode = 02755;
	a.gid = 65534;
	assert_int_equal(risk_of(a, b), DIFFERENCE_RISK_MAX);
	assert_int_equal(risk_of(b, a), difference_risk(DIFFERENCE_NUMBER));
}

/* cap_net_raw, cap_chown, with or without the flag */
#define CAPS(flag, permitted)                                              \
	{                                                                  \
		NULL, ENTRY_CAPS_XATTR,                                    \
		    flag "\0\0\2" permitted "\0\0\0\0\0\0\0\0\0\0\0\0", 20 \
	}

static void
capabilities_are_gained_unless_none_is_new(void **state)
{
	const struct xattr raw = CAPS("\1", "\0\x20\0\0");
	const struct xattr quiet = CAPS("\0", "\0\x20\0\0");
	const struct xattr more = CAPS("\1", "\1\x20\0\0");
	const struct xattr odd = { NULL, ENTRY_CAPS_XATTR, "\1", 1 };
	struct entry a = file("x"), b = a;

	(void)state;
	b.xattrs = &raw;
	expect_of(a, b, "caps       x - -> cap_net_raw\\075ep\n");
	expect_of(b, a, "caps-lost  x cap_net_raw\\075ep -> -\n");
	a.xattrs = &more;
	expect_of(a, b,
	    "caps-lost  x cap_chown,cap_net_raw\\075ep -> "
	    "cap_net_raw\\075ep\n");
	expect_of(b, a,
	    "caps       x cap_net_raw\\075ep -> "
	    "cap_chown,cap_net_raw\\075ep\n");
	a.xattrs = &quiet;
	expect_of(
	    a, b, "caps       x cap_net_raw\\075p -> cap_net_raw\\075ep\n");
	expect_of(
	    b, a, "caps-lost  x cap_net_raw\\075ep -> cap_net_raw\\075p\n");
	a.xattrs = &odd;
	expect_of(b, a, "caps       x cap_net_raw\\075ep -> 0x01\n");
}

static void
what_one_has_alone_is_missing_or_extra(void **state)
{
	const struct xattr raw = CAPS("\1", "\0\x20\0\0");
	struct entry privileged = file("c");
	struct sides s;

	(void)state;
	init(&s);
	privileged.mode = 02755;
	privileged.gname = "a b";
	privileged.xattrs = &raw;
	add(&s, 0, file("a"));
	add(&s, 0, file("b"));
	add(&s, 1, file("b"));
	add(&s, 1, privileged);
	expect(&s,
	    "setid      c - -> 2755\n"
	    "caps       c - -> cap_net_raw\\075ep\n"
	    "missing    a file,0644,root:root -> -\n"
	    "extra      c - -> file,2755,root:a\\040b\n");
}

static void
a_path_that_is_there_twice_is_a_difference(void **state)
{
	struct entry second = file("a");
	struct sides s;

	(void)state;
	second.mode = 04755;
	init(&s);
	add(&s, 0, file("a"));
	add(&s, 1, file("a"));
	add(&s, 1, second);
	expect(&s,
	    "setid      a 0644 -> 4755\nmode       a 0644 -> 4755\n"
	    "duplicate  a 1 -> 2\n");
	add(&s, 0, second);
	expect(&s, "");
	init(&s);
	add(&s, 0, file("a"));
	add(&s, 0, file("a"));
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
	add(&s, 0, name_of("a", 1));
	add(&s, 0, name_of("b", 2));
	add(&s, 0, name_of("c", 1));
	add(&s, 1, name_of("a", 9));
	add(&s, 1, name_of("b", 1));
	add(&s, 1, name_of("c", 9));
	expect(&s, "");
}

static void
copies_of_a_file_are_not_its_names(void **state)
{
	struct sides s;

	(void)state;
	init(&s);
	add(&s, 0, name_of("a", 1));
	add(&s, 0, name_of("b", 1));
	add(&s, 0, name_of("c", 1));
	add(&s, 1, file("a"));
	add(&s, 1, name_of("b", 5));
	add(&s, 1, name_of("c", 5));
	expect(&s, "link       b hard a -> -\nlink       c hard a -> b\n");
}

static void
names_that_only_one_package_has_do_not_matter(void **state)
{
	struct sides s;

	(void)state;
	init(&s);
	add(&s, 0, name_of("a", 1));
	add(&s, 0, name_of("b", 1));
	add(&s, 0, name_of("c", 1));
	add(&s, 1, name_of("b", 5));
	add(&s, 1, name_of("c", 5));
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
	add(&s, 0, a);
	add(&s, 0, b);
	b.ino = 2;
	add(&s, 1, a);
	add(&s, 1, b);
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
	add(&scripts, 0, file(".post-install"));
	add(&scripts, 1, file(".post-install"));
	scripts.entries[1][0].mode = 0755;
	expect(&s, "");
	scripts.entries[1][0].digest = "bb";
	add(&scripts, 0, file(".pre-install"));
	add(&scripts, 1, file(".trigger"));
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
	add(s, 0, e);
	e.mode = 06755, e.uname = "u", e.gname = NULL, e.gid = 3;
	e.mtime = 5, e.xattrs = &x, e.digest = "d";
	add(s, 1, e);
	add(s, 0, name_of("b", 1));
	add(s, 1, name_of("b", 2));
	add(s, 0, file("c"));
	add(s, 1, file("d"));
	add(s, 1, file("d"));
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
		cmocka_unit_test(each_thing_of_an_entry_is_a_kind),
		cmocka_unit_test(each_thing_of_a_type_is_a_kind),
		cmocka_unit_test(owners_go_by_name_and_root_is_0),
		cmocka_unit_test(
		    the_owner_that_a_program_lends_is_the_greatest_risk),
		cmocka_unit_test(capabilities_are_gained_unless_none_is_new),
		cmocka_unit_test(what_one_has_alone_is_missing_or_extra),
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
