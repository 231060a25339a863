/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/census.h"

#include "base/fault.h"
#include "base/grow.h"
#include "engine/apk.h"
#include "engine/aport.h"
#include "format/owner.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 11 };

/* The accounts of one package while they are collected, some more than once. */
struct tally {
	struct arena *arena;
	struct census_account *list; /* owned */
	size_t count, cap;
};

void
census_release(struct census *c)
{
	arena_release(&c->arena);
	free(c->accounts);
	*c = (struct census){ 0 };
}

unsigned
census_marks(const struct entry *e)
{
	unsigned marks = 0;

	if (!owner_is_root(e->uname, e->uid))
		marks |= CENSUS_USER;
	if (!owner_is_root(e->gname, e->gid))
		marks |= CENSUS_GROUP;
	/* those of a symbolic link mean nothing */
	if ((e->mode & ENTRY_SETID) != 0 && e->type != ENTRY_LINK)
		marks |= CENSUS_SETID;
	if (entry_caps(e) != NULL)
		marks |= CENSUS_CAPS;
	if (e->type == ENTRY_CHAR || e->type == ENTRY_BLOCK)
		marks |= CENSUS_DEVICE;
	return marks;
}

static int
compare(const void *a, const void *b)
{
	const struct census_account *x = a, *y = b;

	if (x->is_group != y->is_group)
		return x->is_group ? 1 : -1;
	if (x->is_number != y->is_number)
		return x->is_number ? 1 : -1;
	return strcmp(x->name, y->name);
}

static int
append(struct tally *t, const struct census_account *a, struct fault *f)
{
	if (t->count == t->cap) {
		struct census_account *list =
		    grow_array(t->list, &t->cap, sizeof(*list), "accounts", f);

		if (list == NULL)
			return -1;
		t->list = list;
	}
	t->list[t->count++] = *a;
	return 0;
}

static int
add_account(struct tally *t, bool is_group, const char *name, uint32_t id,
    struct fault *f)
{
	struct census_account a = {
		.is_group = is_group,
		.is_number = name == NULL,
		.packages = 1,
	};
	char digits[DIGITS_MAX];

	if (name == NULL) {
		snprintf(digits, sizeof(digits), "%" PRIu32, id);
		name = digits;
	}
	/* mostly the one before */
	for (size_t i = t->count; i > 0 && i + 2 > t->count; i--) {
		if (t->list[i - 1].is_group == is_group &&
		    t->list[i - 1].is_number == a.is_number &&
		    strcmp(t->list[i - 1].name, name) == 0)
			return 0;
	}
	a.name = arena_string(t->arena, name, strlen(name), f);
	return a.name != NULL ? append(t, &a, f) : -1;
}

/* Sort, and leave each account once. */
static void
settle(struct tally *t)
{
	size_t kept = 0;

	if (t->count > 1)
		qsort(t->list, t->count, sizeof(*t->list), compare);
	for (size_t i = 0; i < t->count; i++) {
		if (kept == 0 || compare(&t->list[kept - 1], &t->list[i]) != 0)
			t->list[kept++] = t->list[i];
	}
	t->count = kept;
}

static int
count_entries(struct census *c, struct tally *t, unsigned *marks,
    const struct apk *a, struct fault *f)
{
	for (size_t i = 0; i < a->tree.count; i++) {
		const struct entry *e = &a->tree.entries[i];
		const unsigned m = census_marks(e);

		*marks |= m;
		if (((m & CENSUS_USER) != 0 &&
			add_account(t, false, e->uname, e->uid, f) < 0) ||
		    ((m & CENSUS_GROUP) != 0 &&
			add_account(t, true, e->gname, e->gid, f) < 0))
			return -1;
	}
	c->entries = a->tree.count;
	return 0;
}

int
census_count(struct census *c, const struct apk *a, struct fault *f)
{
	struct tally t = { .arena = &c->arena };
	unsigned marks = 0;

	if (count_entries(c, &t, &marks, a, f) < 0) {
		free(t.list);
		return -1;
	}
	settle(&t);
	c->packages = 1;
	c->broken = findings_has_broken(&a->findings);
	c->special = marks != 0;
	c->user = (marks & CENSUS_USER) != 0;
	c->group = (marks & CENSUS_GROUP) != 0;
	c->both = c->user != 0 && c->group != 0;
	c->setid = (marks & CENSUS_SETID) != 0;
	c->caps = (marks & CENSUS_CAPS) != 0;
	c->device = (marks & CENSUS_DEVICE) != 0;
	for (size_t i = 0; i < t.count; i++)
		c->number |= t.list[i].is_number;
	for (int i = 0; i < FINDINGS_KINDS; i++)
		c->findings[i] = a->findings.counts[i] > 0;
	c->accounts = t.list;
	c->account_count = t.count;
	return 0;
}

void
census_count_recipe(struct census *c, const struct aport *a)
{
	const struct recipe *r = &a->recipe;
	struct census_recipes *n = &c->recipes;

	n->read = 1;
	n->broken = findings_has_broken(&a->findings);
	n->pkgusers = recipe_sets(r, "pkgusers");
	n->pkggroups = recipe_sets(r, "pkggroups");
	n->both = n->pkgusers != 0 && n->pkggroups != 0;
	n->chown =
	    recipe_calls(r, RECIPE_CHOWN) || recipe_calls(r, RECIPE_CHGRP);
	n->install = recipe_calls(r, RECIPE_INSTALL);
	n->setcap = recipe_calls(r, RECIPE_SETCAP);
	n->amtree = recipe_calls(r, RECIPE_AMTREE);
	n->undeclared = n->pkgusers == 0 && n->pkggroups == 0 &&
	    (n->chown | n->install | n->setcap) != 0;
	n->any = n->pkgusers != 0 || n->pkggroups != 0 || n->undeclared != 0;
	for (int i = 0; i < FINDINGS_KINDS; i++)
		c->findings[i] = a->findings.counts[i] > 0;
}

/* Add one that is new to a census; 0 if there is no room for its name. */
static int
adopt(struct census *c, struct census_account *out,
    const struct census_account *a, struct fault *f)
{
	const size_t len = strlen(a->name);

	if (len > CENSUS_NAMES_MAX - c->names) {
		c->more_accounts += a->packages;
		return 0;
	}
	c->names += len;
	*out = *a;
	out->name = arena_string(&c->arena, a->name, len, f);
	return out->name != NULL ? 1 : -1;
}

/* Two sorted lists become one; names that are new to the first are copied. */
static int
merge_accounts(struct census *c, struct census_account *out,
    const struct census *from, struct fault *f)
{
	size_t n = 0, i = 0, k = 0;

	while (i < c->account_count || k < from->account_count) {
		const int r = i == c->account_count ? 1
		    : k == from->account_count
		    ? -1
		    : compare(&c->accounts[i], &from->accounts[k]);

		if (r > 0) {
			const int adopted =
			    adopt(c, &out[n], &from->accounts[k++], f);

			if (adopted < 0)
				return -1;
			n += (size_t)adopted;
			continue;
		}
		out[n] = c->accounts[i++];
		if (r == 0)
			out[n].packages += from->accounts[k++].packages;
		n++;
	}
	free(c->accounts);
	c->accounts = out;
	c->account_count = n;
	return 0;
}

static int
add_accounts(struct census *c, const struct census *from, struct fault *f)
{
	const size_t most = c->account_count + from->account_count;
	struct census_account *merged;

	if (from->account_count == 0)
		return 0;
	merged = calloc(most, sizeof(*merged));
	if (merged == NULL)
		return fault_sys(f, "cannot allocate %zu accounts", most);
	if (merge_accounts(c, merged, from, f) == 0)
		return 0;
	free(merged);
	return -1;
}

static void
add_recipes(struct census_recipes *n, const struct census_recipes *from)
{
	n->read += from->read;
	n->broken += from->broken;
	n->pkgusers += from->pkgusers;
	n->pkggroups += from->pkggroups;
	n->both += from->both;
	n->chown += from->chown;
	n->install += from->install;
	n->setcap += from->setcap;
	n->any += from->any;
	n->undeclared += from->undeclared;
	n->amtree += from->amtree;
}

int
census_merge(struct census *c, struct census *from, struct fault *f)
{
	if (add_accounts(c, from, f) < 0)
		return -1;
	c->packages += from->packages;
	c->broken += from->broken;
	c->entries += from->entries;
	c->special += from->special;
	c->user += from->user;
	c->group += from->group;
	c->both += from->both;
	c->setid += from->setid;
	c->caps += from->caps;
	c->device += from->device;
	c->number += from->number;
	c->more_accounts += from->more_accounts;
	add_recipes(&c->recipes, &from->recipes);
	for (int i = 0; i < FINDINGS_KINDS; i++)
		c->findings[i] += from->findings[i];
	census_release(from);
	return 0;
}
