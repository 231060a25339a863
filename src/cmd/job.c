/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/job.h"

#include "base/fault.h"

#include <stdlib.h>

enum {
	OPT_ROOT,
	OPT_CONTROL,
	OPT_USER,
	OPT_GROUP,
	OPT_STRICT,
	OPT_SUGGEST,
	OPT_NO_FAKE_ID,
};

static const struct cli_option options[] = {
	{ OPT_ROOT, 0, "root", "DIR", "record for the package with this tree",
	    0 },
	{ OPT_CONTROL, 0, "control", "DIR", "... and this control directory",
	    0 },
	{ OPT_USER, 0, "user", "NAME", "a user that need not exist here", 0 },
	{ OPT_GROUP, 0, "group", "NAME", "a group that need not exist here",
	    0 },
	{ OPT_STRICT, 0, "strict", NULL,
	    "refuse what would be recorded; say what to write", 0 },
	{ OPT_SUGGEST, 0, "suggest", NULL,
	    "print the amtree lines that do without this", 0 },
	{ OPT_NO_FAKE_ID, 0, "no-fake-id", NULL,
	    "do not let the command believe it is root", 0 },
};

enum { OWN_FAILURE = 125 }; /* as env(1) has it */

static int
add_name(const char **names, const char *name, struct fault *f)
{
	size_t count = 0;

	while (names[count] != NULL)
		count++;
	if (count == JOB_NAMES_MAX)
		return fault_set(
		    f, FAULT_USAGE, "more than %d names", JOB_NAMES_MAX);
	names[count] = name;
	return 0;
}

/* A --root is complete when its --control has come, or cannot come any more. */
static int
end_root(struct job *j, const char *control, struct fault *f)
{
	const char *root = j->root;

	j->root = NULL;
	if (root == NULL && control != NULL)
		return fault_set(f, FAULT_USAGE,
		    "--control '%s' has no --root before it", control);
	return root == NULL ? 0 : layout_add(&j->layout, root, control, f);
}

static int
set_option(struct job *j, int id, const char *value, struct fault *f)
{
	switch (id) {
	case OPT_ROOT:
		if (end_root(j, NULL, f) < 0)
			return -1;
		j->root = value;
		return 0;
	case OPT_CONTROL:
		return end_root(j, value, f);
	case OPT_USER:
		return add_name(j->users, value, f);
	case OPT_GROUP:
		return add_name(j->groups, value, f);
	case OPT_STRICT:
		j->run.is_strict = true;
		return 0;
	case OPT_SUGGEST:
		j->has_suggest = true;
		return 0;
	default:
		j->run.fakes_ids = false;
		return 0;
	}
}

/* Add the names that a variable of the APKBUILD lists. */
static int
add_recipe_names(struct job *j, const char *variable, const char **names,
    const char ***owned, struct fault *f)
{
	bool is_unknown;

	*owned = layout_names(&j->layout, variable, &is_unknown, f);
	if (*owned == NULL)
		return -1;
	if (is_unknown)
		notice_say(&j->notice,
		    "APKBUILD: what %s is, only a shell could tell: name them "
		    "by --user and --group",
		    variable);
	for (size_t i = 0; (*owned)[i] != NULL; i++)
		if (add_name(names, (*owned)[i], f) < 0)
			return -1;
	return 0;
}

/* What is not said: the packages that abuild makes here, and its names. */
static int
parse_recipe(struct job *j, struct fault *f)
{
	const int r = layout_find_recipe(&j->layout, ".", f);

	if (r <= 0)
		return r;
	if (add_recipe_names(j, "pkgusers", j->users, &j->owned_users, f) < 0)
		return -1;
	return add_recipe_names(j, "pkggroups", j->groups, &j->owned_groups, f);
}

static void
prepare(struct job *j, int argc, char **argv)
{
	*j = (struct job){ .run = { .fakes_ids = true } };
	j->cli = (struct cli){
		.program = "amtree-run",
		.usage = "amtree-run [--root DIR [--control DIR]]... "
			 "[--user NAME]...\n"
			 "                  [--group NAME]... [--strict] "
			 "[--suggest] [--no-fake-id]\n"
			 "                  [--] COMMAND [ARG]...",
		.about = "Run a packaging command without root, and "
			 "record what it does to ownership.\n"
			 "FAKEROOT=amtree-run is all that abuild needs.",
		.options = options,
		.count = sizeof(options) / sizeof(*options),
		.argc = argc,
		.argv = argv,
		.ends_at_operand = true,
		.version_key = 'v',
		.own_failure = OWN_FAILURE,
	};
	j->notice = cli_notice(&j->cli);
	j->run.names.users = j->users;
	j->run.names.groups = j->groups;
	j->run.notice = &j->notice;
}

int
job_parse(struct job *j, int argc, char **argv, struct fault *f)
{
	const char *value;
	int id;

	prepare(j, argc, argv);
	while ((id = cli_next(&j->cli, &value)) != CLI_END) {
		if (id == CLI_BAD || set_option(j, id, value, f) < 0)
			return -1;
	}
	if (end_root(j, NULL, f) < 0)
		return -1;
	if (j->cli.at == j->cli.argc)
		return fault_set(f, FAULT_USAGE, "no command to run");
	return j->layout.count > 0 ? 0 : parse_recipe(j, f);
}

void
job_release(struct job *j)
{
	layout_release(&j->layout);
	free(j->owned_users);
	free(j->owned_groups);
}
