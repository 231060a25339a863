/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_compare - two packages of a few entries, and the lines of what differs
 *
 *	struct sides s;
 *	init(&s);
 *	put(&s, 0, file("a"));
 *	expect(&s, "missing    a file,0644,root:root -> -\n");
 */
#ifndef TESTS_TEST_COMPARE_H
#define TESTS_TEST_COMPARE_H

#include "../tests.h"

#include "base/buf.h"
#include "engine/compare.h"
#include "engine/difference.h"
#include "engine/diffline.h"
#include "engine/tree.h"

enum { ENTRIES_MAX = 8 };

/* Two packages of a few entries each, sorted by path. */
struct sides {
	struct entry entries[2][ENTRIES_MAX];
	struct tree trees[2];
	struct compare_side views[2];
	struct difference_ignore ignore;
};

static inline struct entry
file(const char *path)
{
	return (struct entry){
		.path = path,
		.uname = "root",
		.gname = "root",
		.mode = 0644,
		.nlink = 1,
		.size = 3,
		.digest = "aaaa",
	};
}

static inline void
put(struct sides *s, int side, struct entry e)
{
	struct tree *t = &s->trees[side];

	t->entries = s->entries[side];
	assert_true(t->count < ENTRIES_MAX);
	t->entries[t->count++] = e;
	s->views[side].tree = t;
}

static inline void
init(struct sides *s)
{
	*s = (struct sides){ 0 };
	for (int i = 0; i < 2; i++)
		s->views[i].tree = &s->trees[i];
}

/* All lines, without blanks that align. */
static inline int
put_lines(struct buf *out, const struct sides *s, struct fault *f)
{
	struct differences ds = { .ignore = &s->ignore };
	int r = compare_sides(&ds, &s->views[0], &s->views[1], f);

	for (size_t i = 0; r == 0 && i < ds.count; i++)
		r = diffline_add_text(out, NULL, &ds.list[i], f);
	difference_release(&ds);
	return r;
}

static inline void
expect(const struct sides *s, const char *want)
{
	struct buf out = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(put_lines(&out, s, &f), &f);
	assert_string_equal(buf_end(&out, &f), want);
	buf_release(&out);
}

#endif
