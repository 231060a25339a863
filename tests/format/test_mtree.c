/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_mtree.h"

#include "base/buf.h"

#include <string.h>

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

/* Found by fuzz_control: without the record the names behind it were others. */
static void
record_opens_no_directory(void **state)
{
	(void)state;
	assert_read("#amtree recorded\n./usr type=dir\nsu mode=755\n",
	    "2 usr +type=dir\n3 su +mode=755\n");
	assert_read("usr type=dir\n#amtree recorded\nsu mode=755\n",
	    "1 usr +type=dir\n3 usr/su +mode=755\n");
	assert_read("/set type=dir\n#amtree recorded\nusr uid=1\nbin uid=1\n",
	    "! m:3: what was recorded opens a directory (write './usr')");
	assert_read(
	    "usr type=dir\n#amtree recorded bind=uid\nbin uid=1 type=dir\n",
	    "1 usr +type=dir\n"
	    "! m:3: what was recorded opens a directory (write './usr/bin')");
	assert_read("#amtree recorded\n. type=dir\n",
	    "! m:2: what was recorded opens a directory (write './')");
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
		    "a/i mode=1\n"
		    "#amtree\tbind=mode\n"
		    "a/j mode=1 uname=x\n",
	    "2 a/b type=dir mode=775 uname=root +gname=abuild\n"
	    "3 a/c +mode=775 +gname=abuild\n"
	    "5 a/d type=dir mode=775 +uname=root +gname=abuild caps=20\n"
	    "7 a/e +mode=775 +caps=none\n"
	    "9 a/f mode=775 +caps=20\n"
	    "11 a/g +mode=775\n"
	    "13 a/h +type=file +mode=775 uname=x size=5\n"
	    "15 a/i +mode=1\n"
	    "17 a/j +mode=1 uname=x\n");
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
	/* found by fuzz_mtree: all keywords by name are not the same as none */
	assert_read("#amtree caps=none "
		    "bind=type,mode,uname,gname,link,device,time,caps\n"
		    "a type=link mode=777 uid=0 gid=0 link=b time=1.0\n",
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_names_are_entries_with_their_keywords),
		cmocka_unit_test(empty_file_has_no_entries),
		cmocka_unit_test(root_is_no_entry),
		cmocka_unit_test(nested_names_lie_in_the_directory_opened_last),
		cmocka_unit_test(full_name_opens_no_directory),
		cmocka_unit_test(record_opens_no_directory),
		cmocka_unit_test(no_name_leads_out_of_the_root),
		cmocka_unit_test(depth_of_4000_is_no_matter),
		cmocka_unit_test(set_holds_until_it_is_unset),
		cmocka_unit_test(broken_commands_are_refused),
		cmocka_unit_test(note_says_what_binds),
		cmocka_unit_test(note_may_bind_what_set_states),
		cmocka_unit_test(note_needs_an_entry_on_the_next_line),
		cmocka_unit_test(broken_notes_are_refused),
		cmocka_unit_test(broken_capabilities_are_said_with_their_line),
	};

	return cmocka_run_group_tests_name("mtree", tests, NULL, NULL);
}
