/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/report.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/apk.h"
#include "engine/aport.h"
#include "engine/census.h"
#include "engine/ruling.h"
#include "engine/suggest.h"
#include "format/keyword.h"
#include "format/manifest.h"
#include "format/vis.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMN = 8, TYPE_COLUMN = 5 };

/* Append a column, at least so wide, and a blank. */
static int
add_column(struct buf *b, const char *s, size_t width, struct fault *f)
{
	const size_t start = b->len;

	if (vis_add(b, s, strlen(s), f) < 0)
		return -1;
	while (b->len < start + width) {
		if (buf_adds(b, " ", f) < 0)
			return -1;
	}
	return buf_adds(b, " ", f);
}

static int
add_owner(struct buf *b, const char *name, uint32_t id, struct fault *f)
{
	if (name != NULL && *name != '\0')
		return add_column(b, name, COLUMN, f);
	return buf_addf(b, f, "%-*" PRIu32 " ", COLUMN, id);
}

int
report_add_caps(struct buf *b, const struct xattr *caps, struct fault *f)
{
	struct fault why = { 0 };

	if (manifest_add_caps(b, caps, &why) == 0)
		return 0;
	if (why.kind != FAULT_INPUT) {
		*f = why;
		return -1;
	}
	return buf_adds(b, "0x", f) < 0
	    ? -1
	    : buf_add_hex(b, caps->value, caps->len, f);
}

/* `caps` is scratch. */
static int
add_details(
    struct buf *b, struct buf *caps, const struct entry *e, struct fault *f)
{
	if (entry_caps(e) != NULL) {
		buf_reset(caps);
		if (buf_adds(b, " caps=", f) < 0 ||
		    report_add_caps(caps, entry_caps(e), f) < 0 ||
		    buf_end(caps, f) == NULL ||
		    manifest_add_value(b, caps->data, f) < 0)
			return -1;
	}
	if (e->type == ENTRY_CHAR || e->type == ENTRY_BLOCK)
		return buf_addf(
		    b, f, " device=%" PRIu32 ",%" PRIu32, e->major, e->minor);
	return 0;
}

static int
add_entry(struct buf *b, struct buf *scratch, const struct entry *e,
    const char *file, struct fault *f)
{
	if (add_column(b, file, 0, f) < 0 ||
	    add_owner(b, e->uname, e->uid, f) < 0 ||
	    add_owner(b, e->gname, e->gid, f) < 0 ||
	    buf_addf(b, f, "%04o ", e->mode) < 0 ||
	    add_column(b, entry_type_name((enum entry_type)e->type),
		TYPE_COLUMN, f) < 0 ||
	    vis_add(b, e->path, strlen(e->path), f) < 0 ||
	    add_details(b, scratch, e, f) < 0)
		return -1;
	return buf_adds(b, "\n", f);
}

int
report_add_entries(struct buf *text, const struct apk *a, const char *file,
    size_t *next, struct fault *f)
{
	struct buf scratch = BUF_INIT;
	int r = 0;

	for (; r == 0 && *next < a->tree.count; ++*next) {
		const struct entry *e = &a->tree.entries[*next];

		if (text->len > REPORT_PIECE)
			break;
		if (census_marks(e) != 0)
			r = add_entry(text, &scratch, e, file, f);
	}
	buf_release(&scratch);
	return r < 0 ? -1 : *next < a->tree.count;
}

static int
add_charge(struct buf *b, const struct ruling_charge *c, const char *file,
    struct fault *f)
{
	const enum policy_kind kind = c->claim.kind;

	if ((file != NULL && add_column(b, file, 0, f) < 0) ||
	    policy_add_line(b, &c->claim, f) < 0)
		return -1;
	if (kind == POLICY_USER || kind == POLICY_GROUP) {
		if (buf_adds(b, " # ", f) < 0 ||
		    vis_add(b, c->claim.path, strlen(c->claim.path), f) < 0)
			return -1;
		if (c->entries > 1 &&
		    buf_addf(b, f, " and %zu more", c->entries - 1) < 0)
			return -1;
	}
	return buf_adds(b, "\n", f);
}

int
report_add_ruling(struct buf *text, const struct ruling *v, const char *file,
    size_t *next, struct fault *f)
{
	for (; *next < v->count; ++*next) {
		if (text->len > REPORT_PIECE)
			return 1;
		if (add_charge(text, &v->charges[*next], file, f) < 0)
			return -1;
	}
	return 0;
}

static int
add_recipe_line(struct buf *b, const char *file, unsigned line, struct fault *f)
{
	if (vis_add(b, file, strlen(file), f) < 0)
		return -1;
	return buf_addf(b, f, ":%u: ", line);
}

static int
add_assignment(struct buf *b, const struct aport *a, const char *name,
    const char *file, struct fault *f)
{
	const struct apkbuild_variable *v =
	    apkbuild_find(&a->recipe.variables, name);
	/* what only a run could tell */
	const char *value = v != NULL && v->value != NULL ? v->value : "?";

	if (v == NULL || !recipe_sets(&a->recipe, name))
		return 0;
	if (add_recipe_line(b, file, v->line, f) < 0 ||
	    buf_addf(b, f, "%s=", name) < 0 ||
	    vis_show(b, value, strlen(value), f) < 0)
		return -1;
	return buf_adds(b, "\n", f);
}

int
report_add_recipe(
    struct buf *text, const struct aport *a, const char *file, struct fault *f)
{
	const struct recipe *r = &a->recipe;

	if (add_assignment(text, a, "pkgusers", file, f) < 0 ||
	    add_assignment(text, a, "pkggroups", file, f) < 0)
		return -1;
	for (size_t i = 0; i < r->count; i++) {
		const char *line = r->calls[i].text;

		/* two tools on one line are one line */
		if (i > 0 && r->calls[i - 1].line == r->calls[i].line)
			continue;
		if (add_recipe_line(text, file, r->calls[i].line, f) < 0 ||
		    vis_show(text, line, strlen(line), f) < 0 ||
		    buf_adds(text, "\n", f) < 0)
			return -1;
	}
	return 0;
}

/* The mode is on disk when a recipe has been run, set-id bits and all. */
static unsigned
needs(const struct entry *e)
{
	const unsigned marks = census_marks(e);
	unsigned keywords = 0;

	if ((marks & CENSUS_USER) != 0)
		keywords |= KEYWORD_USER;
	if ((marks & CENSUS_GROUP) != 0)
		keywords |= KEYWORD_GROUP;
	if ((marks & CENSUS_CAPS) != 0)
		keywords |= KEYWORD_CAPS;
	if ((marks & CENSUS_DEVICE) != 0)
		keywords |=
		    KEYWORD_TYPE | KEYWORD_USER | KEYWORD_GROUP | KEYWORD_MODE;
	return keywords;
}

/* In a split function abuild calls the root otherwise. */
static const char *
root_of(const struct apk *a)
{
	const struct apk_info *i = &a->info;

	return i->origin != NULL && i->pkgname != NULL &&
		strcmp(i->origin, i->pkgname) != 0
	    ? "\"$subpkgdir\""
	    : "\"$pkgdir\"";
}

int
report_add_suggest(
    struct buf *text, struct apk *a, const char *file, struct fault *f)
{
	struct suggest_options o = { .root = root_of(a) };
	const size_t start = text->len;
	const char *name = a->info.pkgname != NULL ? a->info.pkgname : file;
	unsigned *keywords;
	size_t head;
	int r;

	if (a->tree.count == 0)
		return 0;
	keywords = calloc(a->tree.count, sizeof(*keywords));
	if (keywords == NULL)
		return fault_sys(
		    f, "cannot allocate %zu entries", a->tree.count);
	tree_sort(&a->tree);
	for (size_t i = 0; i < a->tree.count; i++)
		keywords[i] = needs(&a->tree.entries[i]);
	o.keywords = keywords;
	r = buf_adds(text, "# ", f) < 0 ||
		vis_show(text, name, strlen(name), f) < 0 ||
		buf_adds(text, "\n", f) < 0
	    ? -1
	    : 0;
	head = text->len;
	if (r == 0)
		r = suggest_add(text, &a->tree, &o, f);
	if (r < 0 || text->len == head)
		text->len = start;
	free(keywords);
	return r;
}

static int
add_message(struct buf *text, const struct finding *x, const char *file,
    struct fault *f)
{
	if (buf_adds(text, file, f) < 0 || buf_adds(text, ": ", f) < 0)
		return -1;
	if (x->path != NULL &&
	    (buf_adds(text, "'", f) < 0 || buf_adds(text, x->path, f) < 0 ||
		buf_adds(text, "': ", f) < 0))
		return -1;
	if (buf_adds(text, findings_text(x->kind), f) < 0)
		return -1;
	if (x->detail != NULL &&
	    (buf_adds(text, ": ", f) < 0 || buf_adds(text, x->detail, f) < 0))
		return -1;
	return buf_add(text, "", 1, f);
}

int
report_add_findings(struct buf *text, const struct findings *fs,
    const char *file, bool is_brief, struct fault *f)
{
	for (size_t i = 0; i < fs->count; i++) {
		if (is_brief && !findings_is_broken(fs->list[i].kind))
			continue;
		if (add_message(text, &fs->list[i], file, f) < 0)
			return -1;
	}
	for (int i = 0; i < FINDINGS_KINDS; i++) {
		const enum findings_kind kind = (enum findings_kind)i;

		if (fs->counts[i] <= FINDINGS_KEPT ||
		    (is_brief && !findings_is_broken(kind)))
			continue;
		if (buf_adds(text, file, f) < 0 ||
		    buf_addf(text, f, ": %zu more: %s",
			fs->counts[i] - FINDINGS_KEPT,
			findings_text(kind)) < 0 ||
		    buf_add(text, "", 1, f) < 0)
			return -1;
	}
	return 0;
}
