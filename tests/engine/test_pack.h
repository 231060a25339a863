/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pack - trees packed into memory, and read back
 *
 *	load(&t);
 *	pack(&b, &t, &with_sums);
 *	reader_open(&r, &b);
 *	reader_next(&r, "usr/x", S_IFREG);
 *	reader_end(&r);
 */
#ifndef TESTS_TEST_PACK_H
#define TESTS_TEST_PACK_H

#include "scratch.h"

#include "base/sink.h"
#include "engine/pack.h"
#include "engine/survey.h"
#include "engine/tree.h"

#include <archive.h>
#include <archive_entry.h>

enum { LARGE = 3 * 512 * 1024 + 7, BLOCK = 512 };

static const struct pack_options with_sums = { .checksum = PACK_SHA1 };

/* Collects what is packed; may fail, or do something, when it has grown. */
struct bin {
	struct sink sink; /* first: a bin is a sink */
	struct buf bytes;
	unsigned puts, fail_at; /* 0: never */
	size_t act_at; /* bytes; 0: never */
	void (*act)(void);
};

static inline int
bin_put(struct sink *s, const void *bytes, size_t len, struct fault *f)
{
	struct bin *b = (struct bin *)s;

	if (++b->puts == b->fail_at)
		return fault_set(f, FAULT_SYSTEM, "the sink is full");
	if (buf_add(&b->bytes, bytes, len, f) < 0)
		return -1;
	if (b->act_at > 0 && b->bytes.len >= b->act_at) {
		b->act_at = 0;
		b->act();
	}
	return 0;
}

static inline void
load(struct tree *t)
{
	const struct survey_options o = { .has_xattrs = true };
	struct fault f = { 0 };

	assert_ok(tree_open(t, "root", &f), &f);
	assert_ok(survey_walk(t, "", &o, &f), &f);
	tree_sort(t);
}

/* Pack a tree that is as it should be. */
static inline void
pack(struct bin *b, const struct tree *t, const struct pack_options *o)
{
	struct fault f = { 0 };

	*b = (struct bin){ .sink.put = bin_put };
	if (pack_write(&b->sink, t, o, &f) < 0)
		fail_msg("%s", f.text);
}

/* An archive that is being read back. */
struct reader {
	struct archive *ar;
	struct archive_entry *e;
};

static inline void
reader_open(struct reader *r, const struct bin *b)
{
	r->ar = archive_read_new();
	assert_non_null(r->ar);
	assert_int_equal(archive_read_support_format_tar(r->ar), ARCHIVE_OK);
	assert_int_equal(
	    archive_read_open_memory(r->ar, b->bytes.data, b->bytes.len),
	    ARCHIVE_OK);
}

/* The next entry is of this path and type. */
static inline void
reader_next(struct reader *r, const char *path, mode_t type)
{
	if (archive_read_next_header(r->ar, &r->e) != ARCHIVE_OK)
		fail_msg(
		    "instead of '%s': %s", path, archive_error_string(r->ar));
	assert_string_equal(archive_entry_pathname(r->e), path);
	assert_int_equal(archive_entry_filetype(r->e), type);
}

static inline void
reader_expect_bytes(struct reader *r, const void *bytes, size_t len)
{
	char *got = malloc(len + 1);

	assert_non_null(got);
	assert_int_equal(archive_read_data(r->ar, got, len + 1), len);
	assert_memory_equal(got, bytes, len);
	free(got);
}

static inline void
reader_end(struct reader *r)
{
	assert_int_equal(archive_read_next_header(r->ar, &r->e), ARCHIVE_EOF);
	assert_int_equal(archive_read_free(r->ar), ARCHIVE_OK);
}

#endif
