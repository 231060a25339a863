/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/tally.h"

#include "base/fault.h"

#include <stdio.h>

static int
write_text(const struct buf *text, struct fault *f)
{
	if (text->len > 0 &&
	    fwrite(text->data, 1, text->len, stdout) != text->len)
		return fault_sys(f, "cannot write standard output");
	return 0;
}

static int
put_out(struct tally *t, const struct matchup *m, struct fault *f)
{
	if (m->text.len > 0 || m->messages.len > 0)
		progress_clear(&t->progress);
	if (t->form == MATCHUP_JUNIT) {
		if (buf_add(&t->cases, m->text.data, m->text.len, f) < 0)
			return -1;
	} else if (write_text(&m->text, f) < 0) {
		return -1;
	}
	if (m->messages.len == 0)
		return 0;
	/* in their place between the lines, on a terminal */
	if (cli_flush(f) < 0)
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
		r = matchup_junit_begin(
			&head, t->packages, t->different, t->broken, f) < 0 ||
			matchup_junit_end(&foot, f) < 0 ||
			write_text(&head, f) < 0 ||
			write_text(&t->cases, f) < 0 || write_text(&foot, f) < 0
		    ? -1
		    : 0;
	buf_release(&head);
	buf_release(&foot);
	return r < 0 ? -1 : cli_flush(f);
}

void
tally_release(struct tally *t)
{
	buf_release(&t->cases);
}
