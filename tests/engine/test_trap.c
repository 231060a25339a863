/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_trap.h"
#include "../i386.h"
#include "supervised.h"

#include <sys/sysmacros.h>

#define RESERVED 0x80000000U /* in a mask of statx(2) */

enum {
	MNT_ID = 0x1000, /* for statx(2), Linux 5.8 */
	MNT_ID_UNIQUE = 0x4000, /* Linux 6.8 */
};

static void
chown_in_all_spellings(void)
{
	const int dir = open(".", O_PATH), fd = open("c", O_RDONLY);
	const int link = open("link-d", O_PATH | O_NOFOLLOW);

#ifdef SYS_chown
	child_check(syscall(SYS_chown, "a", NOBODYS, NOBODIES) == 0);
	child_check(syscall(SYS_lchown, "b", NOBODYS, NOBODIES) == 0);
	child_check(syscall(SYS_chown, "link-e", NOBODYS, NOBODIES) == 0);
	child_check(syscall(SYS_lchown, "link-e", 7001, 7002) == 0);
#else
	child_check(chown("a", NOBODYS, NOBODIES) == 0);
	child_check(lchown("b", NOBODYS, NOBODIES) == 0);
	child_check(chown("link-e", NOBODYS, NOBODIES) == 0);
	child_check(lchown("link-e", 7001, 7002) == 0);
#endif
	child_check(syscall(SYS_fchown, fd, NOBODYS, NOBODIES) == 0);
	child_check(syscall(SYS_fchownat, dir, "d", NOBODYS, NOBODIES, 0) == 0);
	child_check(syscall(SYS_fchownat, dir, "link-d", 7001, 7002,
			AT_SYMLINK_NOFOLLOW) == 0);
	child_check(
	    syscall(SYS_fchownat, link, "", 7003, KEEP, AT_EMPTY_PATH) == 0);
	for (char file[] = "a"; *file <= 'e'; ++*file)
		check_file(file, NOBODYS, NOBODIES);
	check_seen(
	    "link-d", &(const struct seen){ 7003, 7002, S_IFLNK | 0777, 0 });
	check_seen(
	    "link-e", &(const struct seen){ 7001, 7002, S_IFLNK | 0777, 0 });
	check_file("f", 0, 0);
}

static void
chown_is_recorded_and_seen_in_all_spellings(void **state)
{
	static const char *const files[] = { "a", "b", "c", "d", "e" };
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	supervised_run(&s, "chown_in_all_spellings");
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		expect_record(&s, files[i], "uid=4242 gid=4343");
	expect_record(&s, "link-d", "uid=7003 gid=7002");
	expect_record(&s, "link-e", "uid=7001 gid=7002");
	expect_record(&s, "f", "");
	supervised_end(&s);
}

static void
chown_in_halves(void)
{
	child_check(chown("a", KEEP, NOBODIES) == 0);
	check_file("a", 0, NOBODIES);
	child_check(chown("a", NOBODYS, KEEP) == 0);
	check_file("a", NOBODYS, NOBODIES);
	child_check(chown("a", KEEP, KEEP) == 0);
	check_file("a", NOBODYS, NOBODIES);
	child_check(chown("a", 0, KEEP) == 0);
	check_file("a", 0, NOBODIES);
	child_check(chown("b", NOBODYS, NOBODIES) == 0);
	child_check(chown("b", 0, 0) == 0);
	check_file("b", 0, 0);
	child_check(chown("c", 0, 0) == 0 && chown("d", KEEP, KEEP) == 0);
	check_file("c", 0, 0);
	child_check(chown("e", 0xfffffffe, 0x7fffffff) == 0);
	check_file("e", 0xfffffffe, 0x7fffffff);
}

static void
each_half_of_an_owner_is_kept_or_changed(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	supervised_run(&s, "chown_in_halves");
	expect_record(&s, "a", "uname=root gid=4343");
	expect_record(&s, "b", "uname=root gname=root");
	expect_record(&s, "c", "");
	expect_record(&s, "d", "");
	expect_record(&s, "e", "uid=4294967294 gid=2147483647");
	supervised_end(&s);
}

/* Nothing at all happens then, and what fails fails as in the kernel. */
static void
call_wrongly(void)
{
	struct stat st;
	struct statx sx;

	child_check(fchown(-1, 1, 1) == -1 && errno == EBADF);
	child_check(fchown(9999, 1, 1) == -1 && errno == EBADF);
	child_check(fchown(AT_FDCWD, 1, 1) == -1 && errno == EBADF);
	child_check(
	    syscall(KERNEL_FSTAT, AT_FDCWD, &st) == -1 && errno == EBADF);
	child_check(fchmod(AT_FDCWD, 0) == -1 && errno == EBADF);
	child_check(chown("missing", 1, 1) == -1 && errno == ENOENT);
	child_check(chown("a/", 1, 1) == -1 && errno == ENOTDIR);
	child_check(fchownat(9999, "a", 1, 1, 0) == -1 && errno == EBADF);
	child_check(fchownat(AT_FDCWD, "a", 1, 1, 1) == -1 && errno == EINVAL);
	child_check(syscall(SYS_fchownat, AT_FDCWD, "a", 1, 1,
			AT_SYMLINK_FOLLOW) == -1);
	child_check(errno == EINVAL);
	child_check(fchownat(AT_FDCWD, "", 1, 1, 0) == -1 && errno == ENOENT);
	child_check(syscall(KERNEL_FSTATAT, AT_FDCWD, "a", &st, 1) == -1);
	child_check(errno == EINVAL);
	child_check(syscall(SYS_statx, AT_FDCWD, "a", 1, 0x7ff, &sx) == -1);
	child_check(errno == EINVAL);
	child_check(chmod("missing", 0) == -1 && errno == ENOENT);
	child_check(chmod("loop", 0) == -1 && errno == ELOOP);
	child_check(syscall(FCHMODAT2, AT_FDCWD, "a", 0, 1) == -1);
	child_check(errno == EINVAL || errno == ENOSYS);
	child_check(mknod("missing/x", S_IFCHR, 0x103) == -1);
	child_check(errno == ENOENT);
	child_check(mknod("a", S_IFCHR, 0x103) == -1 && errno == EEXIST);
	child_check(mknod("loop", S_IFCHR, 0x103) == -1 && errno == EEXIST);
	child_check(mknod("new/", S_IFCHR, 0x103) == -1 && errno == ENOENT);
	child_check(mkdir("a", 0500) == -1 && errno == EEXIST);
	child_check(mkdir("a/b", 0500) == -1 && errno == ENOTDIR);
	child_check(mkdir("missing/x", 0) == -1 && errno == ENOENT);
	child_check(mkdir("loop", 0) == -1 && errno == EEXIST);
}

static void
what_fails_fails_as_in_the_kernel_and_changes_nothing(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("a", "");
	scratch_symlink("loop", "loop");
	supervised_run(&s, "call_wrongly");
	expect_no_record(&s);
	supervised_end(&s);
}

/* What this program does not know of is told as the kernel tells it. */
static void
ask_for_more(const char *file)
{
	const unsigned mask = STATX_BASIC_STATS | MNT_ID | MNT_ID_UNIQUE;
	struct statx real, seen;

	child_check(statx(AT_FDCWD, "/", 0, mask, &real) == 0);
	child_check(statx(AT_FDCWD, file, 0, mask, &seen) == 0);
	child_check(
	    ((real.stx_mask ^ seen.stx_mask) & (MNT_ID | MNT_ID_UNIQUE)) == 0);
	child_check(syscall(SYS_statx, AT_FDCWD, file, 0, RESERVED | mask,
			&seen) == -1 &&
	    errno == EINVAL);
}

static void
look_at_everything(void)
{
	struct stat st;

	check_file("a", 0, 0);
	check_seen("link-d", &(const struct seen){ 0, 0, S_IFLNK | 0777, 0 });
	child_check(chown("b", NOBODYS, NOBODIES) == 0);
	check_file("b", NOBODYS, NOBODIES);
	/* the rest of what stat(2) says is the disk's */
	child_check(stat("b", &st) == 0);
	child_check(st.st_size == 8 && st.st_nlink == 1);
	child_check(truncate("b", (off_t)5 << 30) == 0 && stat("b", &st) == 0);
	child_check(st.st_size == (off_t)5 << 30 && st.st_uid == NOBODYS);
	ask_for_more("b");
	/* and what nobody touched is what it is */
	child_check(stat("/", &st) == 0 && st.st_uid == 0);
	child_check(stat("/dev/null", &st) == 0);
	child_check(S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3));
}

static void
what_is_not_recorded_looks_like_roots(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	supervised_run(&s, "look_at_everything");
	assert_int_equal(s.r.count, 1);
	supervised_end(&s);
}

static const struct act acts[] = {
	act(chown_in_all_spellings),
	act(chown_in_halves),
	act(call_wrongly),
	act(look_at_everything),
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(chown_is_recorded_and_seen_in_all_spellings),
		test(each_half_of_an_owner_is_kept_or_changed),
		test(what_fails_fails_as_in_the_kernel_and_changes_nothing),
		test(what_is_not_recorded_looks_like_roots),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("trap", tests, NULL, NULL);
}
