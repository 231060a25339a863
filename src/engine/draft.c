/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/draft.h"

#include "base/fault.h"
#include "engine/control.h"

/* What was read before is kept: entries may have its strings. */
static int
read_again(struct draft *d, const struct control *c, struct fault *f)
{
	struct override_set said = { 0 };
	int r = 0;

	if (c->fd >= 0)
		r = override_read(&said, c->fd, c->file, f);
	if (d->is_of_records)
		override_keep_recorded(&said);
	override_settle(&said);
	arena_adopt(&said.arena, &d->said.arena);
	override_release(&d->said);
	d->said = said;
	d->seen = c->state;
	return r;
}

/* An editor may leave the length as it was. */
static bool
is_same(const struct control_state *a, const struct control_state *b)
{
	if (a->size != b->size || a->size == 0)
		return a->size == b->size;
	return a->ino == b->ino && a->written.tv_sec == b->written.tv_sec &&
	    a->written.tv_nsec == b->written.tv_nsec;
}

int
draft_load(struct draft *d, struct fault *f)
{
	struct control c = CONTROL_INIT;
	int r = control_open(&c, d->control, CONTROL_READ, f);

	if (r == 0)
		r = read_again(d, &c, f);
	control_close(&c);
	return r;
}

int
draft_commit(struct draft *d, int (*make)(void *arg, struct fault *f),
    void *arg, struct fault *f)
{
	struct control c = CONTROL_INIT;
	int r = control_open(&c, d->control, CONTROL_APPEND, f);

	if (r == 0 && !is_same(&c.state, &d->seen)) {
		r = read_again(d, &c, f);
		buf_reset(&d->text);
		if (r == 0)
			r = make(arg, f);
	}
	if (r == 0)
		r = control_append(&c, &d->text, f);
	control_close(&c);
	return r;
}

void
draft_release(struct draft *d)
{
	override_release(&d->said);
	buf_release(&d->text);
}
