/* SPDX-License-Identifier: BSD-2-Clause */
/* journal - what is promised of lines of a journal, and of command lines in them */
#ifndef FUZZ_JOURNAL_H
#define FUZZ_JOURNAL_H

#include "promise.h"
#include "texts.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "format/deed.h"
#include "format/journal.h"
#include "format/value.h"

static inline void
expect_record(const struct spec *s)
{
	promise((s->binds & ~(unsigned)JOURNAL_KEYWORDS) == 0);
	promise(s->recorded == s->binds);
	promise(s->entry.mode <= ENTRY_MODE_MASK);
	promise(s->entry.major <= ENTRY_MAJOR_MAX);
	promise(s->entry.minor <= ENTRY_MINOR_MAX);
}

/* What is written comes back, and is then written likewise. */
static inline void
expect_line_round_trip(const struct journal_line *line)
{
	struct arena arena = { 0 };
	struct value_reader r = { .arena = &arena };
	struct buf text = BUF_INIT, second = BUF_INIT;
	struct fault f = { 0 };
	struct journal_line again;

	promise(journal_format(&text, line, &f) == 0);
	promise(text.len > 0 && text.data[text.len - 1] == '\n');
	promise(memchr(text.data, '\n', text.len - 1) == NULL);
	promise(journal_parse(&r, &again, text.data, text.len - 1, &f) == 0);
	promise(identity_is_same(&line->id, &again.id));
	promise(line->spec.binds == again.spec.binds);
	promise(memcmp(line->by, again.by, sizeof(again.by)) == 0);
	promise(journal_format(&second, &again, &f) == 0);
	promise(is_same(&text, &second));
	buf_release(&text);
	buf_release(&second);
	value_release(&r);
	arena_release(&arena);
}

/* A deed is one that can be told, read back, and told likewise. */
static inline void
expect_deed_round_trip(const struct journal_deed *deed)
{
	struct arena arena = { 0 };
	struct value_reader r = { .arena = &arena };
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	struct journal_deed again;

	promise(strlen(deed->text) <= DEED_MAX);
	promise(journal_format_deed(&text, deed, &f) == 0);
	promise(memchr(text.data, '\n', text.len) == text.data + text.len - 1);
	promise(journal_is_deed(text.data, text.len));
	promise(
	    journal_parse_deed(&r, &again, text.data, text.len - 1, &f) == 0);
	promise(again.number == deed->number);
	promise(strcmp(again.text, deed->text) == 0);
	buf_release(&text);
	value_release(&r);
	arena_release(&arena);
}

static inline void
try_journal_deed(const char *bytes, size_t len)
{
	struct arena arena = { 0 };
	struct value_reader r = { .arena = &arena };
	struct journal_deed deed;
	struct fault f = { 0 };

	if (journal_parse_deed(&r, &deed, bytes, len, &f) == 0)
		expect_deed_round_trip(&deed);
	else
		promise(f.kind == FAULT_INPUT);
	value_release(&r);
	arena_release(&arena);
}

static inline void
try_command(const char *args, size_t len)
{
	struct journal_deed deed = { .number = 1 };
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	promise(deed_add(&text, "fchownat", args, len, &f) == 0);
	promise(deed_check(text.data, text.len, &f) == 0);
	expect_shown(text.data, text.len);
	deed.text = buf_end(&text, &f);
	expect_deed_round_trip(&deed);
	buf_release(&text);
}

static inline void
try_journal(const char *bytes, size_t len)
{
	struct arena arena = { 0 };
	struct value_reader r = { .arena = &arena };
	struct journal_line line;
	struct fault f = { 0 };

	if (journal_is_deed(bytes, len)) {
		try_journal_deed(bytes, len);
		return;
	}
	if (journal_parse(&r, &line, bytes, len, &f) == 0) {
		expect_record(&line.spec);
		expect_line_round_trip(&line);
	} else {
		promise(f.kind == FAULT_INPUT);
	}
	value_release(&r);
	arena_release(&arena);
}

#endif
