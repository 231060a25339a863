/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_mtree - manifests read whole and in pieces, what they say in a line each
 *
 *	assert_read("./a mode=755\n", "1 a +mode=755\n");
 */
#ifndef TESTS_TEST_MTREE_H
#define TESTS_TEST_MTREE_H

#include "../tests.h"

#include "base/arena.h"
#include "base/buf.h"
#include "format/mtree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* " +word" for what binds, " word" for what is only stated. */
static inline int
add_word(struct buf *b, const struct spec *s, unsigned bit, struct fault *f)
{
	const struct entry *e = &s->entry;

	if ((s->has & bit) == 0)
		return 0;
	if (buf_addf(b, f, " %s%s=", (s->binds & bit) != 0 ? "+" : "",
		keyword_name((enum keyword_bit)bit)) < 0)
		return -1;
	switch (bit) {
	case KEYWORD_TYPE:
		return buf_adds(
		    b, entry_type_name((enum entry_type)e->type), f);
	case KEYWORD_MODE:
		return buf_addf(b, f, "%o", e->mode);
	case KEYWORD_USER:
		return e->uname != NULL ? buf_adds(b, e->uname, f)
					: buf_addf(b, f, "%" PRIu32, e->uid);
	case KEYWORD_GROUP:
		return e->gname != NULL ? buf_adds(b, e->gname, f)
					: buf_addf(b, f, "%" PRIu32, e->gid);
	case KEYWORD_LINK:
		return buf_adds(b, e->link, f);
	case KEYWORD_DEVICE:
		return buf_addf(
		    b, f, "%" PRIu32 ",%" PRIu32, e->major, e->minor);
	case KEYWORD_TIME:
		return buf_addf(
		    b, f, "%" PRId64 ".%" PRIu32, e->mtime, e->mtime_nsec);
	case KEYWORD_SIZE:
		return buf_addf(b, f, "%" PRIu64, e->size);
	case KEYWORD_CAPS:
		return s->caps == NULL ? buf_adds(b, "none", f)
				       : buf_addf(b, f, "%zu", s->caps->len);
	default:
		return buf_adds(b, "yes", f);
	}
}

static inline int
add_spec(struct buf *b, const struct spec *s, struct fault *f)
{
	if (buf_addf(b, f, "%u ", s->line) < 0 ||
	    buf_adds(b, s->entry.path, f) < 0)
		return -1;
	for (unsigned bit = 1; bit < KEYWORD_IDS; bit <<= 1) {
		if (add_word(b, s, bit, f) < 0)
			return -1;
	}
	return buf_adds(b, "\n", f);
}

struct text {
	const char *bytes;
	size_t len;
	size_t piece; /* bytes fed at a time; 0: all at once */
};

/* Append one line for each entry of `t`. */
static inline int
read_text(const struct text *t, struct buf *out, struct fault *f)
{
	struct arena a = { 0 };
	struct mtree m;
	struct spec spec;
	int r = 0;

	mtree_init(&m, "m", &a);
	for (size_t done = 0, len; r == 0 && done < t->len; done += len) {
		const size_t left = t->len - done;
		char *exact; /* so that reading behind it is seen */

		len = t->piece > 0 && t->piece < left ? t->piece : left;
		exact = malloc(len);
		if (exact == NULL) {
			r = fault_sys(f, "cannot allocate a piece");
			break;
		}
		memcpy(exact, t->bytes + done, len);
		r = mtree_feed(&m, exact, len, f);
		free(exact);
		while (r == 0 && (r = mtree_next(&m, &spec, f)) > 0)
			r = add_spec(out, &spec, f);
	}
	if (r == 0)
		r = mtree_end(&m, f);
	mtree_release(&m);
	arena_release(&a);
	return r;
}

/* What comes of a text: its entries, then "! FAULT" if it ends in one. */
static inline void
describe(const struct text *t, struct buf *out)
{
	struct fault f = { 0 }, none = { 0 };

	buf_reset(out);
	if (read_text(t, out, &f) < 0) {
		if (f.kind != FAULT_INPUT)
			fail_msg("fault of kind %d: %s", (int)f.kind, f.text);
		assert_ok(buf_adds(out, "! ", &none), &none);
		assert_ok(buf_adds(out, f.text, &none), &none);
	}
	assert_non_null(buf_end(out, &none));
}

/* The same comes of pieces of every size. */
static inline void
assert_same_in_pieces(const char *bytes, size_t len, const char *want)
{
	struct buf out = BUF_INIT;

	for (size_t piece = 1; piece <= len; piece++) {
		const struct text t = { bytes, len, piece };

		describe(&t, &out);
		if (strcmp(out.data, want) != 0)
			fail_msg("in pieces of %zu '%s' becomes\n%s\nnot\n%s",
			    piece, bytes, out.data, want);
	}
	buf_release(&out);
}

static inline void
assert_bytes(const char *bytes, size_t len, const char *want)
{
	struct buf out = BUF_INIT;

	describe(&(struct text){ bytes, len, 0 }, &out);
	assert_string_equal(out.data, want);
	assert_same_in_pieces(bytes, len, want);
	buf_release(&out);
}

static inline void
assert_read(const char *text, const char *want)
{
	assert_bytes(text, strlen(text), want);
}

#endif
