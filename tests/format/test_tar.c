/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "format/pax.h"
#include "format/tar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUM_AT = 148, LIMIT = 4096 };

/* A header; what is not set is what GNU tar would write for a file of root's. */
struct header {
	const char *name, *link, *prefix, *uname, *magic;
	const char *mode, *uid, *size, *mtime; /* the fields as they stand */
	const char *major, *minor;
	char type;
	size_t uid_len; /* where `uid` has NULs */
};

static void
set(char *field, const char *text, const char *otherwise, size_t len)
{
	const char *s = text != NULL ? text : otherwise;

	memcpy(field, s, strlen(s) < len ? strlen(s) : len);
}

static void
add_sum(char *h)
{
	unsigned sum = 0;

	memset(h + SUM_AT, ' ', 8);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)h[i];
	snprintf(h + SUM_AT, 8, "%06o", sum);
}

static void
add_header(struct buf *tar, struct header in)
{
	char h[TAR_BLOCK] = "";
	struct fault f = { 0 };

	set(h, in.name, "usr/x", 100);
	set(h + 100, in.mode, "0000644", 8);
	if (in.uid_len > 0)
		memcpy(h + 108, in.uid, in.uid_len);
	else
		set(h + 108, in.uid, "0000000", 8);
	set(h + 116, NULL, "0000000", 8);
	set(h + 124, in.size, "00000000000", 12);
	set(h + 136, in.mtime, "00000000012", 12);
	h[156] = in.type;
	set(h + 157, in.link, "", 100);
	if (in.magic != NULL)
		memcpy(h + 257, in.magic, 8);
	else
		memcpy(h + 257, "ustar\00000", 8);
	set(h + 265, in.uname, "root", 32);
	set(h + 297, NULL, "root", 32);
	set(h + 329, in.major, "0000000", 8);
	set(h + 337, in.minor, "0000000", 8);
	set(h + 345, in.prefix, "", 155);
	add_sum(h);
	assert_ok(buf_add(tar, h, sizeof(h), &f), &f);
}

static void
add_bytes(struct buf *tar, const void *bytes, size_t len)
{
	static const char zeros[TAR_BLOCK];
	struct fault f = { 0 };

	assert_ok(buf_add(tar, bytes, len, &f), &f);
	assert_ok(buf_add(tar, zeros, -len % TAR_BLOCK, &f), &f);
}

/* A header of `type` whose text says something of the next one. */
static void
add_text(struct buf *tar, char type, const void *text, size_t len)
{
	char size[12];

	snprintf(size, sizeof(size), "%011zo", len);
	add_header(
	    tar, (struct header){ .name = "text", .type = type, .size = size });
	add_bytes(tar, text, len);
}

/* Records with these keys and values, parted by "|". */
static void
add_records(struct buf *tar, const char *text)
{
	struct buf records = BUF_INIT;
	struct fault f = { 0 };

	while (*text != '\0') {
		const size_t len = strcspn(text, "|");
		const size_t key_len = strcspn(text, "=");
		char key[80];

		snprintf(key, sizeof(key), "%.*s", (int)key_len, text);
		assert_ok(pax_add(&records, key, text + key_len + 1,
			      len - key_len - 1, &f),
		    &f);
		text += len + (text[len] == '|');
	}
	add_text(tar, 'x', records.data, records.len);
	buf_release(&records);
}

static void
add_end(struct buf *tar)
{
	static const char zeros[2 * TAR_BLOCK];

	add_bytes(tar, zeros, sizeof(zeros));
}

/* What was read, one line an entry. */
struct seen {
	struct buf text;
	unsigned flaws; /* of all */
};

static int
see_entry(void *arg, const struct tar_entry *te, struct fault *f)
{
	const struct entry *e = &te->entry;
	struct seen *s = arg;

	s->flaws |= te->flaws;
	if (buf_adds(&s->text, s->text.len > 0 ? "\n" : "", f) < 0 ||
	    buf_adds(&s->text, e->path, f) < 0 ||
	    buf_addf(&s->text, f, " %s %04o %s:%s %u:%u %lld.%09u %llu",
		entry_type_name((enum entry_type)e->type), e->mode,
		e->uname != NULL ? e->uname : "-",
		e->gname != NULL ? e->gname : "-", e->uid, e->gid,
		(long long)e->mtime, e->mtime_nsec,
		(unsigned long long)e->size) < 0)
		return -1;
	if (e->link != NULL && buf_addf(&s->text, f, " -> %s", e->link) < 0)
		return -1;
	if (te->target != NULL &&
	    buf_addf(&s->text, f, " == %s", te->target) < 0)
		return -1;
	if (e->major + e->minor > 0 &&
	    buf_addf(&s->text, f, " dev %u,%u", e->major, e->minor) < 0)
		return -1;
	for (const struct xattr *x = e->xattrs; x != NULL; x = x->next) {
		if (buf_addf(&s->text, f, " %s=%.*s", x->name, (int)x->len,
			(const char *)x->value) < 0)
			return -1;
	}
	return te->has_checksum ? buf_adds(&s->text, " sum", f) : 0;
}

static int
see_contents(void *arg, const void *bytes, size_t len, struct fault *f)
{
	struct seen *s = arg;

	/* "[" once, however it is cut */
	if (s->text.len == 0 || s->text.data[s->text.len - 1] != ']') {
		if (buf_adds(&s->text, "[", f) < 0)
			return -1;
	} else {
		s->text.len--;
	}
	return buf_add(&s->text, bytes, len, f) < 0
	    ? -1
	    : buf_adds(&s->text, "]", f);
}

/* Read it in pieces of `step`. */
static int
read_tar(struct seen *s, const struct buf *tar, size_t step, struct fault *f)
{
	struct tar t = { .visitor = { see_entry, see_contents, s } };
	int r = 0;

	for (size_t at = 0; r == 0 && at < tar->len; at += step) {
		const size_t left = tar->len - at;

		r = tar_put(&t, tar->data + at, left < step ? left : step, f);
	}
	if (r == 0)
		r = tar_finish(&t, f);
	tar_release(&t);
	return r;
}

/* The entries are these lines, with these flaws, in pieces of any size. */
static void
expect(struct buf *tar, const char *want, unsigned flaws)
{
	static const size_t steps[] = { 1, 7, 511, 512, 513, 1 << 20 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct seen s = { BUF_INIT, 0 };
		struct fault f = { 0 };

		assert_ok(read_tar(&s, tar, steps[i], &f), &f);
		assert_string_equal(buf_end(&s.text, &f), want);
		assert_int_equal(s.flaws, flaws);
		buf_release(&s.text);
	}
	buf_release(tar);
}

static void
expect_fault(struct buf *tar, const char *want)
{
	static const size_t steps[] = { 1, 512, 1 << 20 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct seen s = { BUF_INIT, 0 };
		struct fault f = { 0 };

		assert_fault(
		    read_tar(&s, tar, steps[i], &f), &f, FAULT_INPUT, want);
		buf_release(&s.text);
	}
	buf_release(tar);
}

static void
every_type_of_ustar_is_read(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_header(&tar,
	    (struct header){
		.name = "a/", .type = '5', .mode = "0002755", .uname = "www" });
	add_header(&tar, (struct header){ .type = '0', .size = "00000000005" });
	add_bytes(&tar, "hello", 5);
	add_header(
	    &tar, (struct header){ .name = "h", .type = '1', .link = "usr/x" });
	add_header(
	    &tar, (struct header){ .name = "l", .type = '2', .link = "x y" });
	add_header(&tar,
	    (struct header){ .name = "c",
		.type = '3',
		.major = "0000001",
		.minor = "0000003" });
	add_header(&tar,
	    (struct header){ .name = "b", .type = '4', .minor = "0000010" });
	add_header(&tar, (struct header){ .name = "p", .type = '6' });
	add_header(&tar, (struct header){ .name = "7", .type = '7' });
	add_header(&tar, (struct header){ .name = "n", .prefix = "deep/er" });
	add_end(&tar);
	expect(&tar,
	    "a/ dir 2755 www:root 0:0 10.000000000 0\n"
	    "usr/x file 0644 root:root 0:0 10.000000000 5[hello]\n"
	    "h file 0644 root:root 0:0 10.000000000 0 == usr/x\n"
	    "l link 0644 root:root 0:0 10.000000000 0 -> x y\n"
	    "c char 0644 root:root 0:0 10.000000000 0 dev 1,3\n"
	    "b block 0644 root:root 0:0 10.000000000 0 dev 0,8\n"
	    "p fifo 0644 root:root 0:0 10.000000000 0\n"
	    "7 file 0644 root:root 0:0 10.000000000 0\n"
	    "deep/er/n file 0644 root:root 0:0 10.000000000 0",
	    TAR_UNKNOWN_TYPE); /* the last, whose type is a NUL */
}

static void
full_fields_need_no_end(void **state)
{
	struct buf tar = BUF_INIT;
	char name[101] = "", want[200];

	(void)state;
	memset(name, 'n', 100);
	add_header(&tar,
	    (struct header){ .name = name, .type = '0', .mode = "00000755" });
	snprintf(want, sizeof(want),
	    "%s file 0755 root:root 0:0 10.000000000 0", name);
	expect(&tar, want, 0);
}

static void
records_win_over_the_header(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_records(&tar,
	    "path=long/er|linkpath=z|uname=www|gname=mail|uid=1000|gid=100|"
	    "size=3|mtime=1700000000.25000|APK-TOOLS.checksum.SHA1=0|"
	    "comment=none");
	add_header(&tar, (struct header){ .type = '0' });
	add_bytes(&tar, "abc", 3);
	add_header(&tar, (struct header){ .name = "next", .type = '0' });
	expect(&tar,
	    "long/er file 0644 www:mail 1000:100 1700000000.250000000 3 sum"
	    "[abc]\n"
	    "next file 0644 root:root 0:0 10.000000000 0",
	    TAR_IGNORED);
}

static void
records_have_links_where_there_is_one(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_records(&tar, "linkpath=z");
	add_header(&tar, (struct header){ .type = '1', .link = "y" });
	add_records(&tar, "linkpath=z");
	add_header(&tar, (struct header){ .type = '2', .link = "y" });
	expect(&tar,
	    "usr/x file 0644 root:root 0:0 10.000000000 0 == z\n"
	    "usr/x link 0644 root:root 0:0 10.000000000 0 -> z",
	    0);
}

static void
times_have_a_sign_and_nanoseconds(void **state)
{
	static const struct {
		const char *record, *want;
		unsigned flaws;
	} rows[] = {
		{ "mtime=5", "5.000000000", 0 },
		{ "mtime=-5", "-5.000000000", 0 },
		{ "mtime=-1.5", "-2.500000000", 0 },
		{ "mtime=1.1234567899999", "1.123456789", 0 },
		{ "mtime=1.x", "1.000000000", 0 },
		{ "mtime=x.1", "10.000000000", TAR_BAD_RECORD },
		{ "mtime=", "10.000000000", TAR_BAD_RECORD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf tar = BUF_INIT;
		char want[80];

		add_records(&tar, rows[i].record);
		add_header(&tar, (struct header){ .type = '0' });
		snprintf(want, sizeof(want),
		    "usr/x file 0644 root:root 0:0 %s 0", rows[i].want);
		expect(&tar, want, rows[i].flaws);
	}
}

static void
attributes_are_sorted_and_the_last_of_a_name_counts(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_records(&tar,
	    "SCHILY.xattr.user.b=1|SCHILY.xattr.user.a=2|"
	    "SCHILY.xattr.user.b=3|SCHILY.xattr.user.c%3D%25%=4|"
	    "SCHILY.xattr.=");
	add_header(&tar, (struct header){ .type = '0' });
	expect(&tar,
	    "usr/x file 0644 root:root 0:0 10.000000000 0 = user.a=2 user.b=3 "
	    "user.c=%%=4",
	    0);
}

static void
malformed_records_are_a_flaw_and_end_the_rest(void **state)
{
	static const char *const rows[] = { "x path=y\n", "0 path=y\n",
		"1 path=y\n", "2 path=y\n", "8 path=y\n", "11 path=y\n",
		"99 path=y\n", " 10 path=y\n", "10 path:y\n", "10path=y\n",
		"99999999999999999999 path=y\n", "\n", "10" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf tar = BUF_INIT;
		char text[200];

		snprintf(text, sizeof(text), "11 path=ok\n%s13 uname=www\n",
		    rows[i]);
		add_text(&tar, 'x', text, strlen(text));
		add_header(&tar, (struct header){ .type = '0' });
		expect(&tar, "ok file 0644 root:root 0:0 10.000000000 0",
		    TAR_BAD_RECORD);
	}
}

static void
numbers_of_records_have_to_be_numbers(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_records(&tar, "uid=x1|size=-1|gid=9999999999999999999");
	add_header(&tar, (struct header){ .type = '0' });
	expect(&tar, "usr/x file 0644 root:root 0:0 10.000000000 0",
	    TAR_BAD_RECORD);
}

static void
global_records_do_not_count(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_text(&tar, 'g', "11 path=no\n", 11);
	add_header(&tar, (struct header){ .type = '0' });
	expect(&tar, "usr/x file 0644 root:root 0:0 10.000000000 0", 0);
}

static void
long_names_of_gnu_are_names(void **state)
{
	struct buf tar = BUF_INIT;
	char name[301] = "", want[400];

	(void)state;
	memset(name, 'n', 300);
	add_text(&tar, 'L', name, 301); /* with its NUL, as GNU tar does */
	add_text(&tar, 'K', "target", 6); /* and without */
	add_header(&tar,
	    (struct header){ .name = "nnn",
		.type = '2',
		.link = "tar",
		.magic = "ustar  " });
	snprintf(want, sizeof(want),
	    "%s link 0644 root:root 0:0 10.000000000 0 -> target", name);
	expect(&tar, want, TAR_LONG_LINK);
}

static void
numbers_in_base_256_are_read_and_a_flaw(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_header(&tar,
	    (struct header){
		.type = '0', .uid = "\x80\0\0\0\0\x2d\xc6\xc0", .uid_len = 8 });
	add_header(&tar,
	    (struct header){ .type = '0',
		.uid = "\xff\xff\xff\xff\xff\xff\xff\xff",
		.uid_len = 8 });
	add_header(&tar,
	    (struct header){ .type = '0',
		.uid = "\xbf\xff\xff\xff\xff\xff\xff\xff",
		.uid_len = 8 });
	expect(&tar,
	    "usr/x file 0644 root:root 3000000:0 10.000000000 0\n"
	    "usr/x file 0644 root:root 4294967295:0 10.000000000 0\n"
	    "usr/x file 0644 root:root 4294967295:0 10.000000000 0",
	    TAR_ODD_NUMBER);
}

static void
an_impossible_size_is_a_fault(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_header(&tar,
	    (struct header){ .name = "large", .type = '0', .size = "\xff" });
	expect_fault(&tar, "tar: impossible size in the header at byte 0");
}

static void
what_apk_reads_otherwise_is_a_flaw(void **state)
{
	static const struct {
		struct header header;
		const char *want;
		unsigned flaws;
	} rows[] = {
		{ { .type = '0', .uid = " 000001" }, "root:root 1:0",
		    TAR_ODD_NUMBER },
		{ { .type = '0', .uid = "00001x" }, "root:root 1:0",
		    TAR_ODD_NUMBER },
		{ { .type = '0', .magic = "\0\0\0\0\0\0\0" }, "-:- 0:0",
		    TAR_NO_USTAR },
		{ { .type = 'V' }, "root:root 0:0", TAR_UNKNOWN_TYPE },
		{ { .type = 'S' }, "root:root 0:0",
		    TAR_UNKNOWN_TYPE | TAR_SPARSE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf tar = BUF_INIT;
		char want[80];

		add_header(&tar, rows[i].header);
		snprintf(want, sizeof(want),
		    "usr/x file 0644 %s 10.000000000 0", rows[i].want);
		expect(&tar, want, rows[i].flaws);
	}
}

static void
headers_without_a_name_and_sparse_ones_are_flaws(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_records(&tar, "GNU.sparse.major=1");
	add_header(&tar, (struct header){ .type = '0' });
	expect(
	    &tar, "usr/x file 0644 root:root 0:0 10.000000000 0", TAR_SPARSE);
	add_header(&tar, (struct header){ .name = "", .type = '0' });
	expect(&tar, " file 0644 root:root 0:0 10.000000000 0", TAR_NAMELESS);
}

static void
an_old_directory_has_a_slash(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_header(&tar, (struct header){ .name = "usr/" });
	expect(&tar, "usr/ dir 0644 root:root 0:0 10.000000000 0",
	    TAR_UNKNOWN_TYPE);
}

static void
sums_of_signed_bytes_are_right_too(void **state)
{
	struct buf tar = BUF_INIT;
	unsigned sum = 0;

	(void)state;
	add_header(&tar, (struct header){ .name = "\xe4", .type = '0' });
	memset(tar.data + SUM_AT, ' ', 8);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned)(int)(signed char)tar.data[i];
	snprintf(tar.data + SUM_AT, 8, "%06o", sum);
	expect(&tar, "\xe4 file 0644 root:root 0:0 10.000000000 0", 0);
}

static void
every_flipped_bit_of_a_header_is_a_wrong_checksum(void **state)
{
	(void)state;
	for (size_t i = 0; i < TAR_BLOCK; i++) {
		struct buf tar = BUF_INIT;
		struct seen s = { BUF_INIT, 0 };
		struct fault f = { 0 };

		/* blanks around the sum's digits do not matter */
		if (i >= SUM_AT + 6 && i < SUM_AT + 8)
			continue;
		add_header(&tar, (struct header){ .type = '0' });
		tar.data[i] ^= 2;
		assert_fault(read_tar(&s, &tar, 1 << 20, &f), &f, FAULT_INPUT,
		    "tar: no header, or a wrong checksum, at byte 0");
		buf_release(&tar);
		buf_release(&s.text);
	}
}

static void
every_cut_is_within_an_entry_or_between_two(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_records(&tar, "path=ok");
	add_text(&tar, 'L', "other", 5);
	add_header(&tar, (struct header){ .type = '0', .size = "00000000005" });
	add_bytes(&tar, "hello", 5);
	add_end(&tar);
	for (size_t len = 0; len <= tar.len; len++) {
		const struct buf cut = { .data = tar.data, .len = len };
		const bool is_whole =
		    len == 0 || (len >= 6 * TAR_BLOCK && len % TAR_BLOCK == 0);
		struct seen s = { BUF_INIT, 0 };
		struct fault f = { 0 };

		if (is_whole)
			assert_ok(read_tar(&s, &cut, 100, &f), &f);
		else
			assert_fault(read_tar(&s, &cut, 100, &f), &f,
			    FAULT_INPUT, "tar: ends within an entry");
		buf_release(&s.text);
	}
	buf_release(&tar);
}

static bool
has_ended(const struct buf *tar)
{
	struct seen s = { BUF_INIT, 0 };
	struct tar t = { .visitor = { see_entry, NULL, &s } };
	struct fault f = { 0 };
	bool r;

	assert_ok(tar_put(&t, tar->data, tar->len, &f), &f);
	r = tar_has_ended(&t);
	tar_release(&t);
	buf_release(&s.text);
	return r;
}

static void
two_blocks_of_zeros_are_the_end(void **state)
{
	static const char zeros[TAR_BLOCK];
	struct buf tar = BUF_INIT;

	(void)state;
	add_header(&tar, (struct header){ .type = '0' });
	assert_false(has_ended(&tar));
	add_bytes(&tar, zeros, TAR_BLOCK);
	assert_false(has_ended(&tar));
	add_bytes(&tar, zeros, TAR_BLOCK);
	assert_true(has_ended(&tar));
	for (int i = 0; i < 18; i++)
		add_bytes(&tar, zeros, TAR_BLOCK);
	assert_true(has_ended(&tar));
	buf_release(&tar);
}

static void
one_block_of_zeros_is_passed_over_and_two_are_remembered(void **state)
{
	static const char zeros[TAR_BLOCK];
	struct buf tar = BUF_INIT;

	(void)state;
	add_bytes(&tar, zeros, TAR_BLOCK);
	add_header(&tar, (struct header){ .name = "a", .type = '0' });
	expect(&tar, "a file 0644 root:root 0:0 10.000000000 0", 0);
	add_end(&tar);
	add_header(&tar, (struct header){ .name = "a", .type = '0' });
	add_header(&tar, (struct header){ .name = "b", .type = '0' });
	expect(&tar,
	    "a file 0644 root:root 0:0 10.000000000 0\n"
	    "b file 0644 root:root 0:0 10.000000000 0",
	    TAR_BEHIND_END);
}

/* Limits, memory, faults of the caller */

static void
a_text_over_the_limit_is_a_fault(void **state)
{
	static const char types[] = "xLK";

	(void)state;
	for (const char *type = types; *type != '\0'; type++) {
		struct buf tar = BUF_INIT;

		add_header(&tar,
		    (struct header){ .type = *type, .size = "00004000001" });
		expect_fault(&tar,
		    "tar: extended header at byte 0 is over 1048576 bytes");
	}
}

static void
contents_may_be_of_any_size(void **state)
{
	struct seen s = { BUF_INIT, 0 };
	struct tar t = { .visitor = { see_entry, NULL, &s } };
	struct buf tar = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	add_header(&tar, (struct header){ .type = '0', .size = "77777777777" });
	assert_ok(tar_put(&t, tar.data, tar.len, &f), &f);
	assert_string_equal(buf_end(&s.text, &f),
	    "usr/x file 0644 root:root 0:0 10.000000000 8589934591");
	assert_fault(
	    tar_finish(&t, &f), &f, FAULT_INPUT, "tar: ends within an entry");
	tar_release(&t);
	buf_release(&s.text);
	buf_release(&tar);
}

static int
refuse(void *arg, const struct tar_entry *te, struct fault *f)
{
	(void)arg;
	(void)te;
	return fault_set(f, FAULT_USAGE, "enough");
}

static void
the_visitor_can_end_it(void **state)
{
	struct tar t = { .visitor = { .entry = refuse } };
	struct buf tar = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	add_header(&tar, (struct header){ .type = '0' });
	assert_fault(
	    tar_put(&t, tar.data, tar.len, &f), &f, FAULT_USAGE, "enough");
	tar_release(&t);
	buf_release(&tar);
}

static int
read_and_release(void *arg, struct fault *f)
{
	struct seen s = { BUF_INIT, 0 };
	const int r = read_tar(&s, arg, LIMIT, f);

	buf_release(&s.text);
	return r;
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	struct buf tar = BUF_INIT;
	char path[LIMIT + 20];
	int n;

	(void)state;
	n = snprintf(
	    path, sizeof(path), "%d path=%0*d\n", LIMIT + 11, LIMIT, 0);
	assert_int_equal(n, LIMIT + 11);
	add_text(&tar, 'L', path, LIMIT);
	add_text(&tar, 'K', path, LIMIT);
	for (int i = 0; i < 6; i++)
		add_text(&tar, 'x', path, (size_t)n);
	add_records(&tar,
	    "SCHILY.xattr.user.b=1|SCHILY.xattr.user.a=2|linkpath=z|"
	    "uname=www|gname=mail");
	add_header(&tar,
	    (struct header){ .type = '2', .link = "l", .prefix = "deep" });
	alloc_fail_each(read_and_release, &tar);
	buf_release(&tar);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_of_ustar_is_read),
		cmocka_unit_test(full_fields_need_no_end),
		cmocka_unit_test(records_win_over_the_header),
		cmocka_unit_test(records_have_links_where_there_is_one),
		cmocka_unit_test(times_have_a_sign_and_nanoseconds),
		cmocka_unit_test(
		    attributes_are_sorted_and_the_last_of_a_name_counts),
		cmocka_unit_test(malformed_records_are_a_flaw_and_end_the_rest),
		cmocka_unit_test(numbers_of_records_have_to_be_numbers),
		cmocka_unit_test(global_records_do_not_count),
		cmocka_unit_test(long_names_of_gnu_are_names),
		cmocka_unit_test(numbers_in_base_256_are_read_and_a_flaw),
		cmocka_unit_test(an_impossible_size_is_a_fault),
		cmocka_unit_test(what_apk_reads_otherwise_is_a_flaw),
		cmocka_unit_test(
		    headers_without_a_name_and_sparse_ones_are_flaws),
		cmocka_unit_test(an_old_directory_has_a_slash),
		cmocka_unit_test(sums_of_signed_bytes_are_right_too),
		cmocka_unit_test(
		    every_flipped_bit_of_a_header_is_a_wrong_checksum),
		cmocka_unit_test(every_cut_is_within_an_entry_or_between_two),
		cmocka_unit_test(two_blocks_of_zeros_are_the_end),
		cmocka_unit_test(
		    one_block_of_zeros_is_passed_over_and_two_are_remembered),
		cmocka_unit_test(a_text_over_the_limit_is_a_fault),
		cmocka_unit_test(contents_may_be_of_any_size),
		cmocka_unit_test(the_visitor_can_end_it),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
