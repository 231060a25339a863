/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "test_mtree.h"

#include "base/arena.h"
#include "base/buf.h"
#include "format/mtree.h"

#include <string.h>

static void
backslash_at_the_end_joins_lines(void **state)
{
	(void)state;
	assert_read("usr/bin/su \\\n"
		    "    mode=755 \\\n"
		    "\tuname=root\n"
		    "a/b\\\n"
		    "mode=1\n"
		    "\\\n"
		    "\n"
		    "a/c\n",
	    "1 usr/bin/su +mode=755 +uname=root\n"
	    "4 a/b +mode=1\n"
	    "8 a/c\n");
	assert_read("a/b \\\nmodes=1\n", "! m:1: unknown keyword 'modes'");
}

static void
escaped_backslash_at_the_end_joins_nothing(void **state)
{
	(void)state;
	assert_read("a/b\\\\\na/c\n", "1 a/b\\\n2 a/c\n");
	assert_read("a/b\\\\\\\nmode=1\n", "1 a/b\\ +mode=1\n");
	assert_read("a/b\\134\na/c\n", "1 a/b\\\n2 a/c\n");
}

static void
comment_is_not_continued(void **state)
{
	(void)state;
	assert_read("# comment \\\na/b mode=1\n", "2 a/b +mode=1\n");
	assert_read(" \t# comment \\\na/b mode=1\n", "2 a/b +mode=1\n");
}

static void
lone_escapes_are_refused(void **state)
{
	(void)state;
	assert_read(
	    "a/b\\q mode=1\n", "! m:1: backslash without three octal digits");
	assert_read(
	    "a/b\\12 mode=1\n", "! m:1: backslash without three octal digits");
	assert_read(
	    "a/b\\400 mode=1\n", "! m:1: backslash without three octal digits");
	assert_read(
	    "\\ mode=1\n", "! m:1: backslash without three octal digits");
	assert_read("a/b\\000 mode=1\n", "! m:1: NUL in a name");
	assert_read("\n\na/l link=x\\ mode=1\n",
	    "! m:3: backslash without three octal digits");
}

static void
dos_line_ends_are_refused(void **state)
{
	(void)state;
	assert_read("#mtree\r\n",
	    "! m:1: carriage return in the line (CR LF line ends?)");
	assert_read("a/b mode=1\na/c mode=1\r\n",
	    "1 a/b +mode=1\n"
	    "! m:2: carriage return in the line (CR LF line ends?)");
	assert_read("a/b\\015 mode=1\n", "1 a/b\r +mode=1\n");
}

static void
nul_is_refused_anywhere(void **state)
{
	static const char name[] = "a/b\0c mode=1\n";
	static const char comment[] = "# \0\n";
	static const char alone[] = "a/b\n\0\n";

	(void)state;
	assert_bytes(name, sizeof(name) - 1, "! m:1: NUL in the line");
	assert_bytes(comment, sizeof(comment) - 1, "! m:1: NUL in the line");
	assert_bytes(alone, sizeof(alone) - 1, "1 a/b\n! m:2: NUL in the line");
}

static void
file_that_was_cut_short_is_refused(void **state)
{
	static const char cut[] =
	    "! m:2: last line has no newline (file cut short?)";
	static const char text[] = "a/b mode=1\na/c mode=1777 uname=root\n";
	char want[128] = "1 a/b +mode=1\n";

	(void)state;
	strcat(want, cut);
	for (size_t len = strlen("a/b mode=1\n") + 1; len < strlen(text); len++)
		assert_bytes(text, len, want);
	assert_read("a", "! m:1: last line has no newline (file cut short?)");
	assert_read(
	    "# comment", "! m:1: last line has no newline (file cut short?)");
	assert_read("a/b mode=1 \\\n",
	    "! m:2: last line has no newline (file cut short?)");
}

static void
broken_keywords_are_said_with_their_line(void **state)
{
	(void)state;
	assert_read("a/b mode=755\n\na/c uidd=0\n",
	    "1 a/b +mode=755\n! m:3: unknown keyword 'uidd'");
	assert_read("a/c mode=888\n", "! m:1: invalid octal mode '888'");
	assert_read("a/c contents=/etc/shadow\n",
	    "! m:1: keyword 'contents' has no meaning for a package");
	assert_read(
	    "a/c type=socket\n", "! m:1: a package cannot have a socket");
	assert_read("a/c \x1b[2J\n", "! m:1: unknown keyword '\x1b[2J'");
	assert_read("a/c uname=aaaaaaaaaabbbbbbbbbbccccccccccddd\n",
	    "! m:1: user name 'aaaaaaaaaabbbbbbbbbbccccccccccddd' is longer "
	    "than 32 bytes");
}

static void
repeated_keywords_and_lines_are_kept_apart(void **state)
{
	(void)state;
	assert_read("a/b mode=1 mode=2\na/b mode=3\na/b uid=0 uname=games\n",
	    "1 a/b +mode=2\n2 a/b +mode=3\n3 a/b +uname=games\n");
}

/* A line of `len` bytes with `head` in front of a long value. */
static void
make_line(struct buf *b, const char *head, size_t len)
{
	struct fault f = { 0 };

	buf_reset(b);
	assert_ok(buf_adds(b, head, &f), &f);
	while (b->len < len)
		assert_ok(buf_adds(b, "x", &f), &f);
	assert_ok(buf_adds(b, "\n", &f), &f);
}

static void
assert_long(const struct buf *text, const char *want)
{
	static const size_t pieces[] = { 0, 1, 2, 3, 7, 4095, 4096, 65534,
		65535, 65536, 65537, 100000 };
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		describe(
		    &(struct text){ text->data, text->len, pieces[i] }, &out);
		assert_string_equal(out.data, want);
	}
	buf_release(&out);
}

static void
line_of_64_kib_is_the_longest(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	make_line(&text, "a/b mode=1 sha1=", MTREE_LINE_MAX);
	assert_long(&text, "1 a/b +mode=1\n");
	make_line(&text, "a/b mode=1 sha1=", MTREE_LINE_MAX + 1);
	assert_long(&text, "! m:1: line is longer than 65535 bytes");
	make_line(&text, "a/b mode=1\n# ", MTREE_LINE_MAX + 12);
	assert_long(
	    &text, "1 a/b +mode=1\n! m:2: line is longer than 65535 bytes");

	/* nor may it be longer in several lines */
	make_line(&text, "a/b mode=1 \\\nsha1=", MTREE_LINE_MAX + 1);
	assert_long(&text, "1 a/b +mode=1\n");
	make_line(&text, "a/b mode=1 \\\nsha1=", MTREE_LINE_MAX + 2);
	assert_long(&text, "! m:1: line is longer than 65535 bytes");
	make_line(&text, "#\n#\na/b mode=1 \\\nsha1=", 60000);
	text.len--;
	assert_ok(buf_adds(&text, " \\\nsha1=", &f), &f);
	while (text.len < 70000)
		assert_ok(buf_adds(&text, "x", &f), &f);
	assert_ok(buf_adds(&text, "\n", &f), &f);
	assert_long(&text, "! m:3: line is longer than 65535 bytes");
	buf_release(&text);
}

static void
line_of_10_megabytes_is_refused_early(void **state)
{
	enum { SIZE = 10 * 1024 * 1024, PIECE = 65536 };
	struct arena a = { 0 };
	struct buf text = BUF_INIT;
	struct mtree m;
	struct spec spec;
	struct fault f = { 0 };
	size_t fed = 0;
	int r = 0;

	(void)state;
	assert_ok(buf_reserve(&text, SIZE + 64, &f), &f);
	make_line(&text, "a/b ", SIZE);
	mtree_init(&m, "m", &a);
	for (; r == 0 && fed < text.len; fed += PIECE) {
		assert_ok(mtree_feed(&m, text.data + fed, PIECE, &f), &f);
		r = mtree_next(&m, &spec, &f);
	}
	assert_fault(
	    r, &f, FAULT_INPUT, "m:1: line is longer than 65535 bytes");
	assert_true(fed <= 2 * PIECE);
	mtree_release(&m);

	assert_ok(buf_reserve(&text, 1, &f), &f);
	f = (struct fault){ 0 };
	mtree_init(&m, "m", &a);
	assert_ok(mtree_feed(&m, text.data, text.len, &f), &f);
	assert_fault(mtree_next(&m, &spec, &f), &f, FAULT_INPUT,
	    "m:1: line is longer than 65535 bytes");
	mtree_release(&m);
	arena_release(&a);
	buf_release(&text);
}

static void
hundred_thousand_lines_are_read_in_no_time(void **state)
{
	struct buf text = BUF_INIT, out = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		assert_ok(
		    buf_adds(&text, "a/b uname=games mode=755\n", &f), &f);
	describe(&(struct text){ text.data, text.len, 0 }, &out);
	assert_non_null(
	    strstr(out.data, "\n100000 a/b +mode=755 +uname=games\n"));
	buf_release(&text);
	buf_release(&out);
}

static const char sample[] =
    "#mtree v2.0\n"
    "/set type=file uid=0 gid=0 mode=644\n"
    "#amtree bind=gname,caps caps=cap_kill=ep\n"
    "usr type=dir gname=games mode=755\n"
    "b\\040n \\\n"
    "  size=5 sha1=00\n"
    "..\n"
    "/unset all\n"
    "./x/l type=link link=\\056\\056/y time=5.000000000 optional\n"
    "./d type=char device=native,1,3\n";

static void
no_flipped_byte_makes_pieces_matter(void **state)
{
	static const char flips[] = { '\0', '\n', '\\', ' ', '#', '/', '.', '=',
		'\r', ',', '0', '9', '\xff' };
	char text[sizeof(sample)];
	const size_t len = sizeof(sample) - 1;
	struct buf whole = BUF_INIT, out = BUF_INIT;

	(void)state;
	memcpy(text, sample, sizeof(text));
	describe(&(struct text){ text, len, 0 }, &whole);
	assert_string_equal(whole.data,
	    "4 usr type=dir mode=755 uname=root +gname=games +caps=20\n"
	    "5 usr/b n +type=file +mode=644 +uname=root +gname=root size=5\n"
	    "9 x/l +type=link +link=../y +time=5.0 optional=yes\n"
	    "10 d +type=char +device=1,3\n");
	for (size_t i = 0; i < len; i++) {
		for (size_t k = 0; k < sizeof(flips); k++) {
			text[i] = flips[k];
			describe(&(struct text){ text, len, 0 }, &whole);
			describe(&(struct text){ text, len, 1 }, &out);
			assert_string_equal(out.data, whole.data);
			describe(&(struct text){ text, len, 1 + i % 50 }, &out);
			assert_string_equal(out.data, whole.data);
		}
		text[i] = sample[i];
	}
	buf_release(&whole);
	buf_release(&out);
}

static int
read_once(void *arg, struct fault *f)
{
	struct buf out = BUF_INIT;
	const int r = read_text(arg, &out, f);

	buf_release(&out);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	struct text t = { .piece = 100 };

	(void)state;
	assert_ok(buf_adds(&text, sample, &f), &f);
	for (unsigned i = 0; i < 50; i++)
		assert_ok(buf_adds(&text,
			      "#amtree caps=cap_kill=ep\n"
			      "directory-with-some-name type=dir \\\n"
			      "uname=games gname=games\n",
			      &f),
		    &f);
	t.bytes = text.data;
	t.len = text.len;
	alloc_fail_each(read_once, &t);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(backslash_at_the_end_joins_lines),
		cmocka_unit_test(escaped_backslash_at_the_end_joins_nothing),
		cmocka_unit_test(comment_is_not_continued),
		cmocka_unit_test(lone_escapes_are_refused),
		cmocka_unit_test(dos_line_ends_are_refused),
		cmocka_unit_test(nul_is_refused_anywhere),
		cmocka_unit_test(file_that_was_cut_short_is_refused),
		cmocka_unit_test(broken_keywords_are_said_with_their_line),
		cmocka_unit_test(repeated_keywords_and_lines_are_kept_apart),
		cmocka_unit_test(line_of_64_kib_is_the_longest),
		cmocka_unit_test(line_of_10_megabytes_is_refused_early),
		cmocka_unit_test(hundred_thousand_lines_are_read_in_no_time),
		cmocka_unit_test(no_flipped_byte_makes_pieces_matter),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("mtree_line", tests, NULL, NULL);
}
