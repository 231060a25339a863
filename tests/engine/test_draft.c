/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "appended.h"

#include "engine/draft.h"
#include "format/spec.h"

/* A draft whose text says how many paths the file speaks of. */
struct count {
	struct draft draft;
	int made; /* times */
};

static int
make(void *arg, struct fault *f)
{
	struct count *c = arg;

	c->made++;
	return buf_addf(
	    &c->draft.text, f, "./count mode=%zu\n", c->draft.said.count);
}

static struct count
begin(void)
{
	struct count c = { .draft.control = "control" };
	struct fault f = { 0 };

	assert_ok(draft_load(&c.draft, &f), &f);
	assert_ok(make(&c, &f), &f);
	return c;
}

static void
commit(struct count *c)
{
	struct fault f = { 0 };

	assert_ok(draft_commit(&c->draft, make, c, &f), &f);
}

static void
append_ok(const char *text)
{
	struct fault f = { 0 };

	assert_ok(append("control", text, &f), &f);
}

static void
what_was_made_is_appended_as_it_is_if_nobody_came_between(void **state)
{
	struct count c;

	(void)state;
	append_ok("./a mode=755\n./a mode=700\n./b mode=755\n");
	c = begin();
	commit(&c);
	assert_int_equal(c.made, 1);
	draft_release(&c.draft);
	scratch_expect("control/.mtree",
	    "#mtree v2.0\n./a mode=755\n./a mode=700\n./b mode=755\n"
	    "./count mode=2\n");
}

static void
where_there_is_no_file_nothing_is_said_and_one_is_made(void **state)
{
	struct count c;

	(void)state;
	c = begin();
	assert_false(scratch_has("control"));
	commit(&c);
	assert_int_equal(c.made, 1);
	draft_release(&c.draft);
	scratch_expect("control/.mtree", "#mtree v2.0\n./count mode=0\n");
}

static void
the_text_is_made_anew_if_others_have_appended_since(void **state)
{
	const char *path;
	struct count c;

	(void)state;
	append_ok("./a mode=755\n");
	c = begin();
	path = c.draft.said.specs[0].entry.path;
	append_ok("./b mode=755\n./c mode=755\n");
	commit(&c);
	assert_int_equal(c.made, 2);
	/* entries may still have the strings of the first reading */
	assert_string_equal(path, "a");
	draft_release(&c.draft);
	scratch_expect("control/.mtree",
	    "#mtree v2.0\n./a mode=755\n./b mode=755\n./c mode=755\n"
	    "./count mode=3\n");
}

static void
the_text_is_made_anew_if_an_editor_keeps_the_length(void **state)
{
	struct count c;

	(void)state;
	scratch_file("control/.mtree", "./a mode=755\n./b mode=755\n");
	c = begin();
	scratch_file("control/new", "./a mode=755\n./a mode=700\n");
	must(rename("control/new", "control/.mtree"));
	commit(&c);
	assert_int_equal(c.made, 2);
	draft_release(&c.draft);
	scratch_expect(
	    "control/.mtree", "./a mode=755\n./a mode=700\n./count mode=1\n");
}

static void
of_records_only_records_count(void **state)
{
	struct count c = { .draft = {
			       .control = "control", .is_of_records = true } };
	struct fault f = { 0 };

	(void)state;
	append_ok("./a mode=755\n#amtree recorded bind=mode\n./b mode=755\n");
	assert_ok(draft_load(&c.draft, &f), &f);
	assert_int_equal(c.draft.said.count, 1);
	assert_string_equal(c.draft.said.specs[0].entry.path, "b");
	draft_release(&c.draft);
}

static int
make_nothing(void *arg, struct fault *f)
{
	(void)arg;
	return fault_set(f, FAULT_INPUT, "cannot be made");
}

static void
nothing_is_appended_if_it_cannot_be_made_anew(void **state)
{
	struct fault f = { 0 };
	struct count c;

	(void)state;
	append_ok("./a mode=755\n");
	c = begin();
	append_ok("./b mode=755\n");
	assert_fault(draft_commit(&c.draft, make_nothing, &c, &f), &f,
	    FAULT_INPUT, "cannot be made");
	draft_release(&c.draft);
	scratch_expect(
	    "control/.mtree", "#mtree v2.0\n./a mode=755\n./b mode=755\n");
}

static void
nothing_to_append_leaves_the_file_as_it_is(void **state)
{
	struct count c;

	(void)state;
	append_ok("./a mode=755\n");
	c = begin();
	buf_reset(&c.draft.text);
	commit(&c);
	draft_release(&c.draft);
	scratch_expect("control/.mtree", "#mtree v2.0\n./a mode=755\n");
}

static void
a_file_that_cannot_be_read_is_a_fault_before_anything_is_written(void **state)
{
	struct draft d = { .control = "control" };
	struct fault f = { 0 };

	(void)state;
	scratch_file("control/.mtree", "#mtree v2.0\n./a mode=9\n");
	assert_fault(draft_load(&d, &f), &f, FAULT_INPUT,
	    "control/.mtree:2: invalid octal mode '9'");
	draft_release(&d);
	scratch_expect("control/.mtree", "#mtree v2.0\n./a mode=9\n");
}

static int
run_once(void *arg, struct fault *f)
{
	static const char grown[] = "#mtree v2.0\n./aa mode=755\n";
	struct count c = { .draft.control = "control" };
	struct stat st;
	int r;

	(void)arg;
	/* another length than when it was read: all is done twice */
	scratch_file("control/.mtree", "#mtree v2.0\n./a mode=755\n");
	r = draft_load(&c.draft, f);
	scratch_file("control/.mtree", grown);
	if (r == 0)
		r = draft_commit(&c.draft, make, &c, f);
	draft_release(&c.draft);
	must(stat("control/.mtree", &st));
	if (r < 0)
		assert_int_equal(st.st_size, strlen(grown));
	return r;
}

static void
every_failed_allocation_is_a_fault_and_nothing_is_appended(void **state)
{
	(void)state;
	alloc_fail_each(run_once, NULL);
	scratch_expect(
	    "control/.mtree", "#mtree v2.0\n./aa mode=755\n./count mode=1\n");
}

#define in_scratch(test) \
	cmocka_unit_test_setup_teardown(test, scratch_begin, scratch_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		in_scratch(
		    what_was_made_is_appended_as_it_is_if_nobody_came_between),
		in_scratch(
		    where_there_is_no_file_nothing_is_said_and_one_is_made),
		in_scratch(the_text_is_made_anew_if_others_have_appended_since),
		in_scratch(the_text_is_made_anew_if_an_editor_keeps_the_length),
		in_scratch(of_records_only_records_count),
		in_scratch(nothing_is_appended_if_it_cannot_be_made_anew),
		in_scratch(nothing_to_append_leaves_the_file_as_it_is),
		in_scratch(
		    a_file_that_cannot_be_read_is_a_fault_before_anything_is_written),
		in_scratch(
		    every_failed_allocation_is_a_fault_and_nothing_is_appended),
	};

	return cmocka_run_group_tests_name("draft", tests, NULL, NULL);
}
