/* SPDX-License-Identifier: BSD-2-Clause */
#include "../i386.h"
#include "supervised.h"

#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/sysmacros.h>

#define RESERVED 0x80000000U /* in a mask of statx(2) */

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

enum {
	FCHMODAT2 = 452, /* Linux 6.6; ours to answer here */
	KEEP = RECORD_KEEP,
	MNT_ID = 0x1000, /* for statx(2), Linux 5.8 */
	MNT_ID_UNIQUE = 0x4000, /* Linux 6.8 */
	THREADS = 8,
	ROUNDS = 50,
	KILLS = 100,
	CHILDREN = 2000,
};

/* What stat(2) has to say of a file. */
struct seen {
	uid_t uid;
	gid_t gid;
	mode_t mode; /* the type, too */
	dev_t device;
};

static void
check_stat(const char *call, const char *file, const struct stat *st,
    const struct seen *want)
{
	if (st->st_uid == want->uid && st->st_gid == want->gid &&
	    st->st_mode == want->mode && st->st_rdev == want->device)
		return;
	fprintf(stderr, "%s('%s'): %u:%u, mode %o, device %#lx\n", call, file,
	    st->st_uid, st->st_gid, st->st_mode, (unsigned long)st->st_rdev);
	_exit(1);
}

static void
check_statx(const char *file, const struct statx *sx, const struct seen *want)
{
	const unsigned mask = STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID;

	child_check((sx->stx_mask & mask) == mask);
	check_stat("statx", file,
	    &(const struct stat){ .st_uid = sx->stx_uid,
		.st_gid = sx->stx_gid,
		.st_mode = sx->stx_mode,
		.st_rdev = makedev(sx->stx_rdev_major, sx->stx_rdev_minor) },
	    want);
}

/* By every stat(2), made by hand where it writes our struct stat. */
static void
check_stats(int fd, const char *file, const struct seen *want)
{
	struct stat st;

#ifdef SYS_newfstatat
#ifdef SYS_stat
	if (!S_ISLNK(want->mode)) {
		child_check(syscall(SYS_stat, file, &st) == 0);
		check_stat("stat", file, &st, want);
	}
	child_check(syscall(SYS_lstat, file, &st) == 0);
	check_stat("lstat", file, &st, want);
#endif
	child_check(syscall(SYS_fstat, fd, &st) == 0);
	check_stat("fstat", file, &st, want);
	child_check(syscall(SYS_newfstatat, AT_FDCWD, file, &st,
			AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0);
	check_stat("newfstatat", file, &st, want);
	child_check(syscall(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH) == 0);
	check_stat("newfstatat of a descriptor", file, &st, want);
#else
	child_check(fstat(fd, &st) == 0);
	check_stat("fstat", file, &st, want);
	child_check(lstat(file, &st) == 0);
	check_stat("lstat", file, &st, want);
#endif
}

/* By every call that there is. */
static void
check_seen(const char *file, const struct seen *want)
{
	const int fd = open(file, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct statx sx;

	child_check(fd >= 0);
	check_stats(fd, file, want);
	child_check(syscall(SYS_statx, AT_FDCWD, file,
			AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC,
			STATX_BASIC_STATS, &sx) == 0);
	check_statx(file, &sx, want);
	child_check(
	    syscall(SYS_statx, fd, "", AT_EMPTY_PATH,
		STATX_UID | STATX_GID | STATX_MODE | STATX_TYPE, &sx) == 0);
	check_statx(file, &sx, want);
	child_check(close(fd) == 0);
}

static void
check_owner(const char *file, uid_t uid, gid_t gid)
{
	const struct seen want = {
		.uid = uid, .gid = gid, .mode = S_IFREG | 0644
	};

	check_seen(file, &want);
}

static void
check_mode(const char *file, mode_t mode)
{
	const struct seen want = { .mode = mode };

	check_seen(file, &want);
}

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
		check_owner(file, NOBODYS, NOBODIES);
	check_seen(
	    "link-d", &(const struct seen){ 7003, 7002, S_IFLNK | 0777, 0 });
	check_seen(
	    "link-e", &(const struct seen){ 7001, 7002, S_IFLNK | 0777, 0 });
	check_owner("f", 0, 0);
}

static void
make_files(void)
{
	static const char *const files[] = { "a", "b", "c", "d", "e", "f" };

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		scratch_file(files[i], "contents");
	scratch_symlink("d", "link-d");
	scratch_symlink("e", "link-e");
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
	check_owner("a", 0, NOBODIES);
	child_check(chown("a", NOBODYS, KEEP) == 0);
	check_owner("a", NOBODYS, NOBODIES);
	child_check(chown("a", KEEP, KEEP) == 0);
	check_owner("a", NOBODYS, NOBODIES);
	child_check(chown("a", 0, KEEP) == 0);
	check_owner("a", 0, NOBODIES);
	child_check(chown("b", NOBODYS, NOBODIES) == 0);
	child_check(chown("b", 0, 0) == 0);
	check_owner("b", 0, 0);
	child_check(chown("c", 0, 0) == 0 && chown("d", KEEP, KEEP) == 0);
	check_owner("c", 0, 0);
	child_check(chown("e", 0xfffffffe, 0x7fffffff) == 0);
	check_owner("e", 0xfffffffe, 0x7fffffff);
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

static void
chmod_in_all_spellings(void)
{
	const int dir = open(".", O_PATH), fd = open("c", O_RDONLY);
	const int path_only = open("f", O_PATH);
	char proc[64];

#ifdef SYS_chmod
	child_check(syscall(SYS_chmod, "a", 04511) == 0);
	child_check(syscall(SYS_chmod, "link-e", 04511) == 0);
#else
	child_check(chmod("a", 04511) == 0);
	child_check(chmod("link-e", 04511) == 0);
#endif
	child_check(syscall(SYS_fchmodat, dir, "b", 04511) == 0);
	child_check(syscall(SYS_fchmod, fd, 04511) == 0);
	child_check(syscall(FCHMODAT2, dir, "d", 04511, 0) == 0);
	child_check(
	    syscall(FCHMODAT2, dir, "g", 04511, AT_SYMLINK_NOFOLLOW) == 0);
	child_check(syscall(FCHMODAT2, open("h", O_PATH), "", 04511,
			AT_EMPTY_PATH) == 0);
	/* as C libraries do for fchmodat(3) with flags */
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", path_only);
	child_check(chmod(proc, 04511) == 0);
	for (char file[] = "a"; *file <= 'h'; ++*file)
		check_mode(file, S_IFREG | 04511);
	/* a link has no mode of its own */
	child_check(
	    syscall(FCHMODAT2, dir, "link-d", 0, AT_SYMLINK_NOFOLLOW) == -1);
	child_check(errno == EOPNOTSUPP || errno == ENOSYS);
}

static void
chmod_is_recorded_and_seen_in_all_spellings(void **state)
{
	static const char *const files[] = { "a", "b", "c", "d", "e", "f", "g",
		"h" };
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	scratch_file("g", "");
	scratch_file("h", "");
	supervised_run(&s, "chmod_in_all_spellings");
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		expect_record(&s, files[i], "mode=4511");
		assert_int_equal(scratch_mode(files[i]), 04711);
	}
	supervised_end(&s);
}

static void
chmod_and_go_on(void)
{
	int fd;

	child_check(chmod("a", 0) == 0);
	check_mode("a", S_IFREG);
	child_check((fd = open("a", O_RDWR)) >= 0 && close(fd) == 0);
	child_check(chmod("dir", 0) == 0);
	check_mode("dir", S_IFDIR);
	child_check((fd = creat("dir/new", 0600)) >= 0 && close(fd) == 0);
	child_check(chmod("dir/new", 0444) == 0);
	check_mode("dir/new", S_IFREG | 0444);
	child_check(chmod("dir", 0555) == 0);
	check_mode("dir", S_IFDIR | 0555);
	child_check(unlink("dir/new") == 0);
	/* what the disk can have is the disk's */
	child_check(chmod("b", 0751) == 0 && chmod("c", 0600) == 0);
	check_mode("b", S_IFREG | 0751);
	/* but not while an older record says something else */
	child_check(chmod("d", 0400) == 0 && chmod("d", 0755) == 0);
	check_mode("d", S_IFREG | 0755);
}

static void
the_owner_can_go_on_whatever_the_mode(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	scratch_dir("dir");
	supervised_run(&s, "chmod_and_go_on");
	expect_record(&s, "a", "mode=0");
	expect_record(&s, "dir", "mode=555");
	assert_int_equal(scratch_mode("a"), 0600);
	assert_int_equal(scratch_mode("dir"), 0755);
	expect_record(&s, "b", "");
	expect_record(&s, "c", "");
	expect_record(&s, "d", "mode=755");
	supervised_end(&s);
}

static void
rewrite_set_id_file(void)
{
	int fd;

	child_check(chmod("a", 06755) == 0);
	child_check((fd = open("a", O_WRONLY | O_TRUNC)) >= 0);
	child_check(write(fd, "new", 3) == 3 && close(fd) == 0);
	check_mode("a", S_IFREG | 06755);
	child_check(chmod("b", 04711) == 0);
	child_check(chown("b", NOBODYS, KEEP) == 0);
	check_seen("b", &(const struct seen){ NOBODYS, 0, S_IFREG | 04711, 0 });
	child_check(truncate("b", 1) == 0);
	check_seen("b", &(const struct seen){ NOBODYS, 0, S_IFREG | 04711, 0 });
}

static void
set_id_bits_survive_a_new_owner_and_new_contents(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	supervised_run(&s, "rewrite_set_id_file");
	expect_record(&s, "a", "mode=6755");
	expect_record(&s, "b", "uid=4242 mode=4711");
	supervised_end(&s);
}

static void
make_devices(void)
{
	const int dir = open("dir", O_PATH);
	const dev_t large = makedev(0xfff, 0xfffff);

	umask(027);
	child_check(mknod("null", S_IFCHR | 0666, makedev(1, 3)) == 0);
	check_seen("null",
	    &(const struct seen){ 0, 0, S_IFCHR | 0640, makedev(1, 3) });
	child_check(mknodat(dir, "disk", S_IFBLK | 0600, large) == 0);
	check_seen(
	    "dir/disk", &(const struct seen){ 0, 0, S_IFBLK | 0600, large });
	umask(0);
	child_check(mknod("shut", S_IFCHR, makedev(5, 1)) == 0);
	child_check(chown("shut", NOBODYS, NOBODIES) == 0);
	check_seen("shut",
	    &(const struct seen){ NOBODYS, NOBODIES, S_IFCHR, makedev(5, 1) });
	child_check(mknod("again", S_IFCHR | 0600, makedev(5, 1)) == 0);
	child_check(chmod("again", 0620) == 0);
	child_check(rename("again", "dir/moved") == 0);
	check_seen("dir/moved",
	    &(const struct seen){ 0, 0, S_IFCHR | 0620, makedev(5, 1) });
	/* what is no device is what it is */
	child_check(mknod("fifo", S_IFIFO | 0600, 0) == 0);
	child_check(mknod("file", 0644, 0) == 0);
	check_mode("fifo", S_IFIFO | 0600);
	check_mode("file", S_IFREG | 0644);
}

static void
a_device_is_a_placeholder_that_looks_like_one(void **state)
{
	struct supervised s = SUPERVISED;
	struct stat st;

	(void)state;
	scratch_dir("dir");
	supervised_run(&s, "make_devices");
	must(lstat("null", &st));
	assert_int_equal(st.st_mode, S_IFREG | 0640);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(scratch_mode("shut"), 0600);
	expect_record(&s, "null", "mode=640 type=char device=native,1,3");
	expect_record(
	    &s, "dir/disk", "mode=600 type=block device=native,4095,1048575");
	expect_record(
	    &s, "shut", "uid=4242 gid=4343 mode=0 type=char device=native,5,1");
	expect_record(&s, "dir/moved", "mode=620 type=char device=native,5,1");
	expect_record(&s, "fifo", "");
	expect_record(&s, "file", "");
	supervised_end(&s);
}

static void
make_directories(void)
{
	const int dir = open("dir", O_PATH);

	umask(022);
	child_check(mkdir("plain", 0777) == 0);
	check_mode("plain", S_IFDIR | 0755);
	child_check(mkdir("shut", 0555) == 0);
	check_mode("shut", S_IFDIR | 0555);
	child_check(mkdir("shut/inner", 0) == 0);
	check_mode("shut/inner", S_IFDIR);
	child_check(mkdir("shut/inner/most", 01777) == 0);
	check_mode("shut/inner/most", S_IFDIR | 01755);
	child_check(mkdirat(dir, "at/", 0400) == 0);
	check_mode("dir/at", S_IFDIR | 0400);
	umask(0777);
	child_check(mkdir("masked", 0777) == 0);
	check_mode("masked", S_IFDIR);
}

static void
a_directory_is_made_as_asked_and_can_be_used(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_dir("dir");
	supervised_run(&s, "make_directories");
	expect_record(&s, "plain", "");
	expect_record(&s, "shut", "mode=555");
	assert_int_equal(scratch_mode("shut"), 0755);
	expect_record(&s, "shut/inner", "mode=0");
	assert_int_equal(scratch_mode("shut/inner"), 0700);
	expect_record(&s, "shut/inner/most", "");
	expect_record(&s, "dir/at", "mode=400");
	must(chmod("masked", 0700)); /* the test has to remove it */
	supervised_end(&s);
}

static void
make_below_set_group_id(void)
{
	umask(022);
	child_check(mkdir("parent/a", 0755) == 0);
	check_mode("parent/a", S_IFDIR | 0755);
	child_check(mkdir("parent/b", 0500) == 0);
	check_mode("parent/b", S_IFDIR | 0500);
	child_check(chdir("parent") == 0 && mkdir("c", 0777) == 0);
	check_mode("c", S_IFDIR | 0755);
}

static void
a_directory_does_not_inherit_set_group_id(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_dir("parent");
	must(chmod("parent", 02755));
	supervised_run(&s, "make_below_set_group_id");
	assert_int_equal(scratch_mode("parent/a"), 0755);
	assert_int_equal(scratch_mode("parent/b"), 0700);
	assert_int_equal(scratch_mode("parent/c"), 0755);
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

	check_owner("a", 0, 0);
	check_seen("link-d", &(const struct seen){ 0, 0, S_IFLNK | 0777, 0 });
	child_check(chown("b", NOBODYS, NOBODIES) == 0);
	check_owner("b", NOBODYS, NOBODIES);
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

static void
chown_on_32_bits(void)
{
	struct i386_room *low = i386_map();
	const long path = i386_address(low->path);
	const int fd = open("c", O_RDONLY);

	child_check(low != NULL && fd >= 0);
	strcpy(low->path, "a");
	child_check(i386_call(I386_CHOWN, path, NOBODYS, NOBODIES, 0, 0) == 0);
	child_check(i386_call(I386_CHOWN, path, 0xffff, 7001, 0, 0) == 0);
	check_owner("a", NOBODYS, 7001);
	/* the upper half of such an argument means nothing */
	child_check(i386_call(I386_CHOWN, path, 0x12345678, -1, 0, 0) == 0);
	check_owner("a", 0x5678, 7001);
	strcpy(low->path, "link-d");
	child_check(i386_call(I386_LCHOWN, path, NOBODYS, NOBODIES, 0, 0) == 0);
	child_check(i386_call(I386_CHOWN32, path, 70000, 70001, 0, 0) == 0);
	check_owner("d", 70000, 70001);
	child_check(i386_call(I386_LCHOWN32, path, -1, 70001, 0, 0) == 0);
	check_seen("link-d",
	    &(const struct seen){ NOBODYS, 70001, S_IFLNK | 0777, 0 });
	child_check(i386_call(I386_FCHOWN, fd, NOBODYS, -1, 0, 0) == 0);
	child_check(i386_call(I386_FCHOWN32, fd, -1, 70001, 0, 0) == 0);
	check_owner("c", NOBODYS, 70001);
	strcpy(low->path, "b");
	child_check(
	    i386_call(I386_FCHOWNAT, AT_FDCWD, path, 70000, 70001, 0) == 0);
	check_owner("b", 70000, 70001);
	strcpy(low->path, "missing");
	child_check(i386_call(I386_CHOWN32, path, 1, 1, 0, 0) == -ENOENT);
	child_check(i386_call(I386_CHOWN32, 8, 1, 1, 0, 0) == -EFAULT);
}

static void
programs_of_32_bits_change_owners(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	i386_needed();
	make_files();
	supervised_run(&s, "chown_on_32_bits");
	expect_record(&s, "a", "uid=22136 gid=7001");
	expect_record(&s, "b", "uid=70000 gid=70001");
	expect_record(&s, "c", "uid=4242 gid=70001");
	expect_record(&s, "d", "uid=70000 gid=70001");
	expect_record(&s, "link-d", "uid=4242 gid=70001");
	supervised_end(&s);
}

/* What struct stat64 of i386 has at these places. */
static void
check_stat64(const struct i386_room *low, const struct seen *want)
{
	uint32_t mode, uid, gid;
	uint64_t device;

	memcpy(&mode, low->bytes + 16, sizeof(mode));
	memcpy(&uid, low->bytes + 24, sizeof(uid));
	memcpy(&gid, low->bytes + 28, sizeof(gid));
	memcpy(&device, low->bytes + 32, sizeof(device));
	child_check(mode == want->mode && device == want->device);
	child_check(uid == want->uid && gid == want->gid);
}

static void
make_and_look_on_32_bits(void)
{
	const struct seen device = { NOBODYS, 0, S_IFCHR | 0640,
		makedev(1, 300) };
	struct i386_room *low = i386_map();
	const long path = i386_address(low->path);
	const long bytes = i386_address(low->bytes);
	struct statx sx;

	umask(0);
	child_check(low != NULL);
	strcpy(low->path, "device");
	child_check(i386_call(I386_MKNOD, path, S_IFCHR | 0600,
			(long)makedev(1, 300), 0, 0) == 0);
	child_check(i386_call(I386_CHMOD, path, 0440, 0, 0, 0) == 0);
	child_check(i386_call(I386_FCHMODAT, AT_FDCWD, path, 0640, 0, 0) == 0);
	child_check(i386_call(I386_CHOWN32, path, NOBODYS, -1, 0, 0) == 0);
	check_seen("device", &device);
	child_check(i386_call(I386_STAT64, path, bytes, 0, 0, 0) == 0);
	check_stat64(low, &device);
	child_check(i386_call(I386_LSTAT64, path, bytes, 0, 0, 0) == 0);
	check_stat64(low, &device);
	child_check(i386_call(I386_FSTAT64, open("device", O_PATH), bytes, 0, 0,
			0) == 0);
	check_stat64(low, &device);
	child_check(
	    i386_call(I386_FSTATAT64, AT_FDCWD, path, bytes, 0, 0) == 0);
	check_stat64(low, &device);
	child_check(
	    i386_call(I386_STATX, AT_FDCWD, path, 0, 0x7ff, bytes) == 0);
	memcpy(&sx, low->bytes, sizeof(sx));
	check_statx("device", &sx, &device);
	child_check(i386_call(I386_STAT64, path, 8, 0, 0, 0) == -EFAULT);
	child_check(i386_call(I386_OLDSTAT, path, bytes, 0, 0, 0) == -ENOSYS);
	strcpy(low->path, "dir");
	child_check(i386_call(I386_MKDIR, path, 0500, 0, 0, 0) == 0);
	strcpy(low->path, "dir/inner");
	child_check(i386_call(I386_MKDIRAT, AT_FDCWD, path, 0300, 0, 0) == 0);
	check_mode("dir", S_IFDIR | 0500);
	check_mode("dir/inner", S_IFDIR | 0300);
}

static void
programs_of_32_bits_make_and_look(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	i386_needed();
	supervised_run(&s, "make_and_look_on_32_bits");
	expect_record(
	    &s, "device", "uid=4242 mode=640 type=char device=native,1,300");
	expect_record(&s, "dir", "mode=500");
	expect_record(&s, "dir/inner", "mode=300");
	supervised_end(&s);
}

static void
ask_for_ids_on_32_bits(void)
{
	struct i386_room *low = i386_map();
	const long a = i386_address(low->bytes);

	child_check(low != NULL);
	child_check(i386_call(I386_GETUID, 0, 0, 0, 0, 0) == 0);
	child_check(i386_call(I386_GETUID32, 0, 0, 0, 0, 0) == 0);
	memset(low->bytes, 0xee, 16);
	child_check(i386_call(I386_GETRESUID, a, a + 4, a + 8, 0, 0) == 0);
	/* two bytes each */
	for (int i = 0; i < 12; i++)
		child_check(low->bytes[i] == (i % 4 < 2 ? 0 : 0xee));
	child_check(i386_call(I386_GETRESUID32, a, a + 4, a + 8, 0, 0) == 0);
	for (int i = 0; i < 12; i++)
		child_check(low->bytes[i] == 0);
	child_check(low->bytes[12] == 0xee);
}

static void
programs_of_32_bits_are_told_that_they_are_root(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	i386_needed();
	supervised_run(&s, "ask_for_ids_on_32_bits");
	supervised_end(&s);
}

#ifdef __x86_64__
static void
be_of_another_abi(void)
{
	const pid_t pid = fork();
	int status;

	child_check(pid >= 0);
	if (pid == 0) {
		(void)syscall(0x40000000L | SYS_getpid);
		_exit(0);
	}
	child_check(waitpid(pid, &status, 0) == pid);
	child_check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	child_check(chown("file", NOBODYS, NOBODIES) == 0);
}

static void
a_program_of_an_unknown_abi_is_killed_and_told(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	supervised_run(&s, "be_of_another_abi");
	expect_record(&s, "file", "uid=4242 gid=4343");
	assert_int_equal(s.heard.count, 1);
	assert_non_null(strstr(s.heard.lines.data,
	    " is a program of another ABI, whose system calls cannot be "
	    "recorded: killed\n"));
	supervised_end(&s);
}
#endif

static void *
chown_by_thread(void *arg)
{
	const unsigned i = *(const unsigned *)arg;
	char name[32];
	struct stat st;

	for (unsigned round = 0; round < ROUNDS; round++) {
		snprintf(name, sizeof(name), "f%u-%u", i, round);
		child_check(close(creat(name, 0644)) == 0);
		child_check(chown(name, NOBODYS + i, NOBODIES + round) == 0);
		child_check(chmod(name, 0400) == 0);
		child_check(stat(name, &st) == 0);
		child_check(st.st_uid == NOBODYS + i);
		child_check(st.st_gid == NOBODIES + round);
		child_check(st.st_mode == (S_IFREG | 0400));
	}
	return NULL;
}

static void
chown_by_threads(void)
{
	pthread_t threads[THREADS];
	unsigned numbers[THREADS];

	for (unsigned i = 0; i < THREADS; i++) {
		numbers[i] = i;
		child_check(pthread_create(&threads[i], NULL, chown_by_thread,
				&numbers[i]) == 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		child_check(pthread_join(threads[i], NULL) == 0);
}

static void
threads_are_recorded_beside_each_other(void **state)
{
	struct supervised s = SUPERVISED;
	char name[32], want[64];

	(void)state;
	supervised_run(&s, "chown_by_threads");
	assert_int_equal(s.r.count, THREADS * ROUNDS);
	for (unsigned i = 0; i < THREADS; i++) {
		snprintf(name, sizeof(name), "f%u-%u", i, i);
		snprintf(want, sizeof(want), "uid=%u gid=%u mode=400",
		    NOBODYS + i, NOBODIES + i);
		expect_record(&s, name, want);
	}
	supervised_end(&s);
}

static void
chown_after_vfork(void)
{
	const char *const argv[] = { "true", NULL };
	volatile int error = 0;
	int status;
	const pid_t pid = vfork();

	child_check(pid >= 0);
	if (pid == 0) {
		if (chown("a", NOBODYS, NOBODIES) != 0)
			error = errno;
		execvp("true", (char *const *)argv);
		_exit(1);
	}
	child_check(waitpid(pid, &status, 0) == pid && status == 0);
	child_check(error == 0);
	check_owner("a", NOBODYS, NOBODIES);
}

static void
a_child_of_vfork_is_recorded(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	supervised_run(&s, "chown_after_vfork");
	expect_record(&s, "a", "uid=4242 gid=4343");
	supervised_end(&s);
}

static void *
chown_for_ever(void *arg)
{
	struct stat st;

	for (;;) {
		(void)!chown(arg, NOBODYS, NOBODIES);
		(void)chmod(arg, 0400);
		(void)stat(arg, &st);
		(void)mkdir("dir", 0500);
		(void)rmdir("dir");
	}
	return NULL;
}

/* From one thread or from two, killed after some time or other. */
static void
be_killed_while_calling(void)
{
	const struct timespec steps = { 0, 20000 };

	for (int i = 0; i < KILLS; i++) {
		const pid_t pid = fork();
		pthread_t thread;
		int status;

		child_check(pid >= 0);
		if (pid == 0) {
			if (i % 2 == 0)
				child_check(pthread_create(&thread, NULL,
						chown_for_ever,
						(void *)(uintptr_t) "a") == 0);
			(void)chown_for_ever((void *)(uintptr_t) "b");
		}
		for (int n = 0; n < i; n++)
			(void)nanosleep(&steps, NULL);
		child_check(kill(pid, SIGKILL) == 0);
		child_check(waitpid(pid, &status, 0) == pid);
		child_check(WTERMSIG(status) == SIGKILL);
	}
	child_check(chown("c", NOBODYS, NOBODIES) == 0);
	check_owner("c", NOBODYS, NOBODIES);
}

static void
callers_may_be_killed_while_they_wait(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	supervised_run(&s, "be_killed_while_calling");
	expect_record(&s, "c", "uid=4242 gid=4343");
	expect_record(&s, "d", "");
	supervised_end(&s);
}

static volatile sig_atomic_t alarms;

static void
count_alarm(int signo)
{
	(void)signo;
	alarms++;
}

/* Kernels before Linux 5.19 may do a call twice that a signal comes upon. */
static bool
is_done_once(void)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		   SECCOMP_FILTER_FLAG_NEW_LISTENER |
		       SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
		   NULL) == -1 &&
	    errno == EFAULT;
}

/* Signals come all the time; no call fails for it. */
static void
be_interrupted_while_calling(void)
{
	const struct sigaction sa = { .sa_handler = count_alarm,
		.sa_flags = SA_RESTART };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGUSR1 };
	const struct itimerspec often = { { 0, 100000 }, { 0, 100000 } };
	const bool is_once = is_done_once();
	timer_t timer;
	char name[32];

	child_check(sigaction(SIGUSR1, &sa, NULL) == 0);
	child_check(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	child_check(timer_settime(timer, 0, &often, NULL) == 0);
	for (int i = 0; i < 300 || alarms < 10; i++) {
		snprintf(name, sizeof(name), "dir%d", i);
		child_check(
		    mkdir(name, 0500) == 0 || (errno == EEXIST && !is_once));
		child_check(chown(name, NOBODYS, NOBODIES) == 0);
		check_seen(name,
		    &(const struct seen){
			NOBODYS, NOBODIES, S_IFDIR | 0500, 0 });
	}
}

static void
signals_that_let_calls_restart_do_not_disturb_them(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "be_interrupted_while_calling");
	assert_true(s.r.count >= 300);
	supervised_end(&s);
}

static void
ignore_child(int signo)
{
	(void)signo;
}

/* As dash(1) handles SIGCHLD: without SA_RESTART. */
static void
lose_children_while_calling(void)
{
	const struct sigaction sa = { .sa_handler = ignore_child };
	struct stat st;

	child_check(sigaction(SIGCHLD, &sa, NULL) == 0);
	scratch_file("file", "");
	for (int i = 0; i < CHILDREN; i++) {
		const pid_t pid = fork();

		if (pid == 0)
			_exit(stat("file", &st));
		for (int ended = 0; ended != pid;) {
			child_check(chown("file", NOBODYS, NOBODIES) == 0);
			child_check(stat("file", &st) == 0);
			ended = waitpid(pid, NULL, WNOHANG);
			child_check(ended >= 0);
		}
	}
}

static void
children_that_end_do_not_disturb_calls(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "lose_children_while_calling");
	expect_record(&s, "file", "uid=4242 gid=4343");
	supervised_end(&s);
}

static const struct act acts[] = {
	act(chown_in_all_spellings),
	act(chown_in_halves),
	act(call_wrongly),
	act(chmod_in_all_spellings),
	act(chmod_and_go_on),
	act(rewrite_set_id_file),
	act(make_devices),
	act(make_directories),
	act(make_below_set_group_id),
	act(look_at_everything),
	act(chown_on_32_bits),
	act(make_and_look_on_32_bits),
	act(ask_for_ids_on_32_bits),
#ifdef __x86_64__
	act(be_of_another_abi),
#endif
	act(chown_by_threads),
	act(chown_after_vfork),
	act(be_killed_while_calling),
	act(be_interrupted_while_calling),
	act(lose_children_while_calling),
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(chown_is_recorded_and_seen_in_all_spellings),
		test(each_half_of_an_owner_is_kept_or_changed),
		test(what_fails_fails_as_in_the_kernel_and_changes_nothing),
		test(chmod_is_recorded_and_seen_in_all_spellings),
		test(the_owner_can_go_on_whatever_the_mode),
		test(set_id_bits_survive_a_new_owner_and_new_contents),
		test(a_device_is_a_placeholder_that_looks_like_one),
		test(a_directory_is_made_as_asked_and_can_be_used),
		test(a_directory_does_not_inherit_set_group_id),
		test(what_is_not_recorded_looks_like_roots),
		test(programs_of_32_bits_change_owners),
		test(programs_of_32_bits_make_and_look),
		test(programs_of_32_bits_are_told_that_they_are_root),
#ifdef __x86_64__
		test(a_program_of_an_unknown_abi_is_killed_and_told),
#endif
		test(threads_are_recorded_beside_each_other),
		test(a_child_of_vfork_is_recorded),
		test(callers_may_be_killed_while_they_wait),
		test(signals_that_let_calls_restart_do_not_disturb_them),
		test(children_that_end_do_not_disturb_calls),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("trap", tests, NULL, NULL);
}
