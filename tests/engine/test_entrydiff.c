/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"
#include "test_compare.h"

#include "engine/entrydiff.h"

/* One entry of both, which differ in some way. */
static void
expect_of(struct entry a, struct entry b, const char *want)
{
	struct sides s;

	init(&s);
	put(&s, 0, a);
	put(&s, 1, b);
	expect(&s, want);
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
	put(&s, 0, a);
	put(&s, 1, b);
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
	put(&s, 0, file("a"));
	put(&s, 0, file("b"));
	put(&s, 1, file("b"));
	put(&s, 1, privileged);
	expect(&s,
	    "setid      c - -> 2755\n"
	    "caps       c - -> cap_net_raw\\075ep\n"
	    "missing    a file,0644,root:root -> -\n"
	    "extra      c - -> file,2755,root:a\\040b\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_thing_of_an_entry_is_a_kind),
		cmocka_unit_test(each_thing_of_a_type_is_a_kind),
		cmocka_unit_test(owners_go_by_name_and_root_is_0),
		cmocka_unit_test(
		    the_owner_that_a_program_lends_is_the_greatest_risk),
		cmocka_unit_test(capabilities_are_gained_unless_none_is_new),
		cmocka_unit_test(what_one_has_alone_is_missing_or_extra),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
