/* SPDX-License-Identifier: BSD-2-Clause */
/* amtree-build - stream a package's entries into data.tar.gz */
#include "base/fault.h"
#include "base/stop.h"
#include "cmd/cli.h"
#include "cmd/print.h"
#include "cmd/progress.h"
#include "cmd/sources.h"
#include "engine/build.h"
#include "format/deflate.h"
#include "format/pgzip.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	OPT_MTREE = SOURCES_END,
	OPT_OUTPUT,
	OPT_FORMAT,
	OPT_JOBS,
	OPT_LEVEL,
	OPT_FILES_FROM,
	OPT_DATAHASH,
	OPT_CHECKSUM,
	OPT_VERBOSE,
	OPT_QUIET,
};

static const struct cli_option options[] = {
	SOURCES_OPTIONS,
	{ OPT_MTREE, 0, "mtree", "FILE", "take the entries of a merged file",
	    0 },
	{ OPT_OUTPUT, 'o', "output", "FILE", "the archive; - is stdout", 0 },
	{ OPT_FORMAT, 0, "format", "FORMAT", "tar.gz (default) or tar", 0 },
	{ OPT_JOBS, 'j', "jobs", "N", "threads that compress; 0: none", 0 },
	{ OPT_LEVEL, 'z', "level", "LEVEL", "0 (fast) to 12 (small)", 0 },
	{ OPT_FILES_FROM, 0, "files-from", "FILE",
	    "NUL-separated names to pack; - is stdin", 0 },
	{ OPT_DATAHASH, 0, "datahash", NULL,
	    "print 'datahash = SHA256' for .PKGINFO", 0 },
	{ OPT_CHECKSUM, 0, "checksum", "KIND", "sha1 (default) or none", 0 },
	{ OPT_VERBOSE, 'v', "verbose", NULL, "name each entry on stderr", 0 },
	{ OPT_QUIET, 'q', "quiet", NULL, "no progress and no warnings", 0 },
};

enum { JOBS_MAX = 64 };

/* All that the command line asks for. */
struct job {
	struct cli cli;
	struct sources sources;
	struct build_options build;
	const char *files_from;
	bool has_datahash, is_verbose;
};

/* The place of `value` among two words. */
static int
set_word(const char *name, const char *value, const char *const words[2],
    struct fault *f)
{
	for (int i = 0; i < 2; i++) {
		if (strcmp(value, words[i]) == 0)
			return i;
	}
	return fault_set(f, FAULT_USAGE, "%s is '%s' or '%s', not '%s'", name,
	    words[0], words[1], value);
}

static int
set_format(struct job *j, const char *value, struct fault *f)
{
	static const char *const words[] = { "tar.gz", "tar" };
	const int i = set_word("--format", value, words, f);

	j->build.format = i == 0 ? BUILD_TAR_GZ : BUILD_TAR;
	return i < 0 ? -1 : 0;
}

static int
set_checksum(struct job *j, const char *value, struct fault *f)
{
	static const char *const words[] = { "sha1", "none" };
	const int i = set_word("--checksum", value, words, f);

	j->build.pack.checksum = i == 0 ? PACK_SHA1 : PACK_NONE;
	return i < 0 ? -1 : 0;
}

static int
set_option(struct job *j, int id, const char *value, struct fault *f)
{
	unsigned level = 0;

	switch (id) {
	case OPT_MTREE:
		j->sources.merge.manifest = value;
		return 0;
	case OPT_OUTPUT:
		j->build.output = value;
		return 0;
	case OPT_FORMAT:
		return set_format(j, value, f);
	case OPT_JOBS:
		return cli_number(&j->build.threads, "-j", value, JOBS_MAX, f);
	case OPT_LEVEL:
		if (cli_number(&level, "-z", value, DEFLATE_LEVEL_MAX, f) < 0)
			return -1;
		j->build.level = (int)level;
		return 0;
	case OPT_FILES_FROM:
		j->files_from = value;
		return 0;
	case OPT_DATAHASH:
		j->has_datahash = true;
		return 0;
	case OPT_CHECKSUM:
		return set_checksum(j, value, f);
	case OPT_VERBOSE:
		j->is_verbose = true;
		return 0;
	case OPT_QUIET:
		j->cli.is_quiet = true;
		return 0;
	default:
		return sources_set(&j->sources, id, value, f);
	}
}

static int
check_job(struct job *j, struct fault *f)
{
	const struct merge_options *m = &j->sources.merge;

	if (cli_end(&j->cli, f) < 0)
		return -1;
	if (j->build.output == NULL)
		return fault_set(f, FAULT_USAGE, "no output: -o FILE");
	if (j->has_datahash && strcmp(j->build.output, "-") == 0)
		return fault_set(f, FAULT_USAGE,
		    "--datahash and -o - would mix on standard output");
	if (m->manifest != NULL &&
	    (j->files_from != NULL || m->sibling_count > 0 ||
		m->package.control != NULL || m->journal != NULL))
		return fault_set(f, FAULT_USAGE,
		    "--mtree says all: no --control, --sibling, --journal or "
		    "--files-from beside it");
	if (j->files_from != NULL &&
	    sources_read_names(&j->sources, j->files_from, f) < 0)
		return -1;
	return sources_settle(&j->sources, f);
}

static int
parse(struct job *j, struct fault *f)
{
	const char *value;
	int id;

	while ((id = cli_next(&j->cli, &value)) != CLI_END) {
		if (id == CLI_BAD || set_option(j, id, value, f) < 0)
			return -1;
	}
	return check_job(j, f);
}

/* Who speaks while there is a progress line. */
struct speaker {
	struct notice notice; /* of the program */
	struct progress *progress;
};

static void
speak(void *arg, const char *text)
{
	const struct speaker *s = arg;

	progress_clear(s->progress);
	notice_say(&s->notice, "%s", text);
}

static int
build(const struct job *j, const struct tree *t, struct fault *f)
{
	struct progress progress = {
		.is_verbose = j->is_verbose,
		.is_shown = !j->cli.is_quiet && !j->is_verbose &&
		    isatty(STDERR_FILENO) != 0,
	};
	struct speaker speaker = { cli_notice(&j->cli), &progress };
	const struct notice notice = { speak, &speaker };
	struct build_options o = j->build;
	char hex[DIGEST_HEX_MAX];
	int r;

	o.pack.notice = &notice;
	o.pack.progress = progress_show;
	o.pack.progress_arg = &progress;
	r = build_write(t, &o, j->has_datahash ? hex : NULL, f);
	progress_clear(&progress);
	if (r < 0)
		return -1;
	if (j->has_datahash)
		printf("datahash = %s\n", hex);
	return print_flush(f);
}

static int
run(const struct job *j, struct fault *f)
{
	struct tree t = TREE_INIT;
	int r = -1;

	if (sources_load(&j->sources, &j->cli, &t, f) == 0)
		r = build(j, &t, f);
	tree_release(&t);
	return r;
}

int
main(int argc, char **argv)
{
	struct fault f = { 0 };
	struct job j = {
		.build = { .threads = cli_count_cpus(JOBS_MAX),
		    .level = PGZIP_LEVEL },
		.cli = {
			.program = "amtree-build",
			.usage = "amtree-build [--root DIR] [--control DIR] "
			    "[--sibling ROOT=CONTROL]...\n"
			    "                    [--journal FILE] [-j N] "
			    "[-z LEVEL] [--datahash] -o FILE\n"
			    "       amtree-build --mtree FILE [--root DIR] "
			    "-o FILE",
			.about = "Pack a package into one data.tar.gz, without "
			    "root and without fakeroot.",
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
