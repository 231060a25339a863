/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/merge.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/links.h"
#include "engine/listing.h"
#include "engine/names.h"
#include "engine/survey.h"
#include "engine/work.h"
#include "format/owner.h"
#include "format/spec.h"

#include <stdlib.h>
#include <string.h>

static int
open_packages(struct work *w, struct fault *f)
{
	const size_t count = w->o->sibling_count;
	const struct merge_package *from = &w->o->package;

	if (package_open(&w->own, from->root, from->control, f) < 0)
		return -1;
	if (count == 0)
		return 0;
	w->siblings = calloc(count, sizeof(*w->siblings));
	if (w->siblings == NULL)
		return fault_sys(f, "cannot allocate %zu packages", count);
	for (size_t i = 0; i < count; i++)
		w->siblings[i] = (struct package)PACKAGE_INIT;
	for (size_t i = 0; i < count; i++) {
		struct package *p = &w->siblings[w->sibling_count];

		from = &w->o->siblings[i];
		if (package_open(p, from->root, from->control, f) < 0)
			return -1;
		/* who names all packages of a build names ours too */
		if (package_is_same(p, &w->own))
			package_close(p, &w->tree->arena);
		else
			w->sibling_count++;
	}
	return 0;
}

static void
release_work(struct work *w)
{
	claim_release(&w->claims);
	arena_adopt(&w->tree->arena, &w->recording.arena);
	recording_release(&w->recording);
	package_close(&w->own, &w->tree->arena);
	for (size_t i = 0; w->siblings != NULL && i < w->o->sibling_count; i++)
		package_close(&w->siblings[i], &w->tree->arena);
	free(w->siblings);
}

/* An override of ours whose file is not in our tree. */
static int
settle_missing(struct work *w, const struct spec *s, struct fault *f)
{
	const char *path = s->entry.path;
	struct buf names = BUF_INIT;
	int count, r = package_has(&w->own, path, f);

	if (r != 0) /* there, but left out: a dot name, or not asked for */
		return r < 0 ? -1 : 0;
	if (spec_insists(s))
		return work_create(w, s, f);
	count = package_holders(
	    w->siblings, w->sibling_count, path, NULL, &names, f);
	if (count < 0)
		r = -1;
	else if (count > 1)
		r = fault_set(f, FAULT_INPUT,
		    "%s:%u: '%s' was moved, but to several packages: %s",
		    w->own.set.file, s->line, path, names.data);
	else if (count == 0 && spec_creates(s))
		r = work_create(w, s, f);
	else if (count == 0 && (s->has & KEYWORD_OPTIONAL) == 0)
		r = work_missing(w, s, f);
	buf_release(&names);
	return r;
}

/* True if what is said of a path matters, which the tree on disk may have. */
static bool
matters(const struct work *w, const struct tree *t, const char *path)
{
	const struct entry *e, *only;

	if (w->only == NULL || strcmp(path, w->only) == 0)
		return true;
	e = tree_find(t, path);
	only = tree_find(t, w->only);
	return e != NULL && only != NULL && links_are_one(e, only);
}

static int
claim_own(struct work *w, struct fault *f)
{
	/* what is created comes behind, out of order */
	const size_t on_disk = w->tree->count;

	for (size_t i = 0; i < w->own.set.count; i++) {
		const struct spec *s = &w->own.set.specs[i];
		const struct tree sorted = { .entries = w->tree->entries,
			.count = on_disk };
		const struct entry *e = tree_find(&sorted, s->entry.path);
		int r;

		if (!matters(w, &sorted, s->entry.path))
			continue;
		if (e != NULL)
			r = work_claim(
			    w, (size_t)(e - sorted.entries), &w->own, s, f);
		else
			r = settle_missing(w, s, f);
		if (r < 0 && work_found(w, f) < 0)
			return -1;
	}
	return 0;
}

/* A sibling's override whose file may have been moved to us. */
static int
claim_moved(struct work *w, const struct package *p, const struct spec *s,
    struct fault *f)
{
	const struct entry *e = tree_find(w->tree, s->entry.path);
	struct buf names = BUF_INIT;
	int count, r;

	if (e == NULL || spec_insists(s))
		return 0;
	r = package_has(p, s->entry.path, f);
	if (r != 0)
		return r < 0 ? -1 : 0;
	count = package_holders(
	    w->siblings, w->sibling_count, s->entry.path, p, &names, f);
	if (count < 0)
		r = -1;
	else if (count > 0)
		r = fault_set(f, FAULT_INPUT,
		    "%s:%u: '%s' was moved, but to several packages: %s, %s",
		    p->set.file, s->line, s->entry.path, w->own.root,
		    names.data);
	else
		r = work_claim(w, (size_t)(e - w->tree->entries), p, s, f);
	buf_release(&names);
	return r;
}

/* What is known of this very file, whatever its path was when it was recorded. */
static int
claim_recorded(struct work *w, struct fault *f)
{
	struct claim c = { .rank = CLAIM_JOURNAL };
	int r;

	if (w->o->journal == NULL)
		return 0;
	if (recording_load(&w->recording, w->o->journal, f) < 0)
		return -1;
	c.file = w->recording.file;
	for (; c.index < w->tree->count; c.index++) {
		if (!matters(w, w->tree, w->tree->entries[c.index].path))
			continue;
		r = recording_recall(&w->recording, w->tree,
		    &w->tree->entries[c.index], &c.spec, f);
		if (r < 0 || (r > 0 && claim_add(&w->claims, &c, f) < 0))
			return -1;
	}
	return 0;
}

static int
claim_from_siblings(struct work *w, struct fault *f)
{
	for (size_t i = 0; i < w->sibling_count; i++) {
		const struct package *p = &w->siblings[i];

		for (size_t k = 0; k < p->set.count; k++) {
			const struct spec *s = &p->set.specs[k];

			if (matters(w, w->tree, s->entry.path) &&
			    claim_moved(w, p, s, f) < 0)
				return -1;
		}
	}
	return 0;
}

static int
load_tree(struct work *w, struct fault *f)
{
	const struct merge_options *o = w->o;
	const struct survey_options to = {
		.notice = w->goes_on ? NULL : o->notice,
		.has_xattrs = true,
		.is_package = o->names == NULL,
	};

	if (tree_open(w->tree, o->package.root, f) < 0)
		return -1;
	if ((o->names != NULL
		    ? names_add(w->tree, o->names, o->names_len, &to, f)
		    : survey_walk(w->tree, "", &to, f)) < 0)
		return -1;
	tree_sort(w->tree);
	return tree_check_unique(w->tree, f);
}

static int
finish(struct work *w, struct fault *f)
{
	struct tree *t = w->tree;

	if (w->has_created) {
		tree_sort(t);
		if (w->only == NULL && work_check_parents(w, f) < 0)
			return -1;
	}
	for (size_t i = 0; i < t->count; i++) {
		struct entry *e = &t->entries[i];

		owner_number(e);
		if (w->o->has_epoch) {
			e->mtime = w->o->epoch;
			e->mtime_nsec = 0;
		}
	}
	return 0;
}

static int
apply_claims(struct work *w, struct fault *f)
{
	for (size_t i = 0; i < w->claims.count; i++) {
		if (claim_apply(&w->claims.items[i], w->tree, f) < 0 &&
		    work_found(w, f) < 0)
			return -1;
	}
	return 0;
}

/* Find out who claims what. */
static int
collect(struct work *w, struct fault *f)
{
	if (w->o->manifest != NULL)
		return listing_load(w, f);
	if (load_tree(w, f) < 0 || open_packages(w, f) < 0 ||
	    claim_recorded(w, f) < 0 || claim_from_siblings(w, f) < 0)
		return -1;
	return claim_own(w, f);
}

/* Lay it over what is on disk. */
static int
lay(struct work *w, struct fault *f)
{
	if ((claim_settle(&w->claims, w->tree, f) < 0 &&
		work_found(w, f) < 0) ||
	    apply_claims(w, f) < 0)
		return -1;
	return finish(w, f);
}

static int
run(struct work *w, struct fault *f)
{
	return collect(w, f) < 0 ? -1 : lay(w, f);
}

int
merge_load(struct tree *t, const struct merge_options *o, struct fault *f)
{
	struct work w = { .tree = t, .o = o, .own = PACKAGE_INIT };
	const int r = run(&w, f);

	release_work(&w);
	return r;
}

int
merge_trace(struct tree *t, const struct merge_options *o,
    struct merge_trace *trace, struct fault *f)
{
	struct work w = {
		.tree = t, .o = o, .own = PACKAGE_INIT, .only = trace->path
	};
	int r = collect(&w, f);

	if (r == 0)
		r = claim_copy(&trace->claims, &w.claims, f);
	if (r == 0)
		r = lay(&w, f);
	release_work(&w);
	return r;
}

int
merge_check(const struct merge_options *o, struct fault *f)
{
	struct tree t = TREE_INIT;
	struct work w = {
		.tree = &t, .o = o, .own = PACKAGE_INIT, .goes_on = true
	};
	int r = run(&w, f);

	if (r < 0)
		r = work_found(&w, f);
	release_work(&w);
	tree_release(&t);
	return r < 0 ? -1 : w.findings;
}
