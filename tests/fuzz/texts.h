/* SPDX-License-Identifier: BSD-2-Clause */
/* texts - what is promised of any text that was made */
#ifndef FUZZ_TEXTS_H
#define FUZZ_TEXTS_H

#include "promise.h"

#include "base/buf.h"
#include "base/fault.h"
#include "format/vis.h"

static inline bool
is_same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* What is shown has no control character and is shown as it is. */
static inline void
expect_shown(const char *bytes, size_t len)
{
	struct buf shown = BUF_INIT, again = BUF_INIT;
	struct fault f = { 0 };

	promise(vis_show(&shown, bytes, len, &f) == 0);
	for (size_t i = 0; i < shown.len;) {
		const size_t n = vis_char_len(shown.data + i, shown.len - i);
		const unsigned char c = (unsigned char)shown.data[i];

		promise(n > 0 && c >= ' ' && c != 0x7f);
		promise(c != 0xc2 || (unsigned char)shown.data[i + 1] >= 0xa0);
		i += n;
	}
	promise(vis_show(&again, shown.data, shown.len, &f) == 0);
	promise(is_same(&shown, &again));
	buf_release(&shown);
	buf_release(&again);
}

#endif
