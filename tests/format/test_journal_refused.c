/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "test_journal.h"

#include "base/arena.h"
#include "base/buf.h"
#include "format/journal.h"

#include <stdio.h>
#include <string.h>

static void
assert_refused_bytes(const char *bytes, size_t len, const char *why)
{
	struct reading r;

	if (read_line(&r, bytes, len) == 0)
		fail_msg("'%s' is taken", bytes);
	assert_int_equal(r.f.kind, FAULT_INPUT);
	assert_string_equal(r.f.text, why);
	release(&r);
}

static void
assert_refused_line(const char *text, const char *why)
{
	assert_refused_bytes(text, strlen(text), why);
}

static void
a_broken_deed_is_refused(void **state)
{
	static const struct {
		const char *line, *why;
	} lines[] = {
		{ "deed=", "a deed without a colon" },
		{ "deed=1", "a deed without a colon" },
		{ "deed=:chown:x", "'' is not the number of a deed" },
		{ "deed=0:chown:x", "'0' is not the number of a deed" },
		{ "deed=65536:chown:x", "'65536' is not the number of a deed" },
		{ "deed=-1:chown:x", "'-1' is not the number of a deed" },
		{ "deed=1:chown",
		    "'chown' is no CALL:COMMAND that was recorded" },
		{ "deed=1:", "'' is no CALL:COMMAND that was recorded" },
		{ "deed=1:chown:a\\b\\9",
		    "backslash without three octal digits" },
		{ "deed=1:chown:a\\000", "NUL in a name" },
	};
	const struct journal_deed none = { .number = 1, .text = "no deed" };
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct reading r = { .keywords.arena = &r.arena };
		struct journal_deed d;

		assert_fault(journal_parse_deed(&r.keywords, &d, lines[i].line,
				 strlen(lines[i].line), &r.f),
		    &r.f, FAULT_INPUT, lines[i].why);
		release(&r);
	}
	assert_int_equal(journal_format_deed(&b, &none, &f), -1);
	assert_int_equal(f.kind, FAULT_INPUT);
	buf_release(&b);
}

static void
a_line_that_names_no_file_is_refused(void **state)
{
	static const char *const words[] = {
		"",
		"1",
		"1:2",
		"1:2:3",
		"1:2:3.",
		"1:2:3.5",
		"1:2:3.0000000004",
		"1:2:3.00000000x",
		"1:2:.000000004",
		"1:2:-.000000004",
		"1:2:--3.000000004",
		"1:-2:3.000000004",
		":2:3.000000004",
		"1::3.000000004",
		"1:2:3:4.000000004",
		"0x1:2:3.000000004",
		"18446744073709551616:2:3.000000004",
		"1:2:9223372036854775808.000000004",
		"uname=x",
	};
	char why[128];

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		snprintf(why, sizeof(why),
		    "'%s' does not say which file it is: "
		    "DEV:INODE:BIRTH.NANOSECONDS",
		    words[i]);
		assert_refused_line(words[i], why);
	}
	assert_refused_bytes("1:2\0:3.000000004", 16,
	    "'1:2' does not say which file it is: "
	    "DEV:INODE:BIRTH.NANOSECONDS");
}

static void
broken_words_are_refused(void **state)
{
	static const struct {
		const char *words, *why;
	} lines[] = {
		{ "mode", "'mode' has no value" },
		{ "optional", "'optional' has no value" },
		{ "mode=888", "invalid octal mode '888'" },
		{ "mode=10000", "invalid octal mode '10000'" },
		{ "mode=", "invalid octal mode ''" },
		{ "uid=4294967296", "invalid uid '4294967296'" },
		{ "gid=-1", "invalid gid '-1'" },
		{ "uidd=1", "unknown keyword 'uidd'" },
		{ "size=1", "'size' is never recorded" },
		{ "link=x", "'link' is never recorded" },
		{ "time=1", "'time' is never recorded" },
		{ "optional=1", "'optional' is never recorded" },
		{ "type=dir device=native,1,3",
		    "type=dir is not what is recorded" },
		{ "type=char",
		    "type and device are recorded together or not at all" },
		{ "device=native,1,3",
		    "type and device are recorded together or not at all" },
		{ "type=char device=1,3", "invalid device '1,3'" },
		{ "type=socket device=native,1,3",
		    "a package cannot have a socket" },
		{ "caps=0x123", "odd number of hex digits" },
		{ "caps=0x", "capability value of 0 bytes is too short" },
		{ "caps=0x01020304",
		    "capability value of 4 bytes that begins "
		    "with 0x04030201 is unknown" },
		{ "caps=cap_nonsense=p", "unknown capability 'cap_nonsense'" },
		{ "caps=a\\1", "backslash without three octal digits" },
		{ "by", "'by' has no value" },
		{ "by=mode", "'by=mode' has no colon" },
		{ "by=mode:", "'' is not the number of a deed" },
		{ "by=mode:0", "'0' is not the number of a deed" },
		{ "by=mode:65536", "'65536' is not the number of a deed" },
		{ "by=mode:1x", "'1x' is not the number of a deed" },
		{ "by=:1", "'' is no part of a record" },
		{ "by=mode:1 by=mode:1",
		    "'mode' is said twice to be someone's" },
		{ "by=uname:1",
		    "the line says who did what it does not state" },
		{ "by=mode,device:1",
		    "the line says who did what it does not state" },
	};
	char line[128];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		snprintf(line, sizeof(line), "1:2:3.000000004 mode=644 %s",
		    lines[i].words);
		assert_refused_line(line, lines[i].why);
	}
}

static void
what_could_not_be_read_back_is_not_written(void **state)
{
	static const unsigned char broken[3] = "\1\0\0";
	const struct xattr caps = { .value = broken, .len = sizeof(broken) };
	const struct journal_line name = {
		.spec = { .entry.uname = "a b", .binds = KEYWORD_USER },
	};
	const struct journal_line group = {
		.spec = { .entry.gname = "", .binds = KEYWORD_GROUP },
	};
	const struct journal_line type = {
		.spec = { .entry.type = ENTRY_FIFO,
		    .binds = KEYWORD_TYPE | KEYWORD_DEVICE },
	};
	const struct journal_line half = {
		.spec = { .entry.type = ENTRY_CHAR, .binds = KEYWORD_TYPE },
	};
	const struct journal_line value = {
		.spec = { .caps = &caps, .binds = KEYWORD_CAPS },
	};
	const struct journal_line *const lines[] = { &name, &group, &type,
		&half, &value };
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct fault f = { 0 };

		if (journal_format(&b, lines[i], &f) == 0)
			fail_msg("line %zu is written", i);
		assert_int_equal(f.kind, FAULT_INPUT);
	}
	buf_release(&b);
}

static int
read_and_write(void *arg, struct fault *f)
{
	const char *text = arg;
	struct buf b = BUF_INIT;
	struct reading r = { .keywords.arena = &r.arena };
	int ret = journal_parse(&r.keywords, &r.line, text, strlen(text), f);

	if (ret == 0)
		ret = journal_format(&b, &r.line, f);
	buf_release(&b);
	release(&r);
	return ret;
}

static int
read_and_write_deed(void *arg, struct fault *f)
{
	const char *text = arg;
	struct buf b = BUF_INIT;
	struct reading r = { .keywords.arena = &r.arena };
	struct journal_deed d;
	int ret = journal_parse_deed(&r.keywords, &d, text, strlen(text), f);

	if (ret == 0)
		ret = journal_format_deed(&b, &d, f);
	buf_release(&b);
	release(&r);
	return ret;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	static char deed[] = "deed=7:fchownat:chown\\040-R\\040www";
	static char text[] = "1:2:3.000000004 uname=some_name gname=some_group "
			     "caps=cap_net_raw=ep by=uname:3 by=gname,caps:4",
		    hex[] = "1:2:3.000000004 "
			    "caps=0x010000010020000000000000";

	(void)state;
	alloc_fail_each(read_and_write, text);
	alloc_fail_each(read_and_write, hex);
	alloc_fail_each(read_and_write_deed, deed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_broken_deed_is_refused),
		cmocka_unit_test(a_line_that_names_no_file_is_refused),
		cmocka_unit_test(broken_words_are_refused),
		cmocka_unit_test(what_could_not_be_read_back_is_not_written),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name(
	    "journal_refused", tests, NULL, NULL);
}
