/* SPDX-License-Identifier: BSD-2-Clause */
/* amtree-run - run a packaging command and record what it does to ownership */
#include "base/buf.h"
#include "base/fault.h"
#include "base/notice.h"
#include "base/stop.h"
#include "cmd/cli.h"
#include "engine/advice.h"
#include "engine/deposit.h"
#include "engine/layout.h"
#include "engine/merge.h"
#include "engine/recording.h"
#include "engine/resume.h"
#include "engine/supervisor.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef LIBEXECDIR
#define LIBEXECDIR "/usr/local/libexec/amtree"
#endif

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

/* Beside the command's own status, as env(1) has them. */
enum { OWN_FAILURE = 125, SIGNALLED = 128, NAMES_MAX = 64 };

/* All that the command line asks for. */
struct job {
	struct cli cli;
	struct layout layout;
	struct supervisor_options run;
	const char *root; /* the last --root, which waits for its --control */
	const char *users[NAMES_MAX + 1], *groups[NAMES_MAX + 1];
	const char **owned_users, **owned_groups; /* of the APKBUILD */
	bool has_suggest;
};

static int
add_name(const char **names, const char *name, struct fault *f)
{
	size_t count = 0;

	while (names[count] != NULL)
		count++;
	if (count == NAMES_MAX)
		return fault_set(
		    f, FAULT_USAGE, "more than %d names", NAMES_MAX);
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
	const struct notice notice = cli_notice(&j->cli);
	bool is_unknown;

	*owned = layout_names(&j->layout, variable, &is_unknown, f);
	if (*owned == NULL)
		return -1;
	if (is_unknown)
		notice_say(&notice,
		    "APKBUILD: what %s is, only a shell could tell: name them "
		    "by --user and --group",
		    variable);
	for (size_t i = 0; (*owned)[i] != NULL; i++)
		if (add_name(names, (*owned)[i], f) < 0)
			return -1;
	return 0;
}

static int
parse(struct job *j, struct fault *f)
{
	const char *value;
	int id, r;

	while ((id = cli_next(&j->cli, &value)) != CLI_END) {
		if (id == CLI_BAD || set_option(j, id, value, f) < 0)
			return -1;
	}
	if (end_root(j, NULL, f) < 0)
		return -1;
	if (j->cli.at == j->cli.argc)
		return fault_set(f, FAULT_USAGE, "no command to run");
	if (j->layout.count > 0)
		return 0;
	r = layout_find_recipe(&j->layout, ".", f);
	if (r <= 0)
		return r;
	if (add_recipe_names(j, "pkgusers", j->users, &j->owned_users, f) < 0)
		return -1;
	return add_recipe_names(j, "pkggroups", j->groups, &j->owned_groups, f);
}

/* --strict has refused something: say so, and what to write instead. */
static void
hear_refusal(
    void *arg, const struct supervisor *s, const struct trap_refusal *refusal)
{
	struct job *j = arg;
	const struct notice notice = cli_notice(&j->cli);
	const struct advice_names names = { &s->roster.users,
		&s->roster.groups };
	struct buf line = BUF_INIT;
	struct fault f = { 0 };
	const char *text = NULL, *rest, *where = ", where it is packed";

	if (layout_update(&j->layout, &f) == 0 &&
	    advice_refusal(&line, refusal, &j->layout, &names, &f) == 0)
		text = buf_end(&line, &f);
	if (layout_locate(&j->layout, refusal->path, &rest) != NULL)
		where = "";
	notice_say(&notice, "refused; write instead%s: %s", where,
	    text != NULL ? text : f.text);
	buf_release(&line);
}

/* Where this program is, and may have its helpers beside it. */
static void
find_program(char *dir, size_t size)
{
	const ssize_t len = readlink("/proc/self/exe", dir, size - 1);
	char *slash;

	dir[len < 0 ? 0 : len] = '\0';
	slash = strrchr(dir, '/');
	if (slash != NULL)
		*slash = '\0';
}

static int
set_env(const char *name, const char *value, struct fault *f)
{
	return setenv(name, value, 1) < 0 ? fault_sys(f, "cannot set %s", name)
					  : 0;
}

/* Put `dir`, where the stand-ins are, in front of PATH. */
static int
set_path(const char *dir, struct fault *f)
{
	const char *path = cli_env("PATH");
	char all[4 * PATH_MAX];

	if ((size_t)snprintf(all, sizeof(all), "%s:%s", dir,
		path != NULL ? path : "/usr/bin:/bin") >= sizeof(all))
		return fault_set(f, FAULT_SYSTEM, "PATH is too long");
	return set_env("PATH", all, f);
}

/*
 * Stand-ins for tar and pigz: beside this program where it was built, beside the
 * directory that it was installed in, or where the installation has them.
 */
static int
set_stand_ins(struct fault *f)
{
	char dir[PATH_MAX], name[PATH_MAX + 64], place[PATH_MAX];

	find_program(dir, sizeof(dir));
	snprintf(name, sizeof(name), "%s/amtree-build", dir);
	if (access(name, X_OK) == 0 && set_env("AMTREE_BUILD", name, f) < 0)
		return -1;
	snprintf(name, sizeof(name), "%s/libexec", dir);
	if (realpath(name, place) != NULL)
		return set_path(place, f);
	snprintf(name, sizeof(name), "%s/../libexec/amtree", dir);
	if (realpath(name, place) != NULL)
		return set_path(place, f);
	return access(LIBEXECDIR, F_OK) == 0 ? set_path(LIBEXECDIR, f) : 0;
}

/* It would answer our own calls, and COMMAND's before the kernel sees them. */
static int
check_fakeroot(struct fault *f)
{
	const char *preload = cli_env("LD_PRELOAD");

	if (preload == NULL || strstr(preload, "libfakeroot") == NULL)
		return 0;
	return fault_set(f, FAULT_SYSTEM,
	    "fakeroot is at work here (LD_PRELOAD), and does not go together "
	    "with amtree-run");
}

static int
set_environment(
    const struct job *j, const struct supervisor *s, struct fault *f)
{
	if (set_env("FAKEROOTKEY", "amtree-run", f) < 0 ||
	    set_env("AMTREE_JOURNAL", s->scribe.name, f) < 0)
		return -1;
	return j->layout.startdir != NULL ? set_stand_ins(f) : 0;
}

/* Begin with what an earlier run wrote down. */
static int
resume(struct job *j, struct supervisor *s, struct fault *f)
{
	int r = layout_update(&j->layout, f);

	for (size_t i = 0; r == 0 && i < j->layout.count; i++) {
		const struct layout_package *p = &j->layout.items[i];
		const struct merge_package package = { p->root, p->control };

		r = j->run.is_strict ? resume_forget(&package, f)
				     : resume_load(s, &package, f);
	}
	return r;
}

/* Write down what was recorded, package by package. */
static int
finish(struct job *j, const struct supervisor *s, struct fault *f)
{
	struct recording recording = { 0 };
	struct buf lines = BUF_INIT;
	int r = recording_load(&recording, s->scribe.name, f);

	if (r == 0)
		r = layout_update(&j->layout, f);
	for (size_t i = 0; r == 0 && i < j->layout.count; i++) {
		const struct layout_package *p = &j->layout.items[i];
		const struct merge_package package = { p->root, p->control };

		if (j->has_suggest)
			r = advice_package(&lines, p, &recording, f);
		if (r == 0 && recording.count > 0)
			r = deposit_write(&package, &recording, NULL, f);
	}
	recording_release(&recording);
	if (r == 0 && lines.len > 0)
		fwrite(lines.data, 1, lines.len, stdout);
	buf_release(&lines);
	return r < 0 ? -1 : cli_flush(f);
}

/* The status that a shell would see, had it run the command itself. */
static int
get_status(const struct job *j, const struct supervisor *s)
{
	struct fault f = { 0 };

	if (s->cannot_execute != 0) {
		errno = s->cannot_execute;
		fault_sys(&f, "cannot run '%s'", j->cli.argv[j->cli.at]);
		(void)cli_fail(&j->cli, &f); /* the status is env(1)'s */
	}
	if (WIFSIGNALED(s->status))
		return SIGNALLED + WTERMSIG(s->status);
	return WEXITSTATUS(s->status);
}

static int
run(struct job *j, struct fault *f)
{
	struct supervisor s;
	extern char **environ;
	int status = -1;

	if (check_fakeroot(f) < 0)
		return -1;
	if (supervisor_open(&s, &j->run, f) == 0 && resume(j, &s, f) == 0 &&
	    set_environment(j, &s, f) == 0 &&
	    supervisor_run(&s, j->cli.argv + j->cli.at, environ, f) == 0 &&
	    finish(j, &s, f) == 0)
		status = get_status(j, &s);
	supervisor_close(&s);
	return status;
}

int
main(int argc, char **argv)
{
	struct fault f = { 0 };
	struct job j = {
		.run = { .fakes_ids = true },
		.cli = {
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
		},
	};
	const struct notice notice = cli_notice(&j.cli);
	int status = -1;

	cli_hold_streams();
	j.run.names.users = j.users;
	j.run.names.groups = j.groups;
	j.run.notice = &notice;
	j.run.refused = hear_refusal;
	j.run.arg = &j;
	if (parse(&j, &f) == 0)
		status = run(&j, &f);
	if (status < 0)
		status = cli_fail(&j.cli, &f);
	layout_release(&j.layout);
	free(j.owned_users);
	free(j.owned_groups);
	return status;
}
