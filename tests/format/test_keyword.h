/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_keyword - keywords of an entry, read
 *
 *	assert_ok(read_words(&r, "mode=755 uname=www", &f), &f);
 *	release(&r);
 */
#ifndef TESTS_TEST_KEYWORD_H
#define TESTS_TEST_KEYWORD_H

#include "../tests.h"

#include "base/arena.h"
#include "format/keyword.h"
#include "format/value.h"
#include "format/word.h"

#include <string.h>

struct reading {
	struct arena arena;
	struct value_reader reader;
	struct spec spec;
};

static inline int
read_words(struct reading *r, const char *text, struct fault *f)
{
	r->reader.arena = &r->arena;
	return keyword_parse(
	    &r->reader, &r->spec, (struct word){ text, strlen(text) }, f);
}

static inline void
release(struct reading *r)
{
	value_release(&r->reader);
	arena_release(&r->arena);
}

#endif
