/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heard - what was said in notices
 *
 *	struct heard heard = { 0 };
 *	const struct notice n = { heard_say, &heard };
 *
 *	...
 *	heard_expect(&heard, "'a/socket' is a socket: left out\n");
 */
#ifndef TESTS_HEARD_H
#define TESTS_HEARD_H

#include "../tests.h"

#include "base/buf.h"
#include "base/notice.h"

/* Notices, a line each. */
struct heard {
	struct buf lines;
	unsigned count;
};

static inline void
heard_say(void *arg, const char *text)
{
	struct heard *h = arg;
	struct fault f = { 0 };

	h->count++;
	if (buf_adds(&h->lines, text, &f) < 0 ||
	    buf_adds(&h->lines, "\n", &f) < 0)
		return; /* only where memory is made to fail */
}

/* They were exactly these; ready for the next ones. */
static inline void
heard_expect(struct heard *h, const char *lines)
{
	struct fault f = { 0 };

	assert_non_null(buf_end(&h->lines, &f));
	assert_string_equal(h->lines.data, lines);
	buf_release(&h->lines);
	h->count = 0;
}

#endif
