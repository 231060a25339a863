/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../child.h"
#include "../scratch.h"
#include "../tests.h"

#include "base/outfile.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

/* How many names there are in a directory. */
static unsigned
count_names(const char *path)
{
	DIR *d = opendir(path);
	unsigned count = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		count++;
	assert_int_equal(closedir(d), 0);
	return count - 2;
}

static int
write_file(const char *path, const char *text, struct fault *f)
{
	struct outfile out = OUTFILE_INIT;
	int r = -1;

	if (outfile_open(&out, path, f) == 0 &&
	    sink_put(&out.sink, text, strlen(text), f) == 0)
		r = outfile_commit(&out, f);
	outfile_release(&out);
	return r;
}

static void
empty_outfile_can_be_released(void **state)
{
	struct outfile out = OUTFILE_INIT;

	(void)state;
	outfile_release(&out);
	outfile_release(&out);
	assert_int_equal(out.fd, -1);
}

/* In a new directory `dir`: the promise, from before to after the commit. */
static void
check_appearing(const char *dir)
{
	struct outfile out = OUTFILE_INIT;
	struct fault f = { 0 };
	struct stat st;

	child_check(mkdir(dir, 0755) == 0 && chdir(dir) == 0);
	child_ok(outfile_open(&out, "new", &f), &f);
	child_ok(sink_put(&out.sink, "one ", 4, &f), &f);
	child_ok(sink_put(&out.sink, "two", 3, &f), &f);
	child_check(access("new", F_OK) < 0);
	child_ok(outfile_commit(&out, &f), &f);
	child_check(stat("new", &st) == 0 && st.st_size == 7);
	child_check((st.st_mode & 07777) == 0644);
	outfile_release(&out);
	assert_contents("new", "one two");

	child_ok(outfile_open(&out, "new", &f), &f);
	child_ok(sink_put(&out.sink, "other", 5, &f), &f);
	assert_contents("new", "one two");
	outfile_release(&out);
	assert_contents("new", "one two");
	child_check(count_names(".") == 1);

	child_ok(write_file("new", "other", &f), &f);
	assert_contents("new", "other");
	child_check(count_names(".") == 1);
	child_check(chdir("..") == 0);
}

static void
refuse_nameless_files(void)
{
	child_refuse(&(struct child_refusal){ .nr = SYS_openat,
	    .arg = 2,
	    .bits = O_TMPFILE,
	    .error = EOPNOTSUPP });
#ifdef SYS_open
	child_refuse(&(struct child_refusal){
	    .nr = SYS_open, .arg = 1, .bits = O_TMPFILE, .error = EOPNOTSUPP });
#endif
	child_check(open(".", O_TMPFILE | O_WRONLY, 0600) < 0);
	child_check(errno == EOPNOTSUPP);
}

static void
check_with_nameless_file(void)
{
	check_appearing("nameless");
}

static void
check_with_named_file(void)
{
	refuse_nameless_files();
	check_appearing("named");
}

static void
file_appears_whole_at_the_commit_or_not_at_all(void **state)
{
	(void)state;
	assert_child_passes(check_with_nameless_file);
}

static void
promise_holds_without_nameless_files(void **state)
{
	(void)state;
	assert_child_passes(check_with_named_file);
}

static void
die_in_the_middle(void)
{
	struct outfile out = OUTFILE_INIT;
	struct fault f = { 0 };

	child_ok(outfile_open(&out, "killed/new", &f), &f);
	child_ok(sink_put(&out.sink, "half", 4, &f), &f);
	(void)raise(SIGKILL);
}

static void
killed_writer_leaves_the_older_file_and_no_other(void **state)
{
	int status, fd;

	(void)state;
	assert_int_equal(mkdir("killed", 0755), 0);
	scratch_write("killed/new", "old");
	status = child_run(die_in_the_middle);
	assert_true(WIFSIGNALED(status));
	assert_contents("killed/new", "old");

	fd = open("killed", O_TMPFILE | O_WRONLY, 0600);
	if (fd >= 0) {
		assert_int_equal(close(fd), 0);
		assert_int_equal(count_names("killed"), 1);
	}
}

static void
other_names_in_the_directory_are_not_touched(void **state)
{
	struct fault f = { 0 };
	char name[64];

	(void)state;
	assert_int_equal(mkdir("taken", 0755), 0);
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "taken/.amtree-%ld-%d",
		    (long)getpid(), i);
		scratch_write(name, "somebody else's");
	}
	assert_ok(write_file("taken/new", "text", &f), &f);
	assert_contents("taken/new", "text");
	assert_contents(name, "somebody else's");
	assert_int_equal(count_names("taken"), 4);
}

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

static void
directory_cannot_be_written(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(mkdir("dir", 0755), 0);
	assert_fault(write_file("dir", "x", &f), &f, FAULT_SYSTEM,
	    "cannot write 'dir': Is a directory");
	f = (struct fault){ 0 };
	assert_fault(write_file("dir/", "x", &f), &f, FAULT_SYSTEM,
	    "cannot write 'dir/': Is a directory");
	assert_int_equal(count_names("dir"), 0);
}

static void
missing_directory_is_a_fault_before_any_work(void **state)
{
	struct outfile out = OUTFILE_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_fault(outfile_open(&out, "none/new", &f), &f, FAULT_SYSTEM,
	    "cannot create a file beside 'none/new': "
	    "No such file or directory");
	outfile_release(&out);
	f = (struct fault){ 0 };
	assert_fault(outfile_open(&out, "", &f), &f, FAULT_USAGE,
	    "empty name of an output");
	outfile_release(&out);
}

static void
write_where_nobody_may(void)
{
	struct fault f = { 0 };

	child_drop_root();
	child_check(write_file("closed/new", "x", &f) == -1);
	child_check(f.kind == FAULT_SYSTEM);
	child_check(strcmp(f.text,
			"cannot create a file beside 'closed/new': "
			"Permission denied") == 0);
}

static void
closed_directory_is_a_fault(void **state)
{
	(void)state;
	assert_int_equal(chmod(".", 0711), 0);
	assert_int_equal(mkdir("closed", 0555), 0);
	assert_child_passes(write_where_nobody_may);
	assert_int_equal(chmod("closed", 0755), 0);
	assert_int_equal(count_names("closed"), 0);
}

/* Replacing a file that the user may not write needs only the directory. */
static void
write_protected_file_is_replaced(void **state)
{
	struct fault f = { 0 };

	(void)state;
	scratch_write("protected", "old");
	assert_int_equal(chmod("protected", 0444), 0);
	assert_ok(write_file("protected", "new", &f), &f);
	assert_contents("protected", "new");
}

static void
outgrow_the_limit(void)
{
	static char bytes[100000];
	const struct rlimit limit = { 50000, 50000 };
	struct outfile out = OUTFILE_INIT;
	struct fault f = { 0 };

	(void)signal(SIGXFSZ, SIG_IGN);
	child_check(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	child_ok(outfile_open(&out, "limited/new", &f), &f);
	child_check(sink_put(&out.sink, bytes, sizeof(bytes), &f) == -1);
	child_check(
	    strcmp(f.text, "'limited/new': cannot write: File too large") == 0);
	outfile_release(&out);
}

static void
failed_write_keeps_the_older_file(void **state)
{
	(void)state;
	assert_int_equal(mkdir("limited", 0755), 0);
	scratch_write("limited/new", "old");
	assert_child_passes(outgrow_the_limit);
	assert_contents("limited/new", "old");
	assert_int_equal(count_names("limited"), 1);
}

static void
fail_to_rename(void)
{
	struct outfile out = OUTFILE_INIT;
	struct fault f = { 0 };

	child_check(mkdir("turned", 0755) == 0);
	child_ok(outfile_open(&out, "turned/new", &f), &f);
	child_check(mkdir("turned/new", 0755) == 0);
	child_check(outfile_commit(&out, &f) == -1);
	child_check(strcmp(f.text,
			"cannot rename to 'turned/new': Is a directory") == 0);
	outfile_release(&out);
	child_check(count_names("turned") == 1);
}

static void
failed_commit_leaves_no_temporary(void **state)
{
	(void)state;
	assert_child_passes(fail_to_rename);
}

static int
write_again(void *arg, struct fault *f)
{
	return write_file(arg, "new", f);
}

static void
write_again_by_name(void)
{
	char path[] = "scarce/link";

	refuse_nameless_files();
	alloc_fail_each(write_again, path);
	child_check(count_names("scarce") == 2);
}

static void
lack_of_memory_is_a_fault_and_leaves_nothing(void **state)
{
	char path[] = "scarce/link";

	(void)state;
	assert_int_equal(mkdir("scarce", 0755), 0);
	assert_int_equal(symlink("target", "scarce/link"), 0);
	alloc_fail_each(write_again, path);
	assert_contents("scarce/target", "new");
	assert_int_equal(count_names("scarce"), 2);
	assert_child_passes(write_again_by_name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_outfile_can_be_released),
		cmocka_unit_test(
		    file_appears_whole_at_the_commit_or_not_at_all),
		cmocka_unit_test(promise_holds_without_nameless_files),
		cmocka_unit_test(
		    killed_writer_leaves_the_older_file_and_no_other),
		cmocka_unit_test(other_names_in_the_directory_are_not_touched),
		cmocka_unit_test(symlinks_are_followed_to_the_file_they_mean),
		cmocka_unit_test(absolute_symlinks_are_followed_too),
		cmocka_unit_test(symlink_to_itself_is_a_fault),
		cmocka_unit_test(strangers_link_is_not_followed),
		cmocka_unit_test(pipe_is_written_directly),
		cmocka_unit_test(device_is_written_directly_and_stays),
		cmocka_unit_test(dash_is_standard_output),
		cmocka_unit_test(directory_cannot_be_written),
		cmocka_unit_test(missing_directory_is_a_fault_before_any_work),
		cmocka_unit_test(closed_directory_is_a_fault),
		cmocka_unit_test(write_protected_file_is_replaced),
		cmocka_unit_test(failed_write_keeps_the_older_file),
		cmocka_unit_test(failed_commit_leaves_no_temporary),
		cmocka_unit_test(lack_of_memory_is_a_fault_and_leaves_nothing),
	};

	return cmocka_run_group_tests_name(
	    "outfile", tests, scratch_setup, scratch_teardown);
}
