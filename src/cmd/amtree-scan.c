/* SPDX-License-Identifier: BSD-2-Clause */
/* amtree-scan - print what in packages is not plain root:root */
#include "base/buf.h"
#include "base/fault.h"
#include "base/series.h"
#include "base/stop.h"
#include "cmd/cli.h"
#include "cmd/input.h"
#include "cmd/print.h"
#include "cmd/progress.h"
#include "engine/catalog.h"
#include "engine/census.h"
#include "engine/figures.h"
#include "engine/inspection.h"
#include "format/policy.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	OPT_JOBS,
	OPT_JSON,
	OPT_SUGGEST,
	OPT_SUMMARY,
	OPT_CHECK,
	OPT_POLICY,
	OPT_QUIET
};

static const struct cli_option options[] = {
	{ OPT_JOBS, 'j', "jobs", "N", "packages read at a time; 0: no threads",
	    0 },
	{ OPT_JSON, 0, "json", NULL, "one JSON object a line", 0 },
	{ OPT_SUGGEST, 0, "suggest", NULL,
	    "the amtree lines that a recipe would need", 0 },
	{ OPT_SUMMARY, 0, "summary", NULL, "figures of all files together", 0 },
	{ OPT_CHECK, 0, "check", "FILE",
	    "what the policy in FILE does not allow; status 1", 0 },
	{ OPT_POLICY, 0, "policy", NULL,
	    "the lines of a policy that would allow it", 0 },
	{ OPT_QUIET, 'q', "quiet", NULL,
	    "no progress, and nothing of what apk would skip", 0 },
};

enum {
	JOBS_MAX = 64,
	POLICY_MAX = 64 * 1024 * 1024, /* bytes */
};

/* All that the command line asks for. */
struct scan {
	struct cli cli;
	unsigned threads;
	struct inspection_options inspection;
	const char *policy_file;
	bool is_form_given;
	struct policy policy;
	struct catalog catalog;
	struct progress progress;
	size_t done; /* files */
	struct census census;
	bool is_guilty;
};

static int
set_form(struct scan *s, enum inspection_form form, struct fault *f)
{
	if (s->is_form_given && s->inspection.form != form)
		return fault_set(f, FAULT_USAGE,
		    "more than one of --suggest, --summary, --check and "
		    "--policy");
	s->inspection.form = form;
	s->is_form_given = true;
	return 0;
}

static int
set_option(struct scan *s, int id, const char *value, struct fault *f)
{
	switch (id) {
	case OPT_JOBS:
		return cli_number(&s->threads, "-j", value, JOBS_MAX, f);
	case OPT_JSON:
		s->inspection.is_json = true;
		return 0;
	case OPT_SUGGEST:
		return set_form(s, INSPECTION_SUGGEST, f);
	case OPT_SUMMARY:
		return set_form(s, INSPECTION_SUMMARY, f);
	case OPT_CHECK:
		s->policy_file = value;
		return 0;
	case OPT_POLICY:
		return set_form(s, INSPECTION_POLICY, f);
	default:
		s->inspection.is_quiet = s->cli.is_quiet = true;
		return 0;
	}
}

static int
parse(struct scan *s, struct fault *f)
{
	const char *value;
	int id;

	while ((id = cli_next(&s->cli, &value)) != CLI_END) {
		if (id == CLI_BAD || set_option(s, id, value, f) < 0)
			return -1;
	}
	/* with --policy, only the lines that are lacking */
	if (s->policy_file != NULL && s->inspection.form != INSPECTION_POLICY &&
	    set_form(s, INSPECTION_CHECK, f) < 0)
		return -1;
	if (s->inspection.is_json &&
	    (s->inspection.form == INSPECTION_SUGGEST ||
		s->inspection.form == INSPECTION_POLICY))
		return fault_set(f, FAULT_USAGE,
		    "--json goes with neither --suggest nor --policy");
	if (s->cli.at == s->cli.argc)
		return fault_set(f, FAULT_USAGE, "no package and no directory");
	return 0;
}

static int
read_policy(struct scan *s, struct fault *f)
{
	const char *file = s->policy_file;
	struct buf text = BUF_INIT;
	int r;

	if (file == NULL)
		return 0;
	r = input_read(&text, file, POLICY_MAX, f);
	if (r == 0)
		r = policy_parse(&s->policy, file, text.data, text.len, f);
	buf_release(&text);
	s->inspection.policy = &s->policy;
	return r;
}

/* For the series. */
static int
begin(void *job, size_t at, void *scan, struct fault *f)
{
	const struct scan *s = scan;
	struct inspection *i = job;

	i->options = &s->inspection;
	i->file = s->catalog.files[at].name;
	i->why = s->catalog.files[at].why;
	(void)f; /* nothing can fail */
	return 0;
}

static int
inspect(void *job, unsigned worker, struct fault *f)
{
	(void)worker; /* nothing is kept from one file to the next */
	return inspection_run(job, f);
}

static void
release(void *job)
{
	inspection_release(job);
}

static int
write_text(void *scan, const struct buf *text, struct fault *f)
{
	struct scan *s = scan;

	if (text->len > 0)
		progress_clear(&s->progress);
	return print_text(text, f) < 0 ? -1 : stop_check(f);
}

static int
put_out(void *job, void *scan, struct fault *f)
{
	struct inspection *i = job;
	struct scan *s = scan;

	if (i->is_large && inspection_run_large(i, write_text, s, f) < 0)
		return -1;
	if (write_text(s, &i->text, f) < 0)
		return -1;
	if (i->messages.len > 0) {
		progress_clear(&s->progress);
		/* in their place between the lines, on a terminal */
		if (print_flush(f) < 0)
			return -1;
		cli_say_each(&s->cli, &i->messages);
	}
	s->is_guilty = s->is_guilty || i->is_guilty;
	if (census_merge(&s->census, &i->census, f) < 0)
		return -1;
	progress_count(&s->progress, ++s->done, s->catalog.count, "files");
	return 0;
}

static int
read_files(struct scan *s, struct fault *f)
{
	const struct series series = {
		.count = s->catalog.count,
		.threads = s->threads,
		.job_size = sizeof(struct inspection),
		.arg = s,
		.begin = begin,
		.run = inspect,
		.end = put_out,
		.release = release,
	};
	const int r = series_run(&series, f);

	progress_clear(&s->progress);
	return r;
}

static int
put_summary(struct scan *s, struct fault *f)
{
	struct buf text = BUF_INIT;
	int r;

	if (s->inspection.form != INSPECTION_SUMMARY)
		return 0;
	r = s->inspection.is_json ? figures_add_json(&text, &s->census, f)
				  : figures_add_text(&text, &s->census, f);
	if (r == 0)
		r = write_text(s, &text, f);
	buf_release(&text);
	return r;
}

static int
run(struct scan *s, struct fault *f)
{
	s->progress.is_shown = !s->cli.is_quiet && isatty(STDERR_FILENO) != 0;
	if (read_policy(s, f) < 0)
		return -1;
	for (int i = s->cli.at; i < s->cli.argc; i++) {
		if (catalog_add(&s->catalog, s->cli.argv[i], f) < 0)
			return -1;
	}
	if (read_files(s, f) < 0 || put_summary(s, f) < 0)
		return -1;
	return print_flush(f);
}

static int
status_of(const struct scan *s)
{
	if (s->census.broken > 0 || s->census.recipes.broken > 0)
		return CLI_FAILED;
	return s->is_guilty && s->inspection.form == INSPECTION_CHECK
	    ? CLI_FINDING
	    : CLI_DONE;
}

int
main(int argc, char **argv)
{
	struct fault f = { 0 };
	struct scan s = {
		.threads = cli_count_cpus(JOBS_MAX),
		.catalog = { .has_recipes = true },
		.cli = {
			.program = "amtree-scan",
			.usage = "amtree-scan [-j N] [--json] [--suggest | "
			    "--summary | --check FILE]\n"
			    "                   [--policy] [-q] "
			    "PACKAGE|APKBUILD|DIR...",
			.about = "Print what in packages is not plain root:root: "
			    "owners, set-id bits,\n"
			    "capabilities, devices; and what recipes do for "
			    "it.",
			.options = options,
			.count = sizeof(options) / sizeof(*options),
			.argc = argc,
			.argv = argv,
		},
	};
	int status;

	cli_hold_streams();
	stop_catch_reader();
	if (parse(&s, &f) < 0 || run(&s, &f) < 0)
		status = cli_fail(&s.cli, &f);
	else
		status = status_of(&s);
	catalog_release(&s.catalog);
	census_release(&s.census);
	policy_release(&s.policy);
	return status;
}
