/* SPDX-License-Identifier: BSD-2-Clause */
/* amtree-run - run a packaging command and record what it does to ownership */
#include "base/buf.h"
#include "base/fault.h"
#include "base/notice.h"
#include "cmd/cli.h"
#include "cmd/environment.h"
#include "cmd/job.h"
#include "cmd/print.h"
#include "engine/advice.h"
#include "engine/deposit.h"
#include "engine/layout.h"
#include "engine/merge.h"
#include "engine/recording.h"
#include "engine/resume.h"
#include "engine/scribe.h"
#include "engine/supervisor.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>

enum { SIGNALLED = 128 }; /* and the signal, as a shell has it */

/* --strict has refused something: say so, and what to write instead. */
static void
hear_refusal(
    void *arg, const struct supervisor *s, const struct trap_refusal *refusal)
{
	struct job *j = arg;
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
	notice_say(&j->notice, "refused; write instead%s: %s", where,
	    text != NULL ? text : f.text);
	buf_release(&line);
}

static int
set_environment(
    const struct job *j, const struct supervisor *s, struct fault *f)
{
	if (environment_set(s->scribe.name, f) < 0)
		return -1;
	return j->layout.startdir != NULL ? environment_set_stand_ins(f) : 0;
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
	int r = scribe_check(&s->scribe, f);

	if (r == 0)
		r = recording_load(&recording, s->scribe.name, f);
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
	if (r == 0)
		r = print_text(&lines, f);
	buf_release(&lines);
	return r < 0 ? -1 : print_flush(f);
}

/*
 * Something has gone wrong, and is told already: what was recorded until then, and
 * by an earlier run, is put down all the same, of each package that takes it.
 */
static void
salvage(struct job *j, struct supervisor *s)
{
	struct recording recording = { 0 };
	struct fault f = { 0 };

	/* the journal may end in half a line */
	if (scribe_renew(&s->scribe, &f) == 0 &&
	    recording_load(&recording, s->scribe.name, &f) == 0)
		(void)layout_update(&j->layout, &f); /* some may be known */
	for (size_t i = 0; i < j->layout.count; i++) {
		const struct layout_package *p = &j->layout.items[i];
		const struct merge_package package = { p->root, p->control };
		struct fault again = { 0 };

		(void)deposit_write(&package, &recording, NULL, &again);
	}
	recording_release(&recording);
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

	j->run.refused = hear_refusal;
	j->run.arg = j;
	if (environment_check(f) < 0)
		return -1;
	if (supervisor_open(&s, &j->run, f) < 0) {
		supervisor_close(&s);
		return -1;
	}
	if (resume(j, &s, f) == 0 && set_environment(j, &s, f) == 0 &&
	    supervisor_run(&s, j->cli.argv + j->cli.at, environ, f) == 0 &&
	    finish(j, &s, f) == 0)
		status = get_status(j, &s);
	else
		salvage(j, &s);
	supervisor_close(&s);
	return status;
}

int
main(int argc, char **argv)
{
	struct fault f = { 0 };
	struct job j;
	int status = -1;

	cli_hold_streams();
	if (job_parse(&j, argc, argv, &f) == 0)
		status = run(&j, &f);
	if (status < 0)
		status = cli_fail(&j.cli, &f);
	job_release(&j);
	return status;
}
