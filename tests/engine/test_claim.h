/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_claim - claims about a tree of three names, two of them one file's
 *
 *	begin(&all);
 *	add(&all, 1, CLAIM_OWN, &own, "x/.mtree");
 *	settle_and_apply(&all);
 *	end(&all);
 */
#ifndef TESTS_TEST_CLAIM_H
#define TESTS_TEST_CLAIM_H

#include "../alloc.h"

#include "engine/claim.h"
#include "engine/override.h"
#include "engine/tree.h"

#include <string.h>

/* Claims about a tree of "a", "b" and "c"; "a" and "c" are one file. */
struct settling {
	struct claim_list list;
	struct tree tree;
};

static inline void
begin(struct settling *all)
{
	static const char *const paths[] = { "a", "b", "c" };
	struct fault f = { 0 };

	*all = (struct settling){ .tree = TREE_INIT };
	for (size_t i = 0; i < 3; i++) {
		struct entry *e = tree_append(&all->tree, &f);

		assert_non_null(e);
		e->path = paths[i];
		e->dev = 1;
		e->ino = i % 2 + 1;
		e->nlink = i % 2 == 0 ? 2 : 1;
	}
}

static inline void
end(struct settling *all)
{
	claim_release(&all->list);
	tree_release(&all->tree);
}

static inline struct spec
user(const char *name, unsigned line)
{
	return (struct spec){ .entry.uname = name,
		.has = KEYWORD_USER,
		.binds = KEYWORD_USER,
		.line = line };
}

static inline void
add(struct settling *all, size_t index, enum claim_rank rank,
    const struct spec *spec, const char *file)
{
	const struct claim c = {
		.index = index, .rank = rank, .spec = spec, .file = file
	};
	struct fault f = { 0 };

	assert_ok(claim_add(&all->list, &c, &f), &f);
}

static inline void
settle_and_apply(struct settling *all)
{
	struct fault f = { 0 };

	assert_ok(claim_settle(&all->list, &all->tree, &f), &f);
	for (size_t i = 0; i < all->list.count; i++)
		assert_ok(claim_apply(&all->list.items[i], &all->tree, &f), &f);
}

/* They cannot be settled, and these two places are named; that ends it. */
static inline void
dispute(struct settling *all, const char *one, const char *other)
{
	struct fault f = { 0 };

	assert_int_equal(claim_settle(&all->list, &all->tree, &f), -1);
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, one));
	assert_non_null(strstr(f.text, other));
	end(all);
}

/* Said of "c", it counts for "a" as well. */
static inline void
expect_for_all_names(const struct spec *s)
{
	struct settling all;

	begin(&all);
	add(&all, 2, CLAIM_OWN, s, "x");
	settle_and_apply(&all);
	assert_string_equal(all.tree.entries[0].uname, "www");
	assert_string_equal(all.tree.entries[1].uname, "root");
	assert_string_equal(all.tree.entries[2].uname, "www");
	end(&all);
}

/* One keyword stems from a recording, the other does not. */
static const struct spec mixed = { .entry = { .uname = "m", .gname = "m" },
	.binds = KEYWORD_USER | KEYWORD_GROUP,
	.recorded = KEYWORD_GROUP };

#endif
