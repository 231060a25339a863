/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/order.h"

#include "base/fault.h"
#include "engine/tree.h"

#include <stdlib.h>
#include <string.h>

static int
compare(const void *a, const void *b)
{
	const struct entry *x = ((const struct order_place *)a)->entry,
			   *y = ((const struct order_place *)b)->entry;
	const int r = strcmp(x->path, y->path);

	if (r != 0)
		return r;
	return x < y ? -1 : x > y;
}

int
order_load(struct order *o, const struct tree *t, struct fault *f)
{
	bool is_sorted = true;

	if (t->count == 0)
		return 0;
	o->places = calloc(t->count, sizeof(*o->places));
	if (o->places == NULL)
		return fault_sys(f, "cannot allocate %zu entries", t->count);
	o->count = t->count;
	for (size_t i = 0; i < t->count; i++) {
		o->places[i].entry = &t->entries[i];
		if (i > 0 && compare(&o->places[i - 1], &o->places[i]) > 0)
			is_sorted = false;
	}
	if (!is_sorted)
		qsort(o->places, o->count, sizeof(*o->places), compare);
	return 0;
}

void
order_release(struct order *o)
{
	free(o->places);
	*o = (struct order){ 0 };
}

size_t
order_find(const struct order *o, const char *path, size_t len,
    const struct entry *from)
{
	size_t low = 0, high = o->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct entry *e = o->places[middle].entry;
		const int r = strncmp(e->path, path, len);

		/* one that only begins so is longer, which is greater */
		if (r < 0 ||
		    (r == 0 && e->path[len] == '\0' && from != NULL &&
			e < from))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
order_is_at(const struct order *o, size_t place, const char *path, size_t len)
{
	const char *at = place < o->count ? o->places[place].entry->path : NULL;

	return at != NULL && strncmp(at, path, len) == 0 && at[len] == '\0';
}
