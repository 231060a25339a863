/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "recorded.h"
#include "test_advice.h"

#include "engine/advice.h"
#include "engine/layout.h"
#include "engine/recording.h"
#include "engine/trap.h"
#include "format/accounts.h"
#include "format/caps.h"

/* Accounts by which a refusal can tell names. */
struct known {
	struct accounts users, groups;
};

static void
know(struct known *k)
{
	static const char users[] = "root:x:0:0::/:\nwww:x:82:82::/:\n";
	static const char groups[] = "root:x:0:\nwww:x:82:\ntty:x:5:\n";
	struct fault f = { 0 };

	*k = (struct known){ { .kind = ACCOUNTS_USERS },
		{ .kind = ACCOUNTS_GROUPS } };
	assert_ok(accounts_parse(&k->users, users, strlen(users), &f), &f);
	assert_ok(accounts_parse(&k->groups, groups, strlen(groups), &f), &f);
}

static void
forget(struct known *k)
{
	accounts_release(&k->users);
	accounts_release(&k->groups);
}

/* The line for a call about a file of package /b/pkg/foo, or of none. */
static void
expect_refusal(const char *path, struct record wanted, const char *want)
{
	struct layout_package items[] = {
		{ .root = (char *)"/b/pkg/foo", .spelling = "\"$pkgdir\"" },
		{ .root = (char *)"/b/a b" },
	};
	const struct layout layout = { .items = items, .count = 2 };
	const struct trap_refusal refusal = { .path = path, .wanted = wanted };
	struct known k;
	const struct advice_names names = { &k.users, &k.groups };
	struct buf line = BUF_INIT;
	struct fault f = { 0 };

	know(&k);
	assert_ok(advice_refusal(&line, &refusal, &layout, &names, &f), &f);
	assert_string_equal(buf_end(&line, &f), want);
	buf_release(&line);
	forget(&k);
}

static void
a_refused_chown_is_advised_by_name(void **state)
{
	static const struct record both = {
		.uid = 82, .gid = 5, .has = RECORD_UID | RECORD_GID
	};
	static const struct record user = { .uid = 82, .has = RECORD_UID };
	static const struct record group = { .gid = 4242, .has = RECORD_GID };
	static const struct record half = {
		.uid = 0, .gid = 82, .has = RECORD_UID | RECORD_GID
	};

	(void)state;
	expect_refusal("/b/pkg/foo/usr/bin/x", both,
	    "amtree -u www -g tty \"$pkgdir\"/usr/bin/x");
	expect_refusal("/b/pkg/foo/x", user, "amtree -u www \"$pkgdir\"/x");
	expect_refusal("/b/pkg/foo/x", group, "amtree -g 4242 \"$pkgdir\"/x");
	expect_refusal("/b/pkg/foo/x", half, "amtree -g www \"$pkgdir\"/x");
}

static void
a_refused_call_about_a_file_elsewhere_names_it_in_full(void **state)
{
	static const struct record user = { .uid = 82, .has = RECORD_UID };

	(void)state;
	expect_refusal("/b/src/x", user, "amtree -u www /b/src/x");
	expect_refusal("/b/a b/x", user, "amtree -u www '/b/a b'/x");
	expect_refusal("/b/pkg/foo", user, "amtree -u www /b/pkg/foo");
}

static void
a_refused_device_is_advised_whole(void **state)
{
	static const struct record device = {
		.mode = S_IFBLK | 0640,
		.major = 8,
		.minor = 17,
		.has = RECORD_DEVICE | RECORD_MODE,
	};

	(void)state;
	expect_refusal("/b/pkg/foo/dev/sdb1", device,
	    "amtree -t block -D 8,17 -m 640 \"$pkgdir\"/dev/sdb1");
}

static void
refused_capabilities_are_advised(void **state)
{
	struct record caps = { .has = RECORD_CAPS, .caps_len = CAPS_XATTR_LEN };
	struct fault f = { 0 };

	(void)state;
	assert_ok(caps_parse(caps.caps, "cap_net_raw=ep", 14, &f), &f);
	expect_refusal("/b/pkg/foo/ping", caps,
	    "amtree -c cap_net_raw=ep \"$pkgdir\"/ping");
}

static void
advice_about_a_refusal_is_one_line_however_long(void **state)
{
	static const struct record user = { .uid = 82, .has = RECORD_UID };
	char path[512], want[512];

	(void)state;
	snprintf(path, sizeof(path), "/b/pkg/foo/%0200d", 7);
	snprintf(want, sizeof(want), "amtree -u www \"$pkgdir\"/%0200d", 7);
	expect_refusal(path, user, want);
}

static int
advise_all(void *arg, struct fault *f)
{
	struct recording r = { 0 };
	struct buf lines = BUF_INIT;
	int done = recording_load(&r, "journal", f);

	(void)arg;
	if (done == 0)
		done = advice_package(&lines, &package, &r, f);
	buf_release(&lines);
	recording_release(&r);
	return done;
}

static int
advise_one(void *arg, struct fault *f)
{
	static const struct layout none = { 0 };
	static const struct trap_refusal refusal = { .path = "/b/x",
		.wanted = { .uid = 82, .has = RECORD_UID } };
	const struct known *k = arg;
	const struct advice_names names = { &k->users, &k->groups };
	struct buf line = BUF_INIT;
	const int r = advice_refusal(&line, &refusal, &none, &names, f);

	buf_release(&line);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	struct known k;

	(void)state;
	scratch_file("pkg/.control.foo/.mtree",
	    "#mtree v2.0\n"
	    "usr/bin/su uname=www\n");
	recorded_add("pkg/foo/usr/bin/su", "uname=www gname=adm");
	recorded_add("pkg/foo/usr/bin/ping", "caps=cap_net_raw+ep");
	alloc_fail_each(advise_all, NULL);
	know(&k);
	alloc_fail_each(advise_one, &k);
	forget(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		advice_test(a_refused_chown_is_advised_by_name),
		advice_test(
		    a_refused_call_about_a_file_elsewhere_names_it_in_full),
		advice_test(a_refused_device_is_advised_whole),
		advice_test(refused_capabilities_are_advised),
		advice_test(advice_about_a_refusal_is_one_line_however_long),
		advice_test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("advice_refused", tests, NULL, NULL);
}
