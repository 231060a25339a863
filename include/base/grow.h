/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grow - arrays that have no room left
 *
 *	if (l->count == l->cap) {
 *		struct claim *items = grow_array(
 *		    l->items, &l->cap, sizeof(*items), "claims", f);
 *
 *		if (items == NULL)
 *			return -1;
 *		l->items = items;
 *	}
 *	l->items[l->count++] = ...;
 */
#ifndef BASE_GROW_H
#define BASE_GROW_H

#include <stddef.h>

struct fault;

/*
 * The items with room for twice as many, or for a few if there were none, in
 * `*cap`; `size` is that of one, `what` what a fault calls them.  NULL if there is
 * no memory; the array is as it was then.
 */
void *grow_array(
    void *items, size_t *cap, size_t size, const char *what, struct fault *f);

#endif
