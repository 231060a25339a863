/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/signals.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the kernel knows of a set, with which one of libc begins. */
enum { KERNEL_SET = 8 };

void
signals_fill(sigset_t *all)
{
	memset(all, 0xff, sizeof(*all));
}

/* Nothing here can fail: the call is valid, and so is the memory. */
static void
change(const sigset_t *mask, sigset_t *old)
{
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, mask, old, KERNEL_SET);
}

void
signals_block(sigset_t *mask)
{
	sigset_t all;

	signals_fill(&all);
	(void)sigemptyset(mask); /* beyond what the kernel fills in */
	change(&all, mask);
}

void
signals_restore(const sigset_t *mask)
{
	change(mask, NULL);
}
