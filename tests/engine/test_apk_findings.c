/* SPDX-License-Identifier: BSD-2-Clause */
/* What apk would make of each entry of a package, and what is too much */
#include "../alloc.h"
#include "madepackage.h"
#include "test_apk.h"

#include "engine/apk.h"

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
		cmocka_unit_test(what_apk_trips_over_is_found),
		cmocka_unit_test(
		    a_second_file_is_found_and_a_second_directory_is_none),
		cmocka_unit_test(
		    findings_of_one_kind_are_all_counted_and_some_kept),
		cmocka_unit_test(limits_end_the_reading),
		cmocka_unit_test(a_file_that_cannot_be_read_is_a_finding),
		cmocka_unit_test(too_many_lines_of_pkginfo_are_too_large),
		cmocka_unit_test(what_entries_take_in_memory_has_a_limit),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests_name("apk_findings", tests, NULL, NULL);
}
