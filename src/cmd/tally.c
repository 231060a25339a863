/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/tally.h"

#include "base/fault.h"
#include "cmd/print.h"
#include "engine/junit.h"

static int
put_out(struct tally *t, const struct matchup *m, struct fault *f)
{
	if (m->text.len > 0 || m->messages.len > 0)
		progress_clear(&t->progress);
	if (t->form == MATCHUP_JUNIT) {
		if (buf_add(&t->cases, m->text.data, m->text.len, f) < 0)
			return -1;
	} else if (print_text(&m->text, f) < 0) {
		return -1;
	}
	if (m->messages.len == 0)
		return 0;
	/* in their place between the lines, on a terminal */
	if (print_flush(f) < 0)
		return -1;
	cli_say_each(t->cli, &m->messages);
	return 0;
}

int
tally_add(struct tally *t, struct matchup *m, struct fault *f)
{
	const int r = put_out(t, m, f);

	t->packages++;
	t->broken += m->is_broken;
	t->different += !m->is_broken && m->differences > 0;
	matchup_release(m);
	return r;
}

int
tally_finish(struct tally *t, struct fault *f)
{
	struct buf head = BUF_INIT, foot = BUF_INIT;
	int r = 0;

	progress_clear(&t->progress);
	if (t->form == MATCHUP_JUNIT)
		r = junit_begin(
			&head, t->packages, t->different, t->broken, f) < 0 ||
			junit_end(&foot, f) < 0 || print_text(&head, f) < 0 ||
			print_text(&t->cases, f) < 0 || print_text(&foot, f) < 0
		    ? -1
		    : 0;
	buf_release(&head);
	buf_release(&foot);
	return r < 0 ? -1 : print_flush(f);
}

void
tally_release(struct tally *t)
{
	buf_release(&t->cases);
}
