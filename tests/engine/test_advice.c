/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_advice.h"
#include "recorded.h"

#include "engine/advice.h"
#include "engine/layout.h"
#include "engine/recording.h"

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
	};

	return cmocka_run_group_tests_name("advice", tests, NULL, NULL);
}
