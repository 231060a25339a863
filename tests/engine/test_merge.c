/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "recorded.h"
#include "scratch.h"

#include "engine/merge.h"

static const struct merge_options of_foo = {
	.package = { "pkg/foo", "pkg/.control.foo" },
};

static const struct merge_package siblings[] = {
	{ "pkg/foo-doc", "pkg/.control.foo-doc" },
	{ "pkg/foo-dev", "pkg/.control.foo-dev" },
};

static const struct merge_options with_siblings = {
	.package = { "pkg/foo", "pkg/.control.foo" },
	.siblings = siblings,
	.sibling_count = 2,
};

/* The same build, seen from foo-doc. */
static const struct merge_package siblings_of_doc[] = {
	{ "pkg/foo", "pkg/.control.foo" },
	{ "pkg/foo-dev", "pkg/.control.foo-dev" },
};

static const struct merge_options of_doc = {
	.package = { "pkg/foo-doc", "pkg/.control.foo-doc" },
	.siblings = siblings_of_doc,
	.sibling_count = 2,
};

static void
make_packages(void)
{
	scratch_dir("pkg/foo");
	scratch_dir("pkg/foo-doc");
	scratch_dir("pkg/foo-dev");
}

static void
say(const char *package, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "pkg/.control.%s/.mtree", package);
	scratch_file(path, text);
}

static void
merge(struct tree *t, const struct merge_options *o)
{
	struct fault f = { 0 };

	if (merge_load(t, o, &f) < 0)
		fail_msg("%s", f.text);
}

/* The merge fails in these words. */
static void
refuse(const struct merge_options *o, enum fault_kind kind, const char *words)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	assert_refused(merge_load(&t, o, &f), &f, kind, words);
	tree_release(&t);
}

static const struct entry *
find(const struct tree *t, const char *path)
{
	const struct entry *e = tree_find(t, path);

	if (e == NULL)
		fail_msg("'%s' is missing", path);
	return e;
}

static void
expect_owner(const struct tree *t, const char *path, const char *uname,
    const char *gname)
{
	const struct entry *e = find(t, path);

	assert_string_equal(e->uname, uname);
	assert_string_equal(e->gname, gname);
}

static void
without_overrides_all_belongs_to_root(void **state)
{
	const struct merge_options o = { .package = { "pkg/foo", NULL } };
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/usr/bin/su", "");
	scratch_symlink("su", "pkg/foo/usr/bin/sulink");
	must(chmod("pkg/foo/usr/bin/su", 04755));
	merge(&t, &o);
	assert_int_equal(t.count, 4);
	for (size_t i = 0; i < t.count; i++) {
		assert_string_equal(t.entries[i].uname, "root");
		assert_string_equal(t.entries[i].gname, "root");
		assert_int_equal(t.entries[i].uid, 0);
		assert_false(t.entries[i].is_changed);
	}
	assert_int_equal(find(&t, "usr/bin/su")->mode, 04755);
	tree_release(&t);
}

static void
an_override_changes_what_it_binds_and_nothing_else(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/usr/file", "");
	must(chmod("pkg/foo/usr/file", 0600));
	say("foo",
	    "#amtree bind=gname\n"
	    "usr/file gname=www uname=other mode=755 type=file\n");
	merge(&t, &of_foo);
	expect_owner(&t, "usr/file", "root", "www");
	assert_int_equal(find(&t, "usr/file")->mode, 0600);
	assert_true(find(&t, "usr/file")->is_changed);
	assert_false(find(&t, "usr")->is_changed);
	tree_release(&t);
}

static void
a_privileged_file_of_a_service_user_carries_the_number_of_nobody(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/setuid", "");
	scratch_file("pkg/foo/plain", "");
	must(chmod("pkg/foo/setuid", 04755));
	say("foo", "./setuid uname=www\n./plain uname=www\n");
	merge(&t, &of_foo);
	assert_int_equal(find(&t, "setuid")->uid, 65534);
	assert_int_equal(find(&t, "setuid")->gid, 0);
	assert_int_equal(find(&t, "plain")->uid, 0);
	tree_release(&t);
}

static void
a_missing_file_is_a_fault_that_suggests_a_name(void **state)
{
	(void)state;
	scratch_file("pkg/foo/usr/bin/sudoedit", "");
	say("foo", "#mtree v2.0\nusr/bin/sudoedti uname=www\n");
	refuse(&of_foo, FAULT_INPUT,
	    "pkg/.control.foo/.mtree:2: 'usr/bin/sudoedti' does not exist");
	refuse(&of_foo, FAULT_INPUT, "did you mean 'usr/bin/sudoedit'?");
	say("foo", "usr/sbin/sudoedit uname=www\n");
	refuse(&of_foo, FAULT_INPUT, "did you mean 'usr/bin/sudoedit'?");
}

static void
a_missing_file_that_is_optional_is_none(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/file", "");
	say("foo", "./none uname=www optional\n./file uname=www optional\n");
	merge(&t, &of_foo);
	assert_int_equal(t.count, 1);
	expect_owner(&t, "file", "www", "root");
	tree_release(&t);
}

static void
what_is_declared_with_its_type_is_created(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_dir("pkg/foo/dev");
	say("foo",
	    "dev/null type=char device=native,1,3 mode=666 gname=tty\n"
	    "dev/link type=link link=null\n"
	    "dev/pipe type=fifo mode=600\n"
	    "./aaa type=dir mode=2755\n"
	    "aaa/bbb type=dir mode=700\n");
	merge(&t, &of_foo);
	assert_int_equal(t.count, 6);
	assert_string_equal(t.entries[0].path, "aaa");
	assert_int_equal(find(&t, "dev/null")->type, ENTRY_CHAR);
	assert_int_equal(find(&t, "dev/null")->major, 1);
	assert_int_equal(find(&t, "dev/null")->minor, 3);
	assert_int_equal(find(&t, "dev/null")->mtime, 0);
	expect_owner(&t, "dev/null", "root", "tty");
	assert_string_equal(find(&t, "dev/link")->link, "null");
	assert_int_equal(find(&t, "dev/link")->mode, 0777);
	assert_int_equal(find(&t, "dev/pipe")->mode, 0600);
	assert_int_equal(find(&t, "aaa")->mode, 02755);
	assert_true(find(&t, "aaa/bbb")->is_created);
	assert_false(scratch_has("pkg/foo/aaa"));
	tree_release(&t);
}

static void
what_cannot_be_created_is_a_fault(void **state)
{
	(void)state;
	scratch_file("pkg/foo/file", "");
	say("foo", "./new type=file mode=644\n");
	refuse(&of_foo, FAULT_INPUT, "'new' does not exist");
	say("foo", "./new type=link\n");
	refuse(&of_foo, FAULT_INPUT, "has no link target");
	say("foo", "./new type=char\n");
	refuse(&of_foo, FAULT_INPUT, "has no device number");
	say("foo", "none/new type=dir mode=755\n");
	refuse(&of_foo, FAULT_INPUT, "there is no directory 'none'");
	say("foo", "file/new type=dir mode=755\n");
	refuse(&of_foo, FAULT_INPUT, "there is no directory 'file'");
}

static void
a_type_that_contradicts_the_file_is_a_fault(void **state)
{
	(void)state;
	scratch_file("pkg/foo/file", "");
	say("foo", "#mtree v2.0\n./file type=dir\n");
	refuse(&of_foo, FAULT_INPUT,
	    "pkg/.control.foo/.mtree:2: 'file': is declared as type=dir, but it "
	    "is a file");
}

static void
a_broken_line_is_a_fault_with_file_and_line(void **state)
{
	(void)state;
	scratch_file("pkg/foo/file", "");
	say("foo", "./file mode=644\n./file uidd=7\n");
	refuse(&of_foo, FAULT_INPUT,
	    "pkg/.control.foo/.mtree:2: unknown keyword 'uidd'");
}

static void
an_override_follows_its_file_to_a_sibling(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	make_packages();
	scratch_file("pkg/foo-doc/usr/file", "");
	say("foo", "usr/file uname=www\n");
	merge(&t, &with_siblings);
	assert_int_equal(t.count, 0);
	tree_release(&t);
	merge(&t, &of_doc);
	expect_owner(&t, "usr/file", "www", "root");
	tree_release(&t);
}

static void
what_the_new_package_says_itself_goes_before(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	make_packages();
	scratch_file("pkg/foo-doc/usr/file", "");
	say("foo", "usr/file uname=www gname=www\n");
	say("foo-doc", "usr/file uname=doc\n");
	merge(&t, &of_doc);
	assert_string_equal(find(&t, "usr/file")->uname, "doc");
	tree_release(&t);
}

static void
a_file_that_stayed_gives_nothing_away(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/usr/file", "");
	scratch_file("pkg/foo-doc/usr/file", "");
	say("foo", "usr/file uname=www\n");
	merge(&t, &with_siblings);
	expect_owner(&t, "usr/file", "www", "root");
	tree_release(&t);
	merge(&t, &of_doc);
	expect_owner(&t, "usr/file", "root", "root");
	tree_release(&t);
}

static void
a_file_moved_to_several_packages_is_a_fault_that_names_them(void **state)
{
	(void)state;
	make_packages();
	scratch_file("pkg/foo-doc/usr/file", "");
	scratch_file("pkg/foo-dev/usr/file", "");
	say("foo", "usr/file uname=www\n");
	refuse(&with_siblings, FAULT_INPUT, "pkg/foo-doc");
	refuse(&with_siblings, FAULT_INPUT, "pkg/foo-dev");
	refuse(&of_doc, FAULT_INPUT, "pkg/foo-doc");
	refuse(&of_doc, FAULT_INPUT, "pkg/foo-dev");
}

static void
two_packages_that_claim_one_moved_file_are_a_fault(void **state)
{
	(void)state;
	make_packages();
	scratch_file("pkg/foo-doc/usr/file", "");
	say("foo", "usr/file uname=www\n");
	say("foo-dev", "usr/file uname=dev\n");
	refuse(&of_doc, FAULT_INPUT, "pkg/.control.foo/.mtree:1");
	refuse(&of_doc, FAULT_INPUT, "pkg/.control.foo-dev/.mtree:1");
}

static void
missing_from_all_packages_is_a_fault(void **state)
{
	(void)state;
	make_packages();
	say("foo", "usr/file uname=www\n");
	refuse(&with_siblings, FAULT_INPUT, "'usr/file' does not exist");
}

static void
all_names_of_a_file_share_an_override(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/a", "");
	must(link("pkg/foo/a", "pkg/foo/b"));
	must(link("pkg/foo/a", "pkg/foo/c"));
	say("foo", "./b uname=www mode=4711\n");
	merge(&t, &of_foo);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(t.entries[i].uname, "www");
		assert_int_equal(t.entries[i].mode, 04711);
		assert_int_equal(t.entries[i].uid, 65534);
		assert_true(t.entries[i].is_changed);
	}
	tree_release(&t);
}

static void
names_of_a_file_may_not_disagree_but_may_add_up(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/a", "");
	must(link("pkg/foo/a", "pkg/foo/b"));
	say("foo", "./a uname=www\n./b uname=other\n");
	refuse(&of_foo, FAULT_INPUT, "'a' and 'b' are one file");
	say("foo", "./a uname=www\n./b gname=other\n");
	merge(&t, &of_foo);
	expect_owner(&t, "a", "www", "other");
	expect_owner(&t, "b", "www", "other");
	tree_release(&t);
}

static void
a_file_with_names_outside_the_package_is_as_any(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("elsewhere", "");
	scratch_dir("pkg/foo");
	must(link("elsewhere", "pkg/foo/a"));
	say("foo", "./a uname=www\n");
	merge(&t, &of_foo);
	expect_owner(&t, "a", "www", "root");
	tree_release(&t);
}

static void
the_epoch_is_the_time_of_every_entry(void **state)
{
	struct merge_options o = of_foo;
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("pkg/foo/file", "");
	say("foo", "./file time=5.000000007\n./new type=dir mode=755\n");
	merge(&t, &o);
	assert_int_equal(find(&t, "file")->mtime, 5);
	assert_int_equal(find(&t, "file")->mtime_nsec, 7);
	assert_int_equal(find(&t, "new")->mtime, 0);
	tree_release(&t);
	o.has_epoch = true;
	o.epoch = 1700000000;
	merge(&t, &o);
	for (size_t i = 0; i < t.count; i++) {
		assert_int_equal(t.entries[i].mtime, 1700000000);
		assert_int_equal(t.entries[i].mtime_nsec, 0);
	}
	tree_release(&t);
}

static const struct merge_options by_manifest = {
	.package = { "pkg/foo", NULL },
	.manifest = "manifest",
};

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

static void
a_root_that_is_missing_is_a_fault(void **state)
{
	(void)state;
	refuse(&of_foo, FAULT_SYSTEM, "cannot open 'pkg/foo'");
	scratch_dir("pkg/foo");
	refuse(&with_siblings, FAULT_SYSTEM, "cannot open 'pkg/foo-doc'");
}

static void
a_check_tells_all_that_is_wrong(void **state)
{
	struct heard heard = { 0 };
	const struct notice n = { heard_say, &heard };
	struct merge_options o = of_foo;
	struct fault f = { 0 };

	(void)state;
	o.notice = &n;
	scratch_file("pkg/foo/file", "");
	say("foo", "./file mode=600\n");
	assert_int_equal(merge_check(&o, &f), 0);
	assert_int_equal(heard.count, 0);
	say("foo",
	    "./file type=dir\n"
	    "usr/none uname=www\n"
	    "usr/nothing uname=www\n"
	    "./new type=link\n");
	assert_int_equal(merge_check(&o, &f), 4);
	assert_int_equal(f.kind, FAULT_NONE);
	assert_int_equal(heard.count, 4);
	assert_non_null(buf_end(&heard.lines, &f));
	for (char line = '1'; line <= '4'; line++) {
		char place[] = "pkg/.control.foo/.mtree:N: ";

		*strchr(place, 'N') = line;
		assert_non_null(strstr(heard.lines.data, place));
	}
	buf_release(&heard.lines);
}

static void
a_check_of_what_is_not_there_is_a_fault(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(merge_check(&of_foo, &f), -1);
	assert_int_equal(f.kind, FAULT_SYSTEM);
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

static int
load(void *arg, struct fault *f)
{
	struct tree t = TREE_INIT;
	const int r = merge_load(&t, arg, f);

	tree_release(&t);
	return r;
}

static int
load_names(void *arg, struct fault *f)
{
	struct merge_options o = with_siblings;

	(void)arg;
	o.names = "a\0b\0usr";
	o.names_len = 8;
	return load(&o, f);
}

static int
check(void *arg, struct fault *f)
{
	return merge_check(arg, f);
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	struct merge_options o = with_siblings, doc = of_doc, m = by_manifest;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a", "");
	must(link("pkg/foo/a", "pkg/foo/b"));
	scratch_file("pkg/foo/usr/file", "");
	scratch_file("pkg/foo-doc/usr/share/doc", "");
	must(chmod("pkg/foo/usr", 0));
	say("foo",
	    "./a uname=www\n./b gname=www\nusr/share/doc gname=doc\n"
	    "./new type=link link=a\n");
	say("foo-doc", "usr/share/doc uname=doc\n");
	scratch_file("manifest", "./a uname=www\nusr/file mode=600\n");
	recorded_begin();
	recorded_add("pkg/foo/a", "uname=www gname=www caps=cap_kill=p");
	o.journal = "journal";
	alloc_fail_each(load, &o);
	alloc_fail_each(load, &doc);
	alloc_fail_each(load, &m);
	alloc_fail_each(load_names, NULL);
	alloc_fail_each(check, &o);
	assert_int_equal(scratch_mode("pkg/foo/usr"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(without_overrides_all_belongs_to_root),
		test(an_override_changes_what_it_binds_and_nothing_else),
		test(
		    a_privileged_file_of_a_service_user_carries_the_number_of_nobody),
		test(a_missing_file_is_a_fault_that_suggests_a_name),
		test(a_missing_file_that_is_optional_is_none),
		test(what_is_declared_with_its_type_is_created),
		test(what_cannot_be_created_is_a_fault),
		test(a_type_that_contradicts_the_file_is_a_fault),
		test(a_broken_line_is_a_fault_with_file_and_line),
		test(an_override_follows_its_file_to_a_sibling),
		test(what_the_new_package_says_itself_goes_before),
		test(a_file_that_stayed_gives_nothing_away),
		test(
		    a_file_moved_to_several_packages_is_a_fault_that_names_them),
		test(two_packages_that_claim_one_moved_file_are_a_fault),
		test(missing_from_all_packages_is_a_fault),
		test(all_names_of_a_file_share_an_override),
		test(names_of_a_file_may_not_disagree_but_may_add_up),
		test(a_file_with_names_outside_the_package_is_as_any),
		test(the_epoch_is_the_time_of_every_entry),
		test(a_manifest_takes_the_place_of_tree_and_overrides),
		test(a_manifest_that_the_tree_does_not_match_is_a_fault),
		test(names_take_the_place_of_a_walk),
		test(names_that_cannot_be_are_faults),
		test(a_named_socket_is_left_out_with_a_notice),
		test(a_root_that_is_missing_is_a_fault),
		test(a_check_tells_all_that_is_wrong),
		test(a_check_of_what_is_not_there_is_a_fault),
		test(a_journal_gives_each_file_what_was_recorded),
		test(every_name_of_a_recorded_file_has_its_record),
		test(what_is_said_goes_by_how_sure_it_is),
		test(a_recorded_device_is_one_in_the_package),
		test(a_recorded_line_creates_nothing_and_misses_nothing),
		test(a_journal_that_cannot_be_read_is_a_fault),
		test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
