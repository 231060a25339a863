/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervised.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

/*
 * Each act is somewhere else than its supervisor, and has other files open: what
 * it names must be found as it sees it.
 */

static char here[PATH_MAX]; /* where the supervisor is */

static void
go_elsewhere(void)
{
	child_check(getcwd(here, sizeof(here)) != NULL);
	child_check(chdir("elsewhere") == 0);
}

static void
make_files(void)
{
	scratch_file("file", "");
	scratch_file("elsewhere/file", "");
	scratch_file("elsewhere/dir/file", "");
}

static uid_t
owner_of(const char *path)
{
	struct stat st;

	child_check(fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) == 0);
	return st.st_uid;
}

/* Give the file away as it is named there, each time to another. */
static uid_t
give_named(int dirfd, const char *path, int flags)
{
	static uid_t uid = NOBODYS;
	char plain[PATH_MAX + 32];

	uid++;
	if (fchownat(dirfd, path, uid, uid + 1, flags) != 0) {
		fprintf(stderr, "'%.80s': %s\n", path, strerror(errno));
		_exit(1);
	}
	snprintf(plain, sizeof(plain), "%s/elsewhere/dir/file", here);
	if (owner_of(plain) != uid) {
		fprintf(stderr, "'%.80s' is another file\n", path);
		_exit(1);
	}
	return uid;
}

/* And so it looks by that name. */
static void
check_named(int dirfd, const char *path, int flags)
{
	const uid_t uid = give_named(dirfd, path, flags);
	struct stat st;
	struct statx sx;

	if (fstatat(dirfd, path, &st, flags) != 0 ||
	    statx(dirfd, path, flags, STATX_BASIC_STATS, &sx) != 0) {
		fprintf(stderr, "'%.80s': %s\n", path, strerror(errno));
		_exit(1);
	}
	if (st.st_uid != uid || st.st_gid != uid + 1 || sx.stx_uid != uid) {
		fprintf(stderr, "'%.80s' looks like another's\n", path);
		_exit(1);
	}
}

/* Named by a format that takes a descriptor's number. */
static void
check_numbered(const char *format, int fd)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), format, fd);
	check_named(AT_FDCWD, path, 0);
}

static void
name_by_paths(void)
{
	static const char *const paths[] = { "dir/file", "./dir/./file",
		"dir//file", "dir/../dir/file", "../elsewhere/dir/file",
		"dir/link", "link", "chain", "to-dir/file", "absolute-link" };
	char path[PATH_MAX + 64];

	go_elsewhere();
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		check_named(AT_FDCWD, paths[i], 0);
	check_named(AT_FDCWD, "dir/file", AT_SYMLINK_NOFOLLOW);
	snprintf(path, sizeof(path), "%s/elsewhere/dir/file", here);
	check_named(AT_FDCWD, path, 0);
	check_named(-1, path, 0);
	check_named(9999, path, AT_SYMLINK_NOFOLLOW);
	snprintf(path, sizeof(path), "///..//%s/elsewhere/dir/file", here);
	check_named(AT_FDCWD, path, 0);
}

static void
paths_are_relative_to_the_directory_of_the_caller(void **state)
{
	const struct scratch *at = *state;
	struct supervised s = SUPERVISED;
	char target[PATH_MAX];

	make_files();
	snprintf(target, sizeof(target), "%s/elsewhere/dir/file", at->path);
	scratch_symlink(target, "elsewhere/absolute-link");
	scratch_symlink("dir/file", "elsewhere/link");
	scratch_symlink("to-dir/link", "elsewhere/chain");
	scratch_symlink("dir", "elsewhere/to-dir");
	scratch_symlink("file", "elsewhere/dir/link");
	supervised_run(&s, "name_by_paths");
	expect_record(&s, "file", "");
	expect_record(&s, "elsewhere/file", "");
	expect_record(&s, "elsewhere/link", "");
	supervised_end(&s);
}

static void
name_by_descriptors(void)
{
	int dir, file, path_only, back;

	go_elsewhere();
	child_check((dir = open("dir", O_RDONLY | O_DIRECTORY)) >= 0);
	child_check((file = open("dir/file", O_RDONLY)) >= 0);
	child_check((path_only = open("dir/file", O_PATH)) >= 0);
	check_named(dir, "file", 0);
	check_named(dir, "file", AT_SYMLINK_NOFOLLOW);
	check_named(dir, "../dir/file", 0);
	check_named(file, "", AT_EMPTY_PATH);
	check_named(path_only, "", AT_EMPTY_PATH);
	check_named(path_only, "", AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW);
	check_named(dir, "file", AT_EMPTY_PATH);
	/* the files of the supervisor's have the same numbers */
	child_check(dup2(dir, 60) == 60 && fchdir(60) == 0);
	check_named(60, "file", 0);
	child_check((back = open("..", O_PATH)) >= 0);
	check_named(back, "dir/file", 0);
}

static void
descriptors_are_those_of_the_caller(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	supervised_run(&s, "name_by_descriptors");
	expect_record(&s, "file", "");
	expect_record(&s, "elsewhere/file", "");
	expect_record(&s, "elsewhere/dir", "");
	supervised_end(&s);
}

static void
name_by_proc(void)
{
	char path[64];
	int dir, file;

	go_elsewhere();
	child_check((dir = open("dir", O_PATH)) >= 0);
	child_check((file = open("dir/file", O_RDONLY)) >= 0);
	check_named(AT_FDCWD, "/proc/self/cwd/dir/file", 0);
	check_named(AT_FDCWD, "/proc/self/cwd/dir/file", AT_SYMLINK_NOFOLLOW);
	check_named(AT_FDCWD, "/proc/thread-self/cwd/dir/file", 0);
	snprintf(path, sizeof(path), "/proc/%d/cwd/dir/file", (int)getpid());
	check_named(AT_FDCWD, path, 0);
	check_numbered("/proc/self/fd/%d", file);
	check_numbered("/proc/self/fd/%d/file", dir);
	check_numbered("/proc/thread-self/fd/%d", file);
	check_numbered("/dev/fd/%d", file);
	check_numbered("/dev/fd/%d/file", dir);
	child_check(dup2(file, 0) == 0);
	check_named(AT_FDCWD, "/dev/stdin", 0);
	check_named(AT_FDCWD, "/dev/fd/0", 0);
	check_named(0, "", AT_EMPTY_PATH);
}

static void
what_a_process_calls_itself_is_the_caller(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	supervised_run(&s, "name_by_proc");
	expect_record(&s, "file", "");
	supervised_end(&s);
}

static void
take_detours(void)
{
	static const char *const ways[] = { "//proc/self/cwd/dir/file",
		"/proc/./self/cwd/dir/file", "/proc/../proc/self//cwd/dir/file",
		"to-cwd/dir/file", "to-self/cwd/dir/file" };
	static const char *const ends[] = { "to-stdin", "to-fd/0",
		"to-self/fd/0", "/proc/./self/fd/0" };
	int file;

	go_elsewhere();
	child_check((file = open("dir/file", O_RDONLY)) >= 0);
	child_check(dup2(file, 0) == 0);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		check_named(AT_FDCWD, ends[i], 0);
	/* a look may miss the file on these, a change does not */
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		(void)give_named(AT_FDCWD, ways[i], 0);
}

static void
what_is_changed_by_a_detour_to_self_is_the_callers(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	scratch_symlink("/proc/self/cwd", "elsewhere/to-cwd");
	scratch_symlink("/proc/self", "elsewhere/to-self");
	scratch_symlink("/dev/fd", "elsewhere/to-fd");
	scratch_symlink("/dev/stdin", "elsewhere/to-stdin");
	supervised_run(&s, "take_detours");
	expect_record(&s, "file", "");
	/* nine times another owner */
	expect_record(&s, "elsewhere/dir/file", "uid=4251 gid=4252");
	supervised_end(&s);
}

static void
take_detours_to_links(void)
{
	go_elsewhere();
	(void)give_named(AT_FDCWD, "to-cwd/dir/file", AT_SYMLINK_NOFOLLOW);
	(void)give_named(AT_FDCWD, "to-self/cwd/dir/file", AT_SYMLINK_NOFOLLOW);
}

static void
where_the_end_is_not_followed_the_way_is_the_callers_too(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	scratch_symlink("/proc/self/cwd", "elsewhere/to-cwd");
	scratch_symlink("/proc/self", "elsewhere/to-self");
	scratch_file("dir/file", "");
	supervised_run(&s, "take_detours_to_links");
	expect_record(&s, "dir/file", "");
	supervised_end(&s);
}

/* A path of that many bytes; what it leads to comes last. */
static const char *
lengthen(const char *begin, const char *end, size_t len)
{
	static char path[PATH_MAX + 1];
	size_t at = strlen(begin);
	const size_t tail = strlen(end);

	memcpy(path, begin, at);
	while (at + 2 <= len - tail) {
		memcpy(path + at, "./", 2);
		at += 2;
	}
	if (at < len - tail)
		path[at++] = '/';
	memcpy(path + at, end, tail + 1);
	child_check(strlen(path) == len);
	return path;
}

static void
name_by_long_paths(void)
{
	char begin[PATH_MAX + 32];
	int dir;

	go_elsewhere();
	child_check((dir = open("dir", O_PATH)) >= 0);
	snprintf(begin, sizeof(begin), "%s/elsewhere/", here);
	for (size_t len = PATH_MAX - 40; len < PATH_MAX; len++) {
		check_named(AT_FDCWD, lengthen("./", "dir/file", len), 0);
		check_named(AT_FDCWD, lengthen("./", "dir/file", len),
		    AT_SYMLINK_NOFOLLOW);
		check_named(dir, lengthen("./", "file", len), 0);
		check_named(AT_FDCWD, lengthen(begin, "dir/file", len), 0);
	}
	check_named(AT_FDCWD,
	    lengthen("/proc/self/cwd/", "dir/file", PATH_MAX - 20), 0);
	child_check(
	    chown(lengthen("./", "dir/file", PATH_MAX), NOBODYS, 1) == -1);
	child_check(errno == ENAMETOOLONG);
}

static void
paths_may_be_as_long_as_the_kernel_allows(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	make_files();
	supervised_run(&s, "name_by_long_paths");
	supervised_end(&s);
}

/* Deeper than any path: what is there can be named from there alone. */
static void
name_from_the_deep(void)
{
	char name[NAME_MAX + 1];
	struct stat st;

	memset(name, 'd', NAME_MAX);
	name[NAME_MAX] = '\0';
	for (int i = 0; i < 40; i++)
		child_check(mkdir(name, 0755) == 0 && chdir(name) == 0);
	child_check(close(creat("file", 0644)) == 0);
	child_check(lchown("file", NOBODYS, NOBODIES) == 0);
	child_check(stat("file", &st) == 0 && st.st_uid == NOBODYS);
	child_check(stat("../", &st) == 0 && st.st_uid == 0);
}

static void
a_directory_may_be_deeper_than_a_path_is_long(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "name_from_the_deep");
	supervised_end(&s);
}

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
	act(name_by_paths),
	act(name_by_descriptors),
	act(name_by_proc),
	act(take_detours),
	act(take_detours_to_links),
	act(name_by_long_paths),
	act(name_from_the_deep),
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
		test(paths_are_relative_to_the_directory_of_the_caller),
		test(descriptors_are_those_of_the_caller),
		test(what_a_process_calls_itself_is_the_caller),
		test(what_is_changed_by_a_detour_to_self_is_the_callers),
		test(where_the_end_is_not_followed_the_way_is_the_callers_too),
		test(paths_may_be_as_long_as_the_kernel_allows),
		test(a_directory_may_be_deeper_than_a_path_is_long),
		test(a_path_that_changes_under_way_is_one_path_or_another),
		test(a_link_that_comes_under_way_is_not_followed),
		test(a_thread_may_have_a_directory_of_its_own),
		test(a_thread_may_have_descriptors_of_its_own),
		test(a_caller_with_a_root_of_its_own_stays_below_it),
		test(who_has_no_other_root_is_not_disturbed_by_those_who_have),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
