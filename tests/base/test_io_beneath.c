/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "../scratch.h"

#include "base/io.h"

#include <errno.h>

static void
make_link(const char *target, const char *name)
{
	child_check(symlink(target, name) == 0 || errno == EEXIST);
}

/* root/usr/bin/su, and links to each part of it from within. */
static void
make_root(void)
{
	child_check(mkdir("root", 0755) == 0 || errno == EEXIST);
	(void)mkdir("root/usr", 0755);
	(void)mkdir("root/usr/bin", 0755);
	(void)mkdir("outside", 0755);
	child_check(
	    close(open("root/usr/bin/su", O_CREAT | O_WRONLY, 0644)) == 0);
	child_check(close(open("outside/su", O_CREAT | O_WRONLY, 0644)) == 0);
	make_link("usr/bin", "root/bin");
	make_link("../../outside", "root/usr/out");
	make_link("su", "root/usr/bin/sulink");
	make_link("nowhere", "root/usr/bin/dangling");
}

/* A descriptor, its number or -errno. */
static int
open_in(int root, const char *path, int flags)
{
	const int fd = io_open_beneath(root, path, flags);

	return fd < 0 ? -errno : fd;
}

static void
check_opening(int on_the_way)
{
	const char name[] = "root/usr/bin/su";
	struct stat want, got;
	int root, fd;

	make_root();
	root = open("root", O_PATH | O_DIRECTORY);
	child_check(root >= 0);

	child_check((fd = io_open_beneath(root, "usr/bin/su", O_RDONLY)) >= 0);
	child_check(stat(name, &want) == 0 && fstat(fd, &got) == 0);
	child_check(want.st_ino == got.st_ino && want.st_dev == got.st_dev);
	child_check((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	child_check(close(fd) == 0);
	child_check((fd = io_open_beneath(root, "usr", O_RDONLY)) >= 0);
	child_check(close(fd) == 0);

	child_check(open_in(root, "bin/su", O_RDONLY) == -on_the_way);
	child_check(open_in(root, "usr/out/su", O_RDONLY) == -on_the_way);
	child_check(open_in(root, "usr/bin/sulink", O_RDONLY) == -ELOOP);
	child_check(open_in(root, "usr/bin/dangling", O_RDONLY) == -ELOOP);
	child_check(open_in(root, "bin", O_RDONLY) == -ELOOP);
	fd = open_in(root, "bin", O_RDONLY | O_DIRECTORY);
	child_check(fd == -ELOOP || fd == -ENOTDIR);
	child_check(open_in(root, "usr/none", O_RDONLY) == -ENOENT);
	child_check(open_in(root, "none/su", O_RDONLY) == -ENOENT);
	child_check(open_in(root, "usr/bin/su/x", O_RDONLY) == -ENOTDIR);

	child_check(
	    (fd = io_open_beneath(root, "usr/bin/sulink", O_PATH)) >= 0);
	child_check(fstat(fd, &got) == 0 && S_ISLNK(got.st_mode));
	child_check(close(fd) == 0);
	child_check(close(root) == 0);
}

static void
check_with_kernel(void)
{
	check_opening(ELOOP);
}

static void
refuse_openat2(unsigned error)
{
	child_refuse(
	    &(struct child_refusal){ .nr = SYS_openat2, .error = error });
	child_check(syscall(SYS_openat2, -1, "", NULL, (size_t)0) < 0);
	child_check(errno == (int)error);
}

static void
check_by_hand(void)
{
	refuse_openat2(ENOSYS);
	check_opening(ENOTDIR);
}

static void
check_in_a_sandbox(void)
{
	refuse_openat2(EPERM);
	check_opening(ENOTDIR);
}

static void
no_symlink_is_passed_through(void **state)
{
	(void)state;
	assert_child_passes(check_with_kernel);
}

static void
no_symlink_is_passed_through_by_hand(void **state)
{
	(void)state;
	assert_child_passes(check_by_hand);
	assert_child_passes(check_in_a_sandbox);
}

/* How many descriptors are open, more or less. */
static int
lowest_free(void)
{
	const int fd = open("/", O_PATH);

	child_check(fd >= 0 && close(fd) == 0);
	return fd;
}

static void
open_deep_by_hand(void)
{
	char path[4100] = "", name[300];
	int root, free_before, fd;

	refuse_openat2(ENOSYS);
	child_check(mkdir("deep", 0755) == 0);
	root = open("deep", O_PATH | O_DIRECTORY);
	child_check(root >= 0 && fchdir(root) == 0);
	for (size_t i = 0; i < 2000; i++) {
		child_check(mkdir("d", 0755) == 0 && chdir("d") == 0);
		strcat(path, i == 0 ? "d" : "/d");
	}
	free_before = lowest_free();
	child_check((fd = io_open_beneath(root, path, O_RDONLY)) >= 0);
	child_check(close(fd) == 0);
	strcat(path, "/none");
	child_check(open_in(root, path, O_RDONLY) == -ENOENT);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	child_check(open_in(root, name, O_RDONLY) == -ENAMETOOLONG);
	name[260] = '/';
	child_check(open_in(root, name, O_RDONLY) == -ENAMETOOLONG);
	child_check(lowest_free() == free_before);

	/* too deep for some to remove at once */
	for (size_t i = 0; i < 2000; i++)
		child_check(chdir("..") == 0 && rmdir("d") == 0);
}

static void
deep_paths_by_hand_leave_no_descriptor_open(void **state)
{
	(void)state;
	assert_child_passes(open_deep_by_hand);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_symlink_is_passed_through),
		cmocka_unit_test(no_symlink_is_passed_through_by_hand),
		cmocka_unit_test(deep_paths_by_hand_leave_no_descriptor_open),
	};

	return cmocka_run_group_tests_name(
	    "io_beneath", tests, scratch_setup, scratch_teardown);
}
