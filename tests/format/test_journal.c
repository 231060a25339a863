/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_journal.h"

#include "base/arena.h"
#include "base/buf.h"
#include "format/caps.h"
#include "format/journal.h"

#include <string.h>

static void
assert_read(struct reading *r, const char *text)
{
	if (read_line(r, text, strlen(text)) < 0)
		fail_msg("'%s': %s", text, r->f.text);
}

/* The line is read, and written again as it stands there. */
static void
assert_same_again(const char *text)
{
	struct buf b = BUF_INIT;
	struct reading r;
	struct fault f = { 0 };

	assert_read(&r, text);
	assert_ok(journal_format(&b, &r.line, &f), &f);
	assert_non_null(buf_end(&b, &f));
	assert_int_equal(b.data[b.len - 1], '\n');
	b.data[b.len - 1] = '\0';
	assert_string_equal(b.data, text);
	buf_release(&b);
	release(&r);
}

static void
a_line_says_which_file_it_is_and_what_was_recorded(void **state)
{
	struct reading r;
	const struct entry *e = &r.line.spec.entry;

	(void)state;
	assert_read(&r,
	    "254:1310:1784211213.120000000 uname=www gid=82 mode=4755 "
	    "caps=none");
	assert_int_equal(r.line.id.dev, 254);
	assert_int_equal(r.line.id.ino, 1310);
	assert_int_equal(r.line.id.birth, 1784211213);
	assert_int_equal(r.line.id.birth_nsec, 120000000);
	assert_int_equal(r.line.spec.binds,
	    KEYWORD_USER | KEYWORD_GROUP | KEYWORD_MODE | KEYWORD_CAPS);
	assert_string_equal(e->uname, "www");
	assert_null(e->gname);
	assert_int_equal(e->gid, 82);
	assert_int_equal(e->mode, 04755);
	assert_null(r.line.spec.caps);
	release(&r);
}

static void
all_that_is_read_counts_as_recorded(void **state)
{
	struct reading r;

	(void)state;
	assert_read(&r, "1:2:3.000000004 uid=0 mode=600");
	assert_int_equal(r.line.spec.recorded, r.line.spec.binds);
	assert_true(r.line.spec.has & KEYWORD_RECORDED);
	assert_false(r.line.spec.has & KEYWORD_PLACEHOLDER);
	assert_int_equal(r.line.spec.line, 0);
	release(&r);
	assert_read(&r, "1:2:3.000000004 type=char device=native,1,3");
	assert_true(r.line.spec.has & KEYWORD_PLACEHOLDER);
	assert_int_equal(r.line.spec.entry.type, ENTRY_CHAR);
	assert_int_equal(r.line.spec.entry.major, 1);
	assert_int_equal(r.line.spec.entry.minor, 3);
	release(&r);
}

static void
a_line_without_keywords_says_nothing(void **state)
{
	struct reading r;

	(void)state;
	assert_read(&r, "1:2:0.000000000");
	assert_int_equal(r.line.spec.binds, 0);
	release(&r);
}

static void
what_is_written_is_read_back(void **state)
{
	static const char *const lines[] = {
		"1:2:3.000000004",
		"0:0:0.000000000 uname=root gname=root mode=0",
		"18446744073709551615:18446744073709551615:9223372036854775807."
		"999999999 uid=4294967295 gid=4294967294 mode=7777",
		"1:2:-9223372036854775807.000000001 uname=a gid=1",
		"1:2:-1.500000000 mode=644",
		"1:2:3.000000000 uname=www type=block device=native,4095,"
		"1048575",
		"1:2:3.000000000 type=char device=native,0,0",
		"1:2:3.000000000 caps=none",
		"1:2:3.000000000 caps=cap_net_raw=ep",
		"1:2:3.000000000 caps=cap_kill=i\\040cap_net_raw+p",
		"1:2:3.000000000 uid=1000050000",
		"1:2:3.000000000 uname=a by=uname:1",
		"1:2:3.000000000 uname=a gname=b mode=644 type=char "
		"device=native,1,3 caps=none by=uname,gname,mode,device,caps:9",
		"1:2:3.000000000 uname=a gname=b mode=644 caps=none "
		"by=uname,caps:65535 by=mode:1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_same_again(lines[i]);
}

/* The value comes back, byte by byte; the text is what is in the line. */
static void
assert_caps_kept(const void *value, size_t len, const char *text)
{
	const struct xattr caps = { .value = value, .len = len };
	const struct journal_line line = {
		.spec = { .caps = &caps, .binds = KEYWORD_CAPS },
	};
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	struct reading r;

	assert_ok(journal_format(&b, &line, &f), &f);
	assert_non_null(buf_end(&b, &f));
	if (strstr(b.data, text) == NULL)
		fail_msg("no '%s' in '%s'", text, b.data);
	if (read_line(&r, b.data, b.len - 1) < 0)
		fail_msg("%s", r.f.text);
	assert_non_null(r.line.spec.caps);
	assert_string_equal(r.line.spec.caps->name, ENTRY_CAPS_XATTR);
	assert_int_equal(r.line.spec.caps->len, len);
	assert_memory_equal(r.line.spec.caps->value, value, len);
	buf_release(&b);
	release(&r);
}

static void
no_byte_of_capabilities_is_lost(void **state)
{
	static const unsigned char of_root_1000[24] =
	    "\1\0\0\3\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\xe8\3\0\0",
				   oldest[12] = "\1\0\0\1\0\x20\0\0\0\0\0\0",
				   effective_of_nothing[20] = "\1\0\0\2";
	unsigned char plain[CAPS_XATTR_LEN];
	struct fault f = { 0 };

	(void)state;
	assert_ok(caps_parse(plain, "cap_net_raw=ep", 14, &f), &f);
	assert_caps_kept(plain, sizeof(plain), " caps=cap_net_raw=ep\n");
	assert_caps_kept(of_root_1000, sizeof(of_root_1000),
	    " caps=0x0100000300200000000000000000000000000000e8030000\n");
	assert_caps_kept(
	    oldest, sizeof(oldest), " caps=0x010000010020000000000000\n");
	assert_caps_kept(effective_of_nothing, sizeof(effective_of_nothing),
	    " caps=0x0100000200");
}

static void
a_line_says_whose_deed_each_part_is(void **state)
{
	struct reading r;

	(void)state;
	assert_read(&r,
	    "1:2:3.000000004 uname=a gname=b mode=644 by=mode:7 "
	    "by=uname:12");
	assert_int_equal(r.line.by[DEED_USER], 12);
	assert_int_equal(r.line.by[DEED_GROUP], 0);
	assert_int_equal(r.line.by[DEED_MODE], 7);
	assert_int_equal(r.line.by[DEED_DEVICE], 0);
	assert_int_equal(r.line.by[DEED_CAPS], 0);
	assert_null(r.line.spec.by);
	release(&r);
}

/* The line tells of this deed, and is written again as it stands there. */
static void
assert_deed(const char *text, uint32_t number, const char *deed)
{
	struct reading r = { .keywords.arena = &r.arena };
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	struct journal_deed d;

	assert_true(journal_is_deed(text, strlen(text)));
	assert_ok(
	    journal_parse_deed(&r.keywords, &d, text, strlen(text), &f), &f);
	assert_int_equal(d.number, number);
	assert_string_equal(d.text, deed);
	assert_ok(journal_format_deed(&b, &d, &f), &f);
	assert_int_equal(b.len, strlen(text) + 1);
	assert_memory_equal(b.data, text, strlen(text));
	assert_int_equal(b.data[b.len - 1], '\n');
	buf_release(&b);
	release(&r);
}

static void
a_line_may_tell_what_a_deed_is(void **state)
{
	(void)state;
	assert_deed("deed=1:chown:x", 1, "chown:x");
	assert_deed("deed=65535:fchownat:chown\\040-R\\040'a=b'\\040\\303\\251",
	    65535, "fchownat:chown -R 'a=b' \303\251");
	assert_false(journal_is_deed("1:2:3.000000004", 15));
	assert_false(journal_is_deed("deed", 4));
	assert_false(journal_is_deed("", 0));
}

static void
another_spelling_of_a_line_is_understood(void **state)
{
	struct reading r;

	(void)state;
	assert_read(&r, "1:2:3.000000004  mode=0644\tuid=0 ");
	assert_int_equal(r.line.spec.entry.mode, 0644);
	assert_string_equal(r.line.spec.entry.uname, "root");
	release(&r);
	assert_read(&r, "01:2:3.000000004 uname=a uname=b");
	assert_int_equal(r.line.id.dev, 1);
	assert_string_equal(r.line.spec.entry.uname, "b");
	release(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_line_says_which_file_it_is_and_what_was_recorded),
		cmocka_unit_test(all_that_is_read_counts_as_recorded),
		cmocka_unit_test(a_line_without_keywords_says_nothing),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(no_byte_of_capabilities_is_lost),
		cmocka_unit_test(a_line_says_whose_deed_each_part_is),
		cmocka_unit_test(a_line_may_tell_what_a_deed_is),
		cmocka_unit_test(another_spelling_of_a_line_is_understood),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
