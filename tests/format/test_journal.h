/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_journal - one line of a journal, read
 */
#ifndef TESTS_TEST_JOURNAL_H
#define TESTS_TEST_JOURNAL_H

#include "../tests.h"

#include "base/arena.h"
#include "format/journal.h"
#include "format/value.h"

/* What one line says; NULL if it is refused. */
struct reading {
	struct arena arena;
	struct value_reader keywords;
	struct journal_line line;
	struct fault f;
};

static inline int
read_line(struct reading *r, const char *bytes, size_t len)
{
	*r = (struct reading){ .line.spec.line = 7 };
	r->keywords.arena = &r->arena;
	return journal_parse(&r->keywords, &r->line, bytes, len, &r->f);
}

static inline void
release(struct reading *r)
{
	value_release(&r->keywords);
	arena_release(&r->arena);
}

#endif
