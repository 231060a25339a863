/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "engine/apk.h"
#include "engine/ruling.h"

#include <string.h>

static const struct xattr caps = {
	.name = ENTRY_CAPS_XATTR, .value = "x", .len = 1
};

static struct entry entries[] = {
	{ .path = "d", .uname = "www", .gname = "mail", .type = ENTRY_DIR },
	{ .path = "e", .uname = "abc", .gname = "mail", .mode = 06755 },
	{ .path = "f", .uname = "www", .gname = "root", .mode = 02755 },
	{ .path = "g", .uid = 7, .gname = "root", .xattrs = &caps },
	{ .path = "h",
	    .uid = 7,
	    .gname = "root",
	    .mode = 04777,
	    .type = ENTRY_LINK },
	{ .path = "i",
	    .uname = "root",
	    .gname = "root",
	    .type = ENTRY_BLOCK,
	    .major = 8,
	    .minor = 1 },
	{ .path = "j", .uname = "root", .gname = "root" },
};

/* "KIND PACKAGE VALUE PATH ENTRIES" of each charge, a "|" behind. */
static int
list(struct buf *out, const char *rules, const char *pkgname, struct fault *f)
{
	struct apk a = APK_INIT;
	struct policy p = { 0 };
	struct ruling r = { 0 };
	int done = 0;

	a.tree.entries = entries;
	a.tree.count = sizeof(entries) / sizeof(*entries);
	a.info.pkgname = pkgname;
	if (rules != NULL)
		done = policy_parse(&p, "p", rules, strlen(rules), f);
	if (done == 0)
		done = ruling_judge(
		    &r, &a, "dir/x.apk", rules != NULL ? &p : NULL, f);
	for (size_t i = 0; done == 0 && i < r.count; i++) {
		const struct policy_claim *c = &r.charges[i].claim;

		assert_true(c->kind != POLICY_CAPS || c->caps == &caps);
		assert_string_equal(c->path, entries[r.charges[i].first].path);
		done = buf_addf(out, f, "%s %s %s %s %zu|",
		    policy_kind_name(c->kind), c->package,
		    c->value != NULL ? c->value : "-", c->path,
		    r.charges[i].entries);
	}
	ruling_release(&r);
	policy_release(&p);
	return done;
}

static void
expect(const char *rules, const char *pkgname, const char *want)
{
	struct buf out = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(list(&out, rules, pkgname, &f), &f);
	assert_string_equal(buf_end(&out, &f), want);
	buf_release(&out);
}

static void
all_that_is_not_plain_is_charged(void **state)
{
	(void)state;
	expect(NULL, "foo",
	    "user foo 7 g 2|user foo abc e 1|user foo www d 2|"
	    "group foo mail d 2|setuid foo - e 1|setgid foo - e 1|"
	    "setgid foo - f 1|caps foo - g 1|device foo block:8,1 i 1|");
}

static void
what_is_allowed_is_not_charged(void **state)
{
	(void)state;
	expect("foo user * # all\nfoo setgid f\nfoo device block:8,* *\n"
	       "bar group mail\n* caps =ep *",
	    "foo",
	    "group foo mail d 2|setuid foo - e 1|setgid foo - e 1|"
	    "caps foo - g 1|");
	expect("* user 7 www", "foo",
	    "user foo abc e 1|group foo mail d 2|setuid foo - e 1|"
	    "setgid foo - e 1|setgid foo - f 1|caps foo - g 1|"
	    "device foo block:8,1 i 1|");
}

static void
a_nameless_package_is_matched_by_its_file(void **state)
{
	(void)state;
	expect("x.apk user *\nx.apk group *\nx.apk setuid *\n"
	       "x.apk setgid *\nx.apk device * *",
	    NULL, "caps x.apk - g 1|");
}

static int
judge(void *arg, struct fault *f)
{
	struct buf out = BUF_INIT;
	const int r = list(&out, NULL, "foo", f);

	(void)arg;
	buf_release(&out);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(judge, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_is_not_plain_is_charged),
		cmocka_unit_test(what_is_allowed_is_not_charged),
		cmocka_unit_test(a_nameless_package_is_matched_by_its_file),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("ruling", tests, NULL, NULL);
}
