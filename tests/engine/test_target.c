/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_target.h"
#include "supervised.h"

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
	static const char *const ways[] = { "to-cwd/dir/file",
		"/proc/./self/cwd/dir/file" };

	go_elsewhere();
	(void)give_named(AT_FDCWD, "to-cwd/dir/file", AT_SYMLINK_NOFOLLOW);
	/* and back to root, what is recorded of most files already */
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		child_check(chown("dir/file", NOBODYS, NOBODIES) == 0);
		child_check(chown(ways[i], 0, 0) == 0);
		check_owner("dir/file", 0, 0);
		child_check(chown("dir/file", NOBODYS, NOBODIES) == 0);
		child_check(lchown(ways[i], 0, 0) == 0);
		check_owner("dir/file", 0, 0);
	}
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

/* As readlink(2) has it, which nobody stops. */
static void
look_at_links_to_self(void)
{
	static const char *const links[] = { "/proc/self", "/proc/thread-self",
		"/dev/fd", "/dev/stdin", "/dev/stdout", "/dev/stderr" };
	struct stat st, same;
	char text[64];

	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		const bool is_link = readlink(links[i], text, 64) > 0;
		struct statx sx;

		if (lstat(links[i], &st) != 0)
			continue; /* not on this machine */
		child_check(S_ISLNK(st.st_mode) == is_link);
		child_check(statx(AT_FDCWD, links[i], AT_SYMLINK_NOFOLLOW,
				STATX_BASIC_STATS, &sx) == 0);
		child_check(S_ISLNK(sx.stx_mode) == is_link);
		child_check(sx.stx_ino == st.st_ino);
	}
	/* with a slash behind it is followed */
	child_check(lstat("/proc/self/", &st) == 0 && S_ISDIR(st.st_mode));
	child_check(stat("/proc/self", &same) == 0 && S_ISDIR(same.st_mode));
	child_check(st.st_ino == same.st_ino);
}

static void
the_links_by_which_a_process_finds_itself_are_links(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "look_at_links_to_self");
	supervised_end(&s);
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

static const struct act acts[] = {
	act(name_by_paths),
	act(name_by_descriptors),
	act(name_by_proc),
	act(take_detours),
	act(take_detours_to_links),
	act(look_at_links_to_self),
	act(name_by_long_paths),
	act(name_from_the_deep),
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
		test(the_links_by_which_a_process_finds_itself_are_links),
		test(paths_may_be_as_long_as_the_kernel_allows),
		test(a_directory_may_be_deeper_than_a_path_is_long),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
