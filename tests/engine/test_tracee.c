/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervised.h"

#include <sys/mman.h>

enum { PAGE = 4096 };

/* Two pages, of which the second is not there; their boundary. */
static char *
map_page(void)
{
	char *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	child_check(page != MAP_FAILED);
	child_check(munmap(page + PAGE, PAGE) == 0);
	return page + PAGE;
}

/* All calls that take a path fail with that errno when it is this one. */
static void
check_path_fails(const char *path, int error)
{
	static unsigned char bytes[1024];
	const long fd = AT_FDCWD, size = sizeof(bytes);
	const void *const p = path;

#ifdef SYS_chown
	child_check(syscall(SYS_chown, p, 1L, 1L) == -1 && errno == error);
	child_check(syscall(SYS_lchown, p, 1L, 1L) == -1 && errno == error);
	child_check(syscall(SYS_chmod, p, 0L) == -1 && errno == error);
	child_check(syscall(SYS_mknod, p, (long)S_IFCHR, 0x103L) == -1 &&
	    errno == error);
	child_check(syscall(SYS_mkdir, p, 0L) == -1 && errno == error);
	child_check(syscall(SYS_open, p, 0L) == -1 && errno == error);
#endif
#if defined(SYS_stat) && defined(SYS_newfstatat)
	child_check(syscall(SYS_stat, p, bytes) == -1 && errno == error);
	child_check(syscall(SYS_lstat, p, bytes) == -1 && errno == error);
#endif
	child_check(
	    syscall(SYS_fchownat, fd, p, 1L, 1L, 0L) == -1 && errno == error);
	child_check(syscall(SYS_fchmodat, fd, p, 0L) == -1 && errno == error);
	child_check(syscall(SYS_mknodat, fd, p, (long)S_IFBLK, 0x103L) == -1 &&
	    errno == error);
	child_check(syscall(SYS_mkdirat, fd, p, 0500L) == -1 && errno == error);
	child_check(
	    syscall(KERNEL_FSTATAT, fd, p, bytes, 0L) == -1 && errno == error);
	child_check(syscall(SYS_statx, fd, p, 0L, 0x7ffL, bytes) == -1 &&
	    errno == error);
	child_check(syscall(SYS_openat, fd, p, 0L) == -1 && errno == error);
	child_check(syscall(SYS_setxattr, p, "security.capability", bytes, 20L,
			0L) == -1 &&
	    errno == error);
	child_check(syscall(SYS_getxattr, p, "security.capability", bytes,
			size) == -1 &&
	    errno == error);
	child_check(
	    syscall(SYS_listxattr, p, bytes, size) == -1 && errno == error);
	child_check(syscall(SYS_removexattr, p, "security.capability") == -1 &&
	    errno == error);
}

/* One file has a record of each kind, so that nothing is left out. */
static void
record_something(void)
{
	static const unsigned char caps[20] = { 1, 0, 0, 2, 0, 0x20 };

	child_check(chown("file", NOBODYS, NOBODIES) == 0);
	child_check(chmod("file", 0) == 0);
	child_check(syscall(SYS_setxattr, "file", "security.capability", caps,
			20L, 0L) == 0);
}

static void
pass_bad_paths(void)
{
	char *end = map_page();
	char *whole = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	record_something();
	check_path_fails(NULL, EFAULT);
	check_path_fails((const char *)8, EFAULT);
	check_path_fails((const char *)UINTPTR_MAX, EFAULT);
#if UINTPTR_MAX > UINT32_MAX /* between the halves of all memory */
	check_path_fails((const char *)(UINTPTR_MAX << 48), EFAULT);
#endif
	check_path_fails(end, EFAULT);
	memset(end - 100, 'x', 100);
	check_path_fails(end - 100, EFAULT);
	check_path_fails("", ENOENT);
	child_check(whole != MAP_FAILED);
	memset(whole, '.', 2 * PAGE);
	for (int i = 1; i < 2 * PAGE; i += 2)
		whole[i] = '/';
	check_path_fails(whole, ENAMETOOLONG); /* nor does it end at all */
	whole[PAGE] = '\0';
	check_path_fails(whole, ENAMETOOLONG);
	check_path_fails("missing/x", ENOENT);
	check_path_fails("file/x", ENOTDIR);
	check_path_fails("loop/x", ELOOP);
}

static void
paths_that_cannot_be_read_fail_as_in_the_kernel(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	scratch_symlink("loop", "loop");
	supervised_run(&s, "pass_bad_paths");
	assert_int_equal(s.r.count, 1);
	supervised_end(&s);
}

static void
pass_paths_at_the_edge(void)
{
	char *end = map_page();
	const size_t len = sizeof("file");
	struct stat st;

	memcpy(end - len, "file", len);
	child_check(chown(end - len, NOBODYS, NOBODIES) == 0);
	child_check(stat(end - len, &st) == 0 && st.st_uid == NOBODYS);
	/* and over the boundary of two pages */
	end -= PAGE;
	child_check(mmap(end, 2 * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == end);
	for (unsigned i = 0; i <= len; i++) {
		memcpy(end + PAGE - i, "file", len);
		child_check(chown(end + PAGE - i, NOBODYS + 1, i) == 0);
		child_check(stat("file", &st) == 0 && st.st_gid == i);
	}
	child_check(mprotect(end, 2 * PAGE, PROT_READ) == 0);
	child_check(chown(end + PAGE - len, NOBODYS, NOBODIES) == 0);
}

static void
a_path_may_end_where_memory_ends(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	supervised_run(&s, "pass_paths_at_the_edge");
	expect_record(&s, "file", "uid=4242 gid=4343");
	supervised_end(&s);
}

static void
pass_bad_buffers(void)
{
	char *end = map_page();
	const void *bad[] = { NULL, (const void *)8, end, end - 10,
		(const void *)UINTPTR_MAX };

	record_something();
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		child_check(
		    syscall(KERNEL_FSTATAT, AT_FDCWD, "file", bad[i], 0) == -1);
		child_check(errno == EFAULT);
		child_check(syscall(SYS_statx, AT_FDCWD, "file", 0, 0x7ff,
				bad[i]) == -1);
		child_check(errno == EFAULT);
		child_check(syscall(SYS_getxattr, "file", "security.capability",
				bad[i], 100) == -1);
		child_check(errno == EFAULT);
		child_check(syscall(SYS_listxattr, "file", bad[i], 100) == -1);
		child_check(errno == EFAULT);
		child_check(syscall(SYS_setxattr, "file", "security.capability",
				bad[i], 20, 0) == -1);
		child_check(errno == EFAULT);
		child_check(syscall(SYS_setxattr, "file", bad[i], "value", 20,
				0) == -1);
		child_check(errno == EFAULT || errno == ERANGE);
	}
	child_check(mprotect(end - PAGE, PAGE, PROT_READ) == 0);
	child_check(
	    syscall(KERNEL_FSTATAT, AT_FDCWD, "file", end - PAGE, 0) == -1);
	child_check(errno == EFAULT);
}

static void
what_cannot_be_written_fails_as_in_the_kernel(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	supervised_run(&s, "pass_bad_buffers");
	expect_record(
	    &s, "file", "uid=4242 gid=4343 mode=0 caps=cap_net_raw=ep");
	supervised_end(&s);
}

/* No more can be done for it than it can do itself. */
static void
be_unreadable(void)
{
	const int fd = open("file", O_RDONLY);

	child_check(prctl(PR_SET_DUMPABLE, 0) == 0);
	child_check(fd >= 0);
	if (chown("file", NOBODYS, NOBODIES) == 0)
		child_check(fchown(fd, NOBODYS, NOBODIES) == 0);
	else
		child_check(errno == EPERM);
	child_check(chmod("file", 0600) == 0);
}

static void
a_process_that_may_not_be_read_is_left_to_the_kernel(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	supervised_run(&s, "be_unreadable");
	assert_int_equal(scratch_mode("file"), 0600);
	supervised_end(&s);
}

static const struct act acts[] = {
	act(pass_bad_paths),
	act(pass_paths_at_the_edge),
	act(pass_bad_buffers),
	act(be_unreadable),
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(paths_that_cannot_be_read_fail_as_in_the_kernel),
		test(a_path_may_end_where_memory_ends),
		test(what_cannot_be_written_fails_as_in_the_kernel),
		test(a_process_that_may_not_be_read_is_left_to_the_kernel),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("tracee", tests, NULL, NULL);
}
