/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervised.h"
#include "test_target.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

/* One thread calls while the other changes what the path is. */
static struct {
	char path[PATH_MAX];
	atomic_bool is_over;
} shared;

static void *
flip_path(void *arg)
{
	(void)arg;
	for (unsigned i = 0; !atomic_load(&shared.is_over); i++)
		((volatile char *)shared.path)[i % 2] = "abx/"[i % 4];
	return NULL;
}

static void
call_while_the_path_flips(void)
{
	pthread_t thread;

	strcpy(shared.path, "aa");
	child_check(lchown(shared.path, NOBODYS, NOBODIES) == 0);
	child_check(pthread_create(&thread, NULL, flip_path, NULL) == 0);
	for (int i = 0; i < 2000; i++) {
		struct stat st;

		/* EPERM: it was looked for in vain, and then the kernel had it */
		child_check(lchown(shared.path, NOBODYS, NOBODIES) == 0 ||
		    errno == ENOENT || errno == ENOTDIR || errno == EPERM);
		child_check(stat(shared.path, &st) == 0 || errno == ENOENT ||
		    errno == ENOTDIR);
	}
	atomic_store(&shared.is_over, true);
	child_check(pthread_join(thread, NULL) == 0);
}

static void
a_path_that_changes_under_way_is_one_path_or_another(void **state)
{
	static const char *const names[] = { "aa", "ab", "ba", "bb" };
	struct supervised s = SUPERVISED;

	(void)state;
	for (int i = 0; i < 4; i++)
		scratch_file(names[i], "");
	scratch_file("c", "");
	supervised_run(&s, "call_while_the_path_flips");
	expect_record(&s, "c", "");
	for (size_t i = 0; i < s.r.count; i++) {
		assert_int_equal(s.r.lines[i].spec.entry.uid, NOBODYS);
		assert_int_equal(s.r.lines[i].spec.entry.gid, NOBODIES);
	}
	supervised_end(&s);
}

/* Now a file, now a link: what does not follow must not follow. */
static void *
flip_link(void *arg)
{
	(void)arg;
	while (!atomic_load(&shared.is_over)) {
		child_check(symlink("victim", "new") == 0);
		child_check(rename("new", "flip") == 0);
		child_check(link("file", "new") == 0);
		child_check(rename("new", "flip") == 0);
		(void)unlink("new"); /* rename(2) of one file to itself */
	}
	return NULL;
}

static void
call_while_the_link_flips(void)
{
	pthread_t thread;

	child_check(pthread_create(&thread, NULL, flip_link, NULL) == 0);
	for (int i = 0; i < 1000; i++)
		child_check(lchown("flip", NOBODYS, NOBODIES) == 0);
	atomic_store(&shared.is_over, true);
	child_check(pthread_join(thread, NULL) == 0);
}

static void
a_link_that_comes_under_way_is_not_followed(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	scratch_file("victim", "");
	scratch_symlink("victim", "flip");
	supervised_run(&s, "call_while_the_link_flips");
	expect_record(&s, "victim", "");
	supervised_end(&s);
}

static void *
call_from_own_directory(void *arg)
{
	const char *dir = arg;

	child_check(unshare(CLONE_FS) == 0);
	child_check(chdir(dir) == 0);
	for (int i = 0; i < 100; i++)
		child_check(lchown("file", (uid_t)dir[1], NOBODIES) == 0);
	return NULL;
}

static void
call_from_two_directories(void)
{
	static char dirs[2][3] = { "d1", "d2" };
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		child_check(pthread_create(&threads[i], NULL,
				call_from_own_directory, dirs[i]) == 0);
	for (int i = 0; i < 2; i++)
		child_check(pthread_join(threads[i], NULL) == 0);
}

static void
a_thread_may_have_a_directory_of_its_own(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	scratch_file("d1/file", "");
	scratch_file("d2/file", "");
	supervised_run(&s, "call_from_two_directories");
	expect_record(&s, "file", "");
	expect_record(&s, "d1/file", "uid=49 gid=4343");
	expect_record(&s, "d2/file", "uid=50 gid=4343");
	supervised_end(&s);
}

static void *
call_with_own_files(void *arg)
{
	const int fd = *(int *)arg;

	child_check(unshare(CLONE_FILES) == 0);
	child_check(dup2(open("second", O_RDONLY), fd) == fd);
	child_check(fchown(fd, NOBODYS, NOBODIES) == 0);
	return NULL;
}

static void
call_from_two_tables(void)
{
	pthread_t thread;
	int fd = open("first", O_RDONLY);

	child_check(fd >= 0);
	child_check(
	    pthread_create(&thread, NULL, call_with_own_files, &fd) == 0);
	child_check(pthread_join(thread, NULL) == 0);
	child_check(fchown(fd, NOBODYS + 1, RECORD_KEEP) == 0);
}

static void
a_thread_may_have_descriptors_of_its_own(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("first", "");
	scratch_file("second", "");
	supervised_run(&s, "call_from_two_tables");
	expect_record(&s, "first", "uid=4243");
	expect_record(&s, "second", "uid=4242 gid=4343");
	supervised_end(&s);
}

/* As root at once, as another in a user namespace. */
static void
enter_jail(void)
{
	if (chroot("jail") < 0) {
		if (unshare(CLONE_NEWUSER) < 0)
			_exit(ACT_CANNOT);
		child_check(chroot("jail") == 0);
	}
	child_check(chdir("/") == 0);
}

static void
work_in_jail(void)
{
	struct stat st;

	enter_jail();
	child_check(chown("/file", NOBODYS, 7001) == 0);
	child_check(chown("/../../link", RECORD_KEEP, 7002) == 0);
	child_check(stat("file", &st) == 0);
	child_check(st.st_uid == NOBODYS && st.st_gid == 7002);
	child_check(stat("/link", &st) == 0 && st.st_gid == 7002);
	child_check(lchown("link", 7003, 7003) == 0);
	child_check(lstat("/link", &st) == 0 && st.st_uid == 7003);
	child_check(chmod("link", 0400) == 0);
	child_check(mknod("/dir/../dir/null", S_IFCHR | 0600, 0x103) == 0);
	child_check(mknod("/dir/x/", S_IFCHR | 0600, 0x103) == -1);
	child_check(errno == ENOENT);
	child_check(mkdir("/dir/new/", 0500) == 0);
	child_check(mkdir("/dir/new/", 0500) == -1 && errno == EEXIST);
	child_check(mkdir("/dangling/", 0500) == -1 && errno == EEXIST);
	child_check(mkdir("/dangling//", 0500) == -1 && errno == EEXIST);
	child_check(chown("file/", 1, 1) == -1 && errno == ENOTDIR);
	child_check(chown("/missing", 1, 1) == -1 && errno == ENOENT);
	child_check(chown("/loop", 1, 1) == -1 && errno == ELOOP);
	child_check(chown("", 1, 1) == -1 && errno == ENOENT);
	child_check(fchownat(-1, "/dir", 7004, 7004, 0) == 0);
	child_check(fchownat(9999, "dir", 4, 4, 0) == -1 && errno == EBADF);
	child_check(fchownat(AT_FDCWD, "", 7005, 7005, AT_EMPTY_PATH) == 0);
}

static void
a_caller_with_a_root_of_its_own_stays_below_it(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	scratch_file("jail/file", "");
	scratch_dir("jail/dir");
	scratch_symlink("/file", "jail/link");
	scratch_symlink("loop", "jail/loop");
	scratch_symlink("none", "jail/dangling");
	supervised_run(&s, "work_in_jail");
	expect_record(&s, "file", "");
	expect_record(&s, "jail/file", "uid=4242 gid=7002 mode=400");
	expect_record(&s, "jail/link", "uid=7003 gid=7003");
	expect_record(
	    &s, "jail/dir/null", "mode=600 type=char device=native,1,3");
	expect_record(&s, "jail/dir/new", "mode=500");
	expect_record(&s, "jail/dir", "uid=7004 gid=7004");
	expect_record(&s, "jail", "uid=7005 gid=7005");
	supervised_end(&s);
}

/* The others need not have another root for it. */
static void
work_beside_jail(void)
{
	const pid_t pid = fork();
	int status;

	child_check(pid >= 0);
	if (pid == 0) {
		enter_jail();
		child_check(chown("file", NOBODYS, NOBODIES) == 0);
		_exit(0);
	}
	child_check(waitpid(pid, &status, 0) == pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == ACT_CANNOT)
		_exit(ACT_CANNOT);
	child_check(status == 0);
	go_elsewhere();
	check_named(AT_FDCWD, "dir/file", 0);
	check_named(AT_FDCWD, "/proc/self/cwd/dir/file", 0);
	check_numbered("/proc/self/fd/%d", open("dir/file", O_RDONLY));
	check_named(AT_FDCWD, lengthen("./", "dir/file", PATH_MAX - 1), 0);
}

static void
who_has_no_other_root_is_not_disturbed_by_those_who_have(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	scratch_file("jail/file", "");
	supervised_run(&s, "work_beside_jail");
	expect_record(&s, "file", "");
	expect_record(&s, "jail/file", "uid=4242 gid=4343");
	supervised_end(&s);
}

static const struct act acts[] = {
	act(call_while_the_path_flips),
	act(call_while_the_link_flips),
	act(call_from_two_directories),
	act(call_from_two_tables),
	act(work_in_jail),
	act(work_beside_jail),
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(a_path_that_changes_under_way_is_one_path_or_another),
		test(a_link_that_comes_under_way_is_not_followed),
		test(a_thread_may_have_a_directory_of_its_own),
		test(a_thread_may_have_descriptors_of_its_own),
		test(a_caller_with_a_root_of_its_own_stays_below_it),
		test(who_has_no_other_root_is_not_disturbed_by_those_who_have),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("target_shared", tests, NULL, NULL);
}
