/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/cover.h"

#include <string.h>

static bool
is_same_account(const char *a, uint32_t a_id, const char *b, uint32_t b_id)
{
	if (a == NULL || b == NULL)
		return a == b && a_id == b_id;
	return strcmp(a, b) == 0;
}

/* True if both need the same of the same owners. */
static bool
has_same_owners(const struct cover *a, const struct cover *b)
{
	const struct entry *x = a->entry, *y = b->entry;
	const unsigned owners = a->keywords & COVER_OWNERS;

	return owners == (b->keywords & COVER_OWNERS) &&
	    ((owners & KEYWORD_USER) == 0 ||
		is_same_account(x->uname, x->uid, y->uname, y->uid)) &&
	    ((owners & KEYWORD_GROUP) == 0 ||
		is_same_account(x->gname, x->gid, y->gname, y->gid));
}

/* What is to be created may not be there yet when -R looks. */
static bool
is_there(const struct cover *c)
{
	return (c->keywords & KEYWORD_TYPE) == 0;
}

/* Compare with DIR and one byte more. */
static int
compare_beyond(const char *path, const char *dir, size_t len, char next)
{
	const int r = strncmp(path, dir, len);

	return r != 0 ? r : (unsigned char)path[len] - next;
}

/* The first entry behind `at` that is not before its path and that byte. */
static size_t
find_beyond(const struct cover *covers, size_t count, size_t at, char next)
{
	const char *dir = covers[at].entry->path;
	const size_t len = strlen(dir);
	size_t low = at + 1, high = count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare_beyond(covers[middle].entry->path, dir, len, next) <
		    0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * What is below directory `at` is one run of entries, but does not follow it at
 * once where there are names such as "dir-x", which sort before "dir/".
 */
static size_t
find_below(const struct cover *covers, size_t count, size_t at, size_t *end)
{
	*end = find_beyond(covers, count, at, '/' + 1);
	return find_beyond(covers, count, at, '/');
}

/*
 * True if -R is for this directory: it would give the right owner to most of
 * what it hits, and the others state as much themselves.
 */
static bool
is_worth_all(const struct cover *covers, size_t at, size_t below, size_t end)
{
	const struct cover *top = &covers[at];
	const unsigned owners = top->keywords & COVER_OWNERS;
	size_t same = 1;

	for (size_t i = below; i < end; i++) {
		const struct cover *c = &covers[i];

		if ((c->keywords & owners) != owners)
			return false;
		if (is_there(c) && has_same_owners(c, top))
			same++;
	}
	return same > 1 && same > (end - below + 1) / 2;
}

bool
cover_has_owners(const struct cover *covers, size_t at)
{
	const struct cover *c = &covers[at];

	return c->is_top ||
	    (c->above != COVER_NONE && is_there(c) &&
		has_same_owners(c, &covers[c->above]));
}

/* Directories come before what is below them, so the innermost is the last. */
void
cover_find(struct cover *covers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		covers[i].is_top = false;
		covers[i].above = COVER_NONE;
	}
	for (size_t i = 0; i < count; i++) {
		struct cover *c = &covers[i];
		size_t below, end;

		if (c->entry->type != ENTRY_DIR || !is_there(c) ||
		    (c->keywords & COVER_OWNERS) == 0 ||
		    cover_has_owners(covers, i))
			continue;
		below = find_below(covers, count, i, &end);
		c->is_top = is_worth_all(covers, i, below, end);
		for (size_t k = below; c->is_top && k < end; k++)
			covers[k].above = i;
	}
}
