/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/inspection.h"

#include "base/fault.h"
#include "engine/apk.h"
#include "engine/aport.h"
#include "engine/catalog.h"
#include "engine/objects.h"
#include "engine/report.h"
#include "engine/ruling.h"

#include <string.h>

/* A small file that unpacks to more is not read to its end by many at a time. */
static const uint64_t first_bomb = UINT64_C(64) << 20;

/* A package, and how far its text was made. */
struct view {
	struct apk apk;
	struct ruling ruling;
	size_t next;
};

void
inspection_release(struct inspection *i)
{
	buf_release(&i->text);
	buf_release(&i->messages);
	census_release(&i->census);
	i->is_guilty = i->is_large = false;
}

/* Only a list for people says what is no failure, but JSON has all in it. */
static bool
is_brief(const struct inspection *i)
{
	const struct inspection_options *o = i->options;

	return o->is_quiet || o->is_json || o->form != INSPECTION_LIST;
}

static bool
is_judged(const struct inspection *i)
{
	return i->options->form == INSPECTION_CHECK ||
	    i->options->form == INSPECTION_POLICY;
}

static int
load(struct view *v, struct inspection *i, struct fault *f)
{
	if (apk_load(&v->apk, i->file, f) < 0)
		return -1;
	if (!is_judged(i))
		return 0;
	if (ruling_judge(&v->ruling, &v->apk, i->file, i->options->policy, f) <
	    0)
		return -1;
	i->is_guilty = v->ruling.count > 0;
	return 0;
}

static void
release(struct view *v)
{
	ruling_release(&v->ruling);
	apk_release(&v->apk);
}

/* Append a piece of the text: 1 if there is more. */
static int
add_text(struct inspection *i, struct view *v, struct fault *f)
{
	const struct inspection_options *o = i->options;
	const struct objects_subject subject = { i->file, &v->apk.info };

	switch (o->form) {
	case INSPECTION_LIST:
		return o->is_json ? objects_add_entries(&i->text, &subject,
					&v->apk, &v->next, f)
				  : report_add_entries(&i->text, &v->apk,
					i->file, &v->next, f);
	case INSPECTION_SUGGEST:
		return report_add_suggest(&i->text, &v->apk, i->file, f);
	case INSPECTION_POLICY:
	case INSPECTION_CHECK:
		if (o->is_json)
			return objects_add_ruling(
			    &i->text, &subject, &v->ruling, &v->next, f);
		return report_add_ruling(&i->text, &v->ruling,
		    o->form == INSPECTION_CHECK ? i->file : NULL, &v->next, f);
	case INSPECTION_SUMMARY:
		break;
	}
	return 0;
}

/* What stands behind the text, whatever the form. */
static int
add_findings(struct inspection *i, const struct findings *fs,
    const struct apk_info *info, struct fault *f)
{
	const struct inspection_options *o = i->options;
	const struct objects_subject subject = { i->file, info };

	if (o->is_json && o->form != INSPECTION_SUMMARY &&
	    objects_add_findings(
		&i->text, &subject, fs, o->form != INSPECTION_LIST, f) < 0)
		return -1;
	return report_add_findings(&i->messages, fs, i->file, is_brief(i), f);
}

static int
finish(struct inspection *i, struct view *v, struct fault *f)
{
	if (add_findings(i, &v->apk.findings, &v->apk.info, f) < 0)
		return -1;
	return census_count(&i->census, &v->apk, f);
}

static int
run_package(struct inspection *i, struct fault *f)
{
	struct view v = { .apk = APK_INIT };
	int r;

	v.apk.limits.memory = INSPECTION_MEMORY;
	v.apk.limits.bomb = first_bomb;
	r = load(&v, i, f);
	if (r == 0 && v.apk.findings.counts[FINDINGS_TOO_LARGE] > 0)
		i->is_large = true;
	else if (r == 0)
		r = add_text(i, &v, f);
	if (r > 0 || i->text.len > REPORT_PIECE)
		i->is_large = true;
	if (r >= 0)
		r = i->is_large ? 0 : finish(i, &v, f);
	if (i->is_large)
		buf_release(&i->text);
	release(&v);
	return r;
}

int
inspection_run_large(struct inspection *i,
    int (*write)(void *arg, const struct buf *text, struct fault *f), void *arg,
    struct fault *f)
{
	struct view v = { .apk = APK_INIT };
	int more = 1, r;

	r = load(&v, i, f);
	while (r == 0 && more > 0) {
		more = add_text(i, &v, f);
		r = more < 0 ? -1 : write(arg, &i->text, f);
		buf_reset(&i->text);
	}
	if (r == 0)
		r = finish(i, &v, f);
	release(&v);
	return r;
}

static int
run_recipe(struct inspection *i, struct fault *f)
{
	const struct inspection_options *o = i->options;
	struct aport a = { 0 };
	const struct objects_subject subject = { i->file, &a.info };
	int r = aport_load(&a, i->file, f);

	if (r == 0 && o->form == INSPECTION_LIST)
		r = o->is_json ? objects_add_recipe(&i->text, &subject, &a, f)
			       : report_add_recipe(&i->text, &a, i->file, f);
	if (r == 0)
		r = add_findings(i, &a.findings, &a.info, f);
	if (r == 0)
		census_count_recipe(&i->census, &a);
	aport_release(&a);
	return r;
}

static int
run_unreadable(struct inspection *i, struct fault *f)
{
	struct view v = { .apk = APK_INIT };
	int r =
	    findings_add(&v.apk.findings, FINDINGS_UNREADABLE, NULL, i->why, f);

	if (r == 0)
		r = finish(i, &v, f);
	release(&v);
	return r;
}

int
inspection_run(struct inspection *i, struct fault *f)
{
	if (i->why != NULL)
		return run_unreadable(i, f);
	/* what can be read once is not read by many at a time */
	if (strcmp(i->file, "-") == 0) {
		i->is_large = true;
		return 0;
	}
	return catalog_is_recipe(i->file) ? run_recipe(i, f)
					  : run_package(i, f);
}
