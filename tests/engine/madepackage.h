/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * madepackage - packages made by hand, field by field
 *
 *	struct package p;
 *	package_make(&p, NULL);		... p.whole
 *	package_release(&p);
 *
 * or member by member: add_file(&p.data_tar, ...), package_close(&p, NULL), and
 * join() what it shall have.
 */
#ifndef TESTS_MADEPACKAGE_H
#define TESTS_MADEPACKAGE_H

#include "../tests.h"

#include "base/buf.h"
#include "base/sink.h"
#include "format/digest.h"
#include "format/pgzip.h"
#include "format/tar.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { SUM_AT = 148, INFO_MAX = 512 };

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
	const char *info; /* more lines for .PKGINFO, or NULL */
	const char *script; /* contents of .post-install, or NULL */
};

struct memory {
	struct sink sink;
	struct buf *out;
};

static inline int
put_memory(struct sink *s, const void *bytes, size_t len, struct fault *f)
{
	return buf_add(((struct memory *)s)->out, bytes, len, f);
}

static inline void
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

static inline void
add_bytes(struct buf *tar, const void *bytes, size_t len)
{
	static const char zeros[TAR_BLOCK];
	struct fault f = { 0 };

	assert_ok(buf_add(tar, bytes, len, &f), &f);
	assert_ok(buf_add(tar, zeros, -len % TAR_BLOCK, &f), &f);
}

static inline void
add_octal(char *field, int digits, size_t n)
{
	while (digits-- > 0) {
		field[digits] = (char)('0' + n % 8);
		n /= 8;
	}
}

static inline void
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

static inline void
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

static inline void
add_end(struct buf *tar)
{
	static const char zeros[2 * TAR_BLOCK];

	add_bytes(tar, zeros, sizeof(zeros));
}

static inline void
package_release(struct package *p)
{
	buf_release(&p->signature);
	buf_release(&p->control);
	buf_release(&p->data);
	buf_release(&p->whole);
	buf_release(&p->data_tar);
}

static inline void
digest_of(char *hex, const struct buf *data)
{
	struct fault f = { 0 };
	struct digest *d = digest_new(DIGEST_SHA256, &f);

	assert_non_null(d);
	assert_ok(digest_add(d, data->data, data->len, &f), &f);
	assert_ok(digest_finish(d, hex, &f), &f);
	digest_free(d);
}

/* Compress the data, and make the members that go before it. */
static inline void
package_close(struct package *p, const char *hash)
{
	char hex[DIGEST_HEX_MAX], text[INFO_MAX];
	struct buf tar = BUF_INIT;

	add_end(&p->data_tar);
	add_gzip(&p->data, &p->data_tar);
	digest_of(hex, &p->data);
	snprintf(text, sizeof(text),
	    "# made\npkgname = foo\npkgver = 1-r0\ndatahash = %s\n%s",
	    hash != NULL ? hash : hex, p->info != NULL ? p->info : "");
	add_file(&tar, (struct file){ .name = ".PKGINFO", .text = text });
	if (p->script != NULL)
		add_file(&tar,
		    (struct file){
			.name = ".post-install", .text = p->script });
	add_gzip(&p->control, &tar);
	buf_reset(&tar);
	add_file(
	    &tar, (struct file){ .name = ".SIGN.RSA.k.pub", .text = "signed" });
	add_gzip(&p->signature, &tar);
	buf_release(&tar);
}

static inline void
join(struct buf *out, const struct buf *part)
{
	struct fault f = { 0 };

	assert_ok(buf_add(out, part->data, part->len, &f), &f);
}

/* A package with one directory and one file of another user. */
static inline void
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

#endif
