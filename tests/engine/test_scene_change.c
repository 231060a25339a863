/* SPDX-License-Identifier: BSD-2-Clause */
#include "heard.h"
#include "supervised.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SWAPS = 2000 };

static void
be_refused(void)
{
	const int dir = open("dir", O_PATH);

	child_check(dir >= 0);
	child_check(chown("dir/../link", NOBODYS, 0) == -1);
	child_check(errno == EPERM);
	child_check(lchown("link", NOBODYS, 0) == -1);
	child_check(fchownat(dir, "file", NOBODYS, 0, 0) == -1);
	child_check(fchownat(dir, "", NOBODYS, 0, AT_EMPTY_PATH) == -1);
	child_check(fchown(open("dir/file", O_RDONLY), NOBODYS, 0) == -1);
	child_check(chdir("dir") == 0);
	child_check(mknod("new", S_IFCHR | 0600, 0x103) == -1);
	child_check(mknodat(dir, "../newer", S_IFCHR | 0600, 0x103) == -1);
	child_check(errno == EPERM);
	/* what would fail anyway is not worth telling */
	child_check(chown("missing", NOBODYS, 0) == -1 && errno == ENOENT);
	child_check(fchown(-1, NOBODYS, 0) == -1 && errno == EBADF);
}

static void
what_is_refused_is_told_by_its_absolute_name(void **state)
{
	static const char *const names[] = { "dir/file", "link", "dir/file",
		"dir", "dir/file", "dir/new", "newer" };
	const struct scratch *at = *state;
	struct supervised s = SUPERVISED;
	char want[4096] = "";
	size_t len = 0;

	scratch_file("dir/file", "");
	scratch_symlink("dir/file", "link");
	s.o.is_strict = true;
	supervised_run(&s, "be_refused");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		len += (size_t)snprintf(want + len, sizeof(want) - len,
		    "refused %s/%s\n", at->path, names[i]);
	heard_expect(&s.heard, want);
	expect_no_record(&s);
	supervised_end(&s);
}

/* The link lies on the way, and what it means depends on who goes. */
static void
make_through_self(void)
{
	const int dir = open("elsewhere", O_PATH);

	child_check(chdir("elsewhere") == 0);
	child_check(mkdir("me/shut", 0500) == 0);
	child_check(mkdirat(dir, "me/open", 0777) == 0);
	child_check(mknod("me/null", S_IFCHR | 0600, 0x103) == 0);
	child_check(mknodat(dir, "me/zero", S_IFCHR | 0600, 0x105) == 0);
	child_check(chmod("me/file", 0) == 0);
	child_check(chown("me/file", NOBODYS, NOBODIES) == 0);
	check_owner("file", NOBODYS, NOBODIES);
}

static void
what_is_made_through_proc_self_is_made_for_the_caller(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	scratch_file("elsewhere/file", "");
	scratch_symlink("/proc/self/cwd", "elsewhere/me");
	supervised_run(&s, "make_through_self");
	assert_false(scratch_has("shut") || scratch_has("open"));
	assert_false(scratch_has("null") || scratch_has("zero"));
	expect_record(&s, "elsewhere/shut", "mode=500");
	expect_record(&s, "elsewhere/open", "");
	expect_record(
	    &s, "elsewhere/null", "mode=600 type=char device=native,1,3");
	expect_record(
	    &s, "elsewhere/zero", "mode=600 type=char device=native,1,5");
	expect_record(&s, "elsewhere/file", "uid=4242 gid=4343 mode=0");
	expect_record(&s, "file", "");
	assert_int_equal(scratch_mode("file"), 0644);
	supervised_end(&s);
}

/*
 * As the kernel has it: such a descriptor names a file, and that is all.  musl
 * would do it by its name below /proc.
 */
static void
change_by_mere_path(void)
{
	static const unsigned char caps[20] = { 1, 0, 0, 2, 0, 32 };
	const int path = open("file", O_PATH), file = open("file", O_RDONLY);
	char name[64];

	child_check(syscall(SYS_fchown, path, NOBODYS, NOBODIES) == -1 &&
	    errno == EBADF);
	child_check(syscall(SYS_fchown, path, 0, 0) == -1 && errno == EBADF);
	child_check(syscall(SYS_fchmod, path, 04755) == -1 && errno == EBADF);
	child_check(syscall(SYS_fchmod, path, 0) == -1 && errno == EBADF);
	child_check(syscall(SYS_fsetxattr, path, "security.capability", caps,
			sizeof(caps), 0) == -1 &&
	    errno == EBADF);
	child_check(
	    syscall(SYS_fremovexattr, path, "security.capability") == -1 &&
	    errno == EBADF);
	check_owner("file", 0, 0);
	child_check(fchown(9999, 1, 1) == -1 && errno == EBADF);
	/* nor are attributes told by it */
	child_check(syscall(SYS_setxattr, "file", "security.capability", caps,
			sizeof(caps), 0) == 0);
	child_check(syscall(SYS_fgetxattr, path, "security.capability", name,
			0) == -1 &&
	    errno == EBADF);
	child_check(
	    syscall(SYS_flistxattr, path, name, 0) == -1 && errno == EBADF);
	child_check(syscall(SYS_fgetxattr, file, "security.capability", name,
			0) == sizeof(caps));
	child_check(
	    syscall(SYS_removexattr, "file", "security.capability") == 0);
	/* and without a name there is none to be empty */
	child_check(
	    syscall(SYS_fchownat, file, NULL, 1, 1, AT_EMPTY_PATH) == -1 &&
	    errno == EFAULT);
	/* but it does name the file */
	child_check(fchownat(path, "", 7001, 7001, AT_EMPTY_PATH) == 0);
	check_owner("file", 7001, 7001);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", path);
	child_check(chown(name, 7002, 7002) == 0);
	check_owner("file", 7002, 7002);
	child_check(fchown(file, 7003, 7003) == 0);
	check_owner("file", 7003, 7003);
	child_check(fchown(open("file", O_WRONLY), 7004, 7004) == 0);
}

static void
by_a_mere_path_nothing_is_changed(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	supervised_run(&s, "change_by_mere_path");
	expect_record(&s, "file", "uid=7004 gid=7004 caps=none");
	supervised_end(&s);
}

/* Let two files change their names as fast as it goes. */
static void *
swap(void *arg)
{
	atomic_bool *is_done = arg;

	while (!atomic_load(is_done))
		(void)syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "b",
		    2 /* RENAME_EXCHANGE */);
	return NULL;
}

static mode_t
mode_of(const char *file)
{
	struct stat st;

	child_check(lstat(file, &st) == 0);
	return st.st_mode & 07777;
}

static void
change_what_is_swapped(void)
{
	for (int i = 0; i < SWAPS; i++) {
		atomic_bool is_done = false;
		pthread_t thread;
		mode_t a, b;

		(void)unlink("a"); /* not there at first */
		(void)unlink("b");
		child_check(close(creat("a", 0644)) == 0);
		child_check(close(creat("b", 0644)) == 0);
		child_check(pthread_create(&thread, NULL, swap, &is_done) == 0);
		for (int k = 0; k < 3; k++)
			child_check(chmod("a", 0) == 0);
		atomic_store(&is_done, true);
		child_check(pthread_join(thread, NULL) == 0);
		a = mode_of("a");
		b = mode_of("b");
		/* 600 is what the disk has of a file that is recorded as 0 */
		child_check(a == 0 || a == 0644);
		child_check(b == 0 || b == 0644);
		child_check(a == 0 || b == 0);
	}
}

/* Put a file where a device appears, as soon as it does. */
static void *
replace(void *arg)
{
	while (rename("device", "moved") < 0)
		;
	child_check(rename("file", "device") == 0);
	return arg;
}

static void
check_is_device(const char *file, bool is_device)
{
	struct stat st;

	child_check(lstat(file, &st) == 0);
	child_check(S_ISCHR(st.st_mode) == is_device);
	child_check(unlink(file) == 0);
}

static void
make_what_is_replaced(void)
{
	for (int i = 0; i < SWAPS; i++) {
		pthread_t thread;

		child_check(close(creat("file", 0644)) == 0);
		child_check(pthread_create(&thread, NULL, replace, NULL) == 0);
		child_check(mknod("device", S_IFCHR | 0644, 0x103) == 0);
		child_check(pthread_join(thread, NULL) == 0);
		check_is_device("moved", true);
		check_is_device("device", false);
	}
	/* as the kernel has it */
	child_check(mknod("new/", S_IFCHR | 0644, 0x103) == -1);
	child_check(errno == ENOENT);
	child_check(mknod("..", S_IFCHR | 0644, 0x103) == -1);
	child_check(errno == EEXIST);
}

static void
what_was_made_is_the_device_and_not_what_got_its_name(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "make_what_is_replaced");
	supervised_end(&s);
}

static void
what_is_changed_on_disk_is_what_was_recorded(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "change_what_is_swapped");
	supervised_end(&s);
}

static const struct act acts[] = {
	act(be_refused),
	act(make_through_self),
	act(change_by_mere_path),
	act(make_what_is_replaced),
	act(change_what_is_swapped),
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(what_is_refused_is_told_by_its_absolute_name),
		test(what_is_made_through_proc_self_is_made_for_the_caller),
		test(by_a_mere_path_nothing_is_changed),
		test(what_was_made_is_the_device_and_not_what_got_its_name),
		test(what_is_changed_on_disk_is_what_was_recorded),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("scene_change", tests, NULL, NULL);
}
