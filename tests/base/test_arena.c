/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

static void
fresh_arena_can_be_released_and_used_again(void **state)
{
	struct arena a = { 0 };
	struct fault f = { 0 };

	(void)state;
	arena_release(&a);
	assert_non_null(arena_alloc(&a, 10, &f));
	arena_release(&a);
	assert_non_null(arena_alloc(&a, 10, &f));
	arena_release(&a);
	arena_release(&a);
}

static void
memory_is_zeroed_aligned_and_nobody_elses(void **state)
{
	static const size_t sizes[] = { 0, 1, 3, 8, 16, 1000, 16384, 100000,
		3000000 };
	struct arena a = { 0 };
	struct fault f = { 0 };
	unsigned char *parts[90];

	(void)state;
	for (size_t i = 0; i < 90; i++) {
		const size_t size = sizes[i % 9];

		parts[i] = arena_alloc(&a, size, &f);
		assert_non_null(parts[i]);
		assert_int_equal((uintptr_t)parts[i] % alignof(max_align_t), 0);
		for (size_t k = 0; k < size; k++) {
			if (parts[i][k] != 0)
				fail_msg(
				    "byte %zu of %zu is not zero", k, size);
		}
		memset(parts[i], (int)i + 1, size);
		assert_non_null(arena_string(&a, "odd", 3, &f));
	}
	for (size_t i = 0; i < 90; i++) {
		const size_t size = sizes[i % 9];

		assert_true(size == 0 ||
		    (parts[i][0] == i + 1 && parts[i][size - 1] == i + 1));
	}
	arena_release(&a);
}

static void
string_is_a_copy_with_a_nul(void **state)
{
	struct arena a = { 0 };
	struct fault f = { 0 };
	char bytes[] = "usr/bin";
	const char *s = arena_string(&a, bytes, 3, &f);
	const char *empty = arena_string(&a, NULL, 0, &f);

	(void)state;
	bytes[0] = 'X';
	assert_string_equal(s, "usr");
	assert_string_equal(empty, "");
	arena_release(&a);
}

static void
strings_of_every_length_keep_apart(void **state)
{
	struct arena a = { 0 };
	struct fault f = { 0 };
	const char *strings[3000];
	char bytes[3000];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	for (size_t i = 0; i < 3000; i++)
		strings[i] = arena_string(&a, bytes, i, &f);
	for (size_t i = 0; i < 3000; i++)
		assert_int_equal(strlen(strings[i]), i);
	arena_release(&a);
}

static void
string_beyond_all_memory_is_a_fault(void **state)
{
	struct arena a = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_null(arena_string(&a, "x", SIZE_MAX, &f));
	assert_int_equal(f.kind, FAULT_MEMORY);
	f = (struct fault){ 0 };
	assert_null(arena_alloc(&a, SIZE_MAX - 4, &f));
	assert_fault(-1, &f, FAULT_MEMORY, "arena would exceed memory");
	arena_release(&a);
}

static void
adopted_memory_lives_on_with_its_new_owner(void **state)
{
	struct fault f = { 0 };

	(void)state;
	for (unsigned mine = 0; mine < 3; mine++) {
		for (unsigned theirs = 0; theirs < 3; theirs++) {
			struct arena a = { 0 }, from = { 0 };
			const char *kept[2] = { "mine", "theirs" };

			for (unsigned i = 0; i < mine; i++) {
				assert_non_null(arena_alloc(&a, 16384, &f));
				kept[0] = arena_string(&a, "mine", 4, &f);
			}
			for (unsigned i = 0; i < theirs; i++) {
				assert_non_null(arena_alloc(&from, 16384, &f));
				kept[1] = arena_string(&from, "theirs", 6, &f);
			}
			arena_adopt(&a, &from);
			assert_non_null(arena_string(&from, "new", 3, &f));
			arena_release(&from);
			assert_non_null(arena_alloc(&a, 5000, &f));
			assert_string_equal(kept[0], "mine");
			assert_string_equal(kept[1], "theirs");
			arena_release(&a);
		}
	}
}

static int
fill(void *arg, struct fault *f)
{
	struct arena a = { 0 };
	int r = 0;

	for (unsigned i = 0; i < 40 && r == 0; i++) {
		if (arena_alloc(&a, 3000, f) == NULL ||
		    arena_string(&a, arg, strlen(arg), f) == NULL)
			r = -1;
	}
	arena_release(&a);
	return r;
}

static void
arena_without_memory_is_a_fault_and_can_be_released(void **state)
{
	char text[] = "some text";

	(void)state;
	alloc_fail_each(fill, text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fresh_arena_can_be_released_and_used_again),
		cmocka_unit_test(memory_is_zeroed_aligned_and_nobody_elses),
		cmocka_unit_test(string_is_a_copy_with_a_nul),
		cmocka_unit_test(strings_of_every_length_keep_apart),
		cmocka_unit_test(string_beyond_all_memory_is_a_fault),
		cmocka_unit_test(adopted_memory_lives_on_with_its_new_owner),
		cmocka_unit_test(
		    arena_without_memory_is_a_fault_and_can_be_released),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
