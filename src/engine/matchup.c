/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/matchup.h"

#include "base/fault.h"
#include "engine/compare.h"
#include "engine/difference.h"
#include "engine/diffline.h"
#include "engine/junit.h"
#include "engine/merge.h"
#include "engine/report.h"
#include "engine/side.h"

#include <string.h>

/* One package being put into words. */
struct words {
	struct matchup *v;
	const struct matchup_options *o;
	struct diffline_package package;
	const char *file; /* for who has no name */
};

void
matchup_release(struct matchup *v)
{
	buf_release(&v->text);
	buf_release(&v->messages);
	*v = (struct matchup){ 0 };
}

static struct junit_case
case_of(const struct words *w)
{
	return (struct junit_case){
		.name = w->package.name != NULL ? w->package.name : w->file,
		.arch = w->package.arch,
	};
}

static int
add_line(const struct words *w, const struct difference *d, struct fault *f)
{
	const struct matchup_options *o = w->o;

	return o->form == MATCHUP_JSON
	    ? diffline_add_json(&w->v->text, &w->package, d, f)
	    : diffline_add_text(
		  &w->v->text, o->is_one_of_many ? &w->package : NULL, d, f);
}

static int
add_message(
    struct matchup *v, const char *file, const char *text, struct fault *f)
{
	if (buf_adds(&v->messages, file, f) < 0 ||
	    buf_adds(&v->messages, ": ", f) < 0 ||
	    buf_adds(&v->messages, text, f) < 0)
		return -1;
	return buf_add(&v->messages, "", 1, f);
}

static int
add_all(const struct words *w, const struct differences *ds, struct fault *f)
{
	const struct junit_case c = case_of(w);
	struct matchup *v = w->v;

	v->differences += ds->count;
	if (w->o->form == MATCHUP_NONE)
		return 0;
	if (w->o->form == MATCHUP_JUNIT)
		return junit_add_case(&v->text, &c, ds, f);
	for (size_t i = 0; i < ds->count; i++) {
		if (v->text.len > MATCHUP_TEXT_MAX) {
			v->is_broken = true;
			return add_message(v, w->file,
			    "too many differences, the rest is left out", f);
		}
		if (add_line(w, &ds->list[i], f) < 0)
			return -1;
	}
	return 0;
}

/* The texts are messages, "FILE: " in front of each. */
static int
add_broken(const struct words *w, const struct buf *texts, struct fault *f)
{
	const char *s = texts->data, *end = s + texts->len;
	struct matchup *v = w->v;

	v->is_broken = true;
	if (buf_add(&v->messages, texts->data, texts->len, f) < 0)
		return -1;
	if (w->o->form != MATCHUP_JSON)
		return 0;
	for (; s < end; s += strlen(s) + 1) {
		const struct difference d = {
			.kind = DIFFERENCE_BROKEN,
			.risk = difference_risk(DIFFERENCE_BROKEN),
			.path = w->file,
			.field = s + strlen(w->file) + 2,
		};

		if (add_line(w, &d, f) < 0)
			return -1;
	}
	return 0;
}

/* What has been said until now is why. */
static int
add_error(const struct words *w, struct fault *f)
{
	const struct junit_case c = case_of(w);

	return w->o->form != MATCHUP_JUNIT
	    ? 0
	    : junit_add_error(&w->v->text, &c, &w->v->messages, f);
}

static int
load(struct side *s, const struct matchup_side *from, struct fault *f)
{
	return from->file != NULL ? side_load_file(s, from->file, f)
				  : side_load_tree(s, from->tree, f);
}

static const char *
name_of(const struct matchup_side *s)
{
	return s->file != NULL ? s->file : s->tree->package.root;
}

/* One that cannot be compared says why. */
static int
judge_side(
    struct words *w, const struct side *s, const char *name, struct fault *f)
{
	struct buf texts = BUF_INIT;
	int r;

	if (side_is_whole(s))
		return 0;
	w->file = name;
	r = report_add_findings(&texts, &s->apk.findings, name, true, f);
	if (r == 0)
		r = add_broken(w, &texts, f);
	buf_release(&texts);
	return r;
}

static int
judge(struct words *w, const struct side *a, const struct side *b,
    const char *const names[2], struct fault *f)
{
	const struct compare_side x = side_view(a), y = side_view(b);
	struct differences ds = { .ignore = w->o->ignore };
	const struct apk_info *info =
	    a->apk.info.pkgname != NULL ? &a->apk.info : &b->apk.info;
	int r;

	w->package = (struct diffline_package){ info->pkgname, info->arch };
	if (judge_side(w, a, names[0], f) < 0 ||
	    judge_side(w, b, names[1], f) < 0)
		return -1;
	if (w->v->is_broken)
		return add_error(w, f);
	r = compare_sides(&ds, &x, &y, f);
	if (r == 0)
		r = add_all(w, &ds, f);
	difference_release(&ds);
	return r;
}

int
matchup_compare(struct matchup *v, const struct matchup_options *o,
    const struct matchup_side *a, const struct matchup_side *b, struct fault *f)
{
	const char *const names[] = { name_of(a), name_of(b) };
	struct words w = { .v = v, .o = o, .file = names[0] };
	struct side x = SIDE_INIT, y = SIDE_INIT;
	int r = -1;

	if (load(&x, a, f) == 0 && load(&y, b, f) == 0)
		r = judge(&w, &x, &y, names, f);
	side_release(&x);
	side_release(&y);
	return r;
}

static struct words
words_of(struct matchup *v, const struct matchup_options *o,
    const struct matchup_package *p)
{
	return (struct words){
		.v = v,
		.o = o,
		.package = { p->name, p->arch },
		.file = p->file,
	};
}

int
matchup_lone(struct matchup *v, const struct matchup_options *o,
    const struct matchup_package *p, bool is_added, struct fault *f)
{
	const struct words w = words_of(v, o, p);
	const char *version = p->version != NULL ? p->version : "";
	struct differences ds = { .ignore = o->ignore };
	const struct difference d = {
		.kind = is_added ? DIFFERENCE_PACKAGE_ADDED
				 : DIFFERENCE_PACKAGE_REMOVED,
		.path = p->file,
		.before = is_added ? NULL : version,
		.after = is_added ? version : NULL,
	};
	int r = difference_add(&ds, &d, f);

	if (r == 0)
		r = add_all(&w, &ds, f);
	difference_release(&ds);
	return r;
}

int
matchup_broken(struct matchup *v, const struct matchup_options *o,
    const struct matchup_package *p, const struct buf *texts, struct fault *f)
{
	const struct words w = words_of(v, o, p);

	return add_broken(&w, texts, f) < 0 ? -1 : add_error(&w, f);
}
