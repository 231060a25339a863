/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/witness.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/notify.h"
#include "engine/process.h"
#include "engine/tracee.h"
#include "format/deed.h"

#include <stdbool.h>

enum { READ_MAX = 1024 }; /* of a command line; less is kept of it */

static const int64_t nanoseconds = 1000000000;

void
witness_release(struct witness *w)
{
	ledger_release(&w->ledger);
	*w = (struct witness){ 0 };
}

/* The one that a caller is to be looked for in. */
static struct witness_seen *
find_seen(struct witness *w, const struct notify_call *call)
{
	const uint64_t h = (call->address ^ (uint64_t)call->pid << 32) *
	    UINT64_C(0x9e3779b97f4a7c15);

	return &w->seen[(h >> 32) % WITNESS_SEEN];
}

static bool
is_known(
    const struct witness_seen *s, const struct notify_call *call, int64_t now)
{
	return s->pid == call->pid && s->address == call->address &&
	    s->number == call->number && now >= s->when &&
	    now - s->when < WITNESS_SECONDS * nanoseconds;
}

/* The words of the caller's command line; 0 if they cannot be had. */
static size_t
read_line(const struct tracee *t, char *line, size_t size)
{
	const ssize_t len = process_read(t->call->pid, "cmdline", line, size);

	/* else it may be the line of another process with that number */
	return len > 0 && notify_is_valid(t->listener, t->call) ? (size_t)len
								: 0;
}

int
witness_ask(struct witness *w, const struct witness_call *c, uint32_t *deed,
    struct fault *f)
{
	const struct notify_call *call = c->tracee->call;
	struct witness_seen *seen = find_seen(w, call);
	struct buf text = BUF_INIT;
	char line[READ_MAX];
	size_t len;
	int r = -1;

	*deed = seen->deed;
	if (is_known(seen, call, c->now)) {
		seen->when = c->now;
		return 0;
	}
	*deed = 0;
	len = read_line(c->tracee, line, sizeof(line));
	if (len == 0)
		return 0;
	if (deed_add(&text, c->name, line, len, f) == 0 &&
	    ledger_add(&w->ledger, text.data, text.len, deed, f) == 0)
		r = 0;
	buf_release(&text);
	*seen = (struct witness_seen){ call->address, c->now, call->pid,
		call->number, *deed };
	return r;
}
