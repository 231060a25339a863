/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/arena.h"
#include "format/caps.h"
#include "format/keyword.h"
#include "format/mtree.h"
#include "format/spec.h"

#include <string.h>

/* What the lines say, which are one entry. */
static struct spec
parse(const char *lines, struct arena *arena)
{
	struct mtree m;
	struct fault f = { 0 };
	struct spec s;

	mtree_init(&m, "text", arena);
	assert_ok(mtree_feed(&m, lines, strlen(lines), &f), &f);
	assert_ok(mtree_feed(&m, "\n", 1, &f), &f);
	assert_int_equal(mtree_next(&m, &s, &f), 1);
	mtree_release(&m);
	return s;
}

static const struct entry a_file = {
	.path = "x",
	.uname = "root",
	.gname = "root",
	.size = 7,
	.mode = 0755,
	.type = ENTRY_FILE,
};

/* Lay what `text` says over `e`. */
static int
apply(struct entry *e, const char *text, struct arena *arena, struct fault *f)
{
	const struct spec s = parse(text, arena);

	return spec_apply(e, &s, arena, f);
}

static void
the_later_of_two_counts_where_it_binds(void **state)
{
	struct arena arena = { 0 };
	struct spec s = parse("./x uid=7 gname=foo mode=600", &arena);
	const struct spec later =
	    parse("#amtree bind=uname,mode\n"
		  "./x uname=bar gname=no mode=755 type=file optional",
		&arena);

	(void)state;
	spec_fold(&s, &later);
	assert_int_equal(s.binds, KEYWORD_USER | KEYWORD_GROUP | KEYWORD_MODE);
	assert_string_equal(s.entry.uname, "bar");
	assert_string_equal(s.entry.gname, "foo");
	assert_int_equal(s.entry.mode, 0755);
	assert_int_equal(s.line, 2);
	assert_true((s.has & KEYWORD_OPTIONAL) != 0);
	arena_release(&arena);
}

static void
a_recorded_device_may_have_a_file_in_its_place(void **state)
{
	struct arena arena = { 0 };
	struct spec s = parse("./x type=char device=native,1,3", &arena);
	struct spec file = parse("./x type=file mode=600", &arena);

	(void)state;
	spec_set_recorded(&s);
	spec_set_recorded(&file);
	assert_int_equal(s.recorded, KEYWORD_TYPE | KEYWORD_DEVICE);
	assert_true((s.has & KEYWORD_RECORDED) != 0);
	assert_true((s.has & KEYWORD_PLACEHOLDER) != 0);
	assert_true((file.has & KEYWORD_RECORDED) != 0);
	assert_true((file.has & KEYWORD_PLACEHOLDER) == 0);
	arena_release(&arena);
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
		struct arena arena = { 0 };
		const struct spec a = parse(cases[i].a, &arena),
				  b = parse(cases[i].b, &arena);
		const unsigned got = spec_conflict(&a, &b);

		if (got != cases[i].want)
			fail_msg("%s, %s: %u", cases[i].a, cases[i].b, got);
		assert_int_equal(spec_conflict(&b, &a), got);
		arena_release(&arena);
	}
}

static void
applying_gives_what_is_bound_and_marks_what_changed(void **state)
{
	struct entry e = a_file;
	struct arena arena = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(apply(&e, "./x uname=root mode=755", &arena, &f), &f);
	assert_false(e.is_changed);
	assert_ok(apply(&e, "./x uname=www mode=4711 size=99", &arena, &f), &f);
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
		{ "./x type=dir", "is declared as type=dir, but it is a file",
		    ENTRY_FILE },
		{ "./x link=y", "has a link target, but it is a file",
		    ENTRY_FILE },
		{ "./x device=native,1,2",
		    "has a device number, but it is a dir", ENTRY_DIR },
		{ "#amtree caps=cap_kill=p\n./x",
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
	assert_fault(apply(&e, "./x type=block device=native,8,1", &arena, &f),
	    &f, FAULT_INPUT, "is declared as type=block, but it is a file");
	arena_release(&arena);
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
	assert_ok(apply(&e, "#amtree recorded\n./x type=char device=native,1,3",
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
	assert_int_equal(spec_difference(&e, &a_file), 0);
	e.gname = "www";
	e.mode = 0;
	e.xattrs = &caps;
	assert_int_equal(spec_difference(&e, &a_file),
	    KEYWORD_GROUP | KEYWORD_MODE | KEYWORD_CAPS);
	assert_int_equal(spec_difference(&a_file, &e),
	    KEYWORD_GROUP | KEYWORD_MODE | KEYWORD_CAPS);
	e = a_file;
	e.type = ENTRY_CHAR;
	e.minor = 3;
	assert_int_equal(
	    spec_difference(&e, &a_file), KEYWORD_TYPE | KEYWORD_DEVICE);
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
	assert_ok(apply(&e, "./x mode=755", &arena, &f), &f);
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
	assert_ok(apply(&e, "#amtree caps=cap_kill=p\n./x", &arena, &f), &f);
	assert_string_equal(e.xattrs->name, "security.a");
	assert_string_equal(e.xattrs->next->name, ENTRY_CAPS_XATTR);
	assert_int_equal(e.xattrs->next->len, CAPS_XATTR_LEN);
	assert_string_equal(e.xattrs->next->next->name, "user.z");
	assert_null(e.xattrs->next->next->next);
	assert_true(e.is_changed && e.is_caps_set);

	assert_ok(apply(&e, "#amtree caps=none\n./x", &arena, &f), &f);
	assert_string_equal(e.xattrs->next->name, "user.z");
	assert_null(e.xattrs->next->next);
	assert_null(entry_caps(&e));

	e.xattrs = NULL;
	assert_ok(apply(&e, "#amtree caps=cap_kill=p\n./x", &arena, &f), &f);
	assert_non_null(entry_caps(&e));
	assert_null(e.xattrs->next);
	arena_release(&arena);
}

static int
apply_caps(void *arg, struct fault *f)
{
	const struct xattr other = { NULL, "user.z", "1", 1 };
	struct arena arena = { 0 };
	struct entry e = a_file;
	int r;

	e.xattrs = &other;
	r = spec_apply(&e, arg, &arena, f);
	arena_release(&arena);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	struct arena arena = { 0 };
	struct spec s = parse("#amtree caps=cap_kill=p\n./x", &arena);

	(void)state;
	alloc_fail_each(apply_caps, &s);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_later_of_two_counts_where_it_binds),
		cmocka_unit_test(
		    a_recorded_device_may_have_a_file_in_its_place),
		cmocka_unit_test(only_values_that_both_bind_conflict),
		cmocka_unit_test(
		    applying_gives_what_is_bound_and_marks_what_changed),
		cmocka_unit_test(what_cannot_be_is_a_fault_and_changes_nothing),
		cmocka_unit_test(an_empty_file_stands_for_a_recorded_device),
		cmocka_unit_test(a_device_that_is_seen_as_one_stays_it),
		cmocka_unit_test(
		    recorded_capabilities_of_no_file_are_passed_over),
		cmocka_unit_test(differences_are_told_keyword_by_keyword),
		cmocka_unit_test(a_symbolic_link_has_no_mode_to_change),
		cmocka_unit_test(
		    capabilities_take_their_place_among_the_attributes),
		cmocka_unit_test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}
