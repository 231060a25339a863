/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * laid - an entry, and what overrides lay over it
 *
 *	const struct spec s = parse("./x uname=www", &arena);
 *	struct entry e = a_file;
 *
 *	assert_ok(spec_apply(&e, &s, &arena, &f), &f);
 */
#ifndef TESTS_LAID_H
#define TESTS_LAID_H

#include "../tests.h"

#include "base/arena.h"
#include "format/mtree.h"
#include "format/spec.h"

#include <string.h>

/* What the lines say, which are one entry. */
static inline struct spec
parse(const char *lines, struct arena *arena)
{
	struct mtree m;
	struct fault f = { 0 };
	struct spec s;

	mtree_init(&m, "text", arena);
	assert_ok(mtree_feed(&m, lines, strlen(lines), &f), &f);
	assert_ok(mtree_feed(&m, "\n", 1, &f), &f);
	assert_int_equal(mtree_next(&m, &s, &f), 1);
	mtree_release(&m);
	return s;
}

static const struct entry a_file = {
	.path = "x",
	.uname = "root",
	.gname = "root",
	.size = 7,
	.mode = 0755,
	.type = ENTRY_FILE,
};

#endif
