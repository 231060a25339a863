/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/stop.h"

#include "base/fault.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

static volatile sig_atomic_t mark;

static void
leave_mark(int signo)
{
	mark = signo;
}

/* What is ignored (nohup) stays so. */
static void
mark_at(int signo)
{
	struct sigaction act = { .sa_handler = leave_mark }, old;

	sigemptyset(&act.sa_mask);
	if (sigaction(signo, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		(void)sigaction(signo, &act, NULL);
}

static void
catch_all(void)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		mark_at(signals[i]);
	(void)signal(SIGXFSZ, SIG_IGN);
}

void
stop_catch(void)
{
	catch_all();
	(void)signal(SIGPIPE, SIG_IGN);
}

void
stop_catch_reader(void)
{
	catch_all();
	mark_at(SIGPIPE);
}

bool
stop_has_no_reader(void)
{
	return mark == SIGPIPE;
}

bool
stop_is_requested(void)
{
	return mark != 0;
}

int
stop_check(struct fault *f)
{
	if (mark == 0)
		return 0;
	return fault_set(f, FAULT_STOPPED, "stopped by %s", strsignal(mark));
}

void
stop_rethrow(void)
{
	if (mark == 0)
		return;
	(void)signal(mark, SIG_DFL);
	(void)raise(mark);
}
