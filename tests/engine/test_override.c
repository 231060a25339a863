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
explicit_wins_over_recorded_wherever_it_stands(void **state)
{
	struct override_set set = { 0 };
	const struct spec *s;

	(void)state;
	load(&set,
	    "a/b uname=foo\n"
	    "#amtree recorded\n"
	    "a/b uname=old gname=old mode=600 optional\n"
	    "#amtree recorded bind=gname,mode\n"
	    "a/b uname=no gname=late mode=640 optional\n"
	    "#amtree bind=mode\n"
	    "a/b uname=no mode=4755\n");
	s = find(&set, "a/b");
	assert_int_equal(set.count, 1);
	assert_int_equal(s->binds, KEYWORD_USER | KEYWORD_GROUP | KEYWORD_MODE);
	assert_string_equal(s->entry.uname, "foo");
	assert_string_equal(s->entry.gname, "late");
	assert_int_equal(s->entry.mode, 04755);
	assert_int_equal(s->recorded, KEYWORD_GROUP);
	override_release(&set);
}

static void
what_only_recordings_bind_is_known(void **state)
{
	struct override_set set = { 0 };

	(void)state;
	load(&set,
	    "#amtree recorded\na/b uname=foo mode=600\n"
	    "a/c uname=foo\n"
	    "#amtree recorded\na/d uname=foo\na/d uname=bar\n");
	assert_int_equal(
	    find(&set, "a/b")->recorded, KEYWORD_USER | KEYWORD_MODE);
	assert_int_equal(find(&set, "a/c")->recorded, 0);
	assert_int_equal(find(&set, "a/d")->recorded, 0);
	override_release(&set);
}

static void
a_recorded_line_makes_nothing_optional_that_was_declared(void **state)
{
	static const struct {
		const char *text;
		bool is_optional;
	} cases[] = {
		{ "#amtree recorded\n./x uname=a optional\n", true },
		{ "#amtree recorded\n./x uname=a optional\n"
		  "#amtree recorded\n./x uname=b optional\n",
		    true },
		{ "#amtree recorded\n./x uname=a optional\n./x mode=1\n",
		    false },
		{ "./x mode=1\n#amtree recorded\n./x uname=a optional\n",
		    false },
		{ "./x mode=1 optional\n"
		  "#amtree recorded\n./x uname=a optional\n",
		    true },
		{ "./x mode=1\n./x uname=b optional\n"
		  "#amtree recorded\n./x uname=a\n",
		    true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct override_set set = { 0 };
		bool got;

		load(&set, cases[i].text);
		got = (find(&set, "x")->has & KEYWORD_OPTIONAL) != 0;
		if (got != cases[i].is_optional)
			fail_msg("%s", cases[i].text);
		override_release(&set);
	}
}

static void
the_recorded_layer_can_be_had_alone(void **state)
{
	struct override_set set = { 0 };
	struct fault f = { 0 };

	(void)state;
	scratch_file("mtree",
	    "a/b uname=foo\n"
	    "#amtree recorded\na/b uname=bar\n"
	    "a/c uname=foo\n");
	assert_ok(override_load(&set, "mtree", &f), &f);
	override_keep_recorded(&set);
	override_settle(&set);
	assert_int_equal(set.count, 1);
	assert_string_equal(find(&set, "a/b")->entry.uname, "bar");
	override_release(&set);
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
	    "#amtree bind=mode\n./unbound type=dir mode=755\n"
	    "#amtree recorded\n./seen type=char device=native,1,3\n"
	    "#amtree recorded\n./both type=char device=native,1,3\n"
	    "./both type=char\n");
	assert_true(override_creates(find(&set, "dir")));
	assert_false(override_creates(find(&set, "file")));
	assert_false(override_creates(find(&set, "none")));
	assert_false(override_creates(find(&set, "unbound")));
	assert_false(override_creates(find(&set, "seen")));
	assert_true(override_creates(find(&set, "both")));
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
an_empty_file_stands_for_a_recorded_device(void **state)
{
	static const char line[] =
	    "#amtree recorded\n./x type=block device=native,8,1 mode=660\n";
	struct entry e = a_file;
	struct arena arena = { 0 };
	struct fault f = { 0 };

	(void)state;
	e.size = 0;
	e.nlink = 2;
	assert_ok(apply(&e, line, &arena, &f), &f);
	assert_int_equal(e.type, ENTRY_BLOCK);
	assert_int_equal(e.major, 8);
	assert_int_equal(e.minor, 1);
	assert_int_equal(e.mode, 0660);
	assert_int_equal(e.nlink, 2);
	assert_true(e.is_placeholder && e.is_changed);

	e = a_file;
	assert_fault(apply(&e, line, &arena, &f), &f, FAULT_INPUT,
	    "is declared as type=block, but it is a file");
	assert_int_equal(e.type, ENTRY_FILE);
	f = (struct fault){ 0 };
	e.type = ENTRY_DIR;
	e.size = 0;
	assert_fault(apply(&e, line, &arena, &f), &f, FAULT_INPUT,
	    "is declared as type=block, but it is a dir");
	f = (struct fault){ 0 };
	e.type = ENTRY_FILE;
	assert_fault(
	    apply(&e, "./x type=block device=native,8,1\n", &arena, &f), &f,
	    FAULT_INPUT, "is declared as type=block, but it is a file");
	arena_release(&arena);
}

static void
what_is_explicit_counts_for_a_recorded_device_too(void **state)
{
	static const char device[] =
	    "#amtree recorded\n./x type=char device=native,1,3 mode=600\n";
	static const struct {
		const char *explicit;
		uint8_t type;
		uint32_t minor;
	} cases[] = {
		{ "./x uname=www\n", ENTRY_CHAR, 3 },
		{ "./x type=char\n", ENTRY_CHAR, 3 },
		{ "./x type=char device=native,1,5\n", ENTRY_CHAR, 5 },
		{ "./x device=native,1,5\n", ENTRY_CHAR, 5 },
		{ "./x type=file\n", ENTRY_FILE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct entry e = a_file;
		struct arena arena = { 0 };
		struct fault f = { 0 };
		char text[256];

		e.size = 0;
		snprintf(text, sizeof(text), "%s%s", cases[i].explicit, device);
		assert_ok(apply(&e, text, &arena, &f), &f);
		assert_int_equal(e.type, cases[i].type);
		assert_int_equal(e.minor, cases[i].minor);
		assert_int_equal(e.mode, 0600);
		arena_release(&arena);
	}
}

static void
a_device_that_is_seen_as_one_stays_it(void **state)
{
	struct entry e = a_file;
	struct arena arena = { 0 };
	struct fault f = { 0 };

	(void)state;
	e.type = ENTRY_CHAR;
	e.size = 0;
	e.major = 1;
	e.minor = 3;
	assert_ok(
	    apply(&e, "#amtree recorded\n./x type=char device=native,1,3\n",
		&arena, &f),
	    &f);
	assert_int_equal(e.type, ENTRY_CHAR);
	assert_int_equal(e.minor, 3);
	assert_true(e.is_placeholder);
	arena_release(&arena);
}

static void
recorded_capabilities_of_no_file_are_passed_over(void **state)
{
	static const char line[] =
	    "#amtree recorded caps=cap_kill=p\n./x uname=www\n";
	struct entry e = a_file;
	struct arena arena = { 0 };
	struct fault f = { 0 };

	(void)state;
	e.type = ENTRY_DIR;
	assert_ok(apply(&e, line, &arena, &f), &f);
	assert_null(entry_caps(&e));
	assert_string_equal(e.uname, "www");
	e = a_file;
	assert_ok(apply(&e, line, &arena, &f), &f);
	assert_non_null(entry_caps(&e));
	arena_release(&arena);
}

static void
differences_are_told_keyword_by_keyword(void **state)
{
	const struct xattr caps = {
		.name = ENTRY_CAPS_XATTR, .value = "x", .len = 1
	};
	struct entry e = a_file;

	(void)state;
	assert_int_equal(override_difference(&e, &a_file), 0);
	e.gname = "www";
	e.mode = 0;
	e.xattrs = &caps;
	assert_int_equal(override_difference(&e, &a_file),
	    KEYWORD_GROUP | KEYWORD_MODE | KEYWORD_CAPS);
	assert_int_equal(override_difference(&a_file, &e),
	    KEYWORD_GROUP | KEYWORD_MODE | KEYWORD_CAPS);
	e = a_file;
	e.type = ENTRY_CHAR;
	e.minor = 3;
	assert_int_equal(
	    override_difference(&e, &a_file), KEYWORD_TYPE | KEYWORD_DEVICE);
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
		test(explicit_wins_over_recorded_wherever_it_stands),
		test(what_only_recordings_bind_is_known),
		test(a_recorded_line_makes_nothing_optional_that_was_declared),
		test(the_recorded_layer_can_be_had_alone),
		test(only_values_that_both_bind_conflict),
		test(only_a_bound_type_that_is_no_file_creates),
		test(applying_gives_what_is_bound_and_marks_what_changed),
		test(what_cannot_be_is_a_fault_and_changes_nothing),
		test(an_empty_file_stands_for_a_recorded_device),
		test(what_is_explicit_counts_for_a_recorded_device_too),
		test(a_device_that_is_seen_as_one_stays_it),
		test(recorded_capabilities_of_no_file_are_passed_over),
		test(differences_are_told_keyword_by_keyword),
		test(a_symbolic_link_has_no_mode_to_change),
		test(capabilities_take_their_place_among_the_attributes),
		test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("override", tests, NULL, NULL);
}
