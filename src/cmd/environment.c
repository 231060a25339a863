/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/environment.h"

#include "base/fault.h"
#include "cmd/cli.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef LIBEXECDIR
#define LIBEXECDIR "/usr/local/libexec/amtree"
#endif

int
environment_check(struct fault *f)
{
	const char *preload = cli_env("LD_PRELOAD");

	if (preload == NULL || strstr(preload, "libfakeroot") == NULL)
		return 0;
	return fault_set(f, FAULT_SYSTEM,
	    "fakeroot is at work here (LD_PRELOAD), and does not go together "
	    "with amtree-run");
}

static int
set_env(const char *name, const char *value, struct fault *f)
{
	return setenv(name, value, 1) < 0 ? fault_sys(f, "cannot set %s", name)
					  : 0;
}

int
environment_set(const char *journal, struct fault *f)
{
	if (set_env("FAKEROOTKEY", "amtree-run", f) < 0)
		return -1;
	return set_env("AMTREE_JOURNAL", journal, f);
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
int
environment_set_stand_ins(struct fault *f)
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
