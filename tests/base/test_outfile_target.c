/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "../scratch.h"
#include "test_outfile.h"

#include <errno.h>

static void
symlinks_are_followed_to_the_file_they_mean(void **state)
{
	struct fault f = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(mkdir("far", 0755), 0);
	scratch_write("far/target", "old");
	assert_int_equal(symlink("far/hop", "link"), 0);
	assert_int_equal(symlink("target", "far/hop"), 0);
	assert_ok(write_file("link", "new", &f), &f);
	assert_contents("far/target", "new");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat("far/hop", &st), 0);
	assert_true(S_ISLNK(st.st_mode));

	assert_int_equal(symlink("far/fresh", "dangling"), 0);
	assert_ok(write_file("dangling", "fresh", &f), &f);
	assert_contents("far/fresh", "fresh");
}

static void
absolute_symlinks_are_followed_too(void **state)
{
	char target[sizeof(scratch_dir) + 16];
	struct fault f = { 0 };

	(void)state;
	snprintf(target, sizeof(target), "%s/absolute", scratch_dir);
	assert_int_equal(symlink(target, "to-absolute"), 0);
	assert_ok(write_file("to-absolute", "text", &f), &f);
	assert_contents("absolute", "text");
}

static void
symlink_to_itself_is_a_fault(void **state)
{
	struct fault f = { 0 };
	char text[128];

	(void)state;
	assert_int_equal(symlink("loop", "loop"), 0);
	snprintf(
	    text, sizeof(text), "cannot write 'loop': %s", strerror(ELOOP));
	assert_fault(write_file("loop", "x", &f), &f, FAULT_SYSTEM, text);
}

/* In a directory like /tmp; only root can be somebody else as well. */
static void
strangers_link_is_not_followed(void **state)
{
	struct fault f = { 0 };
	char text[128];

	(void)state;
	assert_int_equal(mkdir("shared", 0700), 0);
	assert_int_equal(chmod("shared", 01777), 0);
	scratch_write("mine", "old");
	assert_int_equal(symlink("../mine", "shared/out"), 0);
	assert_int_equal(write_file("shared/out", "own", &f), 0);
	assert_contents("mine", "own");
	if (geteuid() != 0)
		return;
	assert_int_equal(lchown("shared/out", 4242, 4242), 0);
	snprintf(text, sizeof(text),
	    "'shared/out' is a link that user 4242 has put there: not followed");
	assert_fault(write_file("shared/out", "x", &f), &f, FAULT_SYSTEM, text);
	assert_contents("mine", "own");
	assert_int_equal(unlink("shared/out"), 0);
	assert_int_equal(symlink("/dev/null", "shared/out"), 0);
	assert_int_equal(lchown("shared/out", 4242, 4242), 0);
	f = (struct fault){ 0 };
	assert_fault(write_file("shared/out", "x", &f), &f, FAULT_SYSTEM, text);
	/* whose the directory is, he may put links there */
	assert_int_equal(chown("shared", 4242, 4242), 0);
	f = (struct fault){ 0 };
	assert_int_equal(write_file("shared/out", "x", &f), 0);
}

static void
strangers_fifo_is_not_opened(void **state)
{
	struct fault f = { 0 };
	char bytes[8];
	int fd;

	(void)state;
	assert_int_equal(mkdir("spool", 0700), 0);
	assert_int_equal(chmod("spool", 01777), 0);
	assert_int_equal(mkfifo("spool/out", 0600), 0);
	fd = open("spool/out", O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write_file("spool/out", "own", &f), 0);
	assert_int_equal(read(fd, bytes, sizeof(bytes)), 3);
	assert_int_equal(close(fd), 0);
	if (geteuid() != 0)
		return;
	assert_int_equal(chown("spool/out", 4242, 4242), 0);
	assert_int_equal(chmod("spool/out", 0666), 0);
	alarm(10); /* it would wait for a reader */
	assert_fault(write_file("spool/out", "x", &f), &f, FAULT_SYSTEM,
	    "'spool/out' is a FIFO that user 4242 has put there: not opened");
	alarm(0);
}

static void
pipe_is_written_directly(void **state)
{
	struct fault f = { 0 };
	char path[64], bytes[8];
	struct stat st;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[1]);
	assert_ok(write_file(path, "text", &f), &f);
	assert_int_equal(read(ends[0], bytes, sizeof(bytes)), 4);
	assert_memory_equal(bytes, "text", 4);
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(close(ends[1]), 0);

	assert_int_equal(mkfifo("fifo", 0600), 0);
	ends[0] = open("fifo", O_RDONLY | O_NONBLOCK);
	assert_true(ends[0] >= 0);
	assert_ok(write_file("fifo", "more", &f), &f);
	assert_int_equal(read(ends[0], bytes, sizeof(bytes)), 4);
	assert_memory_equal(bytes, "more", 4);
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(lstat("fifo", &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
}

static void
device_is_written_directly_and_stays(void **state)
{
	struct fault f = { 0 };
	struct stat st;

	(void)state;
	assert_ok(write_file("/dev/null", "text", &f), &f);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_fault(write_file("/dev/full", "text", &f), &f, FAULT_SYSTEM,
	    "'/dev/full': cannot write: No space left on device");
}

static void
print_to_pipe(void)
{
	struct fault f = { 0 };
	char bytes[8];
	int ends[2];

	child_check(pipe(ends) == 0);
	child_check(dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO);
	child_ok(write_file("-", "text", &f), &f);
	child_check(read(ends[0], bytes, sizeof(bytes)) == 4);
	child_check(memcmp(bytes, "text", 4) == 0);
	child_check(fcntl(STDOUT_FILENO, F_GETFD) >= 0);
	child_check(access("-", F_OK) < 0);
}

static void
print_to_file(void)
{
	struct fault f = { 0 };

	scratch_write("printed", "before ");
	child_check(close(STDOUT_FILENO) == 0);
	child_check(open("printed", O_WRONLY | O_APPEND) == STDOUT_FILENO);
	child_ok(write_file("-", "after", &f), &f);
	assert_contents("printed", "before after");
}

static void
print_to_full_device(void)
{
	struct fault f = { 0 };

	child_check(close(STDOUT_FILENO) == 0);
	child_check(open("/dev/full", O_WRONLY) == STDOUT_FILENO);
	child_check(write_file("-", "text", &f) == -1);
	child_check(strcmp(f.text,
			"'standard output': cannot write: "
			"No space left on device") == 0);
}

static void
print_to_nothing(void)
{
	struct fault f = { 0 };

	child_check(close(STDOUT_FILENO) == 0);
	child_check(write_file("-", "text", &f) == -1);
	child_check(
	    strcmp(f.text,
		"cannot write standard output: Bad file descriptor") == 0);
}

static void
dash_is_standard_output(void **state)
{
	(void)state;
	assert_child_passes(print_to_pipe);
	assert_child_passes(print_to_file);
	assert_child_passes(print_to_full_device);
	assert_child_passes(print_to_nothing);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symlinks_are_followed_to_the_file_they_mean),
		cmocka_unit_test(absolute_symlinks_are_followed_too),
		cmocka_unit_test(symlink_to_itself_is_a_fault),
		cmocka_unit_test(strangers_link_is_not_followed),
		cmocka_unit_test(strangers_fifo_is_not_opened),
		cmocka_unit_test(pipe_is_written_directly),
		cmocka_unit_test(device_is_written_directly_and_stays),
		cmocka_unit_test(dash_is_standard_output),
	};

	return cmocka_run_group_tests_name(
	    "outfile_target", tests, scratch_setup, scratch_teardown);
}
