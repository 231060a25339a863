/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Override files and manifests, as any editor or hostile package may leave
 * them.  The input is the file.  It is read twice, as a whole and in pieces
 * whose sizes its own bytes choose: both must end alike.  What is accepted must
 * come back unchanged from the line that we would write for it.
 */
#include "promise.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/path.h"
#include "format/deed.h"
#include "format/manifest.h"
#include "format/mtree.h"
#include "format/owner.h"

enum {
	ALL_READABLE =
	    (KEYWORD_BINDABLE & ~KEYWORD_CAPS) | KEYWORD_SIZE | KEYWORD_OPTIONAL
};

static bool
is_same_string(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* What the line of an entry states: what its type cannot have is left out. */
static unsigned
written(const struct spec *s)
{
	const enum entry_type type = (enum entry_type)s->entry.type;
	unsigned bits = s->has & ALL_READABLE;

	if (type != ENTRY_CHAR && type != ENTRY_BLOCK)
		bits &= ~(unsigned)KEYWORD_DEVICE;
	if (type != ENTRY_FILE)
		bits &= ~(unsigned)KEYWORD_SIZE;
	return bits;
}

static void
expect_same(const struct spec *a, const struct spec *b, unsigned bits)
{
	const struct entry *x = &a->entry, *y = &b->entry;

	promise(strcmp(x->path, y->path) == 0);
	promise(b->has == bits);
	if (bits & KEYWORD_TYPE)
		promise(x->type == y->type);
	if (bits & KEYWORD_MODE)
		promise(x->mode == y->mode);
	if (bits & KEYWORD_USER)
		promise(is_same_string(x->uname, y->uname) && x->uid == y->uid);
	if (bits & KEYWORD_GROUP)
		promise(is_same_string(x->gname, y->gname) && x->gid == y->gid);
	if (bits & KEYWORD_LINK)
		promise(is_same_string(x->link, y->link));
	if (bits & KEYWORD_DEVICE)
		promise(x->major == y->major && x->minor == y->minor);
	if (bits & KEYWORD_TIME)
		promise(x->mtime == y->mtime && x->mtime_nsec == y->mtime_nsec);
	if (bits & KEYWORD_SIZE)
		promise(x->size == y->size);
}

/* A path that passed the parser has one spelling and stays in its root. */
static void
expect_canonical(const char *path)
{
	const char *s = path;
	size_t len = strlen(path);
	struct fault f = { 0 };

	promise(len > 0 && len <= PATH_LIMIT);
	promise(path_canon(&s, &len, &f) == 0);
	promise(s == path && len == strlen(path));
}

static void
expect_bounded(const struct spec *s)
{
	promise((s->binds & ~s->has) == 0);
	promise((s->binds & ~(unsigned)KEYWORD_BINDABLE) == 0);
	promise((s->recorded & ~s->binds) == 0);
	promise(s->recorded == 0 || (s->has & KEYWORD_CREATE) == 0);
	if (s->has & KEYWORD_MODE)
		promise(s->entry.mode <= ENTRY_MODE_MASK);
	if (s->has & KEYWORD_USER)
		promise(s->entry.uid <= OWNER_ID_MAX);
	if (s->has & KEYWORD_LINK)
		promise(s->entry.link != NULL && *s->entry.link != '\0');
	if (s->has & KEYWORD_TIME)
		promise(s->entry.mtime_nsec < 1000000000);
}

/* Whose deeds they are is known of what was recorded, and comes back. */
static void
expect_deeds(const struct spec *s)
{
	struct arena arena = { 0 };
	struct buf lines = BUF_INIT;
	struct fault f = { 0 };
	struct spec again;
	struct mtree m;

	if (s->by == NULL)
		return;
	promise(s->recorded == s->binds);
	promise(manifest_add_record(&lines, s, s->binds, &f) == 0);
	promise(manifest_add_entry(&lines, &s->entry,
		    s->has & ALL_READABLE & ~(unsigned)KEYWORD_SIZE, &f) == 0);
	mtree_init(&m, "again", &arena);
	promise(mtree_feed(&m, lines.data, lines.len, &f) == 0);
	if (mtree_next(&m, &again, &f) > 0) {
		promise(again.recorded == s->recorded);
		for (int i = 0; i < DEED_PARTS; i++)
			promise(is_same_string(s->by->of[i], again.by->of[i]));
	} else {
		/* a keyword that its type does not have was left out */
		promise(f.kind == FAULT_INPUT);
	}
	mtree_release(&m);
	arena_release(&arena);
	buf_release(&lines);
}

/* Write the entry as a line of ours and read it again. */
static void
expect_round_trip(const struct spec *s)
{
	const unsigned bits = written(s);
	struct arena arena = { 0 };
	struct buf line = BUF_INIT;
	struct fault f = { 0 };
	struct spec again;
	struct mtree m;

	promise(
	    manifest_add_entry(&line, &s->entry, bits | KEYWORD_IDS, &f) == 0);
	mtree_init(&m, "again", &arena);
	promise(mtree_feed(&m, line.data, line.len, &f) == 0);
	promise(mtree_next(&m, &again, &f) == 1);
	expect_same(s, &again, bits);
	promise(mtree_next(&m, &again, &f) == 0 && mtree_end(&m, &f) == 0);
	mtree_release(&m);
	arena_release(&arena);
	buf_release(&line);
}

/* How reading ended. */
struct outcome {
	size_t entries;
	struct fault f;
};

static int
feed(struct mtree *m, const void *bytes, size_t len, struct outcome *o)
{
	/* of its own size, so that reading beyond it is noticed */
	void *piece = copy_of(bytes, len);
	struct spec s;
	int r = mtree_feed(m, piece, len, &o->f);

	free(piece);
	while (r == 0 && (r = mtree_next(m, &s, &o->f)) > 0) {
		o->entries++;
		expect_canonical(s.entry.path);
		expect_bounded(&s);
		expect_round_trip(&s);
		expect_deeds(&s);
		r = 0;
	}
	return r;
}

static struct outcome
read_all(const uint8_t *data, size_t size, bool is_whole)
{
	struct outcome o = { 0 };
	struct arena arena = { 0 };
	struct mtree m;
	int r;

	mtree_init(&m, "input", &arena);
	r = feed(&m, data, 0, &o); /* an empty piece is no end */
	while (size > 0 && r == 0) {
		size_t len = 1 + *data % 64u * (*data % 5u);

		if (is_whole || len > size)
			len = size;
		r = feed(&m, data, len, &o);
		data += len;
		size -= len;
	}
	if (r == 0)
		r = mtree_end(&m, &o.f);
	promise((r < 0) == (o.f.kind != FAULT_NONE));
	promise(r == 0 || o.f.kind == FAULT_INPUT);
	mtree_release(&m);
	arena_release(&arena);
	return o;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct outcome whole = read_all(data, size, true);
	const struct outcome pieces = read_all(data, size, false);

	promise(whole.entries == pieces.entries);
	promise(strcmp(whole.f.text, pieces.f.text) == 0);
	return 0;
}
