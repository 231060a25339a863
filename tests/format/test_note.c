/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/arena.h"
#include "format/deed.h"
#include "format/note.h"
#include "format/value.h"
#include "format/word.h"

#include <string.h>

enum { LINE = 7 };

static int
parse(
    struct note *n, struct value_reader *r, const char *words, struct fault *f)
{
	return note_parse(n, r, (struct word){ words, strlen(words) }, LINE, f);
}

/* What an entry that states `has` binds after a comment of these words. */
static struct spec
apply(const char *words, unsigned has)
{
	struct arena a = { 0 };
	struct value_reader r = { .arena = &a };
	struct spec s = { .has = has };
	struct fault f = { 0 };
	struct note n;

	assert_ok(parse(&n, &r, words, &f), &f);
	assert_int_equal(n.line, LINE);
	assert_ok(note_apply(&n, &s, &f), &f);
	value_release(&r);
	arena_release(&a);
	return s;
}

static void
assert_refused_words(const char *words, const char *why)
{
	struct arena a = { 0 };
	struct value_reader r = { .arena = &a };
	struct fault f = { 0 };
	struct note n;

	assert_fault(parse(&n, &r, words, &f), &f, FAULT_INPUT, why);
	value_release(&r);
	arena_release(&a);
}

static void
without_a_comment_all_binds(void **state)
{
	const struct note none = { 0 };
	struct spec s = { .has = KEYWORD_MODE | KEYWORD_SIZE };
	struct fault f = { 0 };

	(void)state;
	assert_ok(note_apply(&none, &s, &f), &f);
	assert_int_equal(s.binds, KEYWORD_MODE);
	assert_int_equal(s.recorded, 0);
}

static void
words_say_what_binds(void **state)
{
	struct spec s;

	(void)state;
	s = apply("", KEYWORD_MODE | KEYWORD_USER);
	assert_int_equal(s.binds, KEYWORD_MODE | KEYWORD_USER);
	s = apply(" bind=mode", KEYWORD_MODE | KEYWORD_USER);
	assert_int_equal(s.binds, KEYWORD_MODE);
	s = apply(" create bind=gname", KEYWORD_GROUP | KEYWORD_TYPE);
	assert_int_equal(s.binds, KEYWORD_GROUP);
	assert_true(s.has & KEYWORD_CREATE);
	assert_int_equal(s.recorded, 0);
}

static void
recorded_marks_what_binds_and_no_more(void **state)
{
	struct spec s;

	(void)state;
	s = apply(
	    " recorded bind=uname", KEYWORD_MODE | KEYWORD_USER | KEYWORD_TYPE);
	assert_int_equal(s.binds, KEYWORD_USER);
	assert_int_equal(s.recorded, KEYWORD_USER);
	assert_true(s.has & KEYWORD_RECORDED);
	s = apply(" recorded", KEYWORD_MODE | KEYWORD_USER | KEYWORD_SIZE);
	assert_int_equal(s.recorded, KEYWORD_MODE | KEYWORD_USER);
	s = apply(" bind=caps caps=none recorded", KEYWORD_MODE);
	assert_int_equal(s.recorded, KEYWORD_CAPS);
}

static void
a_recorded_device_may_have_an_empty_file(void **state)
{
	struct spec s = {
		.entry.type = ENTRY_BLOCK,
		.has = KEYWORD_TYPE | KEYWORD_DEVICE,
	};
	struct note n = {
		.has = KEYWORD_RECORDED, .binds = KEYWORD_BINDABLE, .line = 1
	};
	struct fault f = { 0 };

	(void)state;
	assert_ok(note_apply(&n, &s, &f), &f);
	assert_true(s.has & KEYWORD_PLACEHOLDER);
	s.has = KEYWORD_TYPE | KEYWORD_DEVICE;
	n.binds = KEYWORD_TYPE;
	assert_ok(note_apply(&n, &s, &f), &f);
	assert_false(s.has & KEYWORD_PLACEHOLDER);
	s.has = KEYWORD_TYPE | KEYWORD_DEVICE;
	n = (struct note){ .binds = KEYWORD_BINDABLE, .line = 1 };
	assert_ok(note_apply(&n, &s, &f), &f);
	assert_false(s.has & KEYWORD_PLACEHOLDER);
}

static void
what_was_recorded_creates_nothing(void **state)
{
	(void)state;
	assert_refused_words(" create recorded",
	    "'create' and 'recorded' in one #amtree comment: what was recorded "
	    "was there");
}

static void
unknown_words_are_refused(void **state)
{
	(void)state;
	assert_refused_words(
	    " record", "unknown word 'record' in an #amtree comment");
	assert_refused_words(" recorded=mode",
	    "unknown word 'recorded=mode' in an #amtree "
	    "comment");
	assert_refused_words(" bind=size", "'size' cannot be bound");
}

static void
assert_caps(const char *text, const void *value, size_t len)
{
	struct arena a = { 0 };
	struct value_reader r = { .arena = &a };
	const struct xattr *caps;
	struct fault f = { 0 };

	assert_ok(
	    note_parse_caps(&caps, &r, (struct word){ text, strlen(text) }, &f),
	    &f);
	if (value == NULL) {
		assert_null(caps);
	} else {
		assert_string_equal(caps->name, ENTRY_CAPS_XATTR);
		assert_int_equal(caps->len, len);
		assert_memory_equal(caps->value, value, len);
	}
	value_release(&r);
	arena_release(&a);
}

static void
capabilities_are_a_text_or_a_value_in_hex(void **state)
{
	(void)state;
	assert_caps("none", NULL, 0);
	assert_caps(
	    "cap_chown=p", "\0\0\0\2\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
	/* a number in hex that a text begins with */
	assert_caps("0x0=p", "\0\0\0\2\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
	assert_caps(
	    "0x010000010020000000000000", "\1\0\0\1\0\x20\0\0\0\0\0\0", 12);
}

static void
what_was_recorded_may_be_someones_deed(void **state)
{
	static const char words[] =
	    " recorded by=uname,caps:fchownat:chown\\040-R\\040'a=b' caps=none "
	    "by=mode:chmod:chmod\\0400";
	struct arena a = { 0 };
	struct value_reader r = { .arena = &a };
	struct spec s = { .has = KEYWORD_USER | KEYWORD_MODE };
	struct fault f = { 0 };
	struct note n;

	(void)state;
	assert_ok(parse(&n, &r, words, &f), &f);
	assert_ok(note_apply(&n, &s, &f), &f);
	assert_non_null(s.by);
	assert_string_equal(s.by->of[DEED_USER], "fchownat:chown -R 'a=b'");
	assert_string_equal(s.by->of[DEED_CAPS], "fchownat:chown -R 'a=b'");
	assert_string_equal(s.by->of[DEED_MODE], "chmod:chmod 0");
	assert_null(s.by->of[DEED_GROUP]);
	assert_null(s.by->of[DEED_DEVICE]);
	value_release(&r);
	arena_release(&a);
	assert_null(apply(" recorded", KEYWORD_USER).by);
	assert_null(apply("", KEYWORD_USER).by);
}

static void
lines_of_the_same_deeds_share_them(void **state)
{
	static const char first[] =
	    " recorded by=uname:chown:a by=mode:chmod:b",
			  other[] =
			      " recorded by=uname:chown:a by=mode:chmod:c";
	struct arena a = { 0 };
	struct value_reader r = { .arena = &a };
	struct fault f = { 0 };
	struct note n, m, o;

	(void)state;
	assert_ok(parse(&n, &r, first, &f), &f);
	assert_ok(parse(&m, &r, first, &f), &f);
	assert_ok(parse(&o, &r, other, &f), &f);
	assert_ptr_equal(n.by, m.by);
	assert_ptr_not_equal(n.by, o.by);
	assert_ptr_equal(n.by->of[DEED_USER], o.by->of[DEED_USER]);
	assert_string_equal(o.by->of[DEED_MODE], "chmod:c");
	assert_string_equal(n.by->of[DEED_MODE], "chmod:b");
	value_release(&r);
	arena_release(&a);
}

static void
broken_deeds_are_refused(void **state)
{
	struct arena a = { 0 };
	struct value_reader r = { .arena = &a };
	struct spec s = { .has = KEYWORD_USER };
	struct fault f = { 0 };
	struct note n;

	(void)state;
	assert_refused_words(" by=uname:chown:x",
	    "'by=' without 'recorded' in an #amtree comment");
	assert_refused_words(" recorded by=uname:chown",
	    "'chown' is no CALL:COMMAND that was recorded");
	assert_refused_words(" recorded by=chown", "'by=chown' has no colon");
	assert_refused_words(
	    " recorded by=chown:x:y", "'chown' is no part of a record");
	assert_refused_words(" recorded by=uname:chown:x by=uname:chown:y",
	    "'uname' is said twice to be someone's");
	assert_refused_words(" recorded by=uname:chown:\\x",
	    "backslash without three octal digits");
	assert_refused_words(
	    " recorded by", "unknown word 'by' in an #amtree comment");
	assert_ok(
	    parse(&n, &r, " recorded bind=uname by=mode:chmod:x", &f), &f);
	assert_fault(note_apply(&n, &s, &f), &f, FAULT_INPUT,
	    "the #amtree comment says who did what the entry does not bind");
	value_release(&r);
	arena_release(&a);
}

static int
parse_all(void *arg, struct fault *f)
{
	struct arena a = { 0 };
	struct value_reader r = { .arena = &a };
	struct note n;
	const int ret = parse(&n, &r, arg, f);

	value_release(&r);
	arena_release(&a);
	return ret;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	static char text[] = " caps=cap_chown=p bind=caps recorded",
		    hex[] = " caps=0x010000010020000000000000",
		    deeds[] = " recorded by=uname:chown:a by=mode:chmod:b";

	(void)state;
	alloc_fail_each(parse_all, text);
	alloc_fail_each(parse_all, hex);
	alloc_fail_each(parse_all, deeds);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_comment_all_binds),
		cmocka_unit_test(words_say_what_binds),
		cmocka_unit_test(recorded_marks_what_binds_and_no_more),
		cmocka_unit_test(a_recorded_device_may_have_an_empty_file),
		cmocka_unit_test(what_was_recorded_creates_nothing),
		cmocka_unit_test(unknown_words_are_refused),
		cmocka_unit_test(capabilities_are_a_text_or_a_value_in_hex),
		cmocka_unit_test(what_was_recorded_may_be_someones_deed),
		cmocka_unit_test(lines_of_the_same_deeds_share_them),
		cmocka_unit_test(broken_deeds_are_refused),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("note", tests, NULL, NULL);
}
