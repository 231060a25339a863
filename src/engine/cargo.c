/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/cargo.h"

#include "base/fault.h"
#include "base/grow.h"
#include "base/path.h"
#include "engine/order.h"
#include "engine/tree.h"
#include "format/tar.h"

#include <stdlib.h>
#include <string.h>

void
cargo_release(struct cargo *c)
{
	free(c->targets);
	*c = (struct cargo){ 0 };
}

static const char *
keep(struct cargo *c, struct arena *a, const char *bytes, size_t len,
    struct fault *f)
{
	c->bytes += len + 1;
	return arena_string(a, bytes, len, f);
}

/* A copy of the string, if there is one; of one that is `last` again, none. */
static int
keep_string(struct cargo *c, struct arena *a, const char **s, const char *last,
    struct fault *f)
{
	if (*s == NULL)
		return 0;
	*s = last != NULL && strcmp(*s, last) == 0
	    ? last
	    : keep(c, a, *s, strlen(*s), f);
	return *s != NULL ? 0 : -1;
}

static int
keep_xattrs(struct cargo *c, struct arena *a, struct entry *e, struct fault *f)
{
	const struct xattr **end = &e->xattrs;

	for (const struct xattr *x = e->xattrs; x != NULL; x = x->next) {
		struct xattr *own = arena_alloc(a, sizeof(*own), f);

		*end = own;
		if (own == NULL)
			return -1;
		c->bytes += sizeof(*own);
		own->len = x->len;
		own->name = keep(c, a, x->name, strlen(x->name), f);
		own->value = keep(c, a, x->value, x->len, f);
		if (own->name == NULL || own->value == NULL)
			return -1;
		end = &own->next;
	}
	return 0;
}

static int
grow(struct cargo *c, struct fault *f)
{
	const char **targets =
	    grow_array(c->targets, &c->cap, sizeof(*targets), "targets", f);

	if (targets == NULL)
		return -1;
	c->targets = targets;
	return 0;
}

int
cargo_add(struct cargo *c, struct tree *t, const struct tar_entry *te,
    struct fault *f)
{
	const struct entry none = { 0 };
	const size_t i = t->count;
	struct entry *e = tree_append(t, f);
	const struct entry *last = i > 0 ? &t->entries[i - 1] : &none;
	const char *target = te->target;

	if (e == NULL)
		return -1;
	*e = te->entry;
	e->nlink = target != NULL ? 2 : 1;
	c->bytes += sizeof(*e) + sizeof(target);
	if (keep_string(c, &t->arena, &e->path, NULL, f) < 0 ||
	    keep_string(c, &t->arena, &e->link, NULL, f) < 0 ||
	    keep_string(c, &t->arena, &target, NULL, f) < 0 ||
	    keep_string(c, &t->arena, &e->uname, last->uname, f) < 0 ||
	    keep_string(c, &t->arena, &e->gname, last->gname, f) < 0 ||
	    keep_xattrs(c, &t->arena, e, f) < 0 ||
	    (i >= c->cap && grow(c, f) < 0))
		return -1;
	c->targets[i] = target;
	return 0;
}

int
cargo_set_digest(
    struct cargo *c, struct tree *t, const char *hex, struct fault *f)
{
	struct entry *e = &t->entries[t->count - 1];

	e->digest = keep(c, &t->arena, hex, strlen(hex), f);
	return e->digest != NULL ? 0 : -1;
}

/* Which entry a hard link means; NULL if there is none. */
static const struct entry *
find(const struct order *o, const struct entry *link, const char *target)
{
	size_t len = strlen(target), i;
	struct fault why = { 0 };

	(void)path_canon(&target, &len, &why); /* else it stands as it is */
	i = order_find(o, target, len, link);
	if (i > 0 && order_is_at(o, i - 1, target, len))
		return o->places[i - 1].entry;
	if (i < o->count && o->places[i].entry == link)
		i++;
	return order_is_at(o, i, target, len) ? o->places[i].entry : NULL;
}

/* The entry that stands for all names of a file; the way there gets shorter. */
static size_t
leader(size_t *leaders, size_t i)
{
	while (leaders[i] != i) {
		leaders[i] = leaders[leaders[i]];
		i = leaders[i];
	}
	return i;
}

/* What an archive says of one file at several places. */
struct ties {
	struct order order;
	size_t *leaders; /* owned; by the place in the archive */
};

static int
find_leaders(
    struct ties *s, const struct cargo *c, struct tree *t, struct fault *f)
{
	if (order_load(&s->order, t, f) < 0)
		return -1;
	s->leaders = calloc(t->count, sizeof(*s->leaders));
	if (s->leaders == NULL)
		return fault_sys(f, "cannot allocate %zu entries", t->count);
	for (size_t i = 0; i < t->count; i++)
		s->leaders[i] = i;
	for (size_t i = 0; i < t->count; i++) {
		struct entry *e = &t->entries[i];
		const struct entry *to;

		if (c->targets[i] == NULL)
			continue;
		to = find(&s->order, e, c->targets[i]);
		if (to == NULL || to->type == ENTRY_DIR) {
			e->link = c->targets[i];
			e->nlink = 1;
			continue;
		}
		/* the one with contents leads; links in a ring have none */
		s->leaders[leader(s->leaders, i)] =
		    leader(s->leaders, (size_t)(to - t->entries));
	}
	return 0;
}

/* Two sorted lists as one, where `own` goes before `other`. */
static int
join_xattrs(struct tree *t, const struct xattr **out, const struct xattr *own,
    const struct xattr *other, struct fault *f)
{
	while (own != NULL && other != NULL) {
		const int r = strcmp(own->name, other->name);
		struct xattr *x = arena_alloc(&t->arena, sizeof(*x), f);

		*out = x;
		if (x == NULL)
			return -1;
		*x = r <= 0 ? *own : *other;
		own = r <= 0 ? own->next : own;
		other = r >= 0 ? other->next : other;
		out = &x->next;
	}
	*out = own != NULL ? own : other;
	return 0;
}

/* A name gets all that its own header does not say. */
static int
tie(struct tree *t, struct entry *e, struct entry *first, struct fault *f)
{
	const struct xattr *own = e->xattrs;

	e->ino = (uint64_t)(first - t->entries) + 1;
	if (e == first)
		return 0;
	e->nlink = first->nlink = 2;
	e->type = first->type;
	e->size = first->size;
	e->digest = first->digest;
	e->link = first->link;
	e->major = first->major;
	e->minor = first->minor;
	return join_xattrs(t, &e->xattrs, own, first->xattrs, f);
}

static int
sort(struct tree *t, const struct order *o, struct fault *f)
{
	struct entry *entries;

	if (t->count == 0)
		return 0;
	entries = calloc(t->count, sizeof(*entries));
	if (entries == NULL)
		return fault_sys(f, "cannot allocate %zu entries", t->count);
	for (size_t i = 0; i < t->count; i++)
		entries[i] = *o->places[i].entry;
	free(t->entries);
	t->entries = entries;
	t->cap = t->count;
	return 0;
}

int
cargo_tie(const struct cargo *c, struct tree *t, struct fault *f)
{
	struct ties s = { 0 };
	int r;

	if (t->count == 0)
		return 0;
	r = find_leaders(&s, c, t, f);
	for (size_t i = 0; r == 0 && i < t->count; i++)
		r = tie(
		    t, &t->entries[i], &t->entries[leader(s.leaders, i)], f);
	if (r == 0)
		r = sort(t, &s.order, f);
	order_release(&s.order);
	free(s.leaders);
	return r;
}
