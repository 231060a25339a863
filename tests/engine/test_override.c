/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "engine/override.h"
#include "format/caps.h"

/* Settle what a file with this text says. */
static void
load(struct override_set *set, const char *text)
{
	struct fault f = { 0 };

	scratch_file("mtree", text);
	assert_ok(override_load(set, "mtree", &f), &f);
	override_settle(set);
}

static const struct spec *
find(const struct override_set *set, const char *path)
{
	const struct spec *s = override_find(set, path);

	if (s == NULL)
		fail_msg("nothing is said about '%s'", path);
	return s;
}

static void
several_entries_of_a_path_add_up_and_the_later_wins(void **state)
{
	struct override_set set = { 0 };
	const struct spec *s;

	(void)state;
	load(&set,
	    "a/b uname=foo mode=755\n"
	    "a/c uname=other\n"
	    "./a/b gname=bar mode=4711\n");
	s = find(&set, "a/b");
	assert_int_equal(set.count, 2);
	assert_int_equal(s->binds, KEYWORD_USER | KEYWORD_GROUP | KEYWORD_MODE);
	assert_string_equal(s->entry.uname, "foo");
	assert_string_equal(s->entry.gname, "bar");
	assert_int_equal(s->entry.mode, 04711);
	assert_int_equal(s->line, 3);
	assert_string_equal(find(&set, "a/c")->entry.uname, "other");
	override_release(&set);
}

static void
only_what_an_entry_binds_counts(void **state)
{
	struct override_set set = { 0 };
	const struct spec *s;

	(void)state;
	load(&set,
	    "#amtree bind=uname\n"
	    "a/b gname=root uname=foo mode=644 type=file\n"
	    "#amtree bind=gname\n"
	    "a/b gname=bar uname=root mode=600 type=file\n");
	s = find(&set, "a/b");
	assert_int_equal(s->binds, KEYWORD_USER | KEYWORD_GROUP);
	assert_string_equal(s->entry.uname, "foo");
	assert_string_equal(s->entry.gname, "bar");
	override_release(&set);
}

static void
a_number_takes_the_place_of_an_earlier_name(void **state)
{
	struct override_set set = { 0 };
	const struct spec *s;

	(void)state;
	load(&set, "a/b uname=foo gid=5\na/b uid=7 gname=bar\n");
	s = find(&set, "a/b");
	assert_null(s->entry.uname);
	assert_int_equal(s->entry.uid, 7);
	assert_string_equal(s->entry.gname, "bar");
	override_release(&set);
}

static void
optional_once_is_optional_for_good(void **state)
{
	struct override_set set = { 0 };

	(void)state;
	load(&set, "a/b optional uname=foo\na/b uname=bar\n");
	assert_true(find(&set, "a/b")->has & KEYWORD_OPTIONAL);
	override_release(&set);
}

static void
capabilities_can_be_taken_back(void **state)
{
	struct override_set set = { 0 };
	const struct spec *s;

	(void)state;
	load(&set,
	    "#amtree bind=caps caps=cap_net_raw=ep\na/b type=file\n"
	    "#amtree bind=caps caps=none\na/b type=file\n");
	s = find(&set, "a/b");
	assert_true(s->binds & KEYWORD_CAPS);
	assert_null(s->caps);
	override_release(&set);
}

static void
entries_are_found_by_path_whatever_their_order(void **state)
{
	static const char *const paths[] = { "a", "a-b", "a/b", "b", "z/z" };
	struct override_set set = { 0 };

	(void)state;
	load(&set,
	    "./z/z mode=1\n./b mode=2\n./a/b mode=3\n./a mode=4\n./a-b mode=5\n");
	for (size_t i = 0; i < set.count; i++) {
		assert_string_equal(set.specs[i].entry.path, paths[i]);
		assert_ptr_equal(find(&set, paths[i]), &set.specs[i]);
	}
	assert_null(override_find(&set, "a/"));
	assert_null(override_find(&set, "c"));
	override_release(&set);
}

static void
a_missing_file_says_nothing(void **state)
{
	struct override_set set = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(override_load(&set, "none", &f), &f);
	override_settle(&set);
	assert_int_equal(set.count, 0);
	assert_null(override_find(&set, "a"));
	override_release(&set);
}

static void
a_directory_is_no_override_file(void **state)
{
	struct override_set set = { 0 };
	struct fault f = { 0 };

	(void)state;
	scratch_dir("mtree");
	assert_fault(override_load(&set, "mtree", &f), &f, FAULT_INPUT,
	    "'mtree' is a directory");
	override_release(&set);
}

static void
a_fault_names_file_and_line(void **state)
{
	struct override_set set = { 0 };
	struct fault f = { 0 };

	(void)state;
	scratch_file("mtree", "#mtree v2.0\na/b mode=755\n\na/c uidd=7\n");
	assert_fault(override_load(&set, "mtree", &f), &f, FAULT_INPUT,
	    "mtree:4: unknown keyword 'uidd'");
	override_release(&set);
}

static void
a_hundred_thousand_lines_for_one_path_are_one_entry(void **state)
{
	struct override_set set = { 0 };
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	for (int i = 1; i <= 100000; i++)
		assert_ok(buf_addf(&text, &f, "a/b uid=%d\n", i), &f);
	assert_non_null(buf_end(&text, &f));
	load(&set, text.data);
	assert_int_equal(set.count, 1);
	assert_int_equal(find(&set, "a/b")->entry.uid, 100000);
	override_release(&set);
	buf_release(&text);
}

static void
only_values_that_both_bind_conflict(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned want;
	} cases[] = {
		{ "./x uname=a", "./x uname=b", KEYWORD_USER },
		{ "./x uname=a", "./x uname=a", 0 },
		{ "./x uname=a", "./x gname=b", 0 },
		{ "./x uid=5", "./x uname=a", KEYWORD_USER },
		{ "./x uid=5", "./x uid=6", KEYWORD_USER },
		{ "./x uid=0", "./x uname=root", 0 },
		{ "./x gname=a mode=755", "./x gname=b mode=644",
		    KEYWORD_MODE },
		{ "./x type=link link=a", "./x type=link link=b",
		    KEYWORD_LINK },
		{ "./x device=native,1,2", "./x device=native,1,3",
		    KEYWORD_DEVICE },
		{ "./x time=1.0", "./x time=1.5", KEYWORD_TIME },
		{ "#amtree caps=none\n./x", "#amtree caps==\n./x",
		    KEYWORD_CAPS },
		{ "#amtree caps=all=p\n./x", "#amtree caps==p\n./x", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct override_set a = { 0 }, b = { 0 };
		char text[128];
		unsigned got;

		snprintf(text, sizeof(text), "%s\n", cases[i].a);
		load(&a, text);
		snprintf(text, sizeof(text), "%s\n", cases[i].b);
		load(&b, text);
		got = override_conflict(find(&a, "x"), find(&b, "x"));
		if (got != cases[i].want)
			fail_msg("%s, %s: %u", cases[i].a, cases[i].b, got);
		assert_int_equal(
		    override_conflict(find(&b, "x"), find(&a, "x")), got);
		override_release(&a);
		override_release(&b);
	}
}

static void
only_a_bound_type_that_is_no_file_creates(void **state)
{
	struct override_set set = { 0 };

	(void)state;
	load(&set,
	    "./dir type=dir\n./file type=file\n./none mode=755\n"
	    "#amtree bind=mode\n./unbound type=dir mode=755\n");
	assert_true(override_creates(find(&set, "dir")));
	assert_false(override_creates(find(&set, "file")));
	assert_false(override_creates(find(&set, "none")));
	assert_false(override_creates(find(&set, "unbound")));
	override_release(&set);
}

static const struct entry a_file = {
	.path = "x",
	.uname = "root",
	.gname = "root",
	.size = 7,
	.mode = 0755,
	.type = ENTRY_FILE,
};

/* Lay the one entry of `text` over `e`. */
static int
apply(struct entry *e, const char *text, struct arena *arena, struct fault *f)
{
	struct override_set set = { 0 };
	int r;

	load(&set, text);
	r = override_apply(e, find(&set, "x"), arena, f);
	arena_adopt(arena, &set.arena);
	override_release(&set);
	return r;
}

static void
applying_gives_what_is_bound_and_marks_what_changed(void **state)
{
	struct entry e = a_file;
	struct arena arena = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(apply(&e, "./x uname=root mode=755\n", &arena, &f), &f);
	assert_false(e.is_changed);
	assert_ok(
	    apply(&e, "./x uname=www mode=4711 size=99\n", &arena, &f), &f);
	assert_true(e.is_changed);
	assert_string_equal(e.uname, "www");
	assert_string_equal(e.gname, "root");
	assert_int_equal(e.mode, 04711);
	assert_int_equal(e.size, 7);
	assert_string_equal(e.path, "x");
	arena_release(&arena);
}

static void
what_cannot_be_is_a_fault_and_changes_nothing(void **state)
{
	static const struct {
		const char *text, *words;
		uint8_t type;
	} cases[] = {
		{ "./x type=dir\n", "is declared as type=dir, but it is a file",
		    ENTRY_FILE },
		{ "./x link=y\n", "has a link target, but it is a file",
		    ENTRY_FILE },
		{ "./x device=native,1,2\n",
		    "has a device number, but it is a dir", ENTRY_DIR },
		{ "#amtree caps=cap_kill=p\n./x\n",
		    "has capabilities, but it is a dir", ENTRY_DIR },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct entry e = a_file;
		struct arena arena = { 0 };
		struct fault f = { 0 };

		e.type = cases[i].type;
		assert_fault(apply(&e, cases[i].text, &arena, &f), &f,
		    FAULT_INPUT, cases[i].words);
		assert_int_equal(e.type, cases[i].type);
		assert_false(e.is_changed);
		arena_release(&arena);
	}
}

static void
a_symbolic_link_has_no_mode_to_change(void **state)
{
	struct entry e = a_file;
	struct arena arena = { 0 };
	struct fault f = { 0 };

	(void)state;
	e.type = ENTRY_LINK;
	e.mode = 0777;
	e.link = "target";
	assert_ok(apply(&e, "./x mode=755\n", &arena, &f), &f);
	assert_int_equal(e.mode, 0777);
	assert_false(e.is_changed);
	arena_release(&arena);
}

static void
capabilities_take_their_place_among_the_attributes(void **state)
{
	const struct xattr last = { NULL, "user.z", "1", 1 };
	const struct xattr old = { &last, ENTRY_CAPS_XATTR, "old", 3 };
	const struct xattr first = { &old, "security.a", "2", 1 };
	struct entry e = a_file;
	struct arena arena = { 0 };
	struct fault f = { 0 };

	(void)state;
	e.xattrs = &first;
	assert_ok(apply(&e, "#amtree caps=cap_kill=p\n./x\n", &arena, &f), &f);
	assert_string_equal(e.xattrs->name, "security.a");
	assert_string_equal(e.xattrs->next->name, ENTRY_CAPS_XATTR);
	assert_int_equal(e.xattrs->next->len, CAPS_XATTR_LEN);
	assert_string_equal(e.xattrs->next->next->name, "user.z");
	assert_null(e.xattrs->next->next->next);
	assert_true(e.is_changed && e.is_caps_set);

	assert_ok(apply(&e, "#amtree caps=none\n./x\n", &arena, &f), &f);
	assert_string_equal(e.xattrs->next->name, "user.z");
	assert_null(e.xattrs->next->next);
	assert_null(entry_caps(&e));

	e.xattrs = NULL;
	assert_ok(apply(&e, "#amtree caps=cap_kill=p\n./x\n", &arena, &f), &f);
	assert_non_null(entry_caps(&e));
	assert_null(e.xattrs->next);
	arena_release(&arena);
}

static int
load_and_apply(void *arg, struct fault *f)
{
	struct override_set set = { 0 };
	struct arena arena = { 0 };
	struct entry e = a_file;
	int r = -1;

	(void)arg;
	if (override_load(&set, "mtree", f) == 0) {
		override_settle(&set);
		r = override_apply(&e, override_find(&set, "x"), &arena, f);
	}
	arena_release(&arena);
	override_release(&set);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	(void)state;
	scratch_file("mtree",
	    "/set gname=wheel\n./y type=file\n"
	    "#amtree bind=uname,caps caps=cap_kill=p\n"
	    "./x uname=www mode=755 \\\n type=file\n"
	    "dir type=dir\nlink type=link link=a\n..\n");
	alloc_fail_each(load_and_apply, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(several_entries_of_a_path_add_up_and_the_later_wins),
		test(only_what_an_entry_binds_counts),
		test(a_number_takes_the_place_of_an_earlier_name),
		test(optional_once_is_optional_for_good),
		test(capabilities_can_be_taken_back),
		test(entries_are_found_by_path_whatever_their_order),
		test(a_missing_file_says_nothing),
		test(a_directory_is_no_override_file),
		test(a_fault_names_file_and_line),
		test(a_hundred_thousand_lines_for_one_path_are_one_entry),
		test(only_values_that_both_bind_conflict),
		test(only_a_bound_type_that_is_no_file_creates),
		test(applying_gives_what_is_bound_and_marks_what_changed),
		test(what_cannot_be_is_a_fault_and_changes_nothing),
		test(a_symbolic_link_has_no_mode_to_change),
		test(capabilities_take_their_place_among_the_attributes),
		test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("override", tests, NULL, NULL);
}
