/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * order - the entries of an archive by path, while they stay where they are
 *
 * Where an archive has several entries of one path, which of them comes first
 * means something; so those of one path are as they come.
 *
 *	struct order o = { 0 };
 *	order_load(&o, &tree, f);
 *	i = order_find(&o, "usr/bin", 7, NULL);
 *	if (order_is_at(&o, i, "usr/bin", 7)) ... o.places[i].entry
 *	order_release(&o);
 */
#ifndef ENGINE_ORDER_H
#define ENGINE_ORDER_H

#include <stdbool.h>
#include <stddef.h>

struct entry;
struct fault;
struct tree;

struct order_place {
	const struct entry *entry;
};

struct order {
	struct order_place *places; /* owned */
	size_t count;
};

/* It borrows the entries, which have to be in one array. */
int order_load(struct order *o, const struct tree *t, struct fault *f);
void order_release(struct order *o);

/*
 * The first place that is not before the path of `len` bytes; of the entries of
 * that path, the first that comes with `from` or behind it (NULL: any).
 */
size_t order_find(const struct order *o, const char *path, size_t len,
    const struct entry *from);

/* There is such a place, and its entry has that path. */
bool order_is_at(
    const struct order *o, size_t place, const char *path, size_t len);

#endif
