/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"

#include "base/grow.h"

#include <stdlib.h>
#include <string.h>

static void
an_array_has_room_from_its_first_item_on_and_keeps_what_it_has(void **state)
{
	struct fault f = { 0 };
	size_t cap = 0, last;
	uint32_t *items = NULL;

	(void)state;
	for (uint32_t i = 0; i < 10000; i++) {
		if (i == cap) {
			last = cap;
			items = grow_array(
			    items, &cap, sizeof(*items), "numbers", &f);
			assert_non_null(items);
			assert_true(last == 0 ? cap > 0 : cap == 2 * last);
		}
		items[i] = i;
	}
	for (uint32_t i = 0; i < 10000; i++)
		assert_int_equal(items[i], i);
	free(items);
}

static void
without_memory_the_array_is_as_it_was(void **state)
{
	struct fault f = { 0 };
	size_t cap = 0;
	char *items = grow_array(NULL, &cap, 1, "bytes", &f), *more;
	const size_t before = cap;

	(void)state;
	assert_non_null(items);
	items[before - 1] = 'x';
	alloc_fail(1, 1);
	more = grow_array(items, &cap, 1, "bytes", &f);
	alloc_fail(0, 0);
	assert_null(more);
	assert_int_equal(cap, before);
	assert_int_equal(items[before - 1], 'x');
	assert_int_equal(f.kind, FAULT_MEMORY);
	assert_non_null(strstr(f.text, "cannot allocate 32 bytes"));
	free(items);
}

static void
a_size_that_no_memory_can_have_is_not_asked_for(void **state)
{
	static const size_t caps[] = { SIZE_MAX / 8, SIZE_MAX / 2 + 1,
		SIZE_MAX };
	struct fault f;

	(void)state;
	for (size_t i = 0; i < sizeof(caps) / sizeof(*caps); i++) {
		size_t cap = caps[i];

		f = (struct fault){ 0 };
		assert_null(grow_array(NULL, &cap, 16, "entries", &f));
		assert_int_equal(cap, caps[i]);
		assert_int_equal(f.kind, FAULT_MEMORY);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_array_has_room_from_its_first_item_on_and_keeps_what_it_has),
		cmocka_unit_test(without_memory_the_array_is_as_it_was),
		cmocka_unit_test(
		    a_size_that_no_memory_can_have_is_not_asked_for),
	};

	return cmocka_run_group_tests_name("grow", tests, NULL, NULL);
}
