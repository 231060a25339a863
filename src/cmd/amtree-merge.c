/* SPDX-License-Identifier: BSD-2-Clause */
/* amtree-merge - write a package's entries, overrides laid over the default */
#include "base/fault.h"
#include "base/outfile.h"
#include "base/stop.h"
#include "cmd/cli.h"
#include "cmd/sources.h"
#include "engine/inventory.h"

enum {
	OPT_OUTPUT = SOURCES_END,
	OPT_CHANGED,
	OPT_JSON,
	OPT_NETBSD,
};

static const struct cli_option options[] = {
	SOURCES_OPTIONS,
	{ OPT_OUTPUT, 'o', "output", "FILE", "write to FILE, not to stdout",
	    0 },
	{ OPT_CHANGED, 0, "changed", NULL, "only what differs from the default",
	    0 },
	{ OPT_JSON, 0, "json", NULL, "one JSON object a line", 0 },
	{ OPT_NETBSD, 0, "netbsd", NULL, "spelt as NetBSD's mtree(8) wants it",
	    0 },
};

/* All that the command line asks for. */
struct job {
	struct cli cli;
	struct sources sources;
	const char *output;
	struct inventory_options inventory;
};

static int
parse(struct job *j, struct fault *f)
{
	const char *value;
	int id;

	while ((id = cli_next(&j->cli, &value)) != CLI_END) {
		if (id == CLI_BAD)
			return -1;
		if (id == OPT_OUTPUT)
			j->output = value;
		else if (id == OPT_CHANGED)
			j->inventory.is_changed_only = true;
		else if (id == OPT_JSON)
			j->inventory.style = INVENTORY_JSON;
		else if (id == OPT_NETBSD)
			j->inventory.style = INVENTORY_NETBSD;
		else if (sources_set(&j->sources, id, value, f) < 0)
			return -1;
	}
	return cli_end(&j->cli, f) < 0 ? -1 : sources_settle(&j->sources, f);
}

static int
write_output(const struct job *j, const struct tree *t, struct fault *f)
{
	struct outfile out = OUTFILE_INIT;
	int r = -1;

	if (outfile_open(&out, j->output, f) == 0 &&
	    inventory_write(&out.sink, t, &j->inventory, f) == 0)
		r = outfile_commit(&out, f);
	outfile_release(&out);
	return r;
}

static int
run(const struct job *j, struct fault *f)
{
	struct tree t = TREE_INIT;
	int r = -1;

	if (sources_load(&j->sources, &j->cli, &t, f) == 0)
		r = write_output(j, &t, f);
	tree_release(&t);
	return r;
}

int
main(int argc, char **argv)
{
	struct fault f = { 0 };
	struct job j = {
		.output = "-",
		.cli = {
			.program = "amtree-merge",
			.usage = "amtree-merge [--root DIR] [--control DIR] "
			    "[--sibling ROOT=CONTROL]...\n"
			    "                    [--journal FILE] [-o FILE] [--changed] "
			    "[--json | --netbsd]",
			.about = "Write the entries of a package as mtree(5), "
			    "its overrides laid over root:root.",
			.options = options,
			.count = sizeof(options) / sizeof(*options),
			.argc = argc,
			.argv = argv,
		},
	};
	int status = CLI_DONE;

	cli_hold_streams();
	stop_catch();
	if (parse(&j, &f) < 0 || run(&j, &f) < 0)
		status = cli_fail(&j.cli, &f);
	sources_release(&j.sources);
	return status;
}
