/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/report.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/apk.h"
#include "engine/census.h"
#include "engine/suggest.h"
#include "format/json.h"
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

/* As text, or in hex also where no file can have them. */
static int
add_caps(struct buf *b, const struct xattr *caps, struct fault *f)
{
	const unsigned char *bytes = caps->value;
	struct fault why = { 0 };

	if (manifest_add_caps(b, caps, &why) == 0)
		return 0;
	if (why.kind != FAULT_INPUT) {
		*f = why;
		return -1;
	}
	if (buf_adds(b, "0x", f) < 0)
		return -1;
	for (size_t i = 0; i < caps->len; i++) {
		if (buf_addf(b, f, "%02x", bytes[i]) < 0)
			return -1;
	}
	return 0;
}

/* `caps` is scratch. */
static int
add_details(
    struct buf *b, struct buf *caps, const struct entry *e, struct fault *f)
{
	if (entry_caps(e) != NULL) {
		buf_reset(caps);
		if (buf_adds(b, " caps=", f) < 0 ||
		    add_caps(caps, entry_caps(e), f) < 0 ||
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
report_add_entries(
    struct buf *text, const struct apk *a, const char *file, struct fault *f)
{
	struct buf scratch = BUF_INIT;
	int r = 0;

	for (size_t i = 0; r == 0 && i < a->tree.count; i++) {
		const struct entry *e = &a->tree.entries[i];

		if (census_marks(e) != 0)
			r = add_entry(text, &scratch, e, file, f);
	}
	buf_release(&scratch);
	return r;
}

/* Append a string, or null. */
static int
add_string(struct buf *b, const char *s, struct fault *f)
{
	return s == NULL ? buf_adds(b, "null", f)
			 : json_add_string(b, s, strlen(s), f);
}

/* What all objects of a file begin with, up to the comma. */
static int
add_head(struct buf *b, const struct apk *a, const char *file, struct fault *f)
{
	if (buf_adds(b, "{\"file\":", f) < 0 || add_string(b, file, f) < 0 ||
	    buf_adds(b, ",\"package\":", f) < 0 ||
	    add_string(b, a->info.pkgname, f) < 0 ||
	    buf_adds(b, ",\"version\":", f) < 0 ||
	    add_string(b, a->info.pkgver, f) < 0 ||
	    buf_adds(b, ",\"arch\":", f) < 0 ||
	    add_string(b, a->info.arch, f) < 0)
		return -1;
	return buf_adds(b, ",", f);
}

/* Its members without the brace in front, and with capabilities of any kind. */
static int
add_members(
    struct buf *b, struct buf *scratch, const struct entry *e, struct fault *f)
{
	struct entry plain = *e;

	plain.xattrs = NULL;
	buf_reset(scratch);
	if (json_add_entry(scratch, &plain, f) < 0 ||
	    buf_add(b, scratch->data + 1, scratch->len - strlen("{}\n"), f) < 0)
		return -1;
	if (entry_caps(e) != NULL) {
		buf_reset(scratch);
		if (add_caps(scratch, entry_caps(e), f) < 0 ||
		    buf_adds(b, ",\"caps\":", f) < 0 ||
		    json_add_string(b, scratch->data, scratch->len, f) < 0)
			return -1;
	}
	return buf_adds(b, "}\n", f);
}

static int
add_kind(struct buf *b, enum findings_kind kind, struct fault *f)
{
	return buf_addf(b, f, "\"finding\":\"%s\",\"broken\":%s,",
	    findings_name(kind), findings_is_broken(kind) ? "true" : "false");
}

static int
add_finding(struct buf *b, const struct finding *x, struct fault *f)
{
	if (add_kind(b, x->kind, f) < 0 || buf_adds(b, "\"path\":", f) < 0 ||
	    add_string(b, x->path, f) < 0 ||
	    buf_adds(b, ",\"detail\":", f) < 0 ||
	    add_string(b, x->detail, f) < 0)
		return -1;
	return buf_adds(b, "}\n", f);
}

static int
add_json_findings(
    struct buf *text, const struct apk *a, const char *file, struct fault *f)
{
	const struct findings *fs = &a->findings;

	for (size_t i = 0; i < fs->count; i++) {
		if (add_head(text, a, file, f) < 0 ||
		    add_finding(text, &fs->list[i], f) < 0)
			return -1;
	}
	for (int i = 0; i < FINDINGS_KINDS; i++) {
		if (fs->counts[i] <= FINDINGS_KEPT)
			continue;
		if (add_head(text, a, file, f) < 0 ||
		    add_kind(text, (enum findings_kind)i, f) < 0 ||
		    buf_addf(text, f, "\"more\":%zu}\n",
			fs->counts[i] - FINDINGS_KEPT) < 0)
			return -1;
	}
	return 0;
}

int
report_add_json(
    struct buf *text, const struct apk *a, const char *file, struct fault *f)
{
	struct buf scratch = BUF_INIT;
	int r = 0;

	for (size_t i = 0; r == 0 && i < a->tree.count; i++) {
		const struct entry *e = &a->tree.entries[i];

		if (census_marks(e) != 0 &&
		    (add_head(text, a, file, f) < 0 ||
			add_members(text, &scratch, e, f) < 0))
			r = -1;
	}
	buf_release(&scratch);
	return r < 0 ? -1 : add_json_findings(text, a, file, f);
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
report_add_findings(struct buf *text, const struct apk *a, const char *file,
    bool is_brief, struct fault *f)
{
	const struct findings *fs = &a->findings;

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

/* The figures that have a name, in the order in which they are shown. */
struct figure {
	const char *name, *text;
	uint64_t value;
};

enum { FIGURES = 11 };

static void
list_figures(struct figure out[FIGURES], const struct census *c)
{
	const struct figure figures[FIGURES] = {
		{ "packages", "packages", c->packages },
		{ "broken", "that are broken", c->broken },
		{ "entries", "entries in all of them", c->entries },
		{ "special", "with anything that is not plain root:root",
		    c->special },
		{ "user", "with a user other than root", c->user },
		{ "group", "with a group other than root", c->group },
		{ "both", "with both", c->both },
		{ "setid", "with set-id bits", c->setid },
		{ "caps", "with capabilities", c->caps },
		{ "device", "with devices", c->device },
		{ "number", "with an owner that is a number without a name",
		    c->number },
	};

	memcpy(out, figures, sizeof(figures));
}

static int
add_figure(struct buf *b, uint64_t n, struct fault *f)
{
	return buf_addf(b, f, "%8" PRIu64 " ", n);
}

static int
add_account(struct buf *b, const struct census_account *a, struct fault *f)
{
	const char *what = a->is_number ? (a->is_group ? "gid" : "uid")
	    : a->is_group               ? "group"
					: "user";

	if (add_figure(b, a->packages, f) < 0 ||
	    buf_addf(b, f, "with %s ", what) < 0 ||
	    vis_add(b, a->name, strlen(a->name), f) < 0)
		return -1;
	return buf_adds(b, "\n", f);
}

int
report_add_census(struct buf *text, const struct census *c, struct fault *f)
{
	struct figure figures[FIGURES];

	list_figures(figures, c);
	for (int i = 0; i < FIGURES; i++) {
		if (add_figure(text, figures[i].value, f) < 0 ||
		    buf_addf(text, f, "%s\n", figures[i].text) < 0)
			return -1;
	}
	for (size_t i = 0; i < c->account_count; i++) {
		if (add_account(text, &c->accounts[i], f) < 0)
			return -1;
	}
	for (int i = 0; i < FINDINGS_KINDS; i++) {
		const enum findings_kind kind = (enum findings_kind)i;

		if (c->findings[i] > 0 &&
		    (add_figure(text, c->findings[i], f) < 0 ||
			buf_addf(text, f, "%s: %s\n", findings_name(kind),
			    findings_text(kind)) < 0))
			return -1;
	}
	return 0;
}

/* One object: the accounts of one kind. */
static int
add_accounts(struct buf *b, const struct census *c, const char *name,
    const struct census_account *kind, struct fault *f)
{
	const char *lead = "";

	if (buf_addf(b, f, ",\"%s\":{", name) < 0)
		return -1;
	for (size_t i = 0; i < c->account_count; i++) {
		const struct census_account *a = &c->accounts[i];

		if (a->is_group != kind->is_group ||
		    a->is_number != kind->is_number)
			continue;
		if (buf_adds(b, lead, f) < 0 || add_string(b, a->name, f) < 0 ||
		    buf_addf(b, f, ":%" PRIu64, a->packages) < 0)
			return -1;
		lead = ",";
	}
	return buf_adds(b, "}", f);
}

static int
add_kinds(struct buf *b, const struct census *c, struct fault *f)
{
	const char *lead = "";

	if (buf_adds(b, ",\"findings\":{", f) < 0)
		return -1;
	for (int i = 0; i < FINDINGS_KINDS; i++) {
		if (c->findings[i] == 0)
			continue;
		if (buf_addf(b, f, "%s\"%s\":%" PRIu64, lead,
			findings_name((enum findings_kind)i),
			c->findings[i]) < 0)
			return -1;
		lead = ",";
	}
	return buf_adds(b, "}}\n", f);
}

int
report_add_census_json(
    struct buf *text, const struct census *c, struct fault *f)
{
	static const struct {
		const char *name;
		struct census_account kind;
	} lists[] = {
		{ "users", { .is_group = false, .is_number = false } },
		{ "groups", { .is_group = true, .is_number = false } },
		{ "uids", { .is_group = false, .is_number = true } },
		{ "gids", { .is_group = true, .is_number = true } },
	};
	struct figure figures[FIGURES];

	list_figures(figures, c);
	for (int i = 0; i < FIGURES; i++) {
		if (buf_addf(text, f, "%s\"%s\":%" PRIu64, i > 0 ? "," : "{",
			figures[i].name, figures[i].value) < 0)
			return -1;
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		if (add_accounts(text, c, lists[i].name, &lists[i].kind, f) < 0)
			return -1;
	}
	return add_kinds(text, c, f);
}
