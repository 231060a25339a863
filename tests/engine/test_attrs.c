/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "base/arena.h"
#include "engine/attrs.h"
#include "format/entry.h"

#include <sys/xattr.h>

static void
set(const char *file, const char *name, const void *value, size_t len)
{
	if (setxattr(file, name, value, len, 0) < 0)
		fail_msg("setxattr %s: %s (TMPDIR must be on a file system "
			 "with user.* attributes)",
		    name, strerror(errno));
}

static const struct xattr *
load(struct arena *arena, const char *name)
{
	const struct xattr *list = NULL;
	struct fault f = { 0 };
	const int dirfd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	must(dirfd);
	assert_ok(attrs_load(&list, arena, dirfd, name, &f), &f);
	close(dirfd);
	return list;
}

static void
expect(const struct xattr *x, const char *name, const char *value, size_t len)
{
	assert_non_null(x);
	assert_string_equal(x->name, name);
	assert_int_equal(x->len, len);
	assert_memory_equal(x->value, value, len);
}

static void
attributes_come_sorted_by_name_and_as_bytes(void **state)
{
	struct arena arena = { 0 };
	const struct xattr *x;

	(void)state;
	scratch_file("file", "");
	set("file", "user.b", "a\0b", 3);
	set("file", "user.c", "", 0);
	set("file", "user.a", "1", 1);
	x = load(&arena, "file");
	expect(x, "user.a", "1", 1);
	expect(x->next, "user.b", "a\0b", 3);
	expect(x->next->next, "user.c", "", 0);
	assert_null(x->next->next->next);
	arena_release(&arena);
}

static void
a_file_without_any_has_an_empty_list(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	scratch_file("file", "");
	assert_null(load(&arena, "file"));
	arena_release(&arena);
}

static void
a_symbolic_link_has_not_those_of_its_target(void **state)
{
	const char *const target = "file";
	struct arena arena = { 0 };

	(void)state;
	scratch_file("file", "");
	set("file", "user.a", "1", 1);
	scratch_symlink(target, "link");
	assert_null(load(&arena, "link"));
	arena_release(&arena);
}

static void
those_of_a_file_of_mode_0_are_read_and_it_keeps_its_mode(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	scratch_file("file", "");
	set("file", "user.a", "1", 1);
	must(chmod("file", 0));
	expect(load(&arena, "file"), "user.a", "1", 1);
	assert_int_equal(scratch_mode("file"), 0);
	arena_release(&arena);
}

static void
what_only_root_can_see_is_left_out(void **state)
{
	const bool is_root = geteuid() == 0;
	struct arena arena = { 0 };
	const struct xattr *x;

	(void)state;
	scratch_file("file", "");
	set("file", "user.a", "1", 1);
	if (is_root) /* others can neither set nor see it */
		set("file", "trusted.a", "1", 1);
	x = load(&arena, "file");
	expect(x, "user.a", "1", 1);
	assert_null(x->next);
	arena_release(&arena);
}

static void
a_missing_file_is_a_fault(void **state)
{
	const struct xattr *list;
	struct arena arena = { 0 };
	struct fault f = { 0 };
	const int dirfd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_refused(attrs_load(&list, &arena, dirfd, "none", &f), &f,
	    FAULT_SYSTEM, "No such file");
	close(dirfd);
	arena_release(&arena);
}

static int
load_all(void *arg, struct fault *f)
{
	const int *dirfd = arg;
	const struct xattr *list;
	struct arena arena = { 0 };
	const int r = attrs_load(&list, &arena, *dirfd, "file", f);

	arena_release(&arena);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	static char big[3000];
	int dirfd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	scratch_file("file", "");
	set("file", "user.big", big, sizeof(big));
	set("file", "user.small", "1", 1);
	alloc_fail_each(load_all, &dirfd);
	close(dirfd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(attributes_come_sorted_by_name_and_as_bytes),
		test(a_file_without_any_has_an_empty_list),
		test(a_symbolic_link_has_not_those_of_its_target),
		test(those_of_a_file_of_mode_0_are_read_and_it_keeps_its_mode),
		test(what_only_root_can_see_is_left_out),
		test(a_missing_file_is_a_fault),
		test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("attrs", tests, NULL, NULL);
}
