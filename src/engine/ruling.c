/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/ruling.h"

#include "base/fault.h"
#include "base/grow.h"
#include "engine/apk.h"
#include "engine/census.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_SIZE = 32 };

struct judge {
	struct ruling *ruling;
	const struct tree *tree;
	const struct policy *policy; /* or NULL */
	const char *package;
};

void
ruling_release(struct ruling *r)
{
	arena_release(&r->arena);
	free(r->charges);
	*r = (struct ruling){ 0 };
}

static bool
is_allowed(const struct judge *j, const struct policy_claim *claim)
{
	return j->policy != NULL && policy_allows(j->policy, claim);
}

static int
append(struct ruling *r, const struct policy_claim *claim, size_t first,
    struct fault *f)
{
	if (r->count == r->cap) {
		struct ruling_charge *charges = grow_array(
		    r->charges, &r->cap, sizeof(*charges), "charges", f);

		if (charges == NULL)
			return -1;
		r->charges = charges;
	}
	r->charges[r->count++] = (struct ruling_charge){ *claim, first, 1 };
	return 0;
}

static const char *
copy_number(struct ruling *r, uint32_t id, struct fault *f)
{
	char digits[NUMBER_SIZE];

	snprintf(digits, sizeof(digits), "%" PRIu32, id);
	return arena_string(&r->arena, digits, strlen(digits), f);
}

/* Add the account of an entry, if it is not that of the charge before. */
static int
add_account(struct judge *j, enum policy_kind kind, size_t at, size_t start,
    struct fault *f)
{
	const struct entry *e = &j->tree->entries[at];
	const char *name = kind == POLICY_USER ? e->uname : e->gname;
	struct ruling *r = j->ruling;
	struct policy_claim claim = { kind, j->package, name, NULL, e->path };

	if (name == NULL)
		claim.value =
		    copy_number(r, kind == POLICY_USER ? e->uid : e->gid, f);
	if (claim.value == NULL)
		return -1;
	if (r->count > start &&
	    strcmp(r->charges[r->count - 1].claim.value, claim.value) == 0) {
		r->charges[r->count - 1].entries++;
		return 0;
	}
	return append(r, &claim, at, f);
}

/* By account, and for one as the entries come. */
static int
compare(const void *a, const void *b)
{
	const struct ruling_charge *x = a, *y = b;
	const int r = strcmp(x->claim.value, y->claim.value);

	if (r != 0)
		return r;
	return x->first < y->first ? -1 : x->first > y->first;
}

/* Make each account one charge, and drop those that are allowed. */
static void
settle_accounts(struct judge *j, size_t start)
{
	struct ruling_charge *list = j->ruling->charges;
	const size_t count = j->ruling->count;
	size_t kept = start, i = start;

	if (count > start)
		qsort(list + start, count - start, sizeof(*list), compare);
	while (i < count) {
		struct ruling_charge one = list[i++];

		for (; i < count &&
		     strcmp(list[i].claim.value, one.claim.value) == 0;
		     i++)
			one.entries += list[i].entries;
		if (!is_allowed(j, &one.claim))
			list[kept++] = one;
	}
	j->ruling->count = kept;
}

static int
judge_accounts(struct judge *j, enum policy_kind kind, struct fault *f)
{
	const unsigned mark = kind == POLICY_USER ? CENSUS_USER : CENSUS_GROUP;
	const size_t start = j->ruling->count;

	for (size_t i = 0; i < j->tree->count; i++) {
		if ((census_marks(&j->tree->entries[i]) & mark) != 0 &&
		    add_account(j, kind, i, start, f) < 0)
			return -1;
	}
	settle_accounts(j, start);
	return 0;
}

/* "char:1,3" */
static const char *
copy_device(struct ruling *r, const struct entry *e, struct fault *f)
{
	char text[NUMBER_SIZE];

	snprintf(text, sizeof(text), "%s:%" PRIu32 ",%" PRIu32,
	    entry_type_name((enum entry_type)e->type), e->major, e->minor);
	return arena_string(&r->arena, text, strlen(text), f);
}

/* What of an entry is not its owner. */
static int
judge_entry(struct judge *j, size_t at, struct fault *f)
{
	const struct entry *e = &j->tree->entries[at];
	const unsigned marks = census_marks(e);
	const bool is_setid = (marks & CENSUS_SETID) != 0;
	const struct {
		bool has;
		enum policy_kind kind;
	} rows[] = {
		{ is_setid && (e->mode & 04000) != 0, POLICY_SETUID },
		{ is_setid && (e->mode & 02000) != 0, POLICY_SETGID },
		{ (marks & CENSUS_CAPS) != 0, POLICY_CAPS },
		{ (marks & CENSUS_DEVICE) != 0, POLICY_DEVICE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct policy_claim claim = { rows[i].kind, j->package, NULL,
			entry_caps(e), e->path };

		if (!rows[i].has)
			continue;
		if (claim.kind == POLICY_DEVICE) {
			claim.value = copy_device(j->ruling, e, f);
			if (claim.value == NULL)
				return -1;
		}
		if (!is_allowed(j, &claim) &&
		    append(j->ruling, &claim, at, f) < 0)
			return -1;
	}
	return 0;
}

static const char *
name_of(const struct apk *a, const char *file)
{
	const char *slash = strrchr(file, '/');

	if (a->info.pkgname != NULL)
		return a->info.pkgname;
	return slash != NULL ? slash + 1 : file;
}

int
ruling_judge(struct ruling *r, const struct apk *a, const char *file,
    const struct policy *p, struct fault *f)
{
	struct judge j = { r, &a->tree, p, name_of(a, file) };

	if (judge_accounts(&j, POLICY_USER, f) < 0 ||
	    judge_accounts(&j, POLICY_GROUP, f) < 0)
		return -1;
	for (size_t i = 0; i < a->tree.count; i++) {
		if (judge_entry(&j, i, f) < 0)
			return -1;
	}
	return 0;
}
