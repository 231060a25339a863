/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "format/entry.h"
#include "format/policy.h"

#include <string.h>

static unsigned char value[CAPSET_VALUE_LEN + 4];
static struct xattr caps = { .name = ENTRY_CAPS_XATTR, .value = value };

/* Make `caps` have these numbers permitted, and effective too. */
static const struct xattr *
permit(unsigned a, unsigned b)
{
	struct capset c = { 0 };

	c.of[CAPSET_PERMITTED] = UINT64_C(1) << a | UINT64_C(1) << b;
	c.of[CAPSET_EFFECTIVE] = c.of[CAPSET_PERMITTED];
	capset_encode(value, &c);
	caps.len = CAPSET_VALUE_LEN;
	return &caps;
}

static void
parse(struct policy *p, const char *text)
{
	struct fault f = { 0 };

	assert_ok(policy_parse(p, "rules", text, strlen(text), &f), &f);
}

static bool
allows(
    const char *text, enum policy_kind kind, const char *what, const char *path)
{
	const struct policy_claim c = { kind, "foo", what,
		kind == POLICY_CAPS ? &caps : NULL, path };
	struct policy p = { 0 };
	bool is_allowed;

	parse(&p, text);
	is_allowed = policy_allows(&p, &c);
	policy_release(&p);
	return is_allowed;
}

static void
an_account_is_allowed_by_its_package_and_name(void **state)
{
	(void)state;
	assert_true(allows("foo user www", POLICY_USER, "www", "x"));
	assert_true(allows("f* user mail w?w", POLICY_USER, "www", "x"));
	assert_true(
	    allows("a user b\n\n foo\tuser  www #x", POLICY_USER, "www", "x"));
	assert_true(allows("foo user \\167ww", POLICY_USER, "www", "x"));
	assert_false(allows("foo user www", POLICY_GROUP, "www", "x"));
	assert_false(allows("foo user www", POLICY_USER, "www2", "x"));
	assert_false(allows("fo user www", POLICY_USER, "www", "x"));
	assert_false(allows("# foo user www", POLICY_USER, "www", "x"));
	assert_false(allows("foo user x # www", POLICY_USER, "www", "x"));
	assert_false(allows("", POLICY_USER, "www", "x"));
	assert_false(allows("foo user \\\\*", POLICY_USER, "www", "x"));
	assert_true(allows("foo user a#b", POLICY_USER, "a#b", "x"));
}

static void
a_program_is_allowed_by_its_path(void **state)
{
	(void)state;
	assert_true(allows("foo setuid usr/bin/a usr/bin/b", POLICY_SETUID,
	    NULL, "usr/bin/b"));
	assert_true(allows("* setgid usr/*", POLICY_SETGID, NULL, "usr/a/b"));
	assert_true(allows("foo setuid a\\040b", POLICY_SETUID, NULL, "a b"));
	assert_false(
	    allows("foo setuid usr/bin/a", POLICY_SETGID, NULL, "usr/bin/a"));
	assert_false(
	    allows("foo setuid usr/bin/a", POLICY_SETUID, NULL, "usr/bin/ab"));
}

static void
a_device_is_allowed_by_its_number_and_path(void **state)
{
	const char *rule = "foo device char:1,[35] dev/null dev/zero";

	(void)state;
	assert_true(allows(rule, POLICY_DEVICE, "char:1,3", "dev/null"));
	assert_true(allows(rule, POLICY_DEVICE, "char:1,5", "dev/zero"));
	assert_false(allows(rule, POLICY_DEVICE, "block:1,3", "dev/null"));
	assert_false(allows(rule, POLICY_DEVICE, "char:1,3", "dev/sda"));
}

static void
capabilities_are_allowed_up_to_those_of_the_rule(void **state)
{
	const char *both = "foo caps cap_net_raw,cap_chown+ep bin/*";

	(void)state;
	(void)permit(13, 0);
	assert_true(allows(both, POLICY_CAPS, NULL, "bin/x"));
	assert_true(allows("foo caps =ep bin/x", POLICY_CAPS, NULL, "bin/x"));
	assert_false(allows(both, POLICY_CAPS, NULL, "x"));
	assert_false(
	    allows("foo caps cap_net_raw+ep *", POLICY_CAPS, NULL, "x"));
	assert_false(allows(
	    "foo caps cap_net_raw,cap_chown+p *", POLICY_CAPS, NULL, "x"));
	(void)permit(13, 13);
	assert_true(allows(both, POLICY_CAPS, NULL, "bin/x"));
}

static void
capabilities_of_a_namespace_or_of_no_file_are_never_allowed(void **state)
{
	(void)state;
	(void)permit(0, 0);
	caps.len = 3;
	assert_false(allows("* caps =eip *", POLICY_CAPS, NULL, "x"));
	/* revision 3, with a user behind it */
	(void)permit(0, 0);
	value[3] = 3;
	memset(value + CAPSET_VALUE_LEN, 1, 4);
	caps.len = CAPSET_VALUE_LEN + 4;
	assert_false(allows("* caps =eip *", POLICY_CAPS, NULL, "x"));
}

static void
what_is_no_policy_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "x", "p:1: nothing behind 'x'" },
		{ "\n\nx y z",
		    "p:3: unknown kind 'y': there are user, group, setuid, "
		    "setgid, caps and device" },
		{ "x user", "p:1: no user behind 'user'" },
		{ "x user # y", "p:1: no user behind 'user'" },
		{ "x setgid", "p:1: no path behind 'setgid'" },
		{ "x device", "p:1: nothing behind 'device'" },
		{ "x device char:1,3", "p:1: no path behind 'device'" },
		{ "x caps cap_chown+p", "p:1: no path behind 'caps'" },
		{ "x setuid /y",
		    "p:1: '/y' begins with a slash, which no path in a package "
		    "does" },
		{ "x user y\r\n", "p:1: control character in a word" },
		{ "a user b\nx user \x7f", "p:2: control character in a word" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct policy p = { 0 };
		struct fault f = { 0 };

		assert_fault(policy_parse(&p, "p", rows[i].text,
				 strlen(rows[i].text), &f),
		    &f, FAULT_INPUT, rows[i].why);
		policy_release(&p);
	}
}

static void
expect_line(const struct policy_claim *c, const char *want)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(policy_add_line(&b, c, &f), &f);
	assert_string_equal(buf_end(&b, &f), want);
	if (*want != '#') {
		struct policy p = { 0 };

		assert_ok(policy_parse(&p, "p", b.data, b.len, &f), &f);
		assert_int_equal(p.count, 1);
		assert_true(policy_allows(&p, c));
		policy_release(&p);
	}
	buf_release(&b);
}

static void
a_line_allows_what_it_was_made_of_and_no_more(void **state)
{
	struct policy_claim c = { POLICY_USER, "foo", "www", NULL, "x" };
	struct policy p = { 0 };

	(void)state;
	expect_line(&c, "foo user www");
	c = (struct policy_claim){ POLICY_SETUID, "f*", NULL, NULL, "a b[" };
	expect_line(&c, "f\\134\\052 setuid a\\040b\\134\\133");
	parse(&p, "f\\134\\052 setuid a\\040b\\134\\133");
	c.package = "foo";
	assert_false(policy_allows(&p, &c));
	policy_release(&p);
	c = (struct policy_claim){ POLICY_CAPS, "foo", NULL, permit(13, 13),
		"bin/#" };
	expect_line(&c, "foo caps cap_net_raw=ep bin/\\043");
	c = (struct policy_claim){ POLICY_DEVICE, "foo", "char:1,3", NULL,
		"x" };
	expect_line(&c, "foo device char:1,3 x");
}

static void
what_no_line_can_allow_is_a_comment(void **state)
{
	struct policy_claim c = { POLICY_SETGID, "foo", NULL, NULL, "/x" };

	(void)state;
	expect_line(&c, "# foo setgid /x");
	c.path = "x";
	c.package = "";
	expect_line(&c, "#  setgid x");
	c = (struct policy_claim){ POLICY_CAPS, "foo", NULL, permit(1, 1),
		"x" };
	caps.len = 1;
	expect_line(&c, "# foo caps unknown x");
}

static int
parse_and_format(void *arg, struct fault *f)
{
	const struct policy_claim c = { POLICY_CAPS, "foo", NULL,
		permit(13, 13), "bin/x" };
	struct policy p = { 0 };
	struct buf b = BUF_INIT;
	int r = policy_parse(&p, "p", arg, strlen(arg), f);

	if (r == 0) {
		assert_false(policy_allows(&p, &c));
		r = policy_add_line(&b, &c, f);
	}
	policy_release(&p);
	buf_release(&b);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	char text[] = "a caps cap_chown+ep b c\n"
		      "d user 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 "
		      "20 21 22 23 24 25 26 27 28 29 30 31 32 33 34\n";

	(void)state;
	alloc_fail_each(parse_and_format, text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_is_allowed_by_its_package_and_name),
		cmocka_unit_test(a_program_is_allowed_by_its_path),
		cmocka_unit_test(a_device_is_allowed_by_its_number_and_path),
		cmocka_unit_test(
		    capabilities_are_allowed_up_to_those_of_the_rule),
		cmocka_unit_test(
		    capabilities_of_a_namespace_or_of_no_file_are_never_allowed),
		cmocka_unit_test(what_is_no_policy_is_refused_with_its_line),
		cmocka_unit_test(a_line_allows_what_it_was_made_of_and_no_more),
		cmocka_unit_test(what_no_line_can_allow_is_a_comment),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
