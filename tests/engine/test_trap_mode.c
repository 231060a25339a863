/* SPDX-License-Identifier: BSD-2-Clause */
#include "../i386.h"
#include "supervised.h"
#include "test_trap.h"

#include <sys/sysmacros.h>

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

static const struct act acts[] = {
	act(chmod_in_all_spellings),
	act(chmod_and_go_on),
	act(rewrite_set_id_file),
	act(make_devices),
	act(make_directories),
	act(make_below_set_group_id),
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(chmod_is_recorded_and_seen_in_all_spellings),
		test(the_owner_can_go_on_whatever_the_mode),
		test(set_id_bits_survive_a_new_owner_and_new_contents),
		test(a_device_is_a_placeholder_that_looks_like_one),
		test(a_directory_is_made_as_asked_and_can_be_used),
		test(a_directory_does_not_inherit_set_group_id),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("trap_mode", tests, NULL, NULL);
}
