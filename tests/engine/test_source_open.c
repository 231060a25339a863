/* SPDX-License-Identifier: BSD-2-Clause */
#include "blocked.h"
#include "scratch.h"
#include "test_source.h"

#include "engine/source.h"

/* What has the name now is not what the entry was made of. */
static void
refuse_to_open(struct reading *r, enum fault_kind kind, const char *text)
{
	struct fault f = { 0 };

	assert_fault(open_it(r, &f), &f, kind, text);
	assert_int_equal(r->bytes[0], 'x');
	end(r);
}

/* Make "file" and look at it; refuse_to_open() wants it untouched. */
static void
look_only(struct reading *r)
{
	make(1000);
	look(r);
	r->bytes[0] = 'x';
}

static void
a_file_that_was_replaced_is_not_read(void **state)
{
	struct reading r;

	(void)state;
	look_only(&r);
	scratch_noise("new", 1000);
	must(rename("new", "file"));
	refuse_to_open(&r, FAULT_INPUT, "changed since the tree was read");
}

static void
a_file_of_another_size_is_not_read(void **state)
{
	struct reading r;

	(void)state;
	look_only(&r);
	grow();
	refuse_to_open(&r, FAULT_INPUT, "changed since the tree was read");
	look_only(&r);
	shrink();
	refuse_to_open(&r, FAULT_INPUT, "changed since the tree was read");
}

static void
a_file_that_is_gone_is_a_fault(void **state)
{
	struct reading r;

	(void)state;
	look_only(&r);
	must(unlink("file"));
	refuse_to_open(
	    &r, FAULT_SYSTEM, "cannot open: No such file or directory");
}

static void
a_fifo_in_its_place_is_never_touched(void **state)
{
	struct reading r;
	pid_t writer;

	(void)state;
	look_only(&r);
	must(unlink("file"));
	must(mkfifo("file", 0600));
	writer = blocked_start("file");
	refuse_to_open(&r, FAULT_INPUT, "is no longer a regular file");
	blocked_expect(writer);
}

static void
a_symbolic_link_in_its_place_is_not_followed(void **state)
{
	struct reading r;

	(void)state;
	look_only(&r);
	must(rename("file", "moved"));
	must(symlink("moved", "file"));
	refuse_to_open(&r, FAULT_INPUT, "is no longer a regular file");
}

static void
a_file_that_nobody_may_read_is_read_and_keeps_its_mode(void **state)
{
	struct buf got = BUF_INIT;
	struct fault f = { 0 };
	struct reading r;
	unsigned pieces;

	(void)state;
	scratch_file("file", "text");
	must(chmod("file", 0));
	look(&r);
	assert_ok(open_it(&r, &f), &f);
	assert_int_equal(scratch_mode("file"), 0);
	assert_ok(source_measure(&r.s, r.digest, &f), &f);
	assert_ok(take_all(&r, &got, &pieces, &f), &f);
	assert_int_equal(got.len, 4);
	assert_memory_equal(got.data, "text", 4);
	buf_release(&got);
	end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_file_that_was_replaced_is_not_read),
		test(a_file_of_another_size_is_not_read),
		test(a_file_that_is_gone_is_a_fault),
		test(a_fifo_in_its_place_is_never_touched),
		test(a_symbolic_link_in_its_place_is_not_followed),
		test(a_file_that_nobody_may_read_is_read_and_keeps_its_mode),
	};

	return cmocka_run_group_tests_name("source_open", tests, NULL, NULL);
}
