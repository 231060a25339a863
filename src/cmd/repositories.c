/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/repositories.h"

#include "base/fault.h"
#include "base/series.h"
#include "cmd/tally.h"
#include "engine/apk.h"
#include "engine/catalog.h"
#include "engine/matchup.h"
#include "engine/pairing.h"
#include "engine/report.h"

#include <string.h>

/* Both passes, for the thread that they end in. */
struct passes {
	struct tally *tally;
	const struct matchup_options *o;
	const struct catalog *catalogs[2];
	struct pairing pairing;
};

/* A file whose name is asked for. */
struct label {
	const struct matchup_options *o;
	struct catalog_file file;
	int side;
	bool is_named;
	struct arena arena;
	struct pairing_package package;
	struct matchup broken; /* where it has none */
};

/* A pair that is compared. */
struct pair {
	const struct matchup_options *o;
	const struct pairing_pair *pairing;
	struct matchup matchup;
};

static int
begin_label(void *job, size_t i, void *arg, struct fault *f)
{
	const struct passes *p = arg;
	struct label *l = job;
	const size_t first = p->catalogs[0]->count;

	(void)f; /* nothing can fail */
	l->o = p->o;
	l->side = i >= first;
	l->file = p->catalogs[l->side]->files[i - (i < first ? 0 : first)];
	return 0;
}

static const char *
copy(struct label *l, const char *s, struct fault *f)
{
	const char *text = s != NULL ? s : "";

	return arena_string(&l->arena, text, strlen(text), f);
}

static int
take_names(struct label *l, const struct apk_info *i, struct fault *f)
{
	l->is_named = true;
	l->package = (struct pairing_package){
		.name = copy(l, i->pkgname, f),
		.arch = copy(l, i->arch, f),
		.version = copy(l, i->pkgver, f),
		.file = l->file.name,
	};
	return l->package.name != NULL && l->package.arch != NULL &&
		l->package.version != NULL
	    ? 0
	    : -1;
}

/* Say what is wrong with it; nothing else is to be known of it. */
static int
take_faults(struct label *l, struct apk *a, struct fault *f)
{
	const struct matchup_package package = { .file = l->file.name };
	struct buf texts = BUF_INIT;
	int r = 0;

	if (!findings_has_broken(&a->findings))
		r = findings_add(
		    &a->findings, FINDINGS_NO_PKGINFO, NULL, NULL, f);
	if (r == 0)
		r = report_add_findings(
		    &texts, &a->findings, l->file.name, true, f);
	if (r == 0)
		r = matchup_broken(&l->broken, l->o, &package, &texts, f);
	buf_release(&texts);
	return r;
}

static int
read_label(void *job, unsigned worker, struct fault *f)
{
	struct label *l = job;
	struct apk a = APK_INIT;
	int r;

	(void)worker; /* nothing is kept from one package to the next */
	a.is_control_only = true;
	r = l->file.why == NULL ? apk_load(&a, l->file.name, f)
				: findings_add(&a.findings, FINDINGS_UNREADABLE,
				      NULL, l->file.why, f);
	if (r == 0)
		r = a.info.pkgname != NULL && !findings_has_broken(&a.findings)
		    ? take_names(l, &a.info, f)
		    : take_faults(l, &a, f);
	apk_release(&a);
	return r;
}

static int
end_label(void *job, void *arg, struct fault *f)
{
	struct passes *p = arg;
	struct label *l = job;

	return l->is_named ? pairing_add(&p->pairing, l->side, &l->package, f)
			   : tally_add(p->tally, &l->broken, f);
}

static void
release_label(void *job)
{
	struct label *l = job;

	arena_release(&l->arena);
	matchup_release(&l->broken);
}

static int
begin_pair(void *job, size_t i, void *arg, struct fault *f)
{
	const struct passes *p = arg;
	struct pair *x = job;

	(void)f; /* nothing can fail */
	x->o = p->o;
	x->pairing = &p->pairing.pairs[i];
	return 0;
}

static const char *
or_null(const char *s)
{
	return *s != '\0' ? s : NULL;
}

static int
report_lone(struct pair *x, const struct pairing_package *p, bool is_added,
    struct fault *f)
{
	const struct matchup_package package = { p->name, or_null(p->arch),
		or_null(p->version), p->file };

	return matchup_lone(&x->matchup, x->o, &package, is_added, f);
}

static int
compare_pair(void *job, unsigned worker, struct fault *f)
{
	struct pair *x = job;
	const struct pairing_package *a = x->pairing->sides[0],
				     *b = x->pairing->sides[1];

	(void)worker; /* nothing is kept from one pair to the next */
	if (b == NULL)
		return report_lone(x, a, false, f);
	if (a == NULL)
		return report_lone(x, b, true, f);
	return matchup_compare(&x->matchup, x->o,
	    &(struct matchup_side){ .file = a->file },
	    &(struct matchup_side){ .file = b->file }, f);
}

static int
end_pair(void *job, void *arg, struct fault *f)
{
	struct passes *p = arg;
	struct tally *t = p->tally;

	if (tally_add(t, &((struct pair *)job)->matchup, f) < 0)
		return -1;
	progress_count(
	    &t->progress, t->packages, p->pairing.pair_count, "packages");
	return 0;
}

static void
release_pair(void *job)
{
	matchup_release(&((struct pair *)job)->matchup);
}

int
repositories_compare(struct tally *t, const struct catalog *a,
    const struct catalog *b, const struct matchup_options *o, unsigned threads,
    struct fault *f)
{
	struct passes p = { .tally = t, .o = o, .catalogs = { a, b } };
	const struct series labels = {
		.count = a->count + b->count,
		.threads = threads,
		.job_size = sizeof(struct label),
		.arg = &p,
		.begin = begin_label,
		.run = read_label,
		.end = end_label,
		.release = release_label,
	};
	struct series pairs = {
		.threads = threads,
		.job_size = sizeof(struct pair),
		.arg = &p,
		.begin = begin_pair,
		.run = compare_pair,
		.end = end_pair,
		.release = release_pair,
	};
	int r = -1;

	if (series_run(&labels, f) == 0 && pairing_make(&p.pairing, f) == 0) {
		pairs.count = p.pairing.pair_count;
		r = series_run(&pairs, f);
	}
	pairing_release(&p.pairing);
	return r;
}
