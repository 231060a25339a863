/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/buf.h"
#include "base/sink.h"
#include "engine/apk.h"
#include "format/digest.h"
#include "format/pgzip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUM_AT = 148, SIGNATURE_LEN = 256 };

/* A header to be: what is not set is a regular file of root's, mode 644. */
struct file {
	const char *name, *text, *link, *uname, *records;
	const char *uid; /* the field as it stands */
	unsigned mode;
	char type;
	bool has_no_checksum;
};

/* The members of a package. */
struct package {
	struct buf signature, control, data, whole;
	struct buf data_tar;
};

struct memory {
	struct sink sink;
	struct buf *out;
};

static int
put_memory(struct sink *s, const void *bytes, size_t len, struct fault *f)
{
	return buf_add(((struct memory *)s)->out, bytes, len, f);
}

static void
add_gzip(struct buf *out, const struct buf *plain)
{
	struct memory m = { { put_memory }, out };
	struct fault f = { 0 };
	struct pgzip *z = pgzip_new(
	    &(struct pgzip_options){ .out = &m.sink, .level = 1 }, &f);

	assert_non_null(z);
	assert_ok(sink_put(pgzip_sink(z), plain->data, plain->len, &f), &f);
	assert_ok(pgzip_finish(z, &f), &f);
	pgzip_free(z);
}

static void
add_bytes(struct buf *tar, const void *bytes, size_t len)
{
	static const char zeros[TAR_BLOCK];
	struct fault f = { 0 };

	assert_ok(buf_add(tar, bytes, len, &f), &f);
	assert_ok(buf_add(tar, zeros, -len % TAR_BLOCK, &f), &f);
}

static void
add_octal(char *field, int digits, size_t n)
{
	while (digits-- > 0) {
		field[digits] = (char)('0' + n % 8);
		n /= 8;
	}
}

static void
add_header(struct buf *tar, const struct file *file, size_t size, char type)
{
	char h[TAR_BLOCK + 1] = "";
	unsigned sum = 0;

	snprintf(h, 101, "%s", file->name);
	add_octal(h + 100, 7, file->mode != 0 ? file->mode : 0644);
	memcpy(h + 108, file->uid != NULL ? file->uid : "0000000", 8);
	snprintf(h + 116, 8, "%s", "0000000");
	add_octal(h + 124, 11, size);
	snprintf(h + 136, 12, "%s", "00000000000");
	h[156] = type;
	snprintf(h + 157, 100, "%s", file->link != NULL ? file->link : "");
	memcpy(h + 257, "ustar\00000", 8);
	snprintf(h + 265, 32, "%s", file->uname != NULL ? file->uname : "root");
	snprintf(h + 297, 32, "%s", "root");
	memset(h + SUM_AT, ' ', 8);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)h[i];
	add_octal(h + SUM_AT, 6, sum);
	h[SUM_AT + 6] = '\0';
	add_bytes(tar, h, TAR_BLOCK);
}

static void
add_file(struct buf *tar, struct file file)
{
	static const char checksum[] = "29 APK-TOOLS.checksum.SHA1=0\n";
	const size_t len = file.text != NULL ? strlen(file.text) : 0;
	const char *records = file.records != NULL ? file.records
	    : file.has_no_checksum                 ? NULL
						   : checksum;

	if (records != NULL) {
		add_header(
		    tar, &(struct file){ .name = "pax" }, strlen(records), 'x');
		add_bytes(tar, records, strlen(records));
	}
	add_header(tar, &file, len, file.type != 0 ? file.type : '0');
	add_bytes(tar, file.text != NULL ? file.text : "", len);
}

static void
add_end(struct buf *tar)
{
	static const char zeros[2 * TAR_BLOCK];

	add_bytes(tar, zeros, sizeof(zeros));
}

static void
package_release(struct package *p)
{
	buf_release(&p->signature);
	buf_release(&p->control);
	buf_release(&p->data);
	buf_release(&p->whole);
	buf_release(&p->data_tar);
}

/* Compress the data, and make the members that go before it. */
static void
package_close(struct package *p, const char *hash)
{
	char hex[DIGEST_HEX_MAX], text[SIGNATURE_LEN];
	struct fault f = { 0 };
	struct digest *d = digest_new(DIGEST_SHA256, &f);
	struct buf tar = BUF_INIT;

	assert_non_null(d);
	add_end(&p->data_tar);
	add_gzip(&p->data, &p->data_tar);
	assert_ok(digest_add(d, p->data.data, p->data.len, &f), &f);
	assert_ok(digest_finish(d, hex, &f), &f);
	digest_free(d);
	snprintf(text, sizeof(text),
	    "# made\npkgname = foo\npkgver = 1-r0\ndatahash = %s\n",
	    hash != NULL ? hash : hex);
	add_file(&tar, (struct file){ .name = ".PKGINFO", .text = text });
	add_gzip(&p->control, &tar);
	buf_reset(&tar);
	add_file(
	    &tar, (struct file){ .name = ".SIGN.RSA.k.pub", .text = "signed" });
	add_gzip(&p->signature, &tar);
	buf_release(&tar);
}

static void
join(struct buf *out, const struct buf *part)
{
	struct fault f = { 0 };

	assert_ok(buf_add(out, part->data, part->len, &f), &f);
}

/* A package with one directory and one file of another user. */
static void
package_make(struct package *p, const char *hash)
{
	*p = (struct package){ 0 };
	add_file(&p->data_tar,
	    (struct file){ .name = "usr/", .type = '5', .mode = 0755 });
	add_file(&p->data_tar,
	    (struct file){ .name = "usr/x", .uname = "www", .text = "hello" });
	package_close(p, hash);
	join(&p->whole, &p->signature);
	join(&p->whole, &p->control);
	join(&p->whole, &p->data);
}

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_package_is_read_without_a_finding),
		cmocka_unit_test(every_cut_is_truncated_and_nothing_else),
		cmocka_unit_test(a_flipped_bit_of_the_data_never_goes_unseen),
		cmocka_unit_test(members_in_another_order_are_found),
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
	};

	return cmocka_run_group_tests_name("apk", tests, NULL, NULL);
}
