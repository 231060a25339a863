/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/links.h"

#include "base/fault.h"
#include "engine/tree.h"

#include <stdlib.h>

static bool
may_have_names(const struct entry *e)
{
	return e->nlink > 1 && e->type != ENTRY_DIR && !e->is_created;
}

bool
links_are_one(const struct entry *a, const struct entry *b)
{
	return a == b ||
	    (may_have_names(a) && may_have_names(b) && a->dev == b->dev &&
		a->ino == b->ino);
}

static int
compare_files(const struct link_name *a, const struct link_name *b)
{
	if (a->dev != b->dev)
		return a->dev < b->dev ? -1 : 1;
	if (a->ino != b->ino)
		return a->ino < b->ino ? -1 : 1;
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const struct link_name *x = a, *y = b;
	const int order = compare_files(x, y);

	return order != 0         ? order
	    : x->index < y->index ? -1
				  : x->index > y->index;
}

int
links_load(struct links *l, const struct tree *t, struct fault *f)
{
	size_t n = 0;

	*l = (struct links){ 0 };
	for (size_t i = 0; i < t->count; i++)
		n += may_have_names(&t->entries[i]);
	if (n == 0)
		return 0;
	l->names = calloc(n, sizeof(*l->names));
	if (l->names == NULL)
		return fault_sys(f, "cannot allocate %zu hard links", n);
	for (size_t i = 0; i < t->count; i++) {
		const struct entry *e = &t->entries[i];

		if (may_have_names(e))
			l->names[l->count++] =
			    (struct link_name){ e->dev, e->ino, i };
	}
	qsort(l->names, l->count, sizeof(*l->names), compare);
	return 0;
}

void
links_release(struct links *l)
{
	free(l->names);
	*l = (struct links){ 0 };
}

size_t
links_first(const struct links *l, const struct entry *e)
{
	const struct link_name key = { e->dev, e->ino, 0 };
	size_t low = 0, high = l->count;

	if (!may_have_names(e))
		return SIZE_MAX;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare_files(&l->names[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < l->count ? l->names[low].index : SIZE_MAX;
}

const struct link_name *
links_next(const struct links *l, size_t *at, size_t *count)
{
	const struct link_name *first;

	if (*at == l->count)
		return NULL;
	first = &l->names[*at];
	*count = 0;
	while (*at < l->count && compare_files(&l->names[*at], first) == 0) {
		++*count;
		++*at;
	}
	return first;
}
