/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../shell.h"
#include "../tests.h"

#include "base/buf.h"
#include "format/quote.h"

#include <string.h>

static void
expect(const char *word, const char *want)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(quote_add(&b, word, &f), &f);
	assert_string_equal(buf_end(&b, &f), want);
	buf_release(&b);
}

static void
words_that_the_shell_leaves_alone_stay_as_they_are(void **state)
{
	(void)state;
	expect("usr/bin/ping", "usr/bin/ping");
	expect("usr/lib/libstdc++.so.6", "usr/lib/libstdc++.so.6");
	expect("cap_net_raw=ep", "cap_net_raw=ep");
	expect("a,b:c@d%e_F-9", "a,b:c@d%e_F-9");
}

static void
other_words_stand_in_single_quotes(void **state)
{
	(void)state;
	expect("", "''");
	expect("a b", "'a b'");
	expect("$HOME", "'$HOME'");
	expect("a\\b", "'a\\b'");
	expect("~", "'~'");
	expect("machine$", "'machine$'");
	expect("caf\xc3\xa9", "'caf\xc3\xa9'");
	expect("it's", "'it'\\''s'");
	expect("''", "''\\'''\\'''");
}

static void
what_cannot_be_shown_is_octal(void **state)
{
	(void)state;
	expect("usr/caf\xe9", "\"$(printf 'usr/caf\\351')\"");
	expect("a\nb 100%", "\"$(printf 'a\\012b\\040100\\045')\"");
	expect("\x1b[2J", "\"$(printf '\\033\\1332J')\"");
	expect("it's\x7f", "\"$(printf 'it\\047s\\177')\"");
	expect("-n\t", "\"$(printf '\\055n\\011')\"");
	expect("a\xe2\x80\xae", "\"$(printf 'a\\342\\200\\256')\"");
}

static void
newline_at_the_end_is_a_fault_and_leaves_the_line_as_it_was(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(buf_adds(&b, "line", &f), &f);
	assert_fault(quote_add(&b, "a\n", &f), &f, FAULT_INPUT,
	    "ends in a newline, which a shell would drop");
	assert_string_equal(buf_end(&b, &f), "line");
	buf_release(&b);
}

/* Words of every byte, alone and among others, of one and of many bytes. */
static void
draw_word(char word[16], uint32_t *seed)
{
	static const char few[] = "a'\"\\$` \n\t%-*\xc3\xa9\xff";
	size_t len;

	*seed = *seed * 1664525 + 1013904223;
	len = *seed >> 24 & 7;
	for (size_t i = 0; i < len; i++) {
		*seed = *seed * 1664525 + 1013904223;
		word[i] = (*seed >> 30) == 0
		    ? (char)((*seed >> 20 & 0xff) % 255 + 1)
		    : few[(*seed >> 20 & 0xff) % (sizeof(few) - 1)];
	}
	word[len] = '\0';
	if (len > 0 && word[len - 1] == '\n')
		word[len - 1] = '.';
}

static void
shell_reads_back_every_word_from_one_line(void **state)
{
	enum { COUNT = 5000 };
	struct buf script = BUF_INIT, want = BUF_INIT, got = BUF_INIT;
	struct fault f = { 0 };
	uint32_t seed = 1;
	char word[16];

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		size_t start;

		if (i < 255)
			snprintf(word, sizeof(word), "%cx%c", (char)(i + 1),
			    i + 1 == '\n' ? 'x' : (char)(i + 1));
		else
			draw_word(word, &seed);
		assert_ok(buf_adds(&script, "printf '%s\\0' ", &f), &f);
		start = script.len;
		assert_ok(quote_add(&script, word, &f), &f);
		for (size_t k = start; k < script.len; k++)
			assert_in_range(
			    (unsigned char)script.data[k], ' ', 0xff);
		assert_ok(buf_adds(&script, "\n", &f), &f);
		assert_ok(buf_add(&want, word, strlen(word) + 1, &f), &f);
	}
	shell_run(buf_end(&script, &f), &got);
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.data, want.data, want.len);
	buf_release(&script);
	buf_release(&want);
	buf_release(&got);
}

static int
quote(void *arg, struct fault *f)
{
	struct buf b = BUF_INIT;
	const int r = quote_add(&b, arg, f);

	buf_release(&b);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	char plain[] = "usr/bin/ping";
	char quoted[] = "a name ' of so many bytes that its line has to "
			"grow more than once while it is written";
	char printed[] = "a name \n of so many bytes that its line has to "
			 "grow more than once while it is written";

	(void)state;
	alloc_fail_each(quote, plain);
	alloc_fail_each(quote, quoted);
	alloc_fail_each(quote, printed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    words_that_the_shell_leaves_alone_stay_as_they_are),
		cmocka_unit_test(other_words_stand_in_single_quotes),
		cmocka_unit_test(what_cannot_be_shown_is_octal),
		cmocka_unit_test(
		    newline_at_the_end_is_a_fault_and_leaves_the_line_as_it_was),
		cmocka_unit_test(shell_reads_back_every_word_from_one_line),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
