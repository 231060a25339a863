/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "format/entry.h"

#include <stdlib.h>
#include <string.h>

static void
every_type_has_the_word_of_mtree(void **state)
{
	static const char *const words[] = {
		[ENTRY_FILE] = "file",
		[ENTRY_DIR] = "dir",
		[ENTRY_LINK] = "link",
		[ENTRY_CHAR] = "char",
		[ENTRY_BLOCK] = "block",
		[ENTRY_FIFO] = "fifo",
	};

	(void)state;
	for (unsigned i = 0; i <= ENTRY_FIFO; i++) {
		enum entry_type type = ENTRY_FILE;

		assert_string_equal(
		    entry_type_name((enum entry_type)i), words[i]);
		assert_true(
		    entry_type_parse(&type, words[i], strlen(words[i])));
		assert_int_equal(type, i);
	}
}

static void
other_words_are_no_type(void **state)
{
	static const char *const words[] = { "", "f", "files", "DIR", "socket",
		"file " };
	enum entry_type type = ENTRY_FIFO;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		assert_false(
		    entry_type_parse(&type, words[i], strlen(words[i])));
	assert_int_equal(type, ENTRY_FIFO);
	assert_true(entry_type_parse(&type, "dir=", 3));
	assert_int_equal(type, ENTRY_DIR);
}

static void
capabilities_are_found_among_other_attributes(void **state)
{
	const struct xattr caps = { .name = "security.capability" };
	const struct xattr user = { .name = "user.x", .next = &caps };
	struct entry e = { 0 };

	(void)state;
	assert_null(entry_caps(&e));
	e.xattrs = &user;
	assert_ptr_equal(entry_caps(&e), &caps);
	e.xattrs = &caps;
	assert_ptr_equal(entry_caps(&e), &caps);
}

static void
set_id_and_capabilities_are_privileges(void **state)
{
	const struct xattr caps = { .name = "security.capability" };
	const struct xattr user = { .name = "user.x" };

	(void)state;
	assert_false(entry_is_privileged(&(struct entry){ .mode = 01777 }));
	assert_true(entry_is_privileged(&(struct entry){ .mode = 04000 }));
	assert_true(entry_is_privileged(&(struct entry){ .mode = 02000 }));
	assert_true(entry_is_privileged(&(struct entry){ .xattrs = &caps }));
	assert_false(entry_is_privileged(&(struct entry){ .xattrs = &user }));
}

static void
order_is_bytewise_and_parents_come_first(void **state)
{
	static const char *const sorted[] = { "a", "a-b", "a/b", "a/b/c", "a0",
		"b", "z", "\xc3\xa4", "\xff" };
	struct entry entries[9] = { 0 };

	(void)state;
	for (size_t i = 0; i < 9; i++)
		entries[i].path = sorted[(i * 5 + 2) % 9];
	qsort(entries, 9, sizeof(*entries), entry_compare);
	for (size_t i = 0; i < 9; i++)
		assert_string_equal(entries[i].path, sorted[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_has_the_word_of_mtree),
		cmocka_unit_test(other_words_are_no_type),
		cmocka_unit_test(capabilities_are_found_among_other_attributes),
		cmocka_unit_test(set_id_and_capabilities_are_privileges),
		cmocka_unit_test(order_is_bytewise_and_parents_come_first),
	};

	return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
