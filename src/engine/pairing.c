/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/pairing.h"

#include "base/fault.h"
#include "base/grow.h"
#include "format/version.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void
pairing_release(struct pairing *p)
{
	arena_release(&p->arena);
	free(p->lists[0].items);
	free(p->lists[1].items);
	free(p->pairs);
	*p = (struct pairing){ 0 };
}

static int
grow(struct pairing_list *l, struct fault *f)
{
	struct pairing_package *items =
	    grow_array(l->items, &l->cap, sizeof(*items), "packages", f);

	if (items == NULL)
		return -1;
	l->items = items;
	return 0;
}

static const char *
copy(struct pairing *p, const char *s, struct fault *f)
{
	return arena_string(&p->arena, s, strlen(s), f);
}

int
pairing_add(struct pairing *p, int side, const struct pairing_package *package,
    struct fault *f)
{
	struct pairing_list *l = &p->lists[side];
	struct pairing_package *new;

	if (l->count == l->cap && grow(l, f) < 0)
		return -1;
	new = &l->items[l->count];
	*new = (struct pairing_package){
		.name = copy(p, package->name, f),
		.arch = copy(p, package->arch, f),
		.version = copy(p, package->version, f),
		.file = copy(p, package->file, f),
	};
	if (new->name == NULL || new->arch == NULL || new->version == NULL ||
	    new->file == NULL)
		return -1;
	l->count++;
	return 0;
}

static int
compare_names(const struct pairing_package *a, const struct pairing_package *b)
{
	const int r = strcmp(a->name, b->name);

	return r != 0 ? r : strcmp(a->arch, b->arch);
}

static int
compare(const void *a, const void *b)
{
	const struct pairing_package *x = a, *y = b;
	int r = compare_names(x, y);

	if (r == 0)
		r = version_compare(x->version, y->version);
	return r != 0 ? r : strcmp(x->file, y->file);
}

struct partner {
	const struct pairing_package *package; /* NULL: none */
};

/* What is left of the packages of one name, to be taken from its end. */
struct group {
	struct pairing_package *items;
	struct partner *partners; /* one each, or NULL */
	size_t count;
};

/* Those from `at` on that have the name of `first`. */
static struct group
cut_group(const struct pairing_list *l, size_t at, struct partner *partners,
    const struct pairing_package *first)
{
	struct group g = { NULL, NULL, 0 };

	if (at == l->count)
		return g;
	g.items = &l->items[at];
	g.partners = &partners[at];
	while (at + g.count < l->count &&
	    compare_names(&g.items[g.count], first) == 0)
		g.count++;
	return g;
}

/* The one that comes first; one of them has to be there. */
static const struct pairing_package *
least(const struct pairing_list *x, size_t i, const struct pairing_list *y,
    size_t k)
{
	if (k == y->count ||
	    (i < x->count && compare_names(&x->items[i], &y->items[k]) <= 0))
		return &x->items[i];
	return &y->items[k];
}

static void
couple(struct group *a, size_t i, struct group *b, size_t k)
{
	a->partners[i].package = &b->items[k];
	b->partners[k].package = &a->items[i];
}

static void
couple_same(struct group *a, struct group *b)
{
	for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
		const int r =
		    version_compare(a->items[i].version, b->items[k].version);

		if (r == 0)
			couple(a, i, b, k);
		i += r <= 0;
		k += r >= 0;
	}
}

static void
couple_newest(struct group *a, struct group *b)
{
	for (size_t i = a->count, k = b->count; i > 0 && k > 0;) {
		if (a->partners[i - 1].package != NULL)
			i--;
		else if (b->partners[k - 1].package != NULL)
			k--;
		else
			couple(a, --i, b, --k);
	}
}

static void
add_pairs(struct pairing *p, const struct group *a, const struct group *b)
{
	for (size_t i = 0; i < a->count; i++)
		p->pairs[p->pair_count++] = (struct pairing_pair){
			{ &a->items[i], a->partners[i].package }
		};
	for (size_t k = 0; k < b->count; k++) {
		if (b->partners[k].package == NULL)
			p->pairs[p->pair_count++] =
			    (struct pairing_pair){ { NULL, &b->items[k] } };
	}
}

static void
sort(struct pairing_list *l)
{
	if (l->count > 0)
		qsort(l->items, l->count, sizeof(*l->items), compare);
}

int
pairing_make(struct pairing *p, struct fault *f)
{
	struct pairing_list *x = &p->lists[0], *y = &p->lists[1];
	const size_t all = x->count + y->count;
	struct partner *partners;
	size_t i = 0, k = 0;

	sort(x);
	sort(y);
	if (all == 0)
		return 0;
	partners = calloc(all, sizeof(*partners));
	p->pairs = calloc(all, sizeof(*p->pairs));
	if (partners == NULL || p->pairs == NULL) {
		free(partners);
		return fault_sys(f, "cannot allocate %zu pairs", all);
	}
	while (i < x->count || k < y->count) {
		const struct pairing_package *first = least(x, i, y, k);
		struct group a = cut_group(x, i, partners, first);
		struct group b = cut_group(y, k, partners + x->count, first);

		couple_same(&a, &b);
		couple_newest(&a, &b);
		add_pairs(p, &a, &b);
		i += a.count;
		k += b.count;
	}
	free(partners);
	return 0;
}
