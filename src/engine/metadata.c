/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/metadata.h"

#include "base/fault.h"
#include "engine/difference.h"
#include "format/pkginfo.h"

#include <string.h>

/* The lines from `at` on that are not yet compared. */
struct rest {
	const struct pkginfo *info;
	size_t at;
};

static const struct pkginfo_line *
line(const struct rest *r)
{
	return r->at < r->info->count ? &r->info->lines[r->at] : NULL;
}

/* The line, unless it is of another key. */
static const struct pkginfo_line *
line_of(const struct rest *r, const char *key)
{
	const struct pkginfo_line *l = line(r);

	return l != NULL && strcmp(l->key, key) == 0 ? l : NULL;
}

/* Go behind all lines that are this one. */
static void
skip(struct rest *r, const struct pkginfo_line *same)
{
	const struct pkginfo_line *l;

	while ((l = line_of(r, same->key)) != NULL &&
	    strcmp(l->value, same->value) == 0)
		r->at++;
}

/* The next value that one of them has alone; false behind the key's last. */
static bool
next_value(struct rest *a, struct rest *b, const char *key, const char **before,
    const char **after)
{
	const struct pkginfo_line *x, *y;

	*before = *after = NULL;
	while ((x = line_of(a, key)), (y = line_of(b, key)),
	    x != NULL || y != NULL) {
		const int r = x == NULL ? 1
		    : y == NULL         ? -1
					: strcmp(x->value, y->value);

		if (r <= 0)
			skip(a, x);
		if (r >= 0)
			skip(b, y);
		if (r < 0)
			*before = x->value;
		if (r > 0)
			*after = y->value;
		if (r != 0)
			return true;
	}
	return false;
}

static bool
must_differ(const char *key)
{
	return strcmp(key, "datahash") == 0 || strcmp(key, "builddate") == 0;
}

static int
add(struct differences *ds, const char *key, const char *before,
    const char *after, struct fault *f)
{
	return difference_add(ds,
	    &(struct difference){ .kind = DIFFERENCE_METADATA,
		.field = key,
		.before = before,
		.after = after },
	    f);
}

/* Two that go together are held back until it is known that there is no more. */
static int
compare_key(struct differences *ds, struct rest *a, struct rest *b,
    const char *key, struct fault *f)
{
	struct rest x = *a, y = *b;
	const char *before[3], *after[3];
	size_t n = 0;

	while (n < 3 && next_value(&x, &y, key, &before[n], &after[n]))
		n++;
	if (n == 2 && (before[0] != NULL) != (before[1] != NULL)) {
		*a = x;
		*b = y;
		return add(ds, key, before[before[0] == NULL],
		    after[after[0] == NULL], f);
	}
	while (next_value(a, b, key, &before[0], &after[0])) {
		if (add(ds, key, before[0], after[0], f) < 0)
			return -1;
	}
	return 0;
}

static void
skip_key(struct rest *r, const char *key)
{
	while (line_of(r, key) != NULL)
		r->at++;
}

/* The key that comes next in one of them; NULL behind the last of both. */
static const char *
next_key(const struct rest *a, const struct rest *b)
{
	const struct pkginfo_line *x = line(a), *y = line(b);

	if (x == NULL)
		return y != NULL ? y->key : NULL;
	return y == NULL || strcmp(x->key, y->key) <= 0 ? x->key : y->key;
}

int
metadata_compare(struct differences *ds, const struct pkginfo *a,
    const struct pkginfo *b, struct fault *f)
{
	struct rest x = { a, 0 }, y = { b, 0 };
	const char *key;

	while ((key = next_key(&x, &y)) != NULL) {
		if (must_differ(key)) {
			skip_key(&x, key);
			skip_key(&y, key);
		} else if (compare_key(ds, &x, &y, key, f) < 0) {
			return -1;
		}
	}
	return 0;
}
