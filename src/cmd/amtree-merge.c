/* SPDX-License-Identifier: BSD-2-Clause */
/* amtree-merge - write a package's entries, overrides laid over the default */
#include "base/fault.h"
#include "base/outfile.h"
#include "base/stop.h"
#include "cmd/cli.h"
#include "cmd/sources.h"
#include "format/json.h"
#include "format/manifest.h"

#include <string.h>

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

enum {
	FULL = KEYWORD_TYPE | KEYWORD_MODE | KEYWORD_USER | KEYWORD_GROUP |
	    KEYWORD_LINK | KEYWORD_DEVICE | KEYWORD_TIME | KEYWORD_SIZE |
	    KEYWORD_IDS,
	FLUSH_AT = 256 * 1024,
};

/* All that the command line asks for. */
struct job {
	struct cli cli;
	struct sources sources;
	const char *output;
	bool is_changed_only, is_json, is_netbsd;
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
			j->is_changed_only = true;
		else if (id == OPT_JSON)
			j->is_json = true;
		else if (id == OPT_NETBSD)
			j->is_netbsd = true;
		else if (sources_set(&j->sources, id, value, f) < 0)
			return -1;
	}
	if (j->cli.at < j->cli.argc)
		return fault_set(f, FAULT_USAGE, "unexpected operand '%s'",
		    j->cli.argv[j->cli.at]);
	return sources_settle(&j->sources, f);
}

/* What mtree(5) has no word for, if there is such. */
static int
add_note(struct buf *text, const struct entry *e, struct fault *f)
{
	const unsigned recorded = e->is_placeholder ? KEYWORD_RECORDED : 0;
	struct buf caps = BUF_INIT;
	int r = -1;

	if (!e->is_caps_set)
		return recorded ? manifest_add_note(text, recorded, NULL, f)
				: 0;
	if (manifest_add_caps(&caps, entry_caps(e), f) == 0 &&
	    buf_end(&caps, f) != NULL)
		r = manifest_add_note(text, recorded, caps.data, f);
	buf_release(&caps);
	return r;
}

static int
add_entry(const struct job *j, struct buf *text, const struct entry *e,
    struct fault *f)
{
	const unsigned dotted = j->is_netbsd ? KEYWORD_DOTTED : 0;

	if (j->is_json)
		return json_add_entry(text, e, f);
	if (add_note(text, e, f) < 0)
		return -1;
	return manifest_add_entry(text, e, FULL | dotted, f);
}

/* What stands before the first entry. */
static int
add_head(const struct job *j, struct buf *text, struct fault *f)
{
	if (j->is_json)
		return 0;
	if (buf_adds(text, MANIFEST_SIGNATURE, f) < 0)
		return -1;
	return j->is_netbsd ? buf_adds(text, MANIFEST_ROOT, f) : 0;
}

static int
write_entries(const struct job *j, const struct tree *t, struct sink *out,
    struct fault *f)
{
	struct buf text = BUF_INIT;
	int r = -1;

	if (add_head(j, &text, f) < 0)
		goto out;
	for (size_t i = 0; i < t->count; i++) {
		const struct entry *e = &t->entries[i];

		if (j->is_changed_only && !e->is_changed)
			continue;
		if (add_entry(j, &text, e, f) < 0)
			goto out;
		if (text.len < FLUSH_AT)
			continue;
		if (stop_check(f) < 0 ||
		    sink_put(out, text.data, text.len, f) < 0)
			goto out;
		buf_reset(&text);
	}
	r = sink_put(out, text.data, text.len, f);
out:
	buf_release(&text);
	return r;
}

static int
write_output(const struct job *j, const struct tree *t, struct fault *f)
{
	struct outfile out = OUTFILE_INIT;
	int r = -1;

	if (outfile_open(&out, j->output, f) == 0 &&
	    write_entries(j, t, &out.sink, f) == 0)
		r = outfile_commit(&out, f);
	outfile_release(&out);
	return r;
}

static int
run(const struct job *j, struct fault *f)
{
	const struct notice notice = cli_notice(&j->cli);
	struct merge_options o = j->sources.merge;
	struct tree t = TREE_INIT;
	int r = -1;

	o.notice = &notice;
	if (merge_load(&t, &o, f) == 0)
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
