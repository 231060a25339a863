/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_tar - archives made by hand, field by field, and what is read of them
 *
 *	add_header(&tar, (struct header){ .name = "etc", .type = '5' });
 *	add_end(&tar);
 *	expect(&tar, "etc dir 0644 root:root 0:0 10.000000000 0", 0);
 */
#ifndef TESTS_TEST_TAR_H
#define TESTS_TEST_TAR_H

#include "../tests.h"

#include "base/buf.h"
#include "format/pax.h"
#include "format/tar.h"

#include <stdio.h>
#include <string.h>

enum { SUM_AT = 148 };

/* A header; what is not set is what GNU tar would write for a file of root's. */
struct header {
	const char *name, *link, *prefix, *uname, *magic;
	const char *mode, *uid, *size, *mtime; /* the fields as they stand */
	const char *major, *minor;
	char type;
	size_t uid_len; /* where `uid` has NULs */
};

static inline void
set(char *field, const char *text, const char *otherwise, size_t len)
{
	const char *s = text != NULL ? text : otherwise;

	memcpy(field, s, strlen(s) < len ? strlen(s) : len);
}

static inline void
add_sum(char *h)
{
	unsigned sum = 0;

	memset(h + SUM_AT, ' ', 8);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)h[i];
	snprintf(h + SUM_AT, 8, "%06o", sum);
}

static inline void
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

static inline void
add_bytes(struct buf *tar, const void *bytes, size_t len)
{
	static const char zeros[TAR_BLOCK];
	struct fault f = { 0 };

	assert_ok(buf_add(tar, bytes, len, &f), &f);
	assert_ok(buf_add(tar, zeros, -len % TAR_BLOCK, &f), &f);
}

/* A header of `type` whose text says something of the next one. */
static inline void
add_text(struct buf *tar, char type, const void *text, size_t len)
{
	char size[12];

	snprintf(size, sizeof(size), "%011zo", len);
	add_header(
	    tar, (struct header){ .name = "text", .type = type, .size = size });
	add_bytes(tar, text, len);
}

/* Records with these keys and values, parted by "|". */
static inline void
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

/* What was read, one line an entry. */
struct seen {
	struct buf text;
	unsigned flaws; /* of all */
};

static inline int
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

static inline int
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
static inline int
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
static inline void
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

static inline void
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

#endif
