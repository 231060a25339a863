/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/difference.h"

#include "base/fault.h"
#include "base/grow.h"

#include <stdlib.h>
#include <string.h>

static const char metadata_prefix[] = "metadata:";

static const struct kind {
	const char *name;
	unsigned risk;
} kinds[DIFFERENCE_KINDS] = {
	[DIFFERENCE_BROKEN] = { "broken", DIFFERENCE_RISK_MAX },
	[DIFFERENCE_SETID] = { "setid", DIFFERENCE_RISK_MAX },
	[DIFFERENCE_CAPS] = { "caps", 95 },
	[DIFFERENCE_SCRIPT] = { "script", 90 },
	[DIFFERENCE_OWNER] = { "owner", 85 },
	[DIFFERENCE_GROUP] = { "group", 80 },
	[DIFFERENCE_SETID_LOST] = { "setid-lost", 75 },
	[DIFFERENCE_CAPS_LOST] = { "caps-lost", 70 },
	[DIFFERENCE_MODE] = { "mode", 65 },
	[DIFFERENCE_TYPE] = { "type", 60 },
	[DIFFERENCE_DEVICE] = { "device", 55 },
	[DIFFERENCE_LINK] = { "link", 50 },
	[DIFFERENCE_MISSING] = { "missing", 45 },
	[DIFFERENCE_EXTRA] = { "extra", 40 },
	[DIFFERENCE_PACKAGE_REMOVED] = { "package-removed", 40 },
	[DIFFERENCE_PACKAGE_ADDED] = { "package-added", 40 },
	[DIFFERENCE_DUPLICATE] = { "duplicate", 35 },
	[DIFFERENCE_CONTENTS] = { "contents", 30 },
	[DIFFERENCE_XATTR] = { "xattr", 25 },
	[DIFFERENCE_METADATA] = { "metadata", 20 },
	[DIFFERENCE_NUMBER] = { "number", 15 },
	[DIFFERENCE_TIME] = { "time", 10 },
};

_Static_assert(DIFFERENCE_KINDS <= 32, "a bit for each kind");

void
difference_release(struct differences *ds)
{
	arena_release(&ds->arena);
	free(ds->list);
	*ds = (struct differences){ .ignore = ds->ignore };
}

static bool
is_ignored(const struct difference_ignore *i, const struct difference *d)
{
	if (i == NULL)
		return false;
	if ((i->kinds & UINT32_C(1) << d->kind) != 0)
		return true;
	if (d->kind != DIFFERENCE_METADATA)
		return false;
	for (size_t k = 0; k < i->field_count; k++) {
		if (strlen(d->field) == i->fields[k].len &&
		    memcmp(d->field, i->fields[k].name, i->fields[k].len) == 0)
			return true;
	}
	return false;
}

int
difference_add(
    struct differences *ds, const struct difference *d, struct fault *f)
{
	if (is_ignored(ds->ignore, d))
		return 0;
	if (ds->count == ds->cap) {
		struct difference *list = grow_array(
		    ds->list, &ds->cap, sizeof(*list), "differences", f);

		if (list == NULL)
			return -1;
		ds->list = list;
	}
	ds->list[ds->count] = *d;
	if (d->risk == 0)
		ds->list[ds->count].risk = kinds[d->kind].risk;
	ds->count++;
	return 0;
}

/* What there is goes behind what there is not. */
static int
compare_strings(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
compare(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;
	int r;

	if (x->risk != y->risk)
		return x->risk > y->risk ? -1 : 1;
	r = compare_strings(x->path, y->path);
	if (r == 0)
		r = (int)x->kind - (int)y->kind;
	if (r == 0)
		r = compare_strings(x->field, y->field);
	if (r == 0)
		r = compare_strings(x->before, y->before);
	return r != 0 ? r : compare_strings(x->after, y->after);
}

void
difference_sort(struct differences *ds)
{
	if (ds->count > 0)
		qsort(ds->list, ds->count, sizeof(*ds->list), compare);
}

const char *
difference_name(enum difference_kind kind)
{
	return kinds[kind].name;
}

unsigned
difference_risk(enum difference_kind kind)
{
	return kinds[kind].risk;
}

static int
add_field(
    struct difference_ignore *i, const char *name, size_t len, struct fault *f)
{
	if (i->field_count == DIFFERENCE_FIELDS_MAX)
		return fault_set(f, FAULT_USAGE,
		    "more than %d fields to ignore", DIFFERENCE_FIELDS_MAX);
	i->fields[i->field_count].name = name;
	i->fields[i->field_count++].len = len;
	return 0;
}

static int
add_word(
    struct difference_ignore *i, const char *word, size_t len, struct fault *f)
{
	const size_t prefix = sizeof(metadata_prefix) - 1;

	if (len > prefix && memcmp(word, metadata_prefix, prefix) == 0)
		return add_field(i, word + prefix, len - prefix, f);
	for (int k = DIFFERENCE_BROKEN + 1; k < DIFFERENCE_KINDS; k++) {
		if (strlen(kinds[k].name) == len &&
		    memcmp(kinds[k].name, word, len) == 0) {
			i->kinds |= UINT32_C(1) << k;
			return 0;
		}
	}
	return fault_set(f, FAULT_USAGE,
	    "'%.*s' is no kind of difference that can be ignored",
	    len < 100 ? (int)len : 100, word);
}

int
difference_ignore_add(
    struct difference_ignore *i, const char *text, struct fault *f)
{
	for (;;) {
		const size_t len = strcspn(text, ",");

		if (add_word(i, text, len, f) < 0)
			return -1;
		if (text[len] == '\0')
			return 0;
		text += len + 1;
	}
}
