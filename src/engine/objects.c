/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/objects.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/apk.h"
#include "engine/aport.h"
#include "engine/census.h"
#include "engine/report.h"
#include "engine/ruling.h"
#include "format/json.h"

#include <string.h>

/* What all objects of a file begin with. */
static int
add_head(struct buf *b, const struct objects_subject *s, struct fault *f)
{
	return buf_adds(b, "{\"file\":", f) < 0 ||
		json_add_string(b, s->file, strlen(s->file), f) < 0 ||
		json_add_member(b, "package", s->info->pkgname, f) < 0 ||
		json_add_member(b, "version", s->info->pkgver, f) < 0 ||
		json_add_member(b, "arch", s->info->arch, f) < 0
	    ? -1
	    : 0;
}

/* Append a value that is capabilities, with a comma before it. */
static int
add_caps(struct buf *b, struct buf *scratch, const char *key,
    const struct xattr *caps, struct fault *f)
{
	buf_reset(scratch);
	if (report_add_caps(scratch, caps, f) < 0 ||
	    buf_addf(b, f, ",\"%s\":", key) < 0)
		return -1;
	return json_add_string(b, scratch->data, scratch->len, f);
}

/* Its members without the brace in front, and with capabilities of any kind. */
static int
add_entry(
    struct buf *b, struct buf *scratch, const struct entry *e, struct fault *f)
{
	struct entry plain = *e;

	plain.xattrs = NULL;
	buf_reset(scratch);
	if (json_add_entry(scratch, &plain, f) < 0 || buf_adds(b, ",", f) < 0 ||
	    buf_add(b, scratch->data + 1, scratch->len - strlen("{}\n"), f) < 0)
		return -1;
	if (entry_caps(e) != NULL &&
	    add_caps(b, scratch, "caps", entry_caps(e), f) < 0)
		return -1;
	return buf_adds(b, "}\n", f);
}

int
objects_add_entries(struct buf *text, const struct objects_subject *s,
    const struct apk *a, size_t *next, struct fault *f)
{
	struct buf scratch = BUF_INIT;
	int r = 0;

	for (; r == 0 && *next < a->tree.count; ++*next) {
		const struct entry *e = &a->tree.entries[*next];

		if (text->len > REPORT_PIECE)
			break;
		if (census_marks(e) != 0 &&
		    (add_head(text, s, f) < 0 ||
			add_entry(text, &scratch, e, f) < 0))
			r = -1;
	}
	buf_release(&scratch);
	return r < 0 ? -1 : *next < a->tree.count;
}

static int
add_charge(struct buf *b, struct buf *scratch, const struct ruling_charge *c,
    struct fault *f)
{
	const struct policy_claim *claim = &c->claim;

	if (json_add_member(b, "denied", policy_kind_name(claim->kind), f) < 0)
		return -1;
	if (claim->kind == POLICY_CAPS
		? add_caps(b, scratch, "value", claim->caps, f) < 0
		: json_add_member(b, "value", claim->value, f) < 0)
		return -1;
	if (json_add_member(b, "path", claim->path, f) < 0)
		return -1;
	return buf_addf(b, f, ",\"entries\":%zu}\n", c->entries);
}

int
objects_add_ruling(struct buf *text, const struct objects_subject *s,
    const struct ruling *v, size_t *next, struct fault *f)
{
	struct buf scratch = BUF_INIT;
	int r = 0;

	for (; r == 0 && *next < v->count; ++*next) {
		if (text->len > REPORT_PIECE)
			break;
		if (add_head(text, s, f) < 0 ||
		    add_charge(text, &scratch, &v->charges[*next], f) < 0)
			r = -1;
	}
	buf_release(&scratch);
	return r < 0 ? -1 : *next < v->count;
}

static int
add_assignment(struct buf *b, const struct objects_subject *s,
    const struct recipe *r, const char *name, struct fault *f)
{
	const struct apkbuild_variable *v = apkbuild_find(&r->variables, name);

	if (v == NULL || !recipe_sets(r, name))
		return 0;
	if (add_head(b, s, f) < 0 ||
	    buf_addf(b, f, ",\"line\":%u", v->line) < 0 ||
	    json_add_member(b, "variable", name, f) < 0 ||
	    json_add_member(b, "value", v->value, f) < 0)
		return -1;
	return buf_adds(b, "}\n", f);
}

int
objects_add_recipe(struct buf *text, const struct objects_subject *s,
    const struct aport *a, struct fault *f)
{
	const struct recipe *r = &a->recipe;

	if (add_assignment(text, s, r, "pkgusers", f) < 0 ||
	    add_assignment(text, s, r, "pkggroups", f) < 0)
		return -1;
	for (size_t i = 0; i < r->count; i++) {
		const struct recipe_call *c = &r->calls[i];

		if (add_head(text, s, f) < 0 ||
		    buf_addf(text, f, ",\"line\":%u", c->line) < 0 ||
		    json_add_member(
			text, "call", recipe_tool_name(c->tool), f) < 0 ||
		    json_add_member(text, "text", c->text, f) < 0 ||
		    buf_adds(text, "}\n", f) < 0)
			return -1;
	}
	return 0;
}

static int
add_kind(struct buf *b, const struct objects_subject *s,
    enum findings_kind kind, struct fault *f)
{
	if (add_head(b, s, f) < 0)
		return -1;
	return buf_addf(b, f, ",\"finding\":\"%s\",\"broken\":%s",
	    findings_name(kind), findings_is_broken(kind) ? "true" : "false");
}

static int
add_finding(struct buf *b, const struct objects_subject *s,
    const struct finding *x, struct fault *f)
{
	if (add_kind(b, s, x->kind, f) < 0 ||
	    json_add_member(b, "path", x->path, f) < 0 ||
	    json_add_member(b, "detail", x->detail, f) < 0)
		return -1;
	return buf_adds(b, "}\n", f);
}

int
objects_add_findings(struct buf *text, const struct objects_subject *s,
    const struct findings *fs, bool is_brief, struct fault *f)
{
	for (size_t i = 0; i < fs->count; i++) {
		if (is_brief && !findings_is_broken(fs->list[i].kind))
			continue;
		if (add_finding(text, s, &fs->list[i], f) < 0)
			return -1;
	}
	for (int i = 0; i < FINDINGS_KINDS; i++) {
		const enum findings_kind kind = (enum findings_kind)i;

		if (fs->counts[i] <= FINDINGS_KEPT ||
		    (is_brief && !findings_is_broken(kind)))
			continue;
		if (add_kind(text, s, kind, f) < 0 ||
		    buf_addf(text, f, ",\"more\":%zu}\n",
			fs->counts[i] - FINDINGS_KEPT) < 0)
			return -1;
	}
	return 0;
}
