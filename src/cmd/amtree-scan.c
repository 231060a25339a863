/* SPDX-License-Identifier: BSD-2-Clause */
/* amtree-scan - print what in packages is not plain root:root */
#include "base/buf.h"
#include "base/fault.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/stop.h"
#include "cmd/cli.h"
#include "cmd/progress.h"
#include "engine/apk.h"
#include "engine/catalog.h"
#include "engine/census.h"
#include "engine/report.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_JOBS, OPT_JSON, OPT_SUGGEST, OPT_SUMMARY, OPT_QUIET };

static const struct cli_option options[] = {
	{ OPT_JOBS, 'j', "jobs", "N", "packages read at a time; 0: no threads",
	    0 },
	{ OPT_JSON, 0, "json", NULL, "one JSON object a line", 0 },
	{ OPT_SUGGEST, 0, "suggest", NULL,
	    "the amtree lines that a recipe would need", 0 },
	{ OPT_SUMMARY, 0, "summary", NULL, "figures of all packages together",
	    0 },
	{ OPT_QUIET, 'q', "quiet", NULL,
	    "no progress, and nothing of what apk would skip", 0 },
};

enum {
	JOBS_MAX = 64,
	JOBS_EACH = 4, /* packages that are out, for one thread */
};

/* All that the command line asks for. */
struct scan {
	struct cli cli;
	unsigned threads;
	bool is_json, is_suggest, is_summary;
	struct catalog catalog;
	struct progress progress;
	struct census census;
	bool has_broken;
};

/* One package: read by a worker, put out in order. */
struct package {
	const struct scan *scan;
	const char *file;
	struct buf text, messages;
	struct census census;
};

static unsigned
count_cpus(void)
{
	cpu_set_t cpus;
	int n;

	if (sched_getaffinity(0, sizeof(cpus), &cpus) < 0)
		return 1;
	n = CPU_COUNT(&cpus);
	return n < JOBS_MAX ? (unsigned)n : JOBS_MAX;
}

static int
set_option(struct scan *s, int id, const char *value, struct fault *f)
{
	uint64_t n;

	switch (id) {
	case OPT_JOBS:
		if (!num_parse(&n, value, strlen(value), 10, JOBS_MAX))
			return fault_set(f, FAULT_USAGE,
			    "-j '%s' is no number from 0 to %d", value,
			    JOBS_MAX);
		s->threads = (unsigned)n;
		return 0;
	case OPT_JSON:
		s->is_json = true;
		return 0;
	case OPT_SUGGEST:
		s->is_suggest = true;
		return 0;
	case OPT_SUMMARY:
		s->is_summary = true;
		return 0;
	case OPT_QUIET:
		s->cli.is_quiet = true;
		return 0;
	default:
		return -1; /* cli_next() has said why */
	}
}

static int
parse(struct scan *s, struct fault *f)
{
	const char *value;
	int id;

	while ((id = cli_next(&s->cli, &value)) != CLI_END) {
		if (set_option(s, id, value, f) < 0)
			return -1;
	}
	if (s->is_suggest && (s->is_json || s->is_summary))
		return fault_set(f, FAULT_USAGE,
		    "--suggest goes with neither --json nor --summary");
	if (s->cli.at == s->cli.argc)
		return fault_set(f, FAULT_USAGE, "no package and no directory");
	return 0;
}

static int
report(struct package *p, struct apk *a, struct fault *f)
{
	const struct scan *s = p->scan;
	/* in JSON and in the figures findings are part of the answer */
	const bool is_brief =
	    s->is_json || s->is_suggest || s->is_summary || s->cli.is_quiet;

	if (report_add_findings(&p->messages, a, p->file, is_brief, f) < 0 ||
	    census_count(&p->census, a, f) < 0)
		return -1;
	if (s->is_summary)
		return 0;
	if (s->is_suggest)
		return report_add_suggest(&p->text, a, p->file, f);
	if (s->is_json)
		return report_add_json(&p->text, a, p->file, f);
	return report_add_entries(&p->text, a, p->file, f);
}

/* For the pool. */
static int
read_package(void *job, unsigned worker, struct fault *f)
{
	struct package *p = job;
	struct apk a = APK_INIT;
	int r = -1;

	(void)worker; /* nothing is kept from one package to the next */
	if (apk_load(&a, p->file, f) == 0)
		r = report(p, &a, f);
	apk_release(&a);
	return r;
}

static int
write_text(const struct buf *text, struct fault *f)
{
	if (text->len > 0 &&
	    fwrite(text->data, 1, text->len, stdout) != text->len)
		return fault_sys(f, "cannot write standard output");
	return 0;
}

/* Messages are for stderr whether notices are wanted or not. */
static void
write_messages(const struct scan *s, const struct buf *messages)
{
	struct cli loud = s->cli;
	const char *m = messages->data, *end = m + messages->len;
	struct notice notice;

	loud.is_quiet = false;
	notice = cli_notice(&loud);
	for (; m < end; m += strlen(m) + 1)
		notice_say(&notice, "%s", m);
}

static int
put_out(struct scan *s, struct package *p, struct fault *f)
{
	if (p->messages.len > 0 || p->text.len > 0)
		progress_clear(&s->progress);
	if (write_text(&p->text, f) < 0)
		return -1;
	if (p->messages.len > 0) {
		/* in their place between the lines, on a terminal */
		if (cli_flush(f) < 0)
			return -1;
		write_messages(s, &p->messages);
	}
	s->has_broken = s->has_broken || p->census.broken > 0;
	if (census_merge(&s->census, &p->census, f) < 0)
		return -1;
	buf_release(&p->text);
	buf_release(&p->messages);
	progress_count(
	    &s->progress, s->census.packages, s->catalog.count, "packages");
	return 0;
}

/* Put out the oldest package: 1, or 0 if none is out. */
static int
take(struct scan *s, struct pool *pool, struct fault *f)
{
	void *job;
	const int r = pool_next(pool, &job, f);

	if (r <= 0)
		return r;
	return put_out(s, job, f) < 0 ? -1 : 1;
}

static int
run_pool(struct scan *s, struct pool *pool, struct package *ring,
    unsigned depth, struct fault *f)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < s->catalog.count; i++) {
		struct package *p = &ring[i % depth];

		if (pool_is_full(pool))
			r = take(s, pool, f);
		if (r < 0 || stop_check(f) < 0)
			return -1;
		p->scan = s;
		p->file = s->catalog.files[i];
		r = pool_submit(pool, p, f);
		while (r >= 0 && pool_is_ready(pool))
			r = take(s, pool, f);
	}
	while (r >= 0 && (r = take(s, pool, f)) > 0)
		continue;
	return r;
}

static int
read_packages(struct scan *s, struct fault *f)
{
	const struct pool_options o = {
		.threads = s->threads,
		.depth = s->threads * JOBS_EACH + 1,
		.run = read_package,
	};
	struct package *ring = calloc(o.depth, sizeof(*ring));
	struct pool *pool = NULL;
	int r = -1;

	if (ring == NULL)
		return fault_sys(f, "cannot allocate %u packages", o.depth);
	pool = pool_new(&o, f);
	if (pool != NULL)
		r = run_pool(s, pool, ring, o.depth, f);
	pool_free(pool);
	for (unsigned i = 0; i < o.depth; i++) {
		buf_release(&ring[i].text);
		buf_release(&ring[i].messages);
		census_release(&ring[i].census);
	}
	free(ring);
	progress_clear(&s->progress);
	return r;
}

static int
put_summary(const struct scan *s, struct fault *f)
{
	struct buf text = BUF_INIT;
	int r;

	if (!s->is_summary)
		return 0;
	r = s->is_json ? report_add_census_json(&text, &s->census, f)
		       : report_add_census(&text, &s->census, f);
	if (r == 0)
		r = write_text(&text, f);
	buf_release(&text);
	return r;
}

static int
run(struct scan *s, struct fault *f)
{
	s->progress.is_shown = !s->cli.is_quiet && isatty(STDERR_FILENO) != 0;
	for (int i = s->cli.at; i < s->cli.argc; i++) {
		if (catalog_add(&s->catalog, s->cli.argv[i], f) < 0)
			return -1;
	}
	if (read_packages(s, f) < 0 || put_summary(s, f) < 0)
		return -1;
	return cli_flush(f);
}

int
main(int argc, char **argv)
{
	struct fault f = { 0 };
	struct scan s = {
		.threads = count_cpus(),
		.cli = {
			.program = "amtree-scan",
			.usage = "amtree-scan [-j N] [--json] [--suggest | "
			    "--summary] [-q] PACKAGE|DIR...",
			.about = "Print what in packages is not plain root:root: "
			    "owners, set-id bits,\n"
			    "capabilities, devices.",
			.options = options,
			.count = sizeof(options) / sizeof(*options),
			.argc = argc,
			.argv = argv,
		},
	};
	int status = CLI_DONE;

	cli_hold_streams();
	stop_catch();
	if (parse(&s, &f) < 0 || run(&s, &f) < 0)
		status = cli_fail(&s.cli, &f);
	else if (s.has_broken)
		status = CLI_FAILED;
	catalog_release(&s.catalog);
	census_release(&s.census);
	return status;
}
