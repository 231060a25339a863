/* SPDX-License-Identifier: BSD-2-Clause */
#include "scratch.h"

#include "engine/identify.h"
#include "format/identity.h"

static struct identity
identify(const char *path)
{
	const int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct identity id;
	struct fault f = { 0 };

	must(fd);
	assert_ok(identify_fd(&id, fd, &f), &f);
	must(close(fd));
	return id;
}

static void
device_and_inode_are_those_of_stat(void **state)
{
	static const char *const paths[] = { "file", "link", ".", "/proc" };
	struct identity id;
	struct stat st;

	(void)state;
	scratch_file("file", "");
	scratch_symlink("file", "link");
	for (size_t i = 0; i < 4; i++) {
		must(lstat(paths[i], &st));
		id = identify(paths[i]);
		assert_int_equal(id.dev, st.st_dev);
		assert_int_equal(id.ino, st.st_ino);
	}
}

static void
a_file_stays_what_it_is_whatever_happens_to_it(void **state)
{
	struct identity id, again;

	(void)state;
	scratch_file("a/file", "one");
	id = identify("a/file");
	must(rename("a", "b"));
	must(link("b/file", "other"));
	must(chmod("other", 0));
	again = identify("other");
	assert_true(identity_is_same(&id, &again));
	scratch_file("new", "");
	again = identify("new");
	assert_false(identity_is_same(&id, &again));
}

static void
a_file_system_without_births_gives_none(void **state)
{
	struct identity id;

	(void)state;
	id = identify("/proc/self/status");
	assert_int_equal(id.birth, 0);
	assert_int_equal(id.birth_nsec, 0);
}

static void
what_is_not_open_is_a_fault(void **state)
{
	struct identity id;
	struct fault f = { 0 };

	(void)state;
	assert_refused(identify_fd(&id, -1, &f), &f, FAULT_SYSTEM,
	    "cannot stat: Bad file descriptor");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(device_and_inode_are_those_of_stat),
		test(a_file_stays_what_it_is_whatever_happens_to_it),
		test(a_file_system_without_births_gives_none),
		test(what_is_not_open_is_a_fault),
	};

	return cmocka_run_group_tests_name("identify", tests, NULL, NULL);
}
