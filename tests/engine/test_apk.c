/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "madepackage.h"

#include "engine/apk.h"

static void
read_bytes(struct apk *a, const void *bytes, size_t len)
{
	struct fault f = { 0 };

	assert_ok(apk_put(a, bytes, len, &f), &f);
	assert_ok(apk_finish(a, &f), &f);
}

/* The kinds that were found are these words. */
static void
expect_findings(const struct apk *a, const char *want)
{
	char got[1024] = "";

	for (int i = 0; i < FINDINGS_KINDS; i++) {
		const size_t len = strlen(got);

		if (a->findings.counts[i] > 0)
			snprintf(got + len, sizeof(got) - len, "%s%s",
			    len > 0 ? " " : "",
			    findings_name((enum findings_kind)i));
	}
	assert_string_equal(got, want);
}

/* The bytes have these findings, also if they come one by one. */
static void
expect_of_bytes(const struct buf *b, const char *want)
{
	struct apk a = APK_INIT, slow = APK_INIT;
	const size_t first = b->len < TAR_BLOCK ? b->len : TAR_BLOCK;
	struct fault f = { 0 };

	read_bytes(&a, b->data, b->len);
	expect_findings(&a, want);
	assert_ok(apk_put(&slow, b->data, first, &f), &f);
	for (size_t i = first; i < b->len; i++)
		assert_ok(apk_put(&slow, b->data + i, 1, &f), &f);
	assert_ok(apk_finish(&slow, &f), &f);
	expect_findings(&slow, want);
	assert_int_equal(a.tree.count, slow.tree.count);
	apk_release(&a);
	apk_release(&slow);
}

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

/* What apk would make of one entry of a package's data */

static void
expect_of_file(struct file file, const char *want)
{
	struct package p = { 0 };
	struct buf whole = BUF_INIT;

	add_file(&p.data_tar, file);
	package_close(&p, NULL);
	join(&whole, &p.control);
	join(&whole, &p.data);
	expect_of_bytes(&whole, want);
	buf_release(&whole);
	package_release(&p);
}

static void
what_apk_trips_over_is_found(void **state)
{
	static const char pax_id[] = "13 uid=70000\n"
				     "29 APK-TOOLS.checksum.SHA1=0\n";
	static const char large_id[] = "15 uid=3000000\n"
				       "29 APK-TOOLS.checksum.SHA1=0\n";
	static const char bad_caps[] = "38 SCHILY.xattr.security.capability=x\n"
				       "29 APK-TOOLS.checksum.SHA1=0\n";
	static const char odd_length[] = "99 path=x\n";

	(void)state;
	expect_of_file((struct file){ .name = "x" }, "");
	expect_of_file((struct file){ .name = ".x" }, "dot-name");
	expect_of_file((struct file){ .name = "./x" }, "dot-name");
	expect_of_file((struct file){ .name = "/x" }, "odd-name");
	expect_of_file(
	    (struct file){ .name = "../x" }, "dot-name odd-name parent-order");
	expect_of_file((struct file){ .name = "x\ny" }, "control-character");
	expect_of_file((struct file){ .name = "x", .has_no_checksum = true },
	    "no-checksum");
	expect_of_file((struct file){ .name = "a/x" }, "parent-order");
	expect_of_file((struct file){ .name = "x", .type = '1', .link = "y" },
	    "link-order");
	expect_of_file(
	    (struct file){
		.name = "x", .type = '2', .link = "y", .mode = 0777 },
	    "");
	expect_of_file(
	    (struct file){
		.name = "x", .type = '2', .link = "y", .mode = 0755 },
	    "link-mode");
	expect_of_file(
	    (struct file){ .name = "x", .type = 'S' }, "odd-type sparse");
	expect_of_file((struct file){ .name = "x", .type = 'Q' }, "odd-type");
	expect_of_file((struct file){ .name = "x", .uid = "\x80\0\0\0\0\0\1" },
	    "odd-number");
	expect_of_file(
	    (struct file){ .name = "x", .uid = " 12\0\0\0\0" }, "odd-number");
	expect_of_file(
	    (struct file){ .name = "x", .records = pax_id }, "ignored-record");
	expect_of_file(
	    (struct file){ .name = "x", .records = large_id }, "large-id");
	expect_of_file(
	    (struct file){ .name = "x", .records = bad_caps }, "bad-caps");
	expect_of_file((struct file){ .name = "x", .records = odd_length },
	    "bad-record no-checksum");
	expect_of_file(
	    (struct file){ .name = "x", .uname = "www", .mode = 04755 },
	    "lends-root");
	expect_of_file(
	    (struct file){
		.name = "x", .uname = "www", .mode = 04755, .uid = "0177776" },
	    "");
}

static void
a_second_file_is_found_and_a_second_directory_is_none(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_file(&tar, (struct file){ .name = "d/", .type = '5' });
	add_file(&tar, (struct file){ .name = "d", .type = '5' });
	add_file(&tar, (struct file){ .name = "d/x" });
	add_end(&tar);
	expect_of_bytes(&tar, "");
	tar.len -= 2 * TAR_BLOCK;
	add_file(&tar, (struct file){ .name = "d/x" });
	add_end(&tar);
	expect_of_bytes(&tar, "duplicate");
	buf_release(&tar);
}

static void
findings_of_one_kind_are_all_counted_and_some_kept(void **state)
{
	struct apk a = APK_INIT;
	struct buf tar = BUF_INIT;

	(void)state;
	for (int i = 0; i < FINDINGS_KEPT + 5; i++)
		add_file(&tar, (struct file){ .name = "a/x\ty" });
	add_end(&tar);
	read_bytes(&a, tar.data, tar.len);
	assert_int_equal(
	    a.findings.counts[FINDINGS_CONTROL_CHARACTER], FINDINGS_KEPT + 5);
	assert_int_equal(
	    a.findings.counts[FINDINGS_PARENT_ORDER], FINDINGS_KEPT + 5);
	assert_int_equal(a.findings.count, 3 * FINDINGS_KEPT);
	apk_release(&a);
	buf_release(&tar);
}

static void
limits_end_the_reading(void **state)
{
	struct apk few = APK_INIT, small = APK_INIT, bomb = APK_INIT,
		   control = APK_INIT;
	struct buf plain = BUF_INIT, packed = BUF_INIT;
	struct fault f = { 0 };
	struct package p;

	(void)state;
	package_make(&p, NULL);
	few.limits.entries = 3;
	read_bytes(&few, p.whole.data, p.whole.len);
	expect_findings(&few, "too-large");
	assert_int_equal(few.tree.count, 1);
	control.limits.control = 1000;
	read_bytes(&control, p.whole.data, p.whole.len);
	expect_findings(&control, "too-large");
	small.limits.unpacked = 5000;
	read_bytes(&small, p.whole.data, p.whole.len);
	expect_findings(&small, "too-large");
	for (int i = 0; i < 4096; i++)
		add_end(&plain);
	add_gzip(&packed, &plain);
	bomb.limits.bomb = 1 << 20;
	assert_ok(apk_put(&bomb, packed.data, packed.len, &f), &f);
	expect_findings(&bomb, "too-large");
	assert_true(bomb.unpacked < 2 << 20);
	buf_release(&plain);
	buf_release(&packed);
	package_release(&p);
	apk_release(&few);
	apk_release(&small);
	apk_release(&bomb);
	apk_release(&control);
}

static void
a_file_that_cannot_be_read_is_a_finding(void **state)
{
	struct apk missing = APK_INIT, dir = APK_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(apk_load(&missing, "/nonexistent/x.apk", &f), &f);
	expect_findings(&missing, "unreadable");
	assert_ok(apk_load(&dir, "/", &f), &f);
	expect_findings(&dir, "unreadable");
	apk_release(&missing);
	apk_release(&dir);
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

static void
too_many_lines_of_pkginfo_are_too_large(void **state)
{
	static const char line[] = "a = b\n";
	struct buf text = BUF_INIT, tar = BUF_INIT, whole = BUF_INIT;
	struct apk a = APK_INIT;
	struct fault f = { 0 };

	(void)state;
	for (int i = 0; i <= PKGINFO_LINES_MAX; i++)
		assert_ok(buf_adds(&text, line, &f), &f);
	add_file(&tar,
	    (struct file){ .name = ".PKGINFO", .text = buf_end(&text, &f) });
	add_gzip(&whole, &tar);
	a.is_control_only = true;
	read_bytes(&a, whole.data, whole.len);
	expect_findings(&a, "too-large");
	apk_release(&a);
	buf_release(&text);
	buf_release(&tar);
	buf_release(&whole);
}

static void
what_entries_take_in_memory_has_a_limit(void **state)
{
	struct buf records = BUF_INIT, tar = BUF_INIT;
	struct apk many = APK_INIT, attributes = APK_INIT;
	struct fault f = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++)
		add_file(&tar, (struct file){ .name = "x" });
	many.limits.memory = 50 * sizeof(struct entry);
	read_bytes(&many, tar.data, tar.len);
	assert_int_equal(many.findings.counts[FINDINGS_TOO_LARGE], 1);
	assert_in_range(many.tree.count, 25, 50);
	/* empty ones take as much as others; of one name there is one */
	buf_reset(&tar);
	for (int i = 0; i < 1000; i++)
		assert_ok(
		    buf_addf(&records, &f, "21 SCHILY.xattr.%03d=\n", i), &f);
	for (int i = 0; i < 3; i++)
		add_file(&tar,
		    (struct file){
			.name = "x", .records = buf_end(&records, &f) });
	attributes.limits.memory = 1000 * sizeof(struct xattr);
	read_bytes(&attributes, tar.data, tar.len);
	assert_int_equal(attributes.findings.counts[FINDINGS_TOO_LARGE], 1);
	assert_int_equal(attributes.tree.count, 1);
	apk_release(&many);
	apk_release(&attributes);
	buf_release(&records);
	buf_release(&tar);
}

static int
read_and_release(void *arg, struct fault *f)
{
	const struct package *p = arg;
	struct apk a = APK_INIT;
	int r;

	a.has_contents = true;
	r = apk_put(&a, p->whole.data, p->whole.len, f);
	if (r == 0)
		r = apk_finish(&a, f);
	apk_release(&a);
	return r;
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	struct package p = { .script = "x" };

	(void)state;
	add_file(&p.data_tar, (struct file){ .name = "x", .text = "hello" });
	add_file(&p.data_tar,
	    (struct file){ .name = ".y/", .type = '1', .link = "x" });
	package_close(&p, NULL);
	join(&p.whole, &p.control);
	join(&p.whole, &p.data);
	alloc_fail_each(read_and_release, &p);
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
		cmocka_unit_test(what_apk_trips_over_is_found),
		cmocka_unit_test(
		    a_second_file_is_found_and_a_second_directory_is_none),
		cmocka_unit_test(
		    findings_of_one_kind_are_all_counted_and_some_kept),
		cmocka_unit_test(limits_end_the_reading),
		cmocka_unit_test(a_file_that_cannot_be_read_is_a_finding),
		cmocka_unit_test(
		    contents_and_links_are_read_where_they_are_asked_for),
		cmocka_unit_test(a_plain_reader_gets_no_contents),
		cmocka_unit_test(control_alone_is_enough_for_the_name),
		cmocka_unit_test(what_is_no_package_has_no_name),
		cmocka_unit_test(too_many_lines_of_pkginfo_are_too_large),
		cmocka_unit_test(what_entries_take_in_memory_has_a_limit),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests_name("apk", tests, NULL, NULL);
}
