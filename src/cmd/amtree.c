/* SPDX-License-Identifier: BSD-2-Clause */
/* amtree - append ownership overrides to a package's control directory */
#include "base/buf.h"
#include "base/fault.h"
#include "base/path.h"
#include "base/stop.h"
#include "cmd/cli.h"
#include "cmd/look.h"
#include "cmd/request.h"
#include "engine/declare.h"
#include "engine/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	OPT_RECURSIVE,
	OPT_USER,
	OPT_GROUP,
	OPT_MODE,
	OPT_TYPE,
	OPT_DEVICE,
	OPT_LINK,
	OPT_CAPS,
	OPT_LIST,
	OPT_WHY,
	OPT_CHECK,
	OPT_ROOT,
	OPT_CONTROL,
};

static const struct cli_option options[] = {
	{ OPT_RECURSIVE, 'R', "recursive", NULL, "everything below PATH too",
	    0 },
	{ OPT_USER, 'u', "user", "USER[:GROUP]", "owner, and group", 0 },
	{ OPT_GROUP, 'g', "group", "GROUP", "group", 0 },
	{ OPT_MODE, 'm', "mode", "MODE", "mode as chmod takes it: 2755, u+s",
	    0 },
	{ OPT_TYPE, 't', "type", "TYPE",
	    "dir, char, block, fifo, link or file; creates", 0 },
	{ OPT_DEVICE, 'D', "device", "MAJOR,MINOR", "with -t char or block",
	    0 },
	{ OPT_LINK, 'l', "link", "TARGET", "with -t link", 't' },
	{ OPT_CAPS, 'c', "caps", "CAPS",
	    "capabilities as setcap takes them, or none", 0 },
	{ OPT_LIST, 'l', "list", NULL, "list the overrides in force", 0 },
	{ OPT_WHY, 0, "why", NULL,
	    "with -l: where all that PATH has comes from", 0 },
	{ OPT_CHECK, 0, "check", NULL, "say what is wrong with the overrides",
	    0 },
	{ OPT_ROOT, 0, "root", "DIR", "the package's tree", 0 },
	{ OPT_CONTROL, 0, "control", "DIR", "its control directory", 0 },
};

/* All that the command line asks for. */
struct job {
	struct cli cli;
	struct request request;
	struct place_hint hint;
	bool is_list, is_why, is_check;
};

static int
set_option(struct job *j, int id, const char *value, struct fault *f)
{
	struct request *q = &j->request;

	switch (id) {
	case OPT_RECURSIVE:
		q->declare.is_recursive = true;
		return 0;
	case OPT_USER:
		return request_set_user(q, value, f);
	case OPT_GROUP:
		return request_set_group(q, value, f);
	case OPT_MODE:
		return request_set_mode(q, value, f);
	case OPT_TYPE:
		return request_set_type(q, value, f);
	case OPT_DEVICE:
		return request_set_device(q, value, f);
	case OPT_LINK:
		return request_set_link(q, value, f);
	case OPT_CAPS:
		return request_set_caps(q, value, f);
	case OPT_LIST:
		j->is_list = true;
		return 0;
	case OPT_WHY:
		j->is_why = true;
		return 0;
	case OPT_CHECK:
		j->is_check = true;
		return 0;
	case OPT_ROOT:
		j->hint.root = value;
		return 0;
	default:
		j->hint.control = value;
		return 0;
	}
}

static int
check_job(struct job *j, struct fault *f)
{
	if (j->hint.root == NULL && j->hint.control == NULL) {
		j->hint.root = cli_env("AMTREE_ROOT");
		j->hint.control = cli_env("AMTREE_CONTROL");
	}
	if (j->hint.control != NULL && j->hint.root == NULL)
		return fault_set(
		    f, FAULT_USAGE, "a control directory needs a root as well");
	if (j->is_why && !j->is_list)
		return fault_set(f, FAULT_USAGE, "--why goes with --list");
	if (!j->is_list && !j->is_check) {
		if (request_settle(&j->request, f) < 0)
			return -1;
		return j->cli.at < j->cli.argc
		    ? 0
		    : fault_set(f, FAULT_USAGE, "no PATH");
	}
	if (!request_is_empty(&j->request) || (j->is_list && j->is_check))
		return fault_set(f, FAULT_USAGE, "%s goes with no other action",
		    j->is_list ? "--list" : "--check");
	if (j->is_why && j->cli.at == j->cli.argc)
		return fault_set(f, FAULT_USAGE, "no PATH");
	return 0;
}

static int
parse(struct job *j, struct fault *f)
{
	const char *value;
	int id;

	while ((id = cli_next(&j->cli, &value)) != CLI_END) {
		if (id == CLI_BAD)
			return -1;
		if (set_option(j, id, value, f) < 0) {
			/* what stands on the command line is its user's */
			f->kind = FAULT_USAGE;
			return -1;
		}
	}
	return check_job(j, f);
}

/* Bring the places in the package of the first to the front; how many. */
static size_t
gather_package(struct place *places, size_t count)
{
	size_t same = 1;

	for (size_t i = 1; i < count; i++) {
		const struct place p = places[i];

		if (strcmp(p.root, places[0].root) != 0)
			continue;
		places[i] = places[same];
		places[same++] = p;
	}
	return same;
}

/* Write only when all is known to be well, in every package. */
static int
append_to(struct job *j, struct place *places, size_t count, struct fault *f)
{
	struct declaration *d = calloc(count, sizeof(*d));
	size_t prepared = 0, same;
	int r = 0;

	if (d == NULL)
		return fault_sys(f, "cannot allocate %zu packages", count);
	for (size_t i = 0; r == 0 && i < count; i += same) {
		same = gather_package(places + i, count - i);
		r = declare_prepare(
		    &d[prepared++], &j->request.declare, places + i, same, f);
	}
	for (size_t i = 0; r == 0 && i < prepared; i++)
		r = declare_commit(&d[i], f);
	for (size_t i = 0; i < prepared; i++)
		declare_release(&d[i]);
	free(d);
	return r;
}

static int
append_all(struct job *j, struct fault *f)
{
	const size_t count = (size_t)(j->cli.argc - j->cli.at);
	struct place *places = calloc(count, sizeof(*places));
	size_t found = 0;
	int r = 0;

	if (places == NULL)
		return fault_sys(f, "cannot allocate %zu paths", count);
	for (; r == 0 && found < count; found++)
		r = place_find(&places[found],
		    j->cli.argv[(size_t)j->cli.at + found], &j->hint, f);
	if (r == 0)
		r = append_to(j, places, count, f);
	for (size_t i = 0; i < found; i++)
		place_release(&places[i]);
	free(places);
	return r;
}

/* --list and --check: of each package named, or the one we are in. */
static int
look(struct job *j, struct fault *f)
{
	const int last = j->cli.at < j->cli.argc ? j->cli.argc : j->cli.at + 1;
	int status = CLI_DONE;

	for (int i = j->cli.at; i < last; i++) {
		const char *path = j->cli.at < j->cli.argc ? j->cli.argv[i]
		    : j->hint.root != NULL                 ? j->hint.root
							   : ".";
		struct place p;
		int r;

		if (place_find(&p, path, &j->hint, f) < 0)
			return -1;
		r = j->is_why    ? look_why(&p, f)
		    : j->is_list ? look_list(&p, f)
				 : look_check(&p, f);
		place_release(&p);
		if (r < 0)
			return -1;
		if (r > status)
			status = r;
	}
	return status;
}

int
main(int argc, char **argv)
{
	struct fault f = { 0 };
	struct job j = {
		.cli = {
			.program = "amtree",
			.usage = "amtree [-R] [-u USER[:GROUP]] [-g GROUP] "
			    "[-m MODE] [-c CAPS] PATH...\n"
			    "       amtree -t TYPE [-D MAJOR,MINOR | -l TARGET] "
			    "[-u ...] PATH...\n"
			    "       amtree -l | --check [PATH...]\n"
			    "       amtree -l --why PATH...",
			.about = "Say whose the files of a package are, in its "
			    "control directory.",
			.options = options,
			.count = sizeof(options) / sizeof(*options),
			.argc = argc,
			.argv = argv,
		},
	};
	int status;

	j.request.declare.umask = umask(0);
	(void)umask((mode_t)j.request.declare.umask); /* only asked for */
	cli_hold_streams();
	stop_catch();
	status = parse(&j, &f);
	if (status == 0)
		status =
		    j.is_list || j.is_check ? look(&j, &f) : append_all(&j, &f);
	return status < 0 ? cli_fail(&j.cli, &f) : status;
}
