/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "format/vis.h"

#include <string.h>

typedef int convert_fn(
    struct buf *b, const char *bytes, size_t len, struct fault *f);

static void
assert_becomes(
    convert_fn *convert, const char *bytes, size_t len, const char *want)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(convert(&b, bytes, len, &f), &f);
	assert_string_equal(buf_end(&b, &f), want);
	buf_release(&b);
}

static void
names_are_encoded_as_every_reader_reads_them(void **state)
{
	static const struct {
		const char *bytes, *want;
	} examples[] = {
		{ "", "" },
		{ "usr/bin/su", "usr/bin/su" },
		{ "a b", "a\\040b" },
		{ "#=\\*?[", "\\043\\075\\134\\052\\077\\133" },
		{ "\t\n\r\x1b\x7f", "\\011\\012\\015\\033\\177" },
		{ "\xc3\xa4", "\\303\\244" },
		{ "\xff", "\\377" },
		{ "]{}$&;'\"`~^|<>()!%-", "]{}$&;'\"`~^|<>()!%-" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
		assert_becomes(vis_add, examples[i].bytes,
		    strlen(examples[i].bytes), examples[i].want);
	assert_becomes(vis_add, "\0", 1, "\\000");
}

static void
what_is_encoded_is_printable_and_decodes_to_itself(void **state)
{
	struct buf encoded = BUF_INIT, decoded = BUF_INIT;
	struct fault f = { 0 };
	char bytes[255 * 2];

	(void)state;
	for (unsigned i = 0; i < 255; i++) {
		bytes[i] = (char)(i + 1);
		bytes[509 - i] = (char)(i + 1);
	}
	for (size_t from = 0; from < sizeof(bytes); from += 17) {
		const size_t len = sizeof(bytes) - from;

		buf_reset(&encoded);
		buf_reset(&decoded);
		assert_ok(vis_add(&encoded, bytes + from, len, &f), &f);
		for (size_t i = 0; i < encoded.len; i++)
			assert_in_range(encoded.data[i], '!', '~');
		assert_ok(
		    vis_parse(&decoded, encoded.data, encoded.len, &f), &f);
		assert_int_equal(decoded.len, len);
		assert_memory_equal(decoded.data, bytes + from, len);
	}
	buf_release(&encoded);
	buf_release(&decoded);
}

static void
escapes_of_other_writers_are_read(void **state)
{
	static const char text[] = "\\\\\\#\\s\\a\\b\\f\\n\\r\\t\\v\\0401x";

	(void)state;
	assert_becomes(vis_parse, text, strlen(text), "\\# \a\b\f\n\r\t\v 1x");
}

static void
broken_escapes_are_refused(void **state)
{
	static const char *const texts[] = { "\\", "a\\", "\\1", "\\12",
		"\\128", "\\18", "\\400", "\\777", "\\x41", "\\q", "\\M-a",
		"\\^A", "\\ ", "\\040\\" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct buf b = BUF_INIT;
		struct fault f = { 0 };

		assert_fault(vis_parse(&b, texts[i], strlen(texts[i]), &f), &f,
		    FAULT_INPUT, "backslash without three octal digits");
		buf_release(&b);
	}
}

static void
escape_ends_where_the_text_ends(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_fault(vis_parse(&b, "\\101", 3, &f), &f, FAULT_INPUT,
	    "backslash without three octal digits");
	f = (struct fault){ 0 };
	assert_fault(vis_parse(&b, "\\\\", 1, &f), &f, FAULT_INPUT,
	    "backslash without three octal digits");
	f = (struct fault){ 0 };
	assert_fault(vis_parse(&b, "\\\0", 2, &f), &f, FAULT_INPUT,
	    "backslash without three octal digits");
	buf_release(&b);
}

static void
encoded_nul_is_refused(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_fault(
	    vis_parse(&b, "a\\000b", 6, &f), &f, FAULT_INPUT, "NUL in a name");
	buf_release(&b);
}

static void
terminal_is_shown_no_controls(void **state)
{
	static const struct {
		const char *bytes, *want;
	} examples[] = {
		{ "usr/bin/s u", "usr/bin/s u" },
		{ "\x1b[2J\x1b]0;x\x07", "\\033[2J\\033]0;x\\007" },
		{ "\r\n\t\b\x7f", "\\015\\012\\011\\010\\177" },
		/* C1: CSI as one character, and as one byte */
		{ "\xc2\x9b"
		  "2J",
		    "\\302\\2332J" },
		{ "\x9b"
		  "2J",
		    "\\2332J" },
		{ "\xc2\x80\xc2\x9f\xc2\xa0", "\\302\\200\\302\\237\xc2\xa0" },
		/* marks that turn the direction: LRM, RLO, LRI, ALM */
		{ "\xe2\x80\x8e", "\\342\\200\\216" },
		{ "\xe2\x80\xae", "\\342\\200\\256" },
		{ "\xe2\x81\xa6", "\\342\\201\\246" },
		{ "\xd8\x9c", "\\330\\234" },
		/* line separator */
		{ "\xe2\x80\xa8", "\\342\\200\\250" },
		{ "\\x", "\\x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
		assert_becomes(vis_show, examples[i].bytes,
		    strlen(examples[i].bytes), examples[i].want);
	assert_becomes(vis_show, "a\0b", 3, "a\\000b");
}

static void
all_marks_that_turn_the_direction_are_escaped(void **state)
{
	/* Bidi_Control in the Unicode Character Database */
	static const unsigned marks[] = { 0x61c, 0x200e, 0x200f, 0x202a, 0x202b,
		0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069 };

	(void)state;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		struct buf b = BUF_INIT;
		struct fault f = { 0 };
		const unsigned c = marks[i];
		const char three[] = { (char)(0xe0 | c >> 12),
			(char)(0x80 | (c >> 6 & 0x3f)),
			(char)(0x80 | (c & 0x3f)) };
		const char two[] = { (char)(0xc0 | c >> 6),
			(char)(0x80 | (c & 0x3f)) };

		if (c < 0x800)
			assert_ok(vis_show(&b, two, 2, &f), &f);
		else
			assert_ok(vis_show(&b, three, 3, &f), &f);
		assert_int_equal(b.data[0], '\\');
		buf_release(&b);
	}
}

static void
whole_characters_are_shown_and_stray_bytes_escaped(void **state)
{
	static const struct {
		const char *bytes, *want;
	} examples[] = {
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
		    "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf" },
		{ "\xc3", "\\303" },
		{ "\xc3(", "\\303(" },
		{ "\xe2\x82", "\\342\\202" },
		{ "\xf0\x9f\x98", "\\360\\237\\230" },
		{ "\x80\xbf", "\\200\\277" },
		{ "\xff\xfe", "\\377\\376" },
		/* overlong */
		{ "\xc0\xaf", "\\300\\257" },
		{ "\xc1\xbf", "\\301\\277" },
		{ "\xe0\x80\xaf", "\\340\\200\\257" },
		{ "\xf0\x80\x80\xaf", "\\360\\200\\200\\257" },
		{ "\xe0\x9f\xbf", "\\340\\237\\277" },
		/* surrogates, and beyond Unicode */
		{ "\xed\xa0\x80", "\\355\\240\\200" },
		{ "\xf4\x90\x80\x80", "\\364\\220\\200\\200" },
		{ "\xf8\x88\x80\x80\x80", "\\370\\210\\200\\200\\200" },
		{ "\xc3\xc3\xa4", "\\303\xc3\xa4" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
		assert_becomes(vis_show, examples[i].bytes,
		    strlen(examples[i].bytes), examples[i].want);
}

static void
characters_are_as_long_as_they_are(void **state)
{
	(void)state;
	assert_int_equal(vis_char_len("a", 1), 1);
	assert_int_equal(vis_char_len("\0", 1), 1);
	assert_int_equal(vis_char_len("\xc3\xa4x", 3), 2);
	assert_int_equal(vis_char_len("\xc3\xa4", 1), 0);
	assert_int_equal(vis_char_len("\xe2\x82\xac", 3), 3);
	assert_int_equal(vis_char_len("\xf0\x9f\x98\x80", 4), 4);
	assert_int_equal(vis_char_len("\xf0\x9f\x98\x80", 3), 0);
	assert_int_equal(vis_char_len("\xa4", 1), 0);
}

static int
convert_all(void *arg, struct fault *f)
{
	static const char bytes[] = "a name \xff with \x1b much \xc3\xa4 to "
				    "escape ######################";
	struct buf encoded = BUF_INIT, other = BUF_INIT;
	int r = -1;

	(void)arg;
	if (vis_add(&encoded, bytes, strlen(bytes), f) == 0 &&
	    vis_parse(&other, encoded.data, encoded.len, f) == 0 &&
	    vis_show(&other, bytes, strlen(bytes), f) == 0)
		r = 0;
	buf_release(&encoded);
	buf_release(&other);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(convert_all, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_encoded_as_every_reader_reads_them),
		cmocka_unit_test(
		    what_is_encoded_is_printable_and_decodes_to_itself),
		cmocka_unit_test(escapes_of_other_writers_are_read),
		cmocka_unit_test(broken_escapes_are_refused),
		cmocka_unit_test(escape_ends_where_the_text_ends),
		cmocka_unit_test(encoded_nul_is_refused),
		cmocka_unit_test(terminal_is_shown_no_controls),
		cmocka_unit_test(all_marks_that_turn_the_direction_are_escaped),
		cmocka_unit_test(
		    whole_characters_are_shown_and_stray_bytes_escaped),
		cmocka_unit_test(characters_are_as_long_as_they_are),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("vis", tests, NULL, NULL);
}
