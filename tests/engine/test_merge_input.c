/* SPDX-License-Identifier: BSD-2-Clause */
#include "heard.h"
#include "recorded.h"
#include "scratch.h"
#include "test_merge.h"

#include "engine/merge.h"

static void
a_manifest_takes_the_place_of_tree_and_overrides(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/listed", "12345");
	scratch_file("pkg/foo/not-listed", "");
	scratch_file("pkg/foo/.hidden", "");
	say("foo", "./listed uname=other\n");
	scratch_file("manifest",
	    "#mtree v2.0\n"
	    "./.hidden mode=600 type=file\n"
	    "./listed gname=www gid=0 uname=root uid=0 mode=640 type=file "
	    "size=5 time=7.000000000\n"
	    "./made type=dir mode=700\n");
	merge(&t, &by_manifest);
	assert_int_equal(t.count, 3);
	expect_owner(&t, "listed", "root", "www");
	assert_int_equal(find(&t, "listed")->mode, 0640);
	assert_int_equal(find(&t, "listed")->mtime, 7);
	assert_int_equal(find(&t, ".hidden")->mode, 0600);
	assert_true(find(&t, "made")->is_created);
	tree_release(&t);
}

static void
a_manifest_that_the_tree_does_not_match_is_a_fault(void **state)
{
	(void)state;
	scratch_file("pkg/foo/file", "12345");
	scratch_symlink("file", "pkg/foo/link");
	scratch_file("manifest", "#mtree v2.0\n./file type=file size=6\n");
	refuse(&by_manifest, FAULT_INPUT, "manifest:2: 'file'");
	refuse(&by_manifest, FAULT_INPUT, "6 bytes");
	scratch_file("manifest", "#mtree v2.0\n./none type=file\n");
	refuse(&by_manifest, FAULT_INPUT, "manifest:2: 'none' does not exist");
	scratch_file("manifest", "#mtree v2.0\n./link type=file\n");
	refuse(&by_manifest, FAULT_INPUT, "but it is a link");
	must(unlink("manifest"));
	refuse(&by_manifest, FAULT_SYSTEM, "cannot open 'manifest'");
}

static void
names_take_the_place_of_a_walk(void **state)
{
	static const char names[] = "./b\0.hidden\0dir/file";
	struct merge_options o = of_foo;
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/a", "");
	scratch_file("pkg/foo/b", "");
	scratch_file("pkg/foo/.hidden", "");
	scratch_file("pkg/foo/dir/file", "");
	say("foo", "./a uname=www\n./b uname=www\n");
	o.names = names;
	o.names_len = sizeof(names);
	merge(&t, &o);
	assert_int_equal(t.count, 3);
	assert_string_equal(t.entries[0].path, ".hidden");
	expect_owner(&t, "b", "www", "root");
	assert_string_equal(t.entries[2].path, "dir/file");
	tree_release(&t);
}

static void
names_that_cannot_be_are_faults(void **state)
{
	static const struct {
		const char *names;
		size_t len;
		const char *words;
	} cases[] = {
		{ "none", 5, "'none' does not exist" },
		{ "../foo/a", 9, "'..' in path" },
		{ "/etc/passwd", 12, "absolute path" },
		{ "a\0a", 4, "'a' is there twice" },
		{ "a\0\0b", 5, "empty path" },
		{ "link/a", 7, "does not exist" },
	};

	(void)state;
	scratch_file("pkg/foo/a", "");
	scratch_file("pkg/foo/b", "");
	scratch_symlink(".", "pkg/foo/link");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct merge_options o = of_foo;

		o.names = cases[i].names;
		o.names_len = cases[i].len;
		refuse(&o, FAULT_INPUT, cases[i].words);
	}
}

static void
a_named_socket_is_left_out_with_a_notice(void **state)
{
	struct heard heard = { 0 };
	const struct notice n = { heard_say, &heard };
	struct merge_options o = of_foo;
	struct tree t = TREE_INIT;

	(void)state;
	scratch_socket("pkg/foo/socket");
	o.names = "socket";
	o.names_len = 7;
	o.notice = &n;
	merge(&t, &o);
	assert_int_equal(t.count, 0);
	heard_expect(&heard, "'socket' is a socket: left out\n");
	tree_release(&t);
}

/* The merge of foo, with what the journal says. */
static struct merge_options
with_journal(void)
{
	struct merge_options o = of_foo;

	o.journal = "journal";
	return o;
}

static void
a_journal_gives_each_file_what_was_recorded(void **state)
{
	const struct merge_options o = with_journal();
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/usr/su", "x");
	scratch_file("pkg/foo/usr/plain", "");
	scratch_symlink("su", "pkg/foo/usr/link");
	recorded_begin();
	recorded_add(
	    "pkg/foo/usr/su", "uname=www gid=82 mode=4755 caps=cap_kill=p");
	recorded_add("pkg/foo/usr/link", "uname=www mode=600 caps=cap_kill=p");
	recorded_add("pkg/foo/usr", "gname=www");
	recorded_add("pkg/foo", "uname=www");
	must(rename("pkg/foo/usr", "pkg/foo/opt"));
	merge(&t, &o);
	expect_owner(&t, "opt/plain", "root", "root");
	expect_owner(&t, "opt", "root", "www");
	expect_owner(&t, "opt/link", "www", "root");
	assert_int_equal(find(&t, "opt/link")->mode, 0777);
	assert_null(entry_caps(find(&t, "opt/link")));
	assert_string_equal(find(&t, "opt/su")->uname, "www");
	assert_int_equal(find(&t, "opt/su")->uid, 65534);
	assert_int_equal(find(&t, "opt/su")->gid, 82);
	assert_int_equal(find(&t, "opt/su")->mode, 04755);
	assert_non_null(entry_caps(find(&t, "opt/su")));
	assert_true(find(&t, "opt/su")->is_caps_set);
	assert_true(find(&t, "opt/su")->is_changed);
	assert_false(find(&t, "opt/plain")->is_changed);
	tree_release(&t);
}

static void
every_name_of_a_recorded_file_has_its_record(void **state)
{
	const struct merge_options o = with_journal();
	struct tree t = TREE_INIT;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a", "");
	recorded_begin();
	recorded_add("pkg/foo/a", "uname=www");
	must(link("pkg/foo/a", "pkg/foo/b"));
	say("foo", "./b gname=grp\n");
	merge(&t, &o);
	expect_owner(&t, "a", "www", "grp");
	expect_owner(&t, "b", "www", "grp");
	tree_release(&t);
}

static void
what_is_said_goes_by_how_sure_it_is(void **state)
{
	struct merge_options o = of_doc;
	struct tree t = TREE_INIT;

	(void)state;
	make_packages();
	o.journal = "journal";
	scratch_file("pkg/foo-doc/a/own", "");
	scratch_file("pkg/foo-doc/a/moved", "");
	scratch_file("pkg/foo-doc/a/journal", "");
	scratch_file("pkg/foo-doc/a/recorded", "");
	scratch_file("pkg/foo-doc/a/earlier", "");
	recorded_begin();
	recorded_add("pkg/foo-doc/a/own", "uname=journal");
	recorded_add("pkg/foo-doc/a/moved", "uname=journal");
	recorded_add("pkg/foo-doc/a/journal", "uname=journal");
	say("foo-doc",
	    "a/own uname=own\n"
	    "#amtree recorded\na/own uname=recorded\n"
	    "#amtree recorded\na/moved uname=recorded\n"
	    "#amtree recorded\na/journal uname=recorded\n"
	    "#amtree recorded\na/recorded uname=recorded\n");
	say("foo",
	    "a/own uname=moved\na/moved uname=moved\n"
	    "#amtree recorded\na/moved uname=earlier\n"
	    "#amtree recorded\na/journal uname=earlier\n"
	    "#amtree recorded\na/recorded uname=earlier\n"
	    "#amtree recorded\na/earlier uname=earlier\n");
	merge(&t, &o);
	expect_owner(&t, "a/own", "own", "root");
	expect_owner(&t, "a/moved", "moved", "root");
	expect_owner(&t, "a/journal", "journal", "root");
	expect_owner(&t, "a/recorded", "recorded", "root");
	expect_owner(&t, "a/earlier", "earlier", "root");
	tree_release(&t);
}

static void
a_recorded_device_is_one_in_the_package(void **state)
{
	const struct merge_options o = with_journal();
	struct tree t = TREE_INIT;
	const struct entry *e;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/null", "");
	scratch_file("pkg/foo/tty", "");
	recorded_begin();
	recorded_add("pkg/foo/null", "mode=666 type=char device=native,1,3");
	say("foo",
	    "#amtree recorded bind=type,device\n"
	    "./tty type=char device=native,5,0\n");
	merge(&t, &o);
	e = find(&t, "null");
	assert_int_equal(e->type, ENTRY_CHAR);
	assert_int_equal(e->major, 1);
	assert_int_equal(e->minor, 3);
	assert_int_equal(e->mode, 0666);
	assert_true(e->is_placeholder);
	assert_int_equal(find(&t, "tty")->type, ENTRY_CHAR);
	tree_release(&t);
	scratch_file("pkg/foo/tty", "contents");
	refuse(&o, FAULT_INPUT,
	    "pkg/.control.foo/.mtree:2: 'tty': is declared as type=char, but "
	    "it is a file");
}

static void
a_recorded_line_creates_nothing_and_misses_nothing(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	make_packages();
	say("foo",
	    "#amtree recorded\n./null type=char device=native,1,3 optional\n"
	    "#amtree recorded\nusr/gone uname=www optional\n");
	merge(&t, &of_foo);
	assert_int_equal(t.count, 0);
	tree_release(&t);
	say("foo",
	    "usr/gone mode=644\n"
	    "#amtree recorded\nusr/gone uname=www optional\n");
	refuse(&of_foo, FAULT_INPUT,
	    "pkg/.control.foo/.mtree:1: 'usr/gone' does not exist");
}

static void
a_journal_that_cannot_be_read_is_a_fault(void **state)
{
	const struct merge_options o = with_journal();

	(void)state;
	make_packages();
	refuse(&o, FAULT_SYSTEM, "cannot open journal 'journal': No such file");
	scratch_file("journal", JOURNAL_SIGNATURE "rubbish\n");
	refuse(&o, FAULT_INPUT, "journal:2: 'rubbish' does not say");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_manifest_takes_the_place_of_tree_and_overrides),
		test(a_manifest_that_the_tree_does_not_match_is_a_fault),
		test(names_take_the_place_of_a_walk),
		test(names_that_cannot_be_are_faults),
		test(a_named_socket_is_left_out_with_a_notice),
		test(a_journal_gives_each_file_what_was_recorded),
		test(every_name_of_a_recorded_file_has_its_record),
		test(what_is_said_goes_by_how_sure_it_is),
		test(a_recorded_device_is_one_in_the_package),
		test(a_recorded_line_creates_nothing_and_misses_nothing),
		test(a_journal_that_cannot_be_read_is_a_fault),
	};

	return cmocka_run_group_tests_name("merge_input", tests, NULL, NULL);
}
