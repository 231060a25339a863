/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/sigcalls.h"

#include "engine/filter.h"
#include "engine/scene.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* How struct sigaction begins in the kernel, but for MIPS. */
struct wide_action {
	unsigned long handler, flags;
};

struct narrow_action {
	uint32_t handler, flags;
};

/* True of a function: SIG_DFL and SIG_IGN interrupt nothing. */
static bool
is_handler(uint64_t handler)
{
	return handler != (uintptr_t)SIG_DFL && handler != (uintptr_t)SIG_IGN;
}

static void
mark_wide(const struct tracee *t, uint64_t address)
{
	struct wide_action a;

	if (tracee_read(t, address, &a, sizeof(a)) < 0 ||
	    !is_handler(a.handler))
		return;
	a.flags |= SA_RESTART;
	(void)tracee_write(t, address, &a, sizeof(a)); /* or it is constant */
}

static void
mark_narrow(const struct tracee *t, uint64_t address)
{
	struct narrow_action a;

	if (tracee_read(t, address, &a, sizeof(a)) < 0 ||
	    !is_handler(a.handler))
		return;
	a.flags |= SA_RESTART;
	(void)tracee_write(t, address, &a, sizeof(a)); /* or it is constant */
}

/* What the caller has there is, in C libraries, a copy that is used up here. */
int
sigcalls_handle(struct scene *s)
{
	if (s->abi->is_narrow)
		mark_narrow(&s->tracee, scene_arg(s, 0));
	else
		mark_wide(&s->tracee, scene_arg(s, 0));
	return scene_pass(s);
}
