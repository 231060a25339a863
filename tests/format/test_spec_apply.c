/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "laid.h"

#include "base/arena.h"
#include "format/caps.h"
#include "format/spec.h"

/* Lay what `text` says over `e`. */
static int
apply(struct entry *e, const char *text, struct arena *arena, struct fault *f)
{
	const struct spec s = parse(text, arena);

	return spec_apply(e, &s, arena, f);
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
		cmocka_unit_test(
		    applying_gives_what_is_bound_and_marks_what_changed),
		cmocka_unit_test(what_cannot_be_is_a_fault_and_changes_nothing),
		cmocka_unit_test(an_empty_file_stands_for_a_recorded_device),
		cmocka_unit_test(a_device_that_is_seen_as_one_stays_it),
		cmocka_unit_test(
		    recorded_capabilities_of_no_file_are_passed_over),
		cmocka_unit_test(a_symbolic_link_has_no_mode_to_change),
		cmocka_unit_test(
		    capabilities_take_their_place_among_the_attributes),
		cmocka_unit_test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("spec_apply", tests, NULL, NULL);
}
