/* SPDX-License-Identifier: BSD-2-Clause */
#include "blocked.h"
#include "scratch.h"

#include "../child.h"
#include "engine/reach.h"

static int
open_root(void)
{
	const int fd = open("root", O_PATH | O_DIRECTORY | O_CLOEXEC);

	must(fd);
	return fd;
}

static void
expect_contents(int rootfd, const char *path, const char *text)
{
	struct fault f = { 0 };
	char bytes[64] = "";
	const int fd = reach_name(rootfd, path, &f);
	int opened;

	assert_ok(fd, &f);
	opened = reach_read(fd, S_IFREG, &f);
	assert_ok(opened, &f);
	must(read(opened, bytes, sizeof(bytes) - 1));
	assert_string_equal(bytes, text);
	close(opened);
	close(fd);
}

static void
a_file_that_nobody_may_read_is_read_and_keeps_its_mode(void **state)
{
	static const mode_t modes[] = { 0, 04111, 0222, 06000, 0400, 0644 };
	int rootfd;

	(void)state;
	scratch_file("root/secret", "text");
	rootfd = open_root();
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		must(chmod("root/secret", modes[i]));
		expect_contents(rootfd, "secret", "text");
		assert_int_equal(scratch_mode("root/secret"), modes[i]);
	}
	close(rootfd);
}

static void
a_file_below_directories_of_mode_0_is_read_and_they_keep_it(void **state)
{
	int rootfd;

	(void)state;
	scratch_file("root/a/b/secret", "text");
	must(chmod("root/a/b/secret", 0));
	must(chmod("root/a/b", 0));
	must(chmod("root/a", 02000));
	rootfd = open_root();
	expect_contents(rootfd, "a/b/secret", "text");
	close(rootfd);
	assert_int_equal(scratch_mode("root/a"), 02000);
	must(chmod("root/a", 0700));
	assert_int_equal(scratch_mode("root/a/b"), 0);
	must(chmod("root/a/b", 0700));
	assert_int_equal(scratch_mode("root/a/b/secret"), 0);
}

static void
what_is_missing_below_a_directory_of_mode_0_leaves_it_so(void **state)
{
	struct fault f = { 0 };
	int rootfd;

	(void)state;
	scratch_dir("root/a");
	must(chmod("root/a", 0));
	rootfd = open_root();
	assert_refused(
	    reach_name(rootfd, "a/none", &f), &f, FAULT_SYSTEM, "No such file");
	close(rootfd);
	assert_int_equal(scratch_mode("root/a"), 0);
}

static void
no_symbolic_link_is_followed_on_the_way(void **state)
{
	static const char *const targets[] = { "../outside", "inside", "/" };

	(void)state;
	scratch_file("outside/file", "text");
	scratch_file("root/inside/file", "text");
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		struct fault f = { 0 };
		const int rootfd = open_root();

		scratch_symlink(targets[i], "root/link");
		assert_refused(reach_name(rootfd, "link/file", &f), &f,
		    FAULT_SYSTEM, "cannot open");
		must(unlink("root/link"));
		close(rootfd);
	}
}

static void
a_last_symbolic_link_is_named_itself(void **state)
{
	const char *const target = "inside";
	struct fault f = { 0 };
	struct stat st;
	int rootfd, fd;

	(void)state;
	scratch_file("root/inside", "text");
	scratch_symlink(target, "root/link");
	rootfd = open_root();
	fd = reach_name(rootfd, "link", &f);
	assert_ok(fd, &f);
	must(fstat(fd, &st));
	assert_true(S_ISLNK(st.st_mode));
	assert_refused(reach_read(fd, S_IFREG, &f), &f, FAULT_INPUT,
	    "is no longer a regular file");
	close(fd);
	close(rootfd);
}

static void
the_empty_path_names_the_root(void **state)
{
	struct fault f = { 0 };
	struct stat a, b;
	int rootfd, fd;

	(void)state;
	scratch_dir("root");
	rootfd = open_root();
	fd = reach_name(rootfd, "", &f);
	assert_ok(fd, &f);
	must(fstat(fd, &a));
	must(stat("root", &b));
	assert_int_equal(a.st_ino, b.st_ino);
	close(fd);
	close(rootfd);
}

static void
a_fifo_in_place_of_a_file_is_never_opened(void **state)
{
	static const mode_t types[] = { S_IFREG, S_IFDIR };
	struct fault f = { 0 };
	int rootfd, fd;
	pid_t writer;

	(void)state;
	scratch_dir("root");
	must(mkfifo("root/fifo", 0666));
	writer = blocked_start("root/fifo");
	rootfd = open_root();
	fd = reach_name(rootfd, "fifo", &f);
	assert_ok(fd, &f);
	for (size_t i = 0; i < 2; i++) {
		f = (struct fault){ 0 };
		assert_refused(reach_read(fd, types[i], &f), &f, FAULT_INPUT,
		    "is no longer a");
	}
	close(fd);
	close(rootfd);
	blocked_expect(writer);
}

static void
raising_gives_only_what_lacks_and_restoring_takes_it_back(void **state)
{
	struct reach_lift lift;
	struct fault f = { 0 };
	int fd;

	(void)state;
	scratch_file("file", "text");
	fd = open("file", O_PATH | O_CLOEXEC);
	must(fd);
	assert_ok(reach_raise(&lift, fd, S_IRUSR, &f), &f);
	assert_int_equal(lift.fd, -1);

	must(chmod("file", 02010));
	assert_ok(reach_raise(&lift, fd, S_IRUSR, &f), &f);
	assert_int_equal(scratch_mode("file"), 02410);
	assert_ok(reach_restore(&lift, &f), &f);
	assert_int_equal(scratch_mode("file"), 02010);

	must(chmod("file", 0640));
	assert_ok(reach_restore(&lift, &f), &f);
	assert_int_equal(scratch_mode("file"), 0640);
	close(fd);
}

static void
lift_foreign_group(void)
{
	struct reach_lift lift;
	struct fault f = { 0 };
	const int fd = open("file", O_PATH | O_CLOEXEC);

	child_check(fd >= 0);
	child_drop_root();
	child_ok(reach_raise(&lift, fd, S_IRUSR, &f), &f);
	child_check(reach_restore(&lift, &f) < 0);
	child_check(strstr(f.text, "mode 2010, it is 10 now") != NULL);
}

static void
a_bit_that_the_kernel_keeps_back_is_a_fault(void **state)
{
	(void)state;
	if (geteuid() != 0)
		return; /* nobody else can make such a file */
	scratch_file("file", "text");
	must(chown("file", 65534, 1));
	must(chmod("file", 02010));
	assert_child_passes(lift_foreign_group);
}

static void
what_belongs_to_another_is_not_touched(void **state)
{
	const bool is_root = geteuid() == 0;
	const char *file = is_root ? "file" : "/etc/passwd";
	struct reach_lift lift;
	struct fault f = { 0 };
	unsigned before;
	int fd;

	(void)state;
	scratch_file("file", "text");
	if (is_root)
		must(chown("file", 1, 1));
	before = scratch_mode(file);
	fd = open(file, O_PATH | O_CLOEXEC);
	must(fd);
	assert_ok(reach_raise(&lift, fd, S_IXUSR, &f), &f);
	assert_int_equal(lift.fd, -1);
	assert_int_equal(scratch_mode(file), before);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_file_that_nobody_may_read_is_read_and_keeps_its_mode),
		test(
		    a_file_below_directories_of_mode_0_is_read_and_they_keep_it),
		test(what_is_missing_below_a_directory_of_mode_0_leaves_it_so),
		test(no_symbolic_link_is_followed_on_the_way),
		test(a_last_symbolic_link_is_named_itself),
		test(the_empty_path_names_the_root),
		test(a_fifo_in_place_of_a_file_is_never_opened),
		test(raising_gives_only_what_lacks_and_restoring_takes_it_back),
		test(a_bit_that_the_kernel_keeps_back_is_a_fault),
		test(what_belongs_to_another_is_not_touched),
	};

	return cmocka_run_group_tests_name("reach", tests, NULL, NULL);
}
