/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/declare.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/merge.h"
#include "engine/override.h"
#include "engine/place.h"
#include "engine/survey.h"
#include "engine/tree.h"
#include "format/manifest.h"
#include "format/spec.h"

#include <string.h>

/* What every entry states, for readers, whatever it binds. */
enum {
	STATED = KEYWORD_TYPE | KEYWORD_MODE | KEYWORD_USER | KEYWORD_GROUP |
	    KEYWORD_LINK | KEYWORD_DEVICE,
};

static const struct survey_options plain_walk = { 0 };

/* From the root, without what the merger leaves out. */
static const struct survey_options package_walk = { .is_package = true };

/* Add an entry for what is not on disk, if it is being created or has been. */
static int
add_missing(struct tree *t, const struct declare_request *q, const char *path,
    const struct override_set *set, struct fault *f)
{
	const struct spec *old = override_find(set, path);
	const struct entry *from;
	struct entry *e;

	if (old != NULL && spec_creates(old))
		from = &old->entry;
	else if ((q->keywords & KEYWORD_TYPE) != 0 &&
	    q->entry.type != ENTRY_FILE)
		from = &q->entry;
	else
		return fault_set(f, FAULT_INPUT,
		    (q->keywords & KEYWORD_TYPE) != 0
			? "'%s/%s' does not exist, and a regular file cannot "
			  "be created by declaring it"
			: "'%s/%s' does not exist, and only a declared type "
			  "(-t) can create it",
		    t->root, path);
	e = tree_append(t, f);
	if (e == NULL)
		return -1;
	e->path = path;
	e->type = from->type;
	e->mode = entry_first_mode((enum entry_type)from->type);
	e->link = from->link;
	e->major = from->major;
	e->minor = from->minor;
	e->is_created = true;
	return 0;
}

static int
gather_one(struct tree *t, const struct declare_request *q,
    const struct place *p, const struct override_set *set, struct fault *f)
{
	const size_t at = t->count;
	int found;

	if (*p->path == '\0' && !q->is_recursive)
		return fault_set(f, FAULT_USAGE,
		    "'%s' is the root of a package, not a file in it: use -R "
		    "for all that it has",
		    t->root);
	if (*p->path == '\0')
		return survey_walk(t, "", &package_walk, f);
	found = survey_add(t, p->path, &plain_walk, f);
	if (found < 0)
		return -1;
	if (found == 0)
		return add_missing(t, q, p->path, set, f);
	if (q->is_recursive && t->entries[at].type == ENTRY_DIR)
		return survey_walk(t, p->path, &plain_walk, f);
	return 0;
}

/* The keywords that this file can have; a fault if one was asked for by name. */
static int
get_fitting(unsigned *binds, const struct declare_request *q,
    const struct entry *e, struct fault *f)
{
	const char *type = entry_type_name((enum entry_type)e->type);
	unsigned bad = 0;

	*binds = q->keywords;
	if ((q->keywords & KEYWORD_TYPE) != 0 && q->entry.type != e->type)
		return fault_set(f, FAULT_INPUT,
		    "'%s' exists and is a %s, not a %s", e->path, type,
		    entry_type_name((enum entry_type)q->entry.type));
	if (e->type == ENTRY_LINK)
		bad |= KEYWORD_MODE;
	if (e->type != ENTRY_FILE)
		bad |= KEYWORD_CAPS;
	bad &= q->keywords;
	*binds &= ~bad;
	if (bad != 0 && !q->is_recursive)
		return fault_set(f, FAULT_INPUT, "'%s' is a %s: it has no %s",
		    e->path, type,
		    (bad & KEYWORD_MODE) != 0 ? "mode of its own"
					      : "capabilities");
	return 0;
}

static void
fill_in(struct entry *e, const struct declare_request *q, unsigned binds)
{
	const struct mode_target target = {
		.mode = e->mode,
		.umask = q->umask,
		.kind = e->type == ENTRY_DIR ? MODE_DIRECTORY : MODE_FILE,
	};
	const struct spec asked = {
		.entry = q->entry,
		.binds = binds & ~(unsigned)(KEYWORD_MODE | KEYWORD_CAPS),
	};
	struct spec laid = { .entry = *e };

	spec_fold(&laid, &asked);
	*e = laid.entry;
	if ((binds & KEYWORD_MODE) != 0)
		e->mode = (uint16_t)mode_apply(&q->mode, &target);
}

static int
add_lines(struct declaration *d, const struct entry *found, struct fault *f)
{
	const struct spec *old = override_find(&d->draft.said, found->path);
	const struct declare_request *q = d->request;
	struct buf *text = &d->draft.text;
	struct entry e = *found;
	unsigned binds;

	if (old != NULL && spec_is_device(old, found))
		e.type = old->entry.type;
	if (get_fitting(&binds, q, &e, f) < 0)
		return -1;
	if (binds == 0)
		return 0;
	if (old != NULL) {
		/* what is in force is what a mode is relative to */
		struct spec laid = { .entry = e };

		spec_fold(&laid, old);
		laid.entry.type = e.type;
		e = laid.entry;
	}
	if ((binds & KEYWORD_MODE) != 0 && !found->is_created &&
	    senders_lay_mode(&d->senders, &e, old, f) < 0)
		return -1;
	fill_in(&e, q, binds);
	if (found->is_created)
		binds |= KEYWORD_CREATE;
	if (manifest_add_note(text, binds,
		(binds & KEYWORD_CAPS) != 0 ? q->caps : NULL, f) < 0)
		return -1;
	return manifest_add_entry(text, &e, STATED, f);
}

/* The lines for everything that was gathered, each path once. */
static int
make_text(void *declaration, struct fault *f)
{
	struct declaration *d = declaration;
	const struct tree *t = &d->tree;

	for (size_t i = 0; i < t->count; i++) {
		const struct entry *e = &t->entries[i];

		if (i > 0 && strcmp(e[-1].path, e->path) == 0)
			continue;
		if (add_lines(d, e, f) < 0)
			return -1;
	}
	return 0;
}

static int
gather(struct declaration *d, const struct place *places, size_t count,
    struct fault *f)
{
	if (tree_open(&d->tree, places[0].root, f) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (gather_one(&d->tree, d->request, &places[i], &d->draft.said,
			f) < 0)
			return -1;
	}
	tree_sort(&d->tree);
	return 0;
}

int
declare_prepare(struct declaration *d, const struct declare_request *request,
    const struct place *places, size_t count, struct fault *f)
{
	const struct merge_package here = { places[0].root, places[0].control };

	*d = (struct declaration){
		.request = request,
		.tree = TREE_INIT,
		.draft.control = places[0].control,
	};
	if ((request->keywords & KEYWORD_MODE) != 0 &&
	    mode_is_relative(&request->mode) &&
	    senders_open(&d->senders, &here, f) < 0)
		return -1;
	if (draft_load(&d->draft, f) < 0 || gather(d, places, count, f) < 0)
		return -1;
	return make_text(d, f);
}

int
declare_commit(struct declaration *d, struct fault *f)
{
	return draft_commit(&d->draft, make_text, d, f);
}

void
declare_release(struct declaration *d)
{
	draft_release(&d->draft);
	senders_close(&d->senders);
	tree_release(&d->tree);
}
