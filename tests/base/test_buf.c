/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"

#include <string.h>

static void
fresh_buffer_is_empty_and_can_be_released(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	buf_release(&b);
	buf_release(&b);
	assert_null(b.data);
}

static void
bytes_come_back_as_they_went_in(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		const char c = (char)(i * 7);

		assert_ok(buf_add(&b, &c, 1, &f), &f);
	}
	assert_int_equal(b.len, 5000);
	for (unsigned i = 0; i < 5000; i++)
		assert_int_equal(b.data[i], (char)(i * 7));
	buf_release(&b);
}

static void
nothing_may_be_added_from_nowhere(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(buf_add(&b, NULL, 0, &f), &f);
	assert_ok(buf_adds(&b, "", &f), &f);
	assert_int_equal(b.len, 0);
	buf_release(&b);
}

static void
end_puts_a_nul_that_does_not_count(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_string_equal(buf_end(&b, &f), "");
	for (unsigned i = 1; i < 300; i++) {
		assert_ok(buf_adds(&b, "x", &f), &f);
		assert_int_equal(strlen(buf_end(&b, &f)), i);
		assert_int_equal(b.len, i);
	}
	buf_release(&b);
}

static void
reset_keeps_the_memory(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	const char *data;

	(void)state;
	assert_ok(buf_adds(&b, "something", &f), &f);
	data = b.data;
	buf_reset(&b);
	assert_int_equal(b.len, 0);
	assert_ok(buf_adds(&b, "else", &f), &f);
	assert_ptr_equal(b.data, data);
	assert_memory_equal(b.data, "else", 4);
	buf_release(&b);
}

static void
adding_to_reserved_room_allocates_nothing(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	char bytes[1000];
	int r;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	assert_ok(buf_adds(&b, "before", &f), &f);
	assert_ok(buf_reserve(&b, sizeof(bytes), &f), &f);
	alloc_fail(1, 1);
	r = buf_add(&b, bytes, sizeof(bytes), &f);
	alloc_fail(0, 0);
	assert_ok(r, &f);
	assert_int_equal(b.len, sizeof(bytes) + 6);
	buf_release(&b);
}

static void
formatted_text_is_cut_at_255_bytes(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	char text[301];

	(void)state;
	assert_ok(buf_addf(&b, &f, "%s=%04o ", "mode", 0755u), &f);
	assert_string_equal(buf_end(&b, &f), "mode=0755 ");
	memset(text, 'x', 300);
	text[300] = '\0';
	buf_reset(&b);
	assert_ok(buf_addf(&b, &f, "%s", text), &f);
	assert_int_equal(b.len, 255);
	buf_release(&b);
}

static void
size_beyond_all_memory_is_a_fault_and_changes_nothing(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(buf_adds(&b, "kept", &f), &f);
	assert_fault(buf_reserve(&b, SIZE_MAX, &f), &f, FAULT_MEMORY,
	    "buffer would exceed memory");
	f = (struct fault){ 0 };
	assert_fault(buf_reserve(&b, SIZE_MAX - 2, &f), &f, FAULT_MEMORY,
	    "buffer would exceed memory");
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.data, "kept", 4);
	buf_release(&b);
}

static int
grow_twice(void *arg, struct fault *f)
{
	struct buf b = BUF_INIT;
	size_t before = 0;
	int r = 0;

	for (unsigned i = 0; i < 100 && r == 0; i++) {
		before = b.len;
		r = buf_adds(&b, arg, f);
	}
	if (r < 0)
		assert_int_equal(b.len, before);
	else
		r = buf_end(&b, f) == NULL ? -1 : 0;
	buf_release(&b);
	return r;
}

static void
buffer_without_memory_is_as_it_was(void **state)
{
	char text[] = "a text of some length";

	(void)state;
	alloc_fail_each(grow_twice, text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fresh_buffer_is_empty_and_can_be_released),
		cmocka_unit_test(bytes_come_back_as_they_went_in),
		cmocka_unit_test(nothing_may_be_added_from_nowhere),
		cmocka_unit_test(end_puts_a_nul_that_does_not_count),
		cmocka_unit_test(reset_keeps_the_memory),
		cmocka_unit_test(adding_to_reserved_room_allocates_nothing),
		cmocka_unit_test(formatted_text_is_cut_at_255_bytes),
		cmocka_unit_test(
		    size_beyond_all_memory_is_a_fault_and_changes_nothing),
		cmocka_unit_test(buffer_without_memory_is_as_it_was),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
