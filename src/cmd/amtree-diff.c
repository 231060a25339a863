/* SPDX-License-Identifier: BSD-2-Clause */
/* amtree-diff - print in what packages differ */
#include "base/fault.h"
#include "base/stop.h"
#include "cmd/cli.h"
#include "cmd/operand.h"
#include "cmd/repositories.h"
#include "cmd/tally.h"
#include "engine/difference.h"

#include <unistd.h>

enum { OPT_JOBS, OPT_JSON, OPT_JUNIT, OPT_IGNORE, OPT_QUIET };

static const struct cli_option options[] = {
	{ OPT_IGNORE, 0, "ignore", "KIND[,KIND]...",
	    "kinds of differences that are none", 0 },
	{ OPT_JSON, 0, "json", NULL, "one JSON object a line", 0 },
	{ OPT_JUNIT, 0, "junit", NULL, "one JUnit testsuite, in XML", 0 },
	{ OPT_JOBS, 'j', "jobs", "N",
	    "packages compared at a time; 0: no threads", 0 },
	{ OPT_QUIET, 'q', "quiet", NULL, "print nothing: the status says it",
	    0 },
};

enum { JOBS_MAX = 64 };

/* All that the command line asks for. */
struct diff {
	struct cli cli;
	unsigned threads;
	bool is_json, is_junit;
	struct difference_ignore ignore;
	struct notice notice;
	struct operand a, b;
	struct tally tally;
};

static int
set_option(struct diff *d, int id, const char *value, struct fault *f)
{
	switch (id) {
	case OPT_JOBS:
		return cli_number(&d->threads, "-j", value, JOBS_MAX, f);
	case OPT_JSON:
		d->is_json = true;
		return 0;
	case OPT_JUNIT:
		d->is_junit = true;
		return 0;
	case OPT_IGNORE:
		return difference_ignore_add(&d->ignore, value, f);
	default:
		d->cli.is_quiet = true;
		return 0;
	}
}

static int
parse(struct diff *d, struct fault *f)
{
	const char *value;
	int id;

	while ((id = cli_next(&d->cli, &value)) != CLI_END) {
		if (id == CLI_BAD || set_option(d, id, value, f) < 0)
			return -1;
	}
	if (d->is_json + d->is_junit + d->cli.is_quiet > 1)
		return fault_set(
		    f, FAULT_USAGE, "only one of --json, --junit and --quiet");
	if (d->cli.argc - d->cli.at != 2)
		return fault_set(f, FAULT_USAGE, "two operands are compared");
	d->tally.form = d->is_json ? MATCHUP_JSON
	    : d->is_junit          ? MATCHUP_JUNIT
	    : d->cli.is_quiet      ? MATCHUP_NONE
				   : MATCHUP_TEXT;
	return 0;
}

static struct matchup_side
side_of(const struct operand *o)
{
	return (struct matchup_side){
		.file = o->kind == OPERAND_FILE ? o->name : NULL,
		.tree = &o->merge,
	};
}

static int
compare_two(struct diff *d, const struct matchup_options *o, struct fault *f)
{
	const struct matchup_side a = side_of(&d->a), b = side_of(&d->b);
	struct matchup m = { 0 };

	if (matchup_compare(&m, o, &a, &b, f) < 0) {
		matchup_release(&m);
		return -1;
	}
	return tally_add(&d->tally, &m, f);
}

static int
run(struct diff *d, struct fault *f)
{
	const bool is_many = d->a.kind == OPERAND_REPOSITORY;
	const struct matchup_options o = {
		.ignore = &d->ignore,
		.form = d->tally.form,
		.is_one_of_many = is_many,
	};

	d->notice = cli_notice(&d->cli);
	d->a.merge.notice = d->b.merge.notice = &d->notice;
	if (is_many != (d->b.kind == OPERAND_REPOSITORY))
		return fault_set(f, FAULT_USAGE,
		    "a repository is compared with a repository");
	d->tally.progress.is_shown =
	    is_many && !d->cli.is_quiet && isatty(STDERR_FILENO) != 0;
	if ((is_many ? repositories_compare(&d->tally, &d->a.catalog,
			   &d->b.catalog, &o, d->threads, f)
		     : compare_two(d, &o, f)) < 0)
		return -1;
	return tally_finish(&d->tally, f);
}

static int
status_of(const struct tally *t)
{
	return t->broken > 0   ? CLI_FAILED
	    : t->different > 0 ? CLI_FINDING
			       : CLI_DONE;
}

int
main(int argc, char **argv)
{
	struct fault f = { 0 };
	struct diff d = {
		.threads = cli_count_cpus(JOBS_MAX),
		.cli = {
			.program = "amtree-diff",
			.usage = "amtree-diff [--json | --junit | -q] "
			    "[--ignore KIND[,KIND]...]...\n"
			    "                   [-j N] A B",
			.about = "Print in what two packages, archives, trees "
			    "or repositories differ, the\n"
			    "riskiest first.",
			.options = options,
			.count = sizeof(options) / sizeof(*options),
			.argc = argc,
			.argv = argv,
		},
	};
	int status;

	cli_hold_streams();
	stop_catch_reader();
	d.tally.cli = &d.cli;
	if (parse(&d, &f) < 0 || operand_find(&d.a, argv[d.cli.at], &f) < 0 ||
	    operand_find(&d.b, argv[d.cli.at + 1], &f) < 0 || run(&d, &f) < 0) {
		progress_clear(&d.tally.progress);
		status = cli_fail(&d.cli, &f);
	} else {
		status = status_of(&d.tally);
	}
	operand_release(&d.a);
	operand_release(&d.b);
	tally_release(&d.tally);
	return status;
}
