/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "recorded.h"

#include "engine/advice.h"
#include "engine/layout.h"
#include "engine/recording.h"
#include "engine/trap.h"
#include "format/accounts.h"
#include "format/caps.h"

#include <sys/sysmacros.h>

/* A package that has files, and no override file yet. */
static const struct layout_package package = {
	.root = (char *)"pkg/foo",
	.control = (char *)"pkg/.control.foo",
	.spelling = "\"$pkgdir\"",
};

static int
begin(void **state)
{
	if (scratch_begin(state) < 0)
		return -1;
	scratch_file("pkg/foo/usr/bin/ping", "ELF");
	scratch_file("pkg/foo/usr/bin/su", "ELF");
	scratch_file("pkg/foo/var/log/a", "");
	scratch_file("pkg/foo/var/log/b", "");
	scratch_file("pkg/foo/dev/null", "");
	recorded_begin();
	return 0;
}

#define advice_test(name) \
	cmocka_unit_test_setup_teardown(name, begin, scratch_end)

static void
expect_of(const struct layout_package *p, const char *want)
{
	struct recording r = { 0 };
	struct buf lines = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(recording_load(&r, "journal", &f), &f);
	assert_ok(advice_package(&lines, p, &r, &f), &f);
	assert_string_equal(buf_end(&lines, &f), want);
	buf_release(&lines);
	recording_release(&r);
}

static void
expect(const char *want)
{
	expect_of(&package, want);
}

static void
nothing_recorded_is_nothing_to_write(void **state)
{
	(void)state;
	expect("");
}

static void
a_package_that_does_not_exist_needs_nothing(void **state)
{
	struct layout_package missing = package;

	(void)state;
	missing.root = (char *)"pkg/missing";
	recorded_add("pkg/foo/usr/bin/su", "uname=www");
	expect_of(&missing, "");
}

static void
an_owner_is_a_line(void **state)
{
	(void)state;
	recorded_add("pkg/foo/usr/bin/su", "uname=www gname=root");
	recorded_add("pkg/foo/var/log/a", "gname=adm");
	expect("amtree -u www \"$pkgdir\"/usr/bin/su\n"
	       "amtree -g adm \"$pkgdir\"/var/log/a\n");
}

static void
an_owner_who_has_no_name_is_a_number(void **state)
{
	(void)state;
	recorded_add("pkg/foo/usr/bin/su", "uid=82 gid=0");
	expect("amtree -u 82 \"$pkgdir\"/usr/bin/su\n");
}

static void
what_belongs_to_root_needs_no_line(void **state)
{
	(void)state;
	recorded_add("pkg/foo/usr/bin/su", "uname=root gid=0");
	recorded_add("pkg/foo/var/log", "uid=0 gname=root");
	expect("");
}

static void
a_directory_and_what_is_below_share_a_line(void **state)
{
	(void)state;
	recorded_add("pkg/foo/var/log", "uname=www gname=www");
	recorded_add("pkg/foo/var/log/a", "uname=www gname=www");
	recorded_add("pkg/foo/var/log/b", "uname=www gname=www");
	expect("amtree -R -u www -g www \"$pkgdir\"/var/log\n");
}

static void
without_a_spelling_the_root_is_named(void **state)
{
	struct layout_package other = package;

	(void)state;
	other.spelling = NULL;
	recorded_add("pkg/foo/usr/bin/su", "uname=www");
	expect_of(&other, "amtree -u www pkg/foo/usr/bin/su\n");
}

static void
the_lines_of_a_subpackage_say_whose_they_are(void **state)
{
	struct layout_package sub = package;

	(void)state;
	sub.is_subpackage = true;
	sub.spelling = "\"$subpkgdir\"";
	expect_of(&sub, "");
	recorded_add("pkg/foo/usr/bin/su", "uname=www");
	expect_of(&sub,
	    "# foo\n"
	    "amtree -u www \"$subpkgdir\"/usr/bin/su\n");
}

static void
what_was_recorded_elsewhere_is_left_out(void **state)
{
	(void)state;
	scratch_file("src/file", "");
	recorded_add("src/file", "uname=www");
	expect("");
}

static void
a_mode_that_the_disk_has_needs_no_line(void **state)
{
	(void)state;
	must(chmod("pkg/foo/usr/bin/su", 04711));
	recorded_add("pkg/foo/usr/bin/su", "mode=4711");
	expect("");
}

/* The builder itself will be the one who keeps them. */
static void
bits_that_only_the_recorder_added_need_no_line(void **state)
{
	(void)state;
	must(chmod("pkg/foo/usr/bin/su", 0644));
	recorded_add("pkg/foo/usr/bin/su", "mode=444");
	must(chmod("pkg/foo/var/log", 0755));
	recorded_add("pkg/foo/var/log", "mode=555");
	expect("");
}

static void
set_id_bits_that_did_not_last_are_a_line(void **state)
{
	(void)state;
	must(chmod("pkg/foo/usr/bin/su", 0755));
	recorded_add("pkg/foo/usr/bin/su", "mode=4755");
	expect("amtree -m 4755 \"$pkgdir\"/usr/bin/su\n");
}

static void
capabilities_are_a_line(void **state)
{
	(void)state;
	recorded_add("pkg/foo/usr/bin/ping", "caps=cap_net_raw+ep");
	recorded_add("pkg/foo/usr/bin/su", "caps=none");
	expect("amtree -c cap_net_raw=ep \"$pkgdir\"/usr/bin/ping\n");
}

static void
a_device_is_made_with_all_it_has(void **state)
{
	(void)state;
	recorded_add("pkg/foo/dev/null",
	    "uname=root gname=tty mode=666 type=char device=native,1,3");
	expect("amtree -t char -D 1,3 -g tty -m 666 \"$pkgdir\"/dev/null\n");
}

static void
what_is_declared_already_needs_no_line(void **state)
{
	(void)state;
	scratch_file("pkg/.control.foo/.mtree",
	    "#mtree v2.0\n"
	    "usr/bin/su uname=www\n");
	recorded_add("pkg/foo/usr/bin/su", "uname=www gname=adm");
	recorded_add("pkg/foo/var/log/a", "uname=www");
	expect("amtree -g adm \"$pkgdir\"/usr/bin/su\n"
	       "amtree -u www \"$pkgdir\"/var/log/a\n");
}

static void
what_an_earlier_run_has_deposited_is_still_advised(void **state)
{
	(void)state;
	scratch_file("pkg/.control.foo/.mtree",
	    "#mtree v2.0\n"
	    "#amtree recorded\n"
	    "usr/bin/su uname=www optional\n");
	recorded_add("pkg/foo/usr/bin/su", "uname=www");
	expect("amtree -u www \"$pkgdir\"/usr/bin/su\n");
}

static void
an_override_file_that_is_broken_is_a_fault(void **state)
{
	struct recording r = { 0 };
	struct buf lines = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/.control.foo/.mtree",
	    "#mtree v2.0\n"
	    "usr/bin/su uidd=7\n");
	recorded_add("pkg/foo/usr/bin/su", "uname=www");
	assert_ok(recording_load(&r, "journal", &f), &f);
	assert_refused(advice_package(&lines, &package, &r, &f), &f,
	    FAULT_INPUT, "pkg/.control.foo/.mtree:2: ");
	assert_int_equal(lines.len, 0);
	buf_release(&lines);
	recording_release(&r);
}

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
		advice_test(nothing_recorded_is_nothing_to_write),
		advice_test(a_package_that_does_not_exist_needs_nothing),
		advice_test(an_owner_is_a_line),
		advice_test(an_owner_who_has_no_name_is_a_number),
		advice_test(what_belongs_to_root_needs_no_line),
		advice_test(a_directory_and_what_is_below_share_a_line),
		advice_test(without_a_spelling_the_root_is_named),
		advice_test(the_lines_of_a_subpackage_say_whose_they_are),
		advice_test(what_was_recorded_elsewhere_is_left_out),
		advice_test(a_mode_that_the_disk_has_needs_no_line),
		advice_test(bits_that_only_the_recorder_added_need_no_line),
		advice_test(set_id_bits_that_did_not_last_are_a_line),
		advice_test(capabilities_are_a_line),
		advice_test(a_device_is_made_with_all_it_has),
		advice_test(what_is_declared_already_needs_no_line),
		advice_test(what_an_earlier_run_has_deposited_is_still_advised),
		advice_test(an_override_file_that_is_broken_is_a_fault),
		advice_test(a_refused_chown_is_advised_by_name),
		advice_test(
		    a_refused_call_about_a_file_elsewhere_names_it_in_full),
		advice_test(a_refused_device_is_advised_whole),
		advice_test(refused_capabilities_are_advised),
		advice_test(advice_about_a_refusal_is_one_line_however_long),
		advice_test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("advice", tests, NULL, NULL);
}
