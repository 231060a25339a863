/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/origins.h"

#include "base/fault.h"
#include "base/grow.h"
#include "base/path.h"
#include "engine/control.h"
#include "engine/nearest.h"
#include "engine/override.h"
#include "engine/survey.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void
origins_release(struct origins *all)
{
	tree_release(&all->merged);
	tree_release(&all->disk);
	arena_release(&all->arena);
	free(all->items);
	*all = (struct origins)ORIGINS_INIT;
}

static int
append(struct origins *all, const struct origin *origin, struct fault *f)
{
	if (all->count == all->cap) {
		struct origin *items = grow_array(
		    all->items, &all->cap, sizeof(*items), "lines", f);

		if (items == NULL)
			return -1;
		all->items = items;
	}
	all->items[all->count++] = *origin;
	return 0;
}

/* Read an override file, and leave its lines as they are. */
static int
read_lines(struct override_set *set, const char *file, struct fault *f)
{
	struct control c = CONTROL_INIT;
	char *dir = strdup(file);
	int r = -1;

	if (dir == NULL)
		return fault_sys(f, "cannot read '%s'", file);
	dir[path_parent_len(dir)] = '\0';
	if (control_open(&c, dir, CONTROL_READ, f) == 0)
		r = c.fd < 0 ? 0 : override_read(set, c.fd, file, f);
	control_close(&c);
	free(dir);
	return r;
}

/* Where a line of the file that the claim comes from ranks. */
static enum claim_rank
rank_line(const struct claim *c, const struct spec *line)
{
	const bool is_own =
	    c->rank == CLAIM_OWN || c->rank == CLAIM_RECORDED_OWN;

	if ((line->has & KEYWORD_RECORDED) != 0)
		return is_own ? CLAIM_RECORDED_OWN : CLAIM_RECORDED_MOVED;
	return is_own ? CLAIM_OWN : CLAIM_MOVED;
}

/* Add the lines that the claim was folded from. */
static int
add_lines(struct origins *all, const struct claim *c, struct fault *f)
{
	struct override_set set = { 0 };
	int r = read_lines(&set, c->file, f);

	for (size_t i = 0; r == 0 && i < set.count; i++) {
		const struct spec *s = &set.specs[i];
		const struct origin line = {
			.rank = rank_line(c, s), .file = c->file, .spec = *s
		};

		if (strcmp(s->entry.path, c->spec->entry.path) == 0)
			r = append(all, &line, f);
	}
	arena_adopt(&all->arena, &set.arena);
	override_release(&set);
	return r;
}

static bool
is_same_source(const struct claim *a, const struct claim *b)
{
	if (a->rank == CLAIM_JOURNAL || b->rank == CLAIM_JOURNAL)
		return a->rank == b->rank;
	return strcmp(a->file, b->file) == 0 &&
	    strcmp(a->spec->entry.path, b->spec->entry.path) == 0;
}

/* The lines of each source once, be the claims on each name or in two parts. */
static int
add_claims(struct origins *all, const struct claim_list *list, struct fault *f)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct claim *c = &list->items[i];
		const struct origin record = {
			.rank = c->rank, .file = c->file, .spec = *c->spec
		};
		size_t first = 0;

		while (!is_same_source(c, &list->items[first]))
			first++;
		if (first < i)
			continue;
		if ((c->rank == CLAIM_JOURNAL ? append(all, &record, f)
					      : add_lines(all, c, f)) < 0)
			return -1;
	}
	return 0;
}

/* What counts first, first: see claim_settle() and override_settle(). */
static int
compare(const void *a, const void *b)
{
	const struct origin *x = a, *y = b;
	int order = (int)y->rank - (int)x->rank;

	if (order == 0)
		order = strcmp(y->file, x->file);
	if (order == 0 && x->rank != CLAIM_JOURNAL)
		order = strcmp(y->spec.entry.path, x->spec.entry.path);
	if (order == 0)
		order = x->spec.line < y->spec.line ? 1
		    : x->spec.line > y->spec.line   ? -1
						    : 0;
	return order;
}

/* Fault: the package has no such entry. */
static int
not_there(const struct origins *all, const char *path, struct fault *f)
{
	const char *near = nearest_path(&all->merged, path);

	if (near == NULL)
		return fault_set(f, FAULT_INPUT, "'%s' is not in package '%s'",
		    path, all->merged.root);
	return fault_set(f, FAULT_INPUT,
	    "'%s' is not in package '%s' (did you mean '%s'?)", path,
	    all->merged.root, near);
}

/* The file as it would be without overrides. */
static int
find_on_disk(struct origins *all, struct fault *f)
{
	const struct survey_options to = { .has_xattrs = true };
	const char *path = all->entry->path;
	int r;

	if (all->entry->is_created)
		return 0;
	if (tree_open(&all->disk, all->merged.root, f) < 0)
		return -1;
	r = survey_add(&all->disk, path, &to, f);
	if (r > 0)
		all->found = &all->disk.entries[0];
	return r != 0 ? r : fault_set(f, FAULT_INPUT, "'%s' is gone", path);
}

static int
collect(struct origins *all, const struct merge_trace *trace, struct fault *f)
{
	all->entry = tree_find(&all->merged, trace->path);
	if (all->entry == NULL)
		return not_there(all, trace->path, f);
	if (add_claims(all, &trace->claims, f) < 0 || find_on_disk(all, f) < 0)
		return -1;
	if (all->count > 0)
		qsort(all->items, all->count, sizeof(*all->items), compare);
	return 0;
}

int
origins_load(struct origins *all, const struct merge_options *o,
    const char *path, struct fault *f)
{
	struct merge_trace trace = { .path = path };
	int r = merge_trace(&all->merged, o, &trace, f);

	if (r == 0)
		r = collect(all, &trace, f);
	claim_release(&trace.claims);
	return r;
}

/* True if what was recorded of that cannot be, which is passed over. */
static bool
is_void(const struct origins *all, const struct origin *from, unsigned keyword)
{
	const unsigned type = all->entry->type;

	if (keyword == KEYWORD_MODE)
		return type == ENTRY_LINK;
	if ((from->spec.recorded & keyword) == 0)
		return false;
	if (keyword == KEYWORD_CAPS)
		return type != ENTRY_FILE;
	return keyword == KEYWORD_DEVICE && type != ENTRY_CHAR &&
	    type != ENTRY_BLOCK;
}

const struct origin *
origins_next(const struct origins *all, enum keyword_bit keyword, size_t *at)
{
	while (*at < all->count) {
		const struct origin *from = &all->items[(*at)++];

		if ((from->spec.binds & (unsigned)keyword) != 0 &&
		    !is_void(all, from, (unsigned)keyword))
			return from;
	}
	return NULL;
}
