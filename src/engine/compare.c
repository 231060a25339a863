/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/compare.h"

#include "base/fault.h"
#include "engine/difference.h"
#include "engine/entrydiff.h"
#include "engine/links.h"
#include "engine/metadata.h"
#include "engine/tree.h"
#include "engine/wording.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const size_t nobody = SIZE_MAX;

/* One of the two trees, and how it goes with the other. */
struct half {
	const struct tree *tree;
	size_t *matches; /* owned; the other's entry, or nobody */
	size_t *firsts; /* owned; the first common name of the same file */
};

/* The entries of one path: those from `at` on. */
struct run {
	size_t at, count;
};

static struct run
run_at(const struct tree *t, size_t at)
{
	struct run r = { at, 0 };

	while (at + r.count < t->count &&
	    strcmp(t->entries[at].path, t->entries[at + r.count].path) == 0)
		r.count++;
	return r;
}

/* The next path in order: its runs in both trees, one of which may be empty. */
static bool
next_runs(
    struct run *a, struct run *b, const struct tree *ta, const struct tree *tb)
{
	int r;

	*a = run_at(ta, a->at + a->count);
	*b = run_at(tb, b->at + b->count);
	if (a->count == 0 || b->count == 0)
		return a->count > 0 || b->count > 0;
	r = strcmp(ta->entries[a->at].path, tb->entries[b->at].path);
	if (r < 0)
		b->count = 0;
	if (r > 0)
		a->count = 0;
	return true;
}

static int
half_init(struct half *h, const struct tree *t, struct fault *f)
{
	h->tree = t;
	/* one more, so that there is something even of nothing */
	h->matches = calloc(t->count + 1, sizeof(*h->matches));
	h->firsts = calloc(t->count + 1, sizeof(*h->firsts));
	if (h->matches == NULL || h->firsts == NULL)
		return fault_sys(f, "cannot allocate %zu entries", t->count);
	for (size_t i = 0; i < t->count; i++) {
		h->matches[i] = nobody;
		h->firsts[i] = i;
	}
	return 0;
}

static void
half_release(struct half *h)
{
	free(h->matches);
	free(h->firsts);
}

/* Symbolic links are packed one by one, whatever they share on disk. */
static bool
is_common(const struct half *h, size_t i)
{
	return h->matches[i] != nobody &&
	    h->tree->entries[i].type != ENTRY_LINK;
}

static int
find_firsts(struct half *h, struct fault *f)
{
	const struct link_name *names;
	struct links links;
	size_t at = 0, count;

	if (links_load(&links, h->tree, f) < 0)
		return -1;
	while ((names = links_next(&links, &at, &count)) != NULL) {
		size_t first = nobody;

		for (size_t i = 0; i < count; i++) {
			if (!is_common(h, names[i].index))
				continue;
			if (first == nobody)
				first = names[i].index;
			h->firsts[names[i].index] = first;
		}
	}
	links_release(&links);
	return 0;
}

static void
match(struct half *a, struct half *b)
{
	struct run x = { 0 }, y = { 0 };

	while (next_runs(&x, &y, a->tree, b->tree)) {
		for (size_t i = 0; i < x.count && i < y.count; i++) {
			a->matches[x.at + i] = y.at + i;
			b->matches[y.at + i] = x.at + i;
		}
	}
}

/* The path of the name that came before; NULL for the first, and for copies. */
static const char *
first_path(const struct half *h, size_t i)
{
	const size_t first = h->firsts[i];

	return first != i ? h->tree->entries[first].path : NULL;
}

static int
compare_links(struct differences *ds, const struct half *a,
    const struct half *b, struct fault *f)
{
	for (size_t i = 0; i < a->tree->count; i++) {
		const size_t k = a->matches[i];

		if (k == nobody || a->matches[a->firsts[i]] == b->firsts[k])
			continue;
		if (difference_add(ds,
			&(struct difference){ .kind = DIFFERENCE_LINK,
			    .path = a->tree->entries[i].path,
			    .field = "hard",
			    .before = first_path(a, i),
			    .after = first_path(b, k) },
			f) < 0)
			return -1;
	}
	return 0;
}

static int
add_duplicate(struct differences *ds, const char *path, size_t before,
    size_t after, struct fault *f)
{
	const struct difference d = {
		.kind = DIFFERENCE_DUPLICATE,
		.path = path,
		.before = wording_print(&ds->arena, f, "%zu", before),
		.after = wording_print(&ds->arena, f, "%zu", after),
	};

	return d.before != NULL && d.after != NULL ? difference_add(ds, &d, f)
						   : -1;
}

/* The entries of one path; where there are fewer, the last is taken again. */
static int
compare_path(struct differences *ds, const struct tree *a, struct run x,
    const struct tree *b, struct run y, struct fault *f)
{
	const size_t most = x.count > y.count ? x.count : y.count;
	const struct entry *p = &a->entries[x.at], *q = &b->entries[y.at];

	if (x.count != y.count &&
	    add_duplicate(ds, p->path, x.count, y.count, f) < 0)
		return -1;
	for (size_t i = 0; i < most; i++) {
		if (entrydiff_changed(ds, p + (i < x.count ? i : x.count - 1),
			q + (i < y.count ? i : y.count - 1), f) < 0)
			return -1;
	}
	return 0;
}

/* What only one of them has. */
static int
compare_lone(struct differences *ds, const struct tree *a, struct run x,
    const struct tree *b, struct run y, struct fault *f)
{
	const char *path =
	    x.count > 0 ? a->entries[x.at].path : b->entries[y.at].path;

	for (size_t i = 0; i < x.count; i++) {
		if (entrydiff_removed(ds, &a->entries[x.at + i], f) < 0)
			return -1;
	}
	for (size_t i = 0; i < y.count; i++) {
		if (entrydiff_added(ds, &b->entries[y.at + i], f) < 0)
			return -1;
	}
	return x.count + y.count > 1
	    ? add_duplicate(ds, path, x.count, y.count, f)
	    : 0;
}

static int
compare_trees(
    struct differences *ds, struct half *a, struct half *b, struct fault *f)
{
	struct run x = { 0 }, y = { 0 };

	match(a, b);
	if (find_firsts(a, f) < 0 || find_firsts(b, f) < 0 ||
	    compare_links(ds, a, b, f) < 0)
		return -1;
	while (next_runs(&x, &y, a->tree, b->tree)) {
		if ((x.count > 0 && y.count > 0
			    ? compare_path(ds, a->tree, x, b->tree, y, f)
			    : compare_lone(ds, a->tree, x, b->tree, y, f)) < 0)
			return -1;
	}
	return 0;
}

static int
compare_data(struct differences *ds, const struct tree *a, const struct tree *b,
    struct fault *f)
{
	struct half x = { 0 }, y = { 0 };
	int r = half_init(&x, a, f) < 0 || half_init(&y, b, f) < 0
	    ? -1
	    : compare_trees(ds, &x, &y, f);

	half_release(&x);
	half_release(&y);
	return r;
}

/* The last entry of a run, which is the one that counts; NULL if there is none. */
static const struct entry *
last(const struct tree *t, struct run r)
{
	return r.count > 0 ? &t->entries[r.at + r.count - 1] : NULL;
}

static bool
is_same_file(const struct entry *a, const struct entry *b)
{
	return a != NULL && b != NULL && a->type == b->type &&
	    (a->digest == NULL || b->digest == NULL
		    ? a->digest == b->digest
		    : strcmp(a->digest, b->digest) == 0);
}

/* Of a file of the control archive only the contents count. */
static int
compare_control(struct differences *ds, const struct tree *a,
    const struct tree *b, struct fault *f)
{
	struct run x = { 0 }, y = { 0 };

	while (next_runs(&x, &y, a, b)) {
		const struct entry *p = last(a, x), *q = last(b, y);
		const struct difference d = {
			.kind = DIFFERENCE_SCRIPT,
			.path = p != NULL ? p->path : q->path,
			.before = p != NULL ? p->digest : NULL,
			.before_size = p != NULL ? p->size : 0,
			.after = q != NULL ? q->digest : NULL,
			.after_size = q != NULL ? q->size : 0,
		};

		if (!is_same_file(p, q) && difference_add(ds, &d, f) < 0)
			return -1;
	}
	return 0;
}

int
compare_sides(struct differences *ds, const struct compare_side *a,
    const struct compare_side *b, struct fault *f)
{
	if (compare_data(ds, a->tree, b->tree, f) < 0 ||
	    (a->control != NULL && b->control != NULL &&
		compare_control(ds, a->control, b->control, f) < 0) ||
	    (a->info != NULL && b->info != NULL &&
		metadata_compare(ds, a->info, b->info, f) < 0))
		return -1;
	difference_sort(ds);
	return 0;
}
