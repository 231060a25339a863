/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/merge.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/notice.h"
#include "base/path.h"
#include "engine/claim.h"
#include "engine/names.h"
#include "engine/nearest.h"
#include "engine/override.h"
#include "engine/package.h"
#include "format/owner.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SUGGESTIONS = 20 }; /* of one check */

/* One merge under way. */
struct work {
	struct tree *tree;
	const struct merge_options *o;
	struct package own;
	struct package *siblings; /* owned */
	size_t sibling_count; /* without those that are ours */
	struct claim_list claims;
	bool has_created;
	bool goes_on; /* findings are told and counted; see merge_check() */
	int findings;
};

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
	package_close(&w->own, &w->tree->arena);
	for (size_t i = 0; w->siblings != NULL && i < w->o->sibling_count; i++)
		package_close(&w->siblings[i], &w->tree->arena);
	free(w->siblings);
}

/*
 * Something is wrong with an override: the end of a merge, but only a finding
 * to a check, which goes on.
 */
static int
found(struct work *w, struct fault *f)
{
	if (!w->goes_on || f->kind != FAULT_INPUT)
		return -1;
	notice_say(w->o->notice, "%s", f->text);
	*f = (struct fault){ 0 };
	w->findings++;
	return 0;
}

static int
missing(const struct work *w, const struct spec *s, const char *file,
    struct fault *f)
{
	const char *path = s->entry.path, *near = NULL;

	/* each look goes through the whole tree */
	if (w->findings < SUGGESTIONS)
		near = nearest_path(w->tree, path);
	if (near == NULL)
		return fault_set(f, FAULT_INPUT,
		    "%s:%u: '%s' does not exist in '%s'", file, s->line, path,
		    w->tree->root);
	return fault_set(f, FAULT_INPUT,
	    "%s:%u: '%s' does not exist in '%s' (did you mean '%s'?)", file,
	    s->line, path, w->tree->root, near);
}

static int
claim(struct work *w, size_t index, const struct package *from,
    const struct spec *s, struct fault *f)
{
	const struct claim c = {
		.index = index,
		.rank = from == &w->own ? CLAIM_OWN : CLAIM_MOVED,
		.spec = s,
		.file = from->set.file,
	};

	return claim_add(&w->claims, &c, f);
}

/* Add the object that the spec declares. */
static int
create(struct work *w, const struct spec *s, struct fault *f)
{
	struct entry *e;

	/* a walk leaves them out as well; a manifest asks for what it lists */
	if (w->o->manifest == NULL && *s->entry.path == '.') {
		if (!w->goes_on)
			notice_say(w->o->notice,
			    "'%s' begins with a dot, apk would skip it: left "
			    "out",
			    s->entry.path);
		return 0;
	}
	e = tree_append(w->tree, f);
	if (e == NULL)
		return -1;
	e->path = arena_string(
	    &w->tree->arena, s->entry.path, strlen(s->entry.path), f);
	e->type = s->entry.type;
	e->mode = (s->has & KEYWORD_MODE) != 0
	    ? s->entry.mode
	    : entry_first_mode((enum entry_type)e->type);
	e->link = s->entry.link;
	e->nlink = 1;
	e->is_created = e->is_changed = true;
	w->has_created = true;
	if (e->path == NULL)
		return -1;
	if (e->type == ENTRY_LINK && e->link == NULL)
		return fault_set(f, FAULT_INPUT,
		    "%s:%u: '%s' is to be created, but has no link target",
		    w->own.set.file, s->line, s->entry.path);
	if ((e->type == ENTRY_CHAR || e->type == ENTRY_BLOCK) &&
	    (s->binds & KEYWORD_DEVICE) == 0)
		return fault_set(f, FAULT_INPUT,
		    "%s:%u: '%s' is to be created, but has no device number",
		    w->own.set.file, s->line, s->entry.path);
	return claim(w, w->tree->count - 1, &w->own, s, f);
}

/* An override of ours whose file is not in our tree. */
static int
settle_missing(struct work *w, const struct spec *s, struct fault *f)
{
	const char *path = s->entry.path, *file = w->own.set.file;
	struct buf names = BUF_INIT;
	int count, r = package_has(&w->own, path, f);

	if (r != 0) /* there, but left out: a dot name, or not asked for */
		return r < 0 ? -1 : 0;
	if ((s->has & KEYWORD_CREATE) != 0)
		return create(w, s, f);
	count = package_holders(
	    w->siblings, w->sibling_count, path, NULL, &names, f);
	if (count < 0)
		r = -1;
	else if (count > 1)
		r = fault_set(f, FAULT_INPUT,
		    "%s:%u: '%s' was moved, but to several packages: %s", file,
		    s->line, path, names.data);
	else if (count == 0 && override_creates(s))
		r = create(w, s, f);
	else if (count == 0 && (s->has & KEYWORD_OPTIONAL) == 0)
		r = missing(w, s, file, f);
	buf_release(&names);
	return r;
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

		if (e != NULL)
			r = claim(
			    w, (size_t)(e - sorted.entries), &w->own, s, f);
		else
			r = settle_missing(w, s, f);
		if (r < 0 && found(w, f) < 0)
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

	if (e == NULL || (s->has & KEYWORD_CREATE) != 0)
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
		r = claim(w, (size_t)(e - w->tree->entries), p, s, f);
	buf_release(&names);
	return r;
}

static int
claim_from_siblings(struct work *w, struct fault *f)
{
	for (size_t i = 0; i < w->sibling_count; i++) {
		const struct package *p = &w->siblings[i];

		for (size_t k = 0; k < p->set.count; k++) {
			if (claim_moved(w, p, &p->set.specs[k], f) < 0)
				return -1;
		}
	}
	return 0;
}

static int
load_tree(struct work *w, struct fault *f)
{
	const struct merge_options *o = w->o;
	const struct tree_options to = {
		.notice = w->goes_on ? NULL : o->notice,
		.has_xattrs = true,
		.is_package = o->names == NULL,
	};

	if (tree_open(w->tree, o->package.root, f) < 0)
		return -1;
	if ((o->names != NULL
		    ? names_add(w->tree, o->names, o->names_len, &to, f)
		    : tree_walk(w->tree, "", &to, f)) < 0)
		return -1;
	tree_sort(w->tree);
	return tree_check_unique(w->tree, f);
}

/* The directory that a created object lies in must be in the package. */
static int
check_parents(struct work *w, struct fault *f)
{
	const struct tree *t = w->tree;

	for (size_t i = 0; i < t->count; i++) {
		const struct entry *e = &t->entries[i], *parent;
		const size_t len = path_parent_len(e->path);
		char name[PATH_LIMIT + 1];

		if (!e->is_created || len == 0)
			continue;
		memcpy(name, e->path, len);
		name[len] = '\0';
		parent = tree_find(t, name);
		if (parent != NULL && parent->type == ENTRY_DIR)
			continue;
		fault_set(f, FAULT_INPUT,
		    "%s:%u: '%s' is to be created, but there is no directory "
		    "'%s'",
		    w->own.set.file, override_find(&w->own.set, e->path)->line,
		    e->path, name);
		if (found(w, f) < 0)
			return -1;
	}
	return 0;
}

static int
finish(struct work *w, struct fault *f)
{
	struct tree *t = w->tree;

	if (w->has_created) {
		tree_sort(t);
		if (check_parents(w, f) < 0)
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
		    found(w, f) < 0)
			return -1;
	}
	return 0;
}

/* A line of a manifest: its file must be there, or be created by it. */
static int
add_listed(struct work *w, const struct spec *s, struct fault *f)
{
	const struct tree_options to = { .notice = w->o->notice,
		.has_xattrs = true };
	const struct entry *e;
	int r = tree_add(w->tree, s->entry.path, &to, f);

	if (r < 0)
		return fault_wrap(f, "%s:%u", w->own.set.file, s->line);
	if (r == 0 && override_creates(s))
		return create(w, s, f);
	if (r == 0)
		return (s->has & KEYWORD_OPTIONAL) != 0
		    ? 0
		    : missing(w, s, w->own.set.file, f);
	e = &w->tree->entries[w->tree->count - 1];
	if ((s->has & KEYWORD_SIZE) != 0 && e->type == ENTRY_FILE &&
	    e->size != s->entry.size)
		return fault_set(f, FAULT_INPUT,
		    "%s:%u: '%s' is listed with %llu bytes, but has %llu",
		    w->own.set.file, s->line, e->path,
		    (unsigned long long)s->entry.size,
		    (unsigned long long)e->size);
	return claim(w, w->tree->count - 1, &w->own, s, f);
}

/* "-" is standard input, as for every file that is named to a program. */
static int
read_manifest(struct override_set *set, const char *file, struct fault *f)
{
	if (strcmp(file, "-") == 0)
		return override_read(set, STDIN_FILENO, "standard input", f);
	if (access(file, F_OK) < 0)
		return fault_sys(f, "cannot open '%s'", file);
	return override_load(set, file, f);
}

static int
load_manifest(struct work *w, struct fault *f)
{
	struct override_set *set = &w->own.set;

	if (tree_open(w->tree, w->o->package.root, f) < 0 ||
	    read_manifest(set, w->o->manifest, f) < 0)
		return -1;
	override_settle(set);
	for (size_t i = 0; i < set->count; i++) {
		const struct spec *s = &set->specs[i];

		if (*s->entry.path == '.')
			notice_say(w->o->notice,
			    "'%s' begins with a dot, apk will skip it",
			    s->entry.path);
		if (add_listed(w, s, f) < 0)
			return -1;
	}
	return 0;
}

static int
run(struct work *w, struct fault *f)
{
	if (w->o->manifest != NULL) {
		if (load_manifest(w, f) < 0)
			return -1;
	} else if (load_tree(w, f) < 0 || open_packages(w, f) < 0 ||
	    claim_from_siblings(w, f) < 0 || claim_own(w, f) < 0) {
		return -1;
	}
	if ((claim_settle(&w->claims, w->tree, f) < 0 && found(w, f) < 0) ||
	    apply_claims(w, f) < 0)
		return -1;
	return finish(w, f);
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
merge_check(const struct merge_options *o, struct fault *f)
{
	struct tree t = TREE_INIT;
	struct work w = {
		.tree = &t, .o = o, .own = PACKAGE_INIT, .goes_on = true
	};
	int r = run(&w, f);

	if (r < 0)
		r = found(&w, f);
	release_work(&w);
	tree_release(&t);
	return r < 0 ? -1 : w.findings;
}
