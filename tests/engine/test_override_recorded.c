/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../format/laid.h"
#include "scratch.h"
#include "test_override.h"

#include "engine/override.h"
#include "format/spec.h"

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
	assert_true(spec_creates(find(&set, "dir")));
	assert_false(spec_creates(find(&set, "file")));
	assert_false(spec_creates(find(&set, "none")));
	assert_false(spec_creates(find(&set, "unbound")));
	assert_false(spec_creates(find(&set, "seen")));
	assert_true(spec_creates(find(&set, "both")));
	override_release(&set);
}

/* Lay the one entry of `text` over `e`. */
static int
apply(struct entry *e, const char *text, struct arena *arena, struct fault *f)
{
	struct override_set set = { 0 };
	int r;

	load(&set, text);
	r = spec_apply(e, find(&set, "x"), arena, f);
	arena_adopt(arena, &set.arena);
	override_release(&set);
	return r;
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
		r = spec_apply(&e, override_find(&set, "x"), &arena, f);
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
		test(explicit_wins_over_recorded_wherever_it_stands),
		test(what_only_recordings_bind_is_known),
		test(a_recorded_line_makes_nothing_optional_that_was_declared),
		test(the_recorded_layer_can_be_had_alone),
		test(only_a_bound_type_that_is_no_file_creates),
		test(what_is_explicit_counts_for_a_recorded_device_too),
		test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name(
	    "override_recorded", tests, NULL, NULL);
}
