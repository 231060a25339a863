/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_apk.h"
#include "madepackage.h"

#include "engine/apk.h"

static void
a_package_is_read_without_a_finding(void **state)
{
	struct apk a = APK_INIT;
	struct package p;

	(void)state;
	package_make(&p, NULL);
	expect_of_bytes(&p.whole, "");
	read_bytes(&a, p.whole.data, p.whole.len);
	assert_true(a.is_package);
	assert_string_equal(a.info.pkgname, "foo");
	assert_string_equal(a.info.pkgver, "1-r0");
	assert_null(a.info.arch);
	assert_int_equal(a.tree.count, 2);
	assert_string_equal(a.tree.entries[0].path, "usr");
	assert_int_equal(a.tree.entries[0].type, ENTRY_DIR);
	assert_string_equal(a.tree.entries[1].path, "usr/x");
	assert_string_equal(a.tree.entries[1].uname, "www");
	assert_int_equal(a.tree.entries[1].size, 5);
	apk_release(&a);
	package_release(&p);
}

static void
every_cut_is_truncated_and_nothing_else(void **state)
{
	struct package p;

	(void)state;
	package_make(&p, NULL);
	for (size_t len = 4; len < p.whole.len; len++) {
		struct apk a = APK_INIT;

		read_bytes(&a, p.whole.data, len);
		/* a cut behind the signature or the control lacks the data */
		expect_findings(&a, "truncated");
		apk_release(&a);
	}
	package_release(&p);
}

static void
a_flipped_bit_of_the_data_never_goes_unseen(void **state)
{
	struct package p;

	(void)state;
	package_make(&p, NULL);
	for (size_t i = p.signature.len + p.control.len; i < p.whole.len; i++) {
		struct apk a = APK_INIT;

		p.whole.data[i] ^= 4;
		read_bytes(&a, p.whole.data, p.whole.len);
		assert_true(findings_has_broken(&a.findings));
		p.whole.data[i] ^= 4;
		apk_release(&a);
	}
	package_release(&p);
}

static void
members_in_another_order_are_found(void **state)
{
	struct buf b = BUF_INIT;
	struct package p;

	(void)state;
	package_make(&p, NULL);
	join(&b, &p.data);
	join(&b, &p.control);
	expect_of_bytes(&b, "wrong-order dot-name behind-end");
	buf_reset(&b);
	join(&b, &p.control);
	join(&b, &p.signature);
	join(&b, &p.data);
	expect_of_bytes(&b, "extra-member wrong-order dot-name");
	buf_release(&b);
	package_release(&p);
}

/* A package with that .PKGINFO, and maybe a second one, has these findings. */
static void
expect_of_info(const char *info, const char *second, const char *want)
{
	struct buf tar = BUF_INIT, whole = BUF_INIT;
	struct package p;

	package_make(&p, NULL);
	add_file(&tar, (struct file){ .name = ".PKGINFO", .text = info });
	if (second != NULL)
		add_file(
		    &tar, (struct file){ .name = ".PKGINFO", .text = second });
	add_gzip(&whole, &tar);
	join(&whole, &p.data);
	expect_of_bytes(&whole, want);
	buf_release(&tar);
	buf_release(&whole);
	package_release(&p);
}

static void
what_pkginfo_says_twice_is_as_apk_takes_it(void **state)
{
	char right[INFO_MAX / 2], last[INFO_MAX], first[INFO_MAX];
	char hex[DIGEST_HEX_MAX];
	struct package p;

	(void)state;
	package_make(&p, NULL);
	digest_of(hex, &p.data);
	snprintf(right, sizeof(right), "datahash = %s\n", hex);
	snprintf(last, sizeof(last), "datahash = 00\n%s", right);
	snprintf(first, sizeof(first), "%sdatahash = 00\n", right);
	expect_of_info(right, NULL, "");
	expect_of_info(last, NULL, "");
	expect_of_info(first, NULL, "wrong-datahash");
	expect_of_info(right, "pkgname = other\n", "wrong-order");
	package_release(&p);
}

static void
a_value_that_is_none_is_not_said_with_each_entry(void **state)
{
	struct buf text = BUF_INIT, tar = BUF_INIT, whole = BUF_INIT;
	struct apk a = APK_INIT;
	struct fault f = { 0 };

	(void)state;
	a.is_control_only = true;
	assert_ok(buf_adds(&text, "pkgver = 1-r0\npkgname = ", &f), &f);
	for (int i = 0; i <= APK_VALUE_MAX; i++)
		assert_ok(buf_adds(&text, "x", &f), &f);
	add_file(&tar,
	    (struct file){ .name = ".PKGINFO", .text = buf_end(&text, &f) });
	add_gzip(&whole, &tar);
	read_bytes(&a, whole.data, whole.len);
	expect_findings(&a, "too-large");
	assert_null(a.info.pkgname);
	assert_string_equal(a.info.pkgver, "1-r0");
	apk_release(&a);
	buf_release(&text);
	buf_release(&tar);
	buf_release(&whole);
}

static void
one_member_too_many_is_found(void **state)
{
	struct buf nothing = BUF_INIT, empty = BUF_INIT;
	struct package p;

	(void)state;
	package_make(&p, NULL);
	add_gzip(&empty, &nothing);
	join(&p.whole, &empty);
	expect_of_bytes(&p.whole, "extra-member");
	buf_release(&empty);
	package_release(&p);
}

static void
garbage_behind_the_end_is_found(void **state)
{
	struct package p;
	struct fault f = { 0 };

	(void)state;
	package_make(&p, NULL);
	assert_ok(buf_adds(&p.whole, "x", &f), &f);
	expect_of_bytes(&p.whole, "garbage");
	assert_ok(buf_adds(&p.whole, "yz", &f), &f);
	expect_of_bytes(&p.whole, "garbage");
	package_release(&p);
}

static void
a_wrong_datahash_is_found(void **state)
{
	struct package p;

	(void)state;
	package_make(&p,
	    "0000000000000000000000000000000000000000000000000000000000000000");
	expect_of_bytes(&p.whole, "wrong-datahash");
	package_release(&p);
}

static void
version_3_and_other_files_are_told_apart(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	expect_of_bytes(&b, "no-archive");
	assert_ok(buf_adds(&b, "ADBd....", &f), &f);
	expect_of_bytes(&b, "version-3");
	for (int i = 0; i < 100; i++)
		assert_ok(buf_adds(&b, "hello ", &f), &f);
	memcpy(b.data, "text", 4);
	expect_of_bytes(&b, "no-archive");
	buf_release(&b);
}

static void
contents_and_links_are_read_where_they_are_asked_for(void **state)
{
	static const char hello[] = "2cf24dba5fb0a30e26e83b2ac5b9e29e"
				    "1b161e5c1fa7425e73043362938b9824";
	static const char empty[] = "e3b0c44298fc1c149afbf4c8996fb924"
				    "27ae41e4649b934ca495991b7852b855";
	struct package p = { .script = "#!/bin/sh\n" };
	struct apk a = APK_INIT;

	(void)state;
	a.has_contents = true;
	add_file(&p.data_tar, (struct file){ .name = "z", .text = "hello" });
	add_file(&p.data_tar, (struct file){ .name = "d", .type = '5' });
	add_file(&p.data_tar,
	    (struct file){ .name = "a", .type = '1', .link = "z" });
	add_file(&p.data_tar, (struct file){ .name = "e" });
	package_close(&p, NULL);
	join(&p.whole, &p.signature);
	join(&p.whole, &p.control);
	join(&p.whole, &p.data);
	read_bytes(&a, p.whole.data, p.whole.len);
	expect_findings(&a, "");
	assert_int_equal(a.tree.count, 4);
	assert_string_equal(a.tree.entries[0].path, "a");
	assert_string_equal(a.tree.entries[0].digest, hello);
	assert_null(a.tree.entries[1].digest);
	assert_string_equal(a.tree.entries[2].digest, empty);
	assert_string_equal(a.tree.entries[3].digest, hello);
	assert_int_equal(a.tree.entries[0].ino, a.tree.entries[3].ino);
	assert_int_equal(a.control.count, 1);
	assert_string_equal(a.control.entries[0].path, ".post-install");
	assert_int_equal(strlen(a.control.entries[0].digest), 64);
	assert_int_equal(a.pkginfo.count, 3);
	apk_release(&a);
	package_release(&p);
}

static void
a_plain_reader_gets_no_contents(void **state)
{
	struct apk a = APK_INIT;
	struct package p;

	(void)state;
	package_make(&p, NULL);
	read_bytes(&a, p.whole.data, p.whole.len);
	assert_null(a.tree.entries[1].digest);
	assert_int_equal(a.control.count, 0);
	apk_release(&a);
	package_release(&p);
}

static void
control_alone_is_enough_for_the_name(void **state)
{
	struct package p;

	(void)state;
	package_make(&p, NULL);
	/* whatever the data is, if it is there at all */
	for (size_t len = p.signature.len + p.control.len; len <= p.whole.len;
	     len++) {
		struct apk a = APK_INIT;

		a.is_control_only = true;
		read_bytes(&a, p.whole.data, len);
		expect_findings(&a, "");
		assert_string_equal(a.info.pkgname, "foo");
		assert_int_equal(a.tree.count, 0);
		apk_release(&a);
	}
	package_release(&p);
}

static void
what_is_no_package_has_no_name(void **state)
{
	struct apk a = APK_INIT;
	struct package p;

	(void)state;
	package_make(&p, NULL);
	a.is_control_only = true;
	read_bytes(&a, p.data.data, p.data.len);
	expect_findings(&a, "");
	assert_null(a.info.pkgname);
	apk_release(&a);
	package_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_package_is_read_without_a_finding),
		cmocka_unit_test(every_cut_is_truncated_and_nothing_else),
		cmocka_unit_test(a_flipped_bit_of_the_data_never_goes_unseen),
		cmocka_unit_test(members_in_another_order_are_found),
		cmocka_unit_test(what_pkginfo_says_twice_is_as_apk_takes_it),
		cmocka_unit_test(
		    a_value_that_is_none_is_not_said_with_each_entry),
		cmocka_unit_test(one_member_too_many_is_found),
		cmocka_unit_test(garbage_behind_the_end_is_found),
		cmocka_unit_test(a_wrong_datahash_is_found),
		cmocka_unit_test(version_3_and_other_files_are_told_apart),
		cmocka_unit_test(
		    contents_and_links_are_read_where_they_are_asked_for),
		cmocka_unit_test(a_plain_reader_gets_no_contents),
		cmocka_unit_test(control_alone_is_enough_for_the_name),
		cmocka_unit_test(what_is_no_package_has_no_name),
	};

	return cmocka_run_group_tests_name("apk", tests, NULL, NULL);
}
