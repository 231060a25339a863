/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/work.h"

#include "base/fault.h"
#include "base/notice.h"
#include "base/path.h"
#include "engine/nearest.h"
#include "engine/override.h"

#include <string.h>

enum { SUGGESTIONS = 20 }; /* of one check */

int
work_found(struct work *w, struct fault *f)
{
	if (!w->goes_on || f->kind != FAULT_INPUT)
		return -1;
	notice_say(w->o->notice, "%s", f->text);
	*f = (struct fault){ 0 };
	w->findings++;
	return 0;
}

int
work_missing(const struct work *w, const struct spec *s, struct fault *f)
{
	const char *path = s->entry.path, *file = w->own.set.file;
	const char *near = NULL;

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

int
work_claim(struct work *w, size_t index, const struct package *from,
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

int
work_create(struct work *w, const struct spec *s, struct fault *f)
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
	e->mode = entry_first_mode((enum entry_type)e->type);
	e->nlink = 1;
	e->is_created = e->is_changed = true;
	w->has_created = true;
	if (e->path == NULL)
		return -1;
	if (e->type == ENTRY_LINK && (s->binds & KEYWORD_LINK) == 0)
		return fault_set(f, FAULT_INPUT,
		    "%s:%u: '%s' is to be created, but has no link target",
		    w->own.set.file, s->line, s->entry.path);
	if ((e->type == ENTRY_CHAR || e->type == ENTRY_BLOCK) &&
	    (s->binds & KEYWORD_DEVICE) == 0)
		return fault_set(f, FAULT_INPUT,
		    "%s:%u: '%s' is to be created, but has no device number",
		    w->own.set.file, s->line, s->entry.path);
	return work_claim(w, w->tree->count - 1, &w->own, s, f);
}

int
work_check_parents(struct work *w, struct fault *f)
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
		if (work_found(w, f) < 0)
			return -1;
	}
	return 0;
}
