/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/arena.h"
#include "base/buf.h"
#include "format/mtree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* " +word" for what binds, " word" for what is only stated. */
static int
add_word(struct buf *b, const struct spec *s, unsigned bit, struct fault *f)
{
	const struct entry *e = &s->entry;

	if ((s->has & bit) == 0)
		return 0;
	if (buf_addf(b, f, " %s%s=", (s->binds & bit) != 0 ? "+" : "",
		keyword_name((enum keyword_bit)bit)) < 0)
		return -1;
	switch (bit) {
	case KEYWORD_TYPE:
		return buf_adds(
		    b, entry_type_name((enum entry_type)e->type), f);
	case KEYWORD_MODE:
		return buf_addf(b, f, "%o", e->mode);
	case KEYWORD_USER:
		return e->uname != NULL ? buf_adds(b, e->uname, f)
					: buf_addf(b, f, "%" PRIu32, e->uid);
	case KEYWORD_GROUP:
		return e->gname != NULL ? buf_adds(b, e->gname, f)
					: buf_addf(b, f, "%" PRIu32, e->gid);
	case KEYWORD_LINK:
		return buf_adds(b, e->link, f);
	case KEYWORD_DEVICE:
		return buf_addf(
		    b, f, "%" PRIu32 ",%" PRIu32, e->major, e->minor);
	case KEYWORD_TIME:
		return buf_addf(
		    b, f, "%" PRId64 ".%" PRIu32, e->mtime, e->mtime_nsec);
	case KEYWORD_SIZE:
		return buf_addf(b, f, "%" PRIu64, e->size);
	case KEYWORD_CAPS:
		return s->caps == NULL ? buf_adds(b, "none", f)
				       : buf_addf(b, f, "%zu", s->caps->len);
	default:
		return buf_adds(b, "yes", f);
	}
}

static int
add_spec(struct buf *b, const struct spec *s, struct fault *f)
{
	if (buf_addf(b, f, "%u ", s->line) < 0 ||
	    buf_adds(b, s->entry.path, f) < 0)
		return -1;
	for (unsigned bit = 1; bit < KEYWORD_IDS; bit <<= 1) {
		if (add_word(b, s, bit, f) < 0)
			return -1;
	}
	return buf_adds(b, "\n", f);
}

struct text {
	const char *bytes;
	size_t len;
	size_t piece; /* bytes fed at a time; 0: all at once */
};

/* Append one line for each entry of `t`. */
static int
read_text(const struct text *t, struct buf *out, struct fault *f)
{
	struct arena a = { 0 };
	struct mtree m;
	struct spec spec;
	int r = 0;

	mtree_init(&m, "m", &a);
	for (size_t done = 0, len; r == 0 && done < t->len; done += len) {
		const size_t left = t->len - done;
		char *exact; /* so that reading behind it is seen */

		len = t->piece > 0 && t->piece < left ? t->piece : left;
		exact = malloc(len);
		if (exact == NULL) {
			r = fault_sys(f, "cannot allocate a piece");
			break;
		}
		memcpy(exact, t->bytes + done, len);
		r = mtree_feed(&m, exact, len, f);
		free(exact);
		while (r == 0 && (r = mtree_next(&m, &spec, f)) > 0)
			r = add_spec(out, &spec, f);
	}
	if (r == 0)
		r = mtree_end(&m, f);
	mtree_release(&m);
	arena_release(&a);
	return r;
}

/* What comes of a text: its entries, then "! FAULT" if it ends in one. */
static void
describe(const struct text *t, struct buf *out)
{
	struct fault f = { 0 }, none = { 0 };

	buf_reset(out);
	if (read_text(t, out, &f) < 0) {
		if (f.kind != FAULT_INPUT)
			fail_msg("fault of kind %d: %s", (int)f.kind, f.text);
		assert_ok(buf_adds(out, "! ", &none), &none);
		assert_ok(buf_adds(out, f.text, &none), &none);
	}
	assert_non_null(buf_end(out, &none));
}

/* The same comes of pieces of every size. */
static void
assert_same_in_pieces(const char *bytes, size_t len, const char *want)
{
	struct buf out = BUF_INIT;

	for (size_t piece = 1; piece <= len; piece++) {
		const struct text t = { bytes, len, piece };

		describe(&t, &out);
		if (strcmp(out.data, want) != 0)
			fail_msg("in pieces of %zu '%s' becomes\n%s\nnot\n%s",
			    piece, bytes, out.data, want);
	}
	buf_release(&out);
}

static void
assert_bytes(const char *bytes, size_t len, const char *want)
{
	struct buf out = BUF_INIT;

	describe(&(struct text){ bytes, len, 0 }, &out);
	assert_string_equal(out.data, want);
	assert_same_in_pieces(bytes, len, want);
	buf_release(&out);
}

static void
assert_read(const char *text, const char *want)
{
	assert_bytes(text, strlen(text), want);
}

static void
full_names_are_entries_with_their_keywords(void **state)
{
	(void)state;
	assert_read(
	    "#mtree v2.0\n"
	    "\n"
	    "# a comment\n"
	    "./usr type=dir mode=755\n"
	    "usr/bin/su uname=root gname=games mode=2755\n"
	    " \t  # another\n"
	    "  ./dev/null type=char device=native,1,3 size=0\t\n"
	    "./l\\040k type=link link=a\\134b time=7.000000008 optional\n",
	    "4 usr +type=dir +mode=755\n"
	    "5 usr/bin/su +mode=2755 +uname=root +gname=games\n"
	    "7 dev/null +type=char +device=1,3 size=0\n"
	    "8 l k +type=link +link=a\\b +time=7.8 optional=yes\n");
}

static void
empty_file_has_no_entries(void **state)
{
	(void)state;
	assert_read("", "");
	assert_read("\n", "");
	assert_read("#mtree\n\n\n", "");
}

static void
root_is_no_entry(void **state)
{
	(void)state;
	assert_read(". type=dir mode=755\n", "");
	assert_read(
	    "./ mode=755\n./. mode=755\na/b mode=1\n", "3 a/b +mode=1\n");
}

static void
nested_names_lie_in_the_directory_opened_last(void **state)
{
	(void)state;
	assert_read("/set type=file uname=root\n"
		    ".  type=dir\n"
		    "    hosts mode=644\n"
		    "usr type=dir\n"
		    "bin type=dir mode=755\n"
		    "su mode=4755\n"
		    "./etc/full mode=600\n"
		    "# ./usr/bin\n"
		    "..\n"
		    "sbin type=dir\n"
		    ".. ignored=words\n"
		    "lib mode=700\n"
		    "..\n"
		    "top mode=1\n"
		    "..\n",
	    "3 hosts +type=file +mode=644 +uname=root\n"
	    "4 usr +type=dir +uname=root\n"
	    "5 usr/bin +type=dir +mode=755 +uname=root\n"
	    "6 usr/bin/su +type=file +mode=4755 +uname=root\n"
	    "7 etc/full +type=file +mode=600 +uname=root\n"
	    "10 usr/sbin +type=dir +uname=root\n"
	    "12 usr/lib +type=file +mode=700 +uname=root\n"
	    "14 top +type=file +mode=1 +uname=root\n");
}

static void
full_name_opens_no_directory(void **state)
{
	(void)state;
	assert_read("./usr type=dir\nsu mode=755\n",
	    "1 usr +type=dir\n2 su +mode=755\n");
}

static void
no_name_leads_out_of_the_root(void **state)
{
	(void)state;
	assert_read("..\n", "! m:1: '..' leads out of the root");
	assert_read("usr type=dir\n..\n..\n",
	    "1 usr +type=dir\n! m:3: '..' leads out of the root");
	assert_read("./../x mode=1\n", "! m:1: '..' in path");
	assert_read("a/../../x mode=1\n", "! m:1: '..' in path");
	assert_read("\\056\\056/x mode=1\n", "! m:1: '..' in path");
	assert_read("/etc/passwd mode=1\n", "! m:1: absolute path");
	assert_read("\\057etc mode=1\n", "! m:1: absolute path");
	assert_read("\\057 mode=1\n", "! m:1: absolute path");
	assert_read("a//b mode=1\n", "! m:1: empty component in path");
	assert_read("a/ mode=1\n", "! m:1: empty component in path");
}

static void
depth_of_4000_is_no_matter(void **state)
{
	enum { DEPTH = 2000 };
	struct buf text = BUF_INIT, out = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	for (unsigned i = 0; i < DEPTH; i++)
		assert_ok(buf_adds(&text, "d type=dir\n", &f), &f);
	for (unsigned i = 0; i < DEPTH; i++)
		assert_ok(buf_adds(&text, "..\n", &f), &f);
	assert_ok(buf_adds(&text, "x mode=1\n", &f), &f);
	describe(&(struct text){ text.data, text.len, 0 }, &out);
	assert_non_null(strstr(out.data, "\n4001 x +mode=1\n"));

	buf_reset(&text);
	for (unsigned i = 0; i < 2 * DEPTH; i++)
		assert_ok(buf_adds(&text, "d type=dir\n", &f), &f);
	describe(&(struct text){ text.data, text.len, 0 }, &out);
	assert_non_null(strstr(
	    out.data, "! m:2044: path of 4087 bytes, apk takes at most 4085"));
	buf_release(&text);
	buf_release(&out);
}

static void
set_holds_until_it_is_unset(void **state)
{
	(void)state;
	assert_read("/set type=file mode=644 uname=games uid=7 optional\n"
		    "a/1\n"
		    "a/2 mode=600 uid=0\n"
		    "/set mode=640 gid=5\n"
		    "a/3 uname=root\n"
		    "/unset mode uname optional\n"
		    "a/4\n"
		    "/unset all\n"
		    "a/5\n"
		    "/set\n"
		    "/unset\n"
		    "a/6\n",
	    "2 a/1 +type=file +mode=644 +uname=games optional=yes\n"
	    "3 a/2 +type=file +mode=600 +uname=root optional=yes\n"
	    "5 a/3 +type=file +mode=640 +uname=root +gname=5 optional=yes\n"
	    "7 a/4 +type=file +gname=5\n"
	    "9 a/5\n"
	    "12 a/6\n");
}

static void
broken_commands_are_refused(void **state)
{
	(void)state;
	assert_read("\n/set modes=644\n", "! m:2: unknown keyword 'modes'");
	assert_read("/set mode=999\n", "! m:1: invalid octal mode '999'");
	assert_read("/set mode\n", "! m:1: keyword 'mode' needs a value");
	assert_read("/unset modes\n", "! m:1: unknown keyword 'modes'");
	assert_read("/unset mode=644\n", "! m:1: unknown keyword 'mode=644'");
	assert_read("/sett mode=644\n", "! m:1: absolute path");
	assert_read("/ mode=644\n", "! m:1: absolute path");
}

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

static void
note_says_what_binds(void **state)
{
	(void)state;
	assert_read("#amtree bind=gname\n"
		    "a/b gname=abuild uname=root mode=775 type=dir\n"
		    "a/c gname=abuild mode=775\n"
		    "#amtree bind=gid,uid caps=cap_kill=ep\n"
		    "a/d gname=abuild uname=root mode=775 type=dir\n"
		    "#amtree caps=none\n"
		    "a/e mode=775\n"
		    "#amtree bind=caps caps=cap_kill=ep\\040cap_chown+ep\n"
		    "a/f mode=775\n"
		    "#amtree\n"
		    "a/g mode=775\n"
		    "#amtree bind=mode bind=type\n"
		    "a/h mode=775 size=5 uname=x type=file\n"
		    "#amtreenot bind=x\n"
		    "a/i mode=1\n",
	    "2 a/b type=dir mode=775 uname=root +gname=abuild\n"
	    "3 a/c +mode=775 +gname=abuild\n"
	    "5 a/d type=dir mode=775 +uname=root +gname=abuild caps=20\n"
	    "7 a/e +mode=775 +caps=none\n"
	    "9 a/f mode=775 +caps=20\n"
	    "11 a/g +mode=775\n"
	    "13 a/h +type=file +mode=775 uname=x size=5\n"
	    "15 a/i +mode=1\n");
}

static void
note_may_bind_what_set_states(void **state)
{
	(void)state;
	assert_read("/set mode=755 uname=games\n#amtree bind=mode\na/b\na/c\n",
	    "3 a/b +mode=755 uname=games\n4 a/c +mode=755 +uname=games\n");
}

static void
note_needs_an_entry_on_the_next_line(void **state)
{
	static const char text[] = "no entry follows the #amtree comment";
	static const char *const next[] = { "\n", "# comment\n",
		"/set mode=1\n", "/unset all\n", "#amtree bind=mode\n", "   \n",
		"..\n" };
	struct buf file = BUF_INIT, want = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(next) / sizeof(*next); i++) {
		buf_reset(&file);
		buf_reset(&want);
		assert_ok(
		    buf_addf(&file, &f,
			"d type=dir\n#amtree bind=mode\n%sx mode=1\n", next[i]),
		    &f);
		assert_ok(
		    buf_addf(&want, &f, "1 d +type=dir\n! m:3: %s", text), &f);
		assert_read(buf_end(&file, &f), buf_end(&want, &f));
	}
	assert_read("a/b\n#amtree bind=mode\n",
	    "1 a/b\n! m:2: no entry follows the #amtree comment");
	buf_release(&file);
	buf_release(&want);
}

static void
broken_notes_are_refused(void **state)
{
	(void)state;
	assert_read(
	    "#amtree bind=modes\na/b\n", "! m:1: unknown keyword 'modes'");
	assert_read("#amtree bind=\na/b\n", "! m:1: unknown keyword ''");
	assert_read(
	    "#amtree bind=mode,\na/b mode=1\n", "! m:1: unknown keyword ''");
	assert_read(
	    "#amtree bind=,mode\na/b mode=1\n", "! m:1: unknown keyword ''");
	assert_read("#amtree bind\na/b\n",
	    "! m:1: unknown word 'bind' in an #amtree comment");
	assert_read("#amtree binds=mode\na/b\n",
	    "! m:1: unknown word 'binds=mode' in an #amtree comment");
	assert_read(
	    "#amtree bind=size\na/b size=1\n", "! m:1: 'size' cannot be bound");
	assert_read("#amtree bind=mode\na/b uname=x\n",
	    "! m:2: the #amtree comment binds a keyword that the entry does "
	    "not state");
	assert_read("#amtree bind=caps\na/b mode=1\n",
	    "! m:2: the #amtree comment binds a keyword that the entry does "
	    "not state");
	assert_read("#amtree caps=a\\\n",
	    "! m:1: backslash without three octal digits");
}

static void
broken_capabilities_are_said_with_their_line(void **state)
{
	struct buf out = BUF_INIT;
	static const char text[] = "\n#amtree caps=cap_nonsense=ep\na/b\n";

	(void)state;
	describe(&(struct text){ text, strlen(text), 0 }, &out);
	assert_memory_equal(out.data, "! m:2: ", 7);
	assert_non_null(strstr(out.data, "cap_nonsense"));
	buf_release(&out);
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
		cmocka_unit_test(full_names_are_entries_with_their_keywords),
		cmocka_unit_test(empty_file_has_no_entries),
		cmocka_unit_test(root_is_no_entry),
		cmocka_unit_test(nested_names_lie_in_the_directory_opened_last),
		cmocka_unit_test(full_name_opens_no_directory),
		cmocka_unit_test(no_name_leads_out_of_the_root),
		cmocka_unit_test(depth_of_4000_is_no_matter),
		cmocka_unit_test(set_holds_until_it_is_unset),
		cmocka_unit_test(broken_commands_are_refused),
		cmocka_unit_test(backslash_at_the_end_joins_lines),
		cmocka_unit_test(escaped_backslash_at_the_end_joins_nothing),
		cmocka_unit_test(comment_is_not_continued),
		cmocka_unit_test(lone_escapes_are_refused),
		cmocka_unit_test(dos_line_ends_are_refused),
		cmocka_unit_test(nul_is_refused_anywhere),
		cmocka_unit_test(file_that_was_cut_short_is_refused),
		cmocka_unit_test(broken_keywords_are_said_with_their_line),
		cmocka_unit_test(repeated_keywords_and_lines_are_kept_apart),
		cmocka_unit_test(note_says_what_binds),
		cmocka_unit_test(note_may_bind_what_set_states),
		cmocka_unit_test(note_needs_an_entry_on_the_next_line),
		cmocka_unit_test(broken_notes_are_refused),
		cmocka_unit_test(broken_capabilities_are_said_with_their_line),
		cmocka_unit_test(line_of_64_kib_is_the_longest),
		cmocka_unit_test(line_of_10_megabytes_is_refused_early),
		cmocka_unit_test(hundred_thousand_lines_are_read_in_no_time),
		cmocka_unit_test(no_flipped_byte_makes_pieces_matter),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("mtree", tests, NULL, NULL);
}
