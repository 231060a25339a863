/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/tar.h"

#include "base/fault.h"
#include "format/ustar.h"
#include "format/xheader.h"

#include <string.h>

uint32_t
tar_narrow(uint64_t n)
{
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

/* GNU's long names, which stand in headers of their own. */
static int
apply_names(struct tar *t, struct tar_entry *e, struct fault *f)
{
	const struct buf *name = &t->name, *link = &t->link;

	if (name->len > 0) {
		e->entry.path = arena_string(
		    &t->arena, name->data, strnlen(name->data, name->len), f);
		if (e->entry.path == NULL)
			return -1;
	}
	if (link->len == 0)
		return 0;
	e->flaws |= TAR_LONG_LINK;
	return xheader_set_link(e, link->data, link->len, &t->arena, f);
}

/* An entry begins: put it together, hand it out, know what follows. */
static int
take_entry(struct tar *t, struct fault *f)
{
	struct tar_entry te = { .flaws = t->flaws };
	struct entry *e = &te.entry;

	if (t->is_behind_end)
		te.flaws |= TAR_BEHIND_END;
	t->is_behind_end = false; /* one is enough */
	arena_release(&t->arena);
	if (ustar_read(&te, t->block, &t->arena, f) < 0 ||
	    apply_names(t, &te, f) < 0 ||
	    xheader_apply(&te, t->records.data, t->records.len, &t->arena, f) <
		0)
		return -1;
	if (te.size > INT64_MAX)
		return fault_set(f, FAULT_INPUT,
		    "tar: impossible size in the header at byte %llu",
		    (unsigned long long)(t->at - TAR_BLOCK));
	e->uid = tar_narrow(te.uid);
	e->gid = tar_narrow(te.gid);
	e->size = e->type == ENTRY_FILE && te.target == NULL ? te.size : 0;
	e->nlink = 1;
	t->contents = te.size;
	t->skip = -te.size % TAR_BLOCK;
	t->body = NULL;
	t->flaws = 0;
	buf_reset(&t->records);
	buf_reset(&t->name);
	buf_reset(&t->link);
	return t->visitor.entry(t->visitor.arg, &te, f);
}

/* A header that only says something of the next one; its text goes to `body`. */
static int
take_text(struct tar *t, struct buf *body, struct fault *f)
{
	const uint64_t size = ustar_size(t->block, &t->flaws);

	if (size > TAR_RECORDS_MAX)
		return fault_set(f, FAULT_INPUT,
		    "tar: extended header at byte %llu is over %d bytes",
		    (unsigned long long)(t->at - TAR_BLOCK), TAR_RECORDS_MAX);
	if (ustar_is_nameless(t->block))
		t->flaws |= TAR_NAMELESS;
	t->body = body;
	t->contents = size;
	t->skip = -size % TAR_BLOCK;
	if (body != NULL)
		buf_reset(body);
	return 0;
}

/* Drop the contents: neither a body nor the visitor shall have them. */
static int
pass_over(struct tar *t, struct fault *f)
{
	const int r = take_text(t, NULL, f);

	t->skip += t->contents;
	t->contents = 0;
	return r;
}

static int
take_block(struct tar *t, struct fault *f)
{
	static const unsigned char zeros[TAR_BLOCK];

	if (memcmp(t->block, zeros, TAR_BLOCK) == 0) {
		if (t->zeros < 2)
			t->zeros++;
		return 0;
	}
	if (t->zeros == 2)
		t->is_behind_end = true;
	t->zeros = 0;
	if (!ustar_has_right_checksum(t->block))
		return fault_set(f, FAULT_INPUT,
		    "tar: no header, or a wrong checksum, at byte %llu",
		    (unsigned long long)(t->at - TAR_BLOCK));
	switch (ustar_type(t->block)) {
	case 'x':
		return take_text(t, &t->records, f);
	case 'L':
		return take_text(t, &t->name, f);
	case 'K':
		return take_text(t, &t->link, f);
	case 'g':
		return pass_over(t, f);
	default:
		return take_entry(t, f);
	}
}

static int
take_contents(struct tar *t, const void *bytes, size_t len, struct fault *f)
{
	if (t->body != NULL)
		return buf_add(t->body, bytes, len, f);
	if (t->visitor.contents != NULL)
		return t->visitor.contents(t->visitor.arg, bytes, len, f);
	return 0;
}

static size_t
at_most(size_t len, uint64_t limit)
{
	return len < limit ? len : (size_t)limit;
}

/* Use some of the bytes, at least one; `*n` says how many. */
static int
step(struct tar *t, const char *bytes, size_t len, size_t *n, struct fault *f)
{
	if (t->contents > 0) {
		*n = at_most(len, t->contents);
		t->contents -= *n;
		t->at += *n;
		return take_contents(t, bytes, *n, f);
	}
	if (t->skip > 0) {
		*n = at_most(len, t->skip);
		t->skip -= *n;
		t->at += *n;
		return 0;
	}
	*n = at_most(len, TAR_BLOCK - t->filled);
	memcpy(t->block + t->filled, bytes, *n);
	t->filled += *n;
	t->at += *n;
	if (t->filled < TAR_BLOCK)
		return 0;
	t->filled = 0;
	return take_block(t, f);
}

int
tar_put(struct tar *t, const void *bytes, size_t len, struct fault *f)
{
	const char *s = bytes;
	size_t n;

	for (; len > 0; s += n, len -= n) {
		if (step(t, s, len, &n, f) < 0)
			return -1;
	}
	return 0;
}

int
tar_finish(const struct tar *t, struct fault *f)
{
	if (t->filled > 0 || t->contents > 0 || t->skip > 0 ||
	    t->records.len > 0 || t->name.len > 0 || t->link.len > 0)
		return fault_set(f, FAULT_INPUT, "tar: ends within an entry");
	return 0;
}

bool
tar_has_ended(const struct tar *t)
{
	return t->zeros == 2;
}

void
tar_release(struct tar *t)
{
	arena_release(&t->arena);
	buf_release(&t->records);
	buf_release(&t->name);
	buf_release(&t->link);
}
