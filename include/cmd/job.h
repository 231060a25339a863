/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * job - what amtree-run(1) is asked to do, and for which packages
 *
 *	struct job j;
 *
 *	if (job_parse(&j, argc, argv, &f) < 0)
 *		return cli_fail(&j.cli, &f);
 *	... j.cli.argv + j.cli.at is the command
 *	job_release(&j);
 */
#ifndef CMD_JOB_H
#define CMD_JOB_H

#include "base/notice.h"
#include "cmd/cli.h"
#include "engine/layout.h"
#include "engine/supervisor.h"

#include <stdbool.h>

enum { JOB_NAMES_MAX = 64 };

struct job {
	struct cli cli;
	struct notice notice;
	struct layout layout; /* from options, or else the APKBUILD here */
	struct supervisor_options
	    run; /* its `refused` is the caller's to set */
	const char *root; /* the last --root, which waits for its --control */
	const char *users[JOB_NAMES_MAX + 1], *groups[JOB_NAMES_MAX + 1];
	const char **owned_users, **owned_groups; /* of the APKBUILD */
	bool has_suggest;
};

/* Read the command line, and the APKBUILD.  The job must not move after that. */
int job_parse(struct job *j, int argc, char **argv, struct fault *f);

/* Let go of all that it holds; after a fault, too. */
void job_release(struct job *j);

#endif
