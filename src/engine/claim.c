/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/claim.h"

#include "base/fault.h"
#include "base/grow.h"
#include "engine/links.h"
#include "engine/tree.h"
#include "format/spec.h"

#include <stdint.h>
#include <stdlib.h>

void
claim_release(struct claim_list *list)
{
	arena_release(&list->arena);
	free(list->items);
	*list = (struct claim_list){ 0 };
}

static int
append(struct claim_list *list, const struct claim *claim, struct fault *f)
{
	if (list->count == list->cap) {
		struct claim *items = grow_array(
		    list->items, &list->cap, sizeof(*items), "claims", f);

		if (items == NULL)
			return -1;
		list->items = items;
	}
	list->items[list->count++] = *claim;
	return 0;
}

/* The spec with just these of the keywords that it binds. */
static const struct spec *
part(struct claim_list *list, const struct spec *s, unsigned binds,
    struct fault *f)
{
	struct spec *copy = arena_alloc(&list->arena, sizeof(*copy), f);

	if (copy == NULL)
		return NULL;
	*copy = *s;
	copy->binds &= binds;
	copy->recorded &= binds;
	return copy;
}

int
claim_add(struct claim_list *list, const struct claim *claim, struct fault *f)
{
	const struct spec *s = claim->spec;
	struct claim below = *claim, above = *claim;

	if (claim->rank == CLAIM_JOURNAL || s->recorded == 0)
		return append(list, claim, f);
	below.rank = claim->rank == CLAIM_OWN ? CLAIM_RECORDED_OWN
					      : CLAIM_RECORDED_MOVED;
	if (s->recorded == s->binds)
		return append(list, &below, f);
	below.spec = part(list, s, s->recorded, f);
	above.spec = part(list, s, ~s->recorded, f);
	if (below.spec == NULL || above.spec == NULL ||
	    append(list, &below, f) < 0)
		return -1;
	return append(list, &above, f);
}

int
claim_copy(
    struct claim_list *list, const struct claim_list *from, struct fault *f)
{
	for (size_t i = 0; i < from->count; i++) {
		struct claim c = from->items[i];

		c.spec = part(list, c.spec, ~0u, f);
		if (c.spec == NULL || append(list, &c, f) < 0)
			return -1;
	}
	return 0;
}

static int
compare_entries(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

static int
compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	const int order = compare_entries(x, y);

	return order != 0 ? order : (int)x->rank - (int)y->rank;
}

static void
sort(struct claim_list *list)
{
	if (list->count > 0)
		qsort(list->items, list->count, sizeof(*list->items),
		    compare_claims);
	list->sorted = list->count;
}

/* `under` with what `over` says laid over it, in the arena. */
static const struct spec *
combine(struct claim_list *list, const struct spec *under,
    const struct spec *over, struct fault *f)
{
	struct spec *both = arena_alloc(&list->arena, sizeof(*both), f);

	if (both == NULL)
		return NULL;
	*both = *under;
	spec_fold(both, over);
	return both;
}

/* Two packages that the file was moved from: which one is right? */
static bool
is_disputed(const struct claim *a, const struct claim *b)
{
	return a->rank == b->rank &&
	    (a->rank == CLAIM_MOVED || spec_conflict(a->spec, b->spec) != 0);
}

/* Fold the claims that `compare` finds equal, which stand side by side. */
static int
fold(struct claim_list *list, const struct tree *t,
    int (*compare)(const void *, const void *), struct fault *f)
{
	size_t kept = 0;

	for (size_t i = 1; i < list->count; i++) {
		struct claim *last = &list->items[kept], *c = &list->items[i];

		if (compare(last, c) != 0) {
			list->items[++kept] = *c;
			continue;
		}
		if (is_disputed(last, c))
			return fault_set(f, FAULT_INPUT,
			    "%s:%u and %s:%u: both claim '%s', which was moved",
			    last->file, last->spec->line, c->file,
			    c->spec->line, t->entries[c->index].path);
		last->spec = combine(list, last->spec, c->spec, f);
		if (last->spec == NULL)
			return -1;
		last->file = c->file;
		last->rank = c->rank;
	}
	if (list->count > 0)
		list->count = kept + 1;
	list->sorted = list->count;
	return 0;
}

/* The claim of that rank on an entry, among those that are sorted. */
static struct claim *
find(const struct claim_list *list, size_t index, enum claim_rank rank)
{
	const struct claim key = { .index = index, .rank = rank };

	if (list->sorted == 0)
		return NULL;
	return bsearch(&key, list->items, list->sorted, sizeof(*list->items),
	    compare_claims);
}

static int
disagreement(const struct claim *a, const struct claim *b, const struct tree *t,
    struct fault *f)
{
	return fault_set(f, FAULT_INPUT,
	    "%s:%u and %s:%u: '%s' and '%s' are one file, but are given "
	    "different values",
	    a->file, a->spec->line, b->file, b->spec->line,
	    t->entries[a->index].path, t->entries[b->index].path);
}

/* Let all names of one file share one claim of that rank. */
static int
share(struct claim_list *list, const struct tree *t, enum claim_rank rank,
    const struct link_name *names, size_t count, struct fault *f)
{
	struct claim all = { 0 };

	for (size_t i = 0; i < count; i++) {
		const struct claim *c = find(list, names[i].index, rank);

		if (c == NULL)
			continue;
		if (all.spec == NULL) {
			all = *c;
			continue;
		}
		if (spec_conflict(all.spec, c->spec) != 0)
			return disagreement(&all, c, t, f);
		all.spec = combine(list, all.spec, c->spec, f);
		if (all.spec == NULL)
			return -1;
	}
	for (size_t i = 0; all.spec != NULL && i < count; i++) {
		struct claim *c = find(list, names[i].index, rank);

		all.index = names[i].index;
		if (c != NULL)
			*c = all;
		else if (append(list, &all, f) < 0)
			return -1;
	}
	return 0;
}

static int
share_names(struct claim_list *list, const struct tree *t, struct fault *f)
{
	/* a journal knows the file, whatever its names are */
	static const enum claim_rank ranks[] = { CLAIM_RECORDED_MOVED,
		CLAIM_RECORDED_OWN, CLAIM_MOVED, CLAIM_OWN };
	const size_t rank_count = sizeof(ranks) / sizeof(*ranks);
	const struct link_name *names;
	struct links links = { 0 };
	size_t at = 0, count;
	int r = 0;

	if (list->count == 0)
		return 0;
	if (links_load(&links, t, f) < 0)
		return -1;
	while (r == 0 && (names = links_next(&links, &at, &count)) != NULL) {
		for (size_t i = 0; r == 0 && i < rank_count; i++)
			r = share(list, t, ranks[i], names, count, f);
	}
	links_release(&links);
	return r;
}

int
claim_settle(struct claim_list *list, const struct tree *t, struct fault *f)
{
	sort(list);
	/* what several say of one name is for its other names too */
	if (fold(list, t, compare_claims, f) < 0 || share_names(list, t, f) < 0)
		return -1;
	sort(list);
	return fold(list, t, compare_entries, f);
}

int
claim_apply(const struct claim *claim, struct tree *t, struct fault *f)
{
	struct entry *e = &t->entries[claim->index];

	if (spec_apply(e, claim->spec, &t->arena, f) == 0)
		return 0;
	return fault_wrap(
	    f, "%s:%u: '%s'", claim->file, claim->spec->line, e->path);
}
