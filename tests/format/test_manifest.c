/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/arena.h"
#include "base/buf.h"
#include "format/caps.h"
#include "format/deed.h"
#include "format/manifest.h"
#include "format/mtree.h"
#include "format/value.h"
#include "format/word.h"

#include <string.h>

enum { ALL = KEYWORD_BINDABLE | KEYWORD_SIZE | KEYWORD_OPTIONAL };

static void
assert_line(const struct entry *e, unsigned keywords, const char *want)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(manifest_add_entry(&b, e, keywords, &f), &f);
	assert_string_equal(buf_end(&b, &f), want);
	buf_release(&b);
}

static void
words_stand_in_the_promised_order(void **state)
{
	const struct entry dir = { .path = "var/cache/distfiles",
		.type = ENTRY_DIR,
		.uname = "root",
		.gname = "abuild",
		.mode = 0775 };
	const struct entry file = { .path = "usr/bin/su",
		.type = ENTRY_FILE,
		.uname = "root",
		.gname = "games",
		.gid = 65534,
		.mode = 02755,
		.size = 1234,
		.mtime = 1700000000,
		.mtime_nsec = 7 };

	(void)state;
	assert_line(&dir,
	    KEYWORD_GROUP | KEYWORD_USER | KEYWORD_MODE | KEYWORD_TYPE,
	    "var/cache/distfiles gname=abuild uname=root mode=775 type=dir\n");
	assert_line(&file, ALL | KEYWORD_IDS,
	    "usr/bin/su gname=games gid=65534 uname=root uid=0 mode=2755 "
	    "type=file size=1234 time=1700000000.000000007 optional\n");
	assert_line(&file, KEYWORD_MODE, "usr/bin/su mode=2755\n");
	assert_line(&file, 0, "usr/bin/su\n");
}

static void
number_stands_where_there_is_no_name(void **state)
{
	const struct entry e = { .path = "a/b", .uid = 1000, .gname = "g" };

	(void)state;
	assert_line(&e, KEYWORD_USER | KEYWORD_GROUP, "a/b gname=g uid=1000\n");
	assert_line(&e, KEYWORD_USER | KEYWORD_GROUP | KEYWORD_IDS,
	    "a/b gname=g gid=0 uid=1000\n");
}

static void
keywords_that_a_type_does_not_have_are_left_out(void **state)
{
	const struct entry dir = { .path = "a/d", .type = ENTRY_DIR };
	const struct entry link = { .path = "a/l",
		.type = ENTRY_LINK,
		.link = "../b c",
		.mode = 0777,
		.uname = "root",
		.gname = "root" };
	const struct entry device = {
		.path = "dev/sda", .type = ENTRY_BLOCK, .major = 8, .minor = 1
	};
	const unsigned words =
	    KEYWORD_TYPE | KEYWORD_LINK | KEYWORD_DEVICE | KEYWORD_SIZE;

	(void)state;
	assert_line(&dir, words, "a/d type=dir\n");
	assert_line(&link, words, "a/l type=link link=../b\\040c\n");
	assert_line(&device, words, "dev/sda type=block device=native,8,1\n");
}

static void
bare_names_begin_with_a_dot_and_slash(void **state)
{
	(void)state;
	assert_line(&(struct entry){ .path = "usr" }, 0, "./usr\n");
	assert_line(&(struct entry){ .path = ".."
					     "x" },
	    0, "./..x\n");
	assert_line(&(struct entry){ .path = "#x y" }, 0, "./\\043x\\040y\n");
	assert_line(&(struct entry){ .path = "#x/y" }, 0, "\\043x/y\n");
}

static void
line_that_no_reader_takes_is_a_fault(void **state)
{
	static char link[20000], path[] = "a/long";
	const struct entry e = {
		.path = path, .type = ENTRY_LINK, .link = link
	};
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	/* four bytes each, and the rest of the line */
	memset(link, '\n', (MTREE_LINE_MAX - strlen("a/long link=")) / 4);
	assert_ok(manifest_add_entry(&b, &e, KEYWORD_LINK, &f), &f);
	assert_in_range(b.len, MTREE_LINE_MAX - 3, MTREE_LINE_MAX + 1);
	memset(link, '\n', sizeof(link) - 1);
	assert_fault(manifest_add_entry(&b, &e, KEYWORD_LINK, &f), &f,
	    FAULT_INPUT, "line for 'a/long' would be longer than 65535 bytes");
	buf_release(&b);
}

static void
assert_note(unsigned binds, const char *caps, const char *want)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(manifest_add_note(&b, binds, caps, &f), &f);
	assert_string_equal(buf_end(&b, &f), want);
	buf_release(&b);
}

static void
notes_say_what_binds(void **state)
{
	(void)state;
	assert_note(0, NULL, "#amtree\n");
	assert_note(KEYWORD_GROUP, NULL, "#amtree bind=gname\n");
	assert_note(KEYWORD_USER | KEYWORD_MODE | KEYWORD_TYPE, NULL,
	    "#amtree bind=type,mode,uname\n");
	assert_note(KEYWORD_CAPS, "cap_net_raw=ep",
	    "#amtree bind=caps caps=cap_net_raw=ep\n");
	assert_note(0, "cap_net_raw=ep cap_kill+i",
	    "#amtree caps=cap_net_raw=ep\\040cap_kill+i\n");
	assert_note(0, "=", "#amtree caps==\n");
	assert_note(0, NOTE_NO_CAPS, "#amtree caps=none\n");
	assert_note(KEYWORD_RECORDED, NULL, "#amtree recorded\n");
	assert_note(KEYWORD_RECORDED | KEYWORD_USER | KEYWORD_CAPS,
	    "cap_kill=p", "#amtree recorded bind=uname,caps caps=cap_kill=p\n");
	assert_note(
	    KEYWORD_CREATE | KEYWORD_TYPE, NULL, "#amtree create bind=type\n");
}

/* What is written about these keywords is this, and is read back. */
static void
assert_record(const struct spec *s, unsigned binds, const char *want)
{
	const size_t word = strlen("#amtree");
	struct arena a = { 0 };
	struct value_reader r = { .arena = &a };
	struct spec again = { .has = s->has };
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	struct note n;

	assert_ok(manifest_add_record(&b, s, binds, &f), &f);
	assert_string_equal(buf_end(&b, &f), want);
	assert_ok(note_parse(&n, &r,
		      (struct word){ b.data + word, b.len - word - 1 }, 1, &f),
	    &f);
	assert_ok(note_apply(&n, &again, &f), &f);
	assert_int_equal(again.recorded, binds);
	for (int i = 0; s->by != NULL && i < DEED_PARTS; i++) {
		const char *of = s->by->of[i];

		if (of == NULL || (deed_parts(binds) & 1u << i) == 0)
			assert_true(
			    again.by == NULL || again.by->of[i] == NULL);
		else
			assert_string_equal(again.by->of[i], of);
	}
	buf_release(&b);
	value_release(&r);
	arena_release(&a);
}

static void
notes_of_records_say_whose_deeds_they_are(void **state)
{
	/* equal, but not one string */
	static const char one[] = "fchownat:chown -R x=y a",
			  same[] = "fchownat:chown -R x=y a";
	const struct deed_list by = { .of = {
					  [DEED_USER] = one,
					  [DEED_GROUP] = same,
					  [DEED_DEVICE] = "mknod:m",
				      } };
	struct spec s = {
		.has = KEYWORD_BINDABLE & ~(unsigned)KEYWORD_CAPS,
		.by = &by,
	};

	(void)state;
	assert_record(&s, KEYWORD_USER | KEYWORD_GROUP | KEYWORD_MODE,
	    "#amtree recorded bind=mode,uname,gname "
	    "by=uname,gname:fchownat:chown\\040-R\\040x=y\\040a\n");
	assert_record(&s, KEYWORD_GROUP,
	    "#amtree recorded bind=gname "
	    "by=gname:fchownat:chown\\040-R\\040x=y\\040a\n");
	assert_record(&s, KEYWORD_TYPE | KEYWORD_DEVICE,
	    "#amtree recorded bind=type,device by=device:mknod:m\n");
	assert_record(&s, KEYWORD_MODE | KEYWORD_CAPS,
	    "#amtree recorded bind=mode,caps caps=none\n");
	s.by = NULL;
	assert_record(&s, KEYWORD_USER, "#amtree recorded bind=uname\n");
}

static void
capabilities_are_text_or_hex_or_none(void **state)
{
	unsigned char value[CAPS_XATTR_LEN];
	const struct xattr caps = {
		.name = ENTRY_CAPS_XATTR, .value = value, .len = sizeof(value)
	};
	const struct xattr broken = {
		.name = ENTRY_CAPS_XATTR, .value = value, .len = 3
	};
	/* of revision 3, for which setcap(8) has no text */
	const struct xattr of_root_1000 = {
		.name = ENTRY_CAPS_XATTR,
		.value = "\1\0\0\3\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xe8\3\0\0",
		.len = 24,
	};
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(manifest_add_caps(&b, NULL, &f), &f);
	assert_string_equal(buf_end(&b, &f), "none");
	buf_reset(&b);
	assert_ok(caps_parse(value, "cap_kill=p", 10, &f), &f);
	assert_ok(manifest_add_caps(&b, &caps, &f), &f);
	assert_string_equal(buf_end(&b, &f), "cap_kill=p");
	buf_reset(&b);
	assert_ok(manifest_add_caps(&b, &of_root_1000, &f), &f);
	assert_string_equal(buf_end(&b, &f),
	    "0x0100000300200000000000000000000000000000e8030000");
	assert_int_equal(manifest_add_caps(&b, &broken, &f), -1);
	assert_int_equal(f.kind, FAULT_INPUT);
	buf_release(&b);
}

static int
write_all(void *arg, struct fault *f)
{
	const struct deed_list by = { .of = { "chown:a", "chown:b" } };
	const struct spec record = { .by = &by };
	struct buf b = BUF_INIT;
	int r = -1;

	if (manifest_add_note(&b, KEYWORD_CAPS | KEYWORD_MODE,
		"cap_net_raw=ep cap_kill=ep", f) == 0 &&
	    manifest_add_entry(&b, arg, ALL | KEYWORD_IDS, f) == 0 &&
	    manifest_add_record(&b, &record,
		KEYWORD_USER | KEYWORD_GROUP | KEYWORD_CAPS, f) == 0 &&
	    manifest_add_caps(&b, NULL, f) == 0)
		r = 0;
	buf_release(&b);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	struct entry e = { .path = "a name of some length # and more",
		.type = ENTRY_LINK,
		.link = "a target of some length [ and more of it",
		.uname = "root" };

	(void)state;
	alloc_fail_each(write_all, &e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_stand_in_the_promised_order),
		cmocka_unit_test(number_stands_where_there_is_no_name),
		cmocka_unit_test(
		    keywords_that_a_type_does_not_have_are_left_out),
		cmocka_unit_test(bare_names_begin_with_a_dot_and_slash),
		cmocka_unit_test(line_that_no_reader_takes_is_a_fault),
		cmocka_unit_test(notes_say_what_binds),
		cmocka_unit_test(notes_of_records_say_whose_deeds_they_are),
		cmocka_unit_test(capabilities_are_text_or_hex_or_none),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
