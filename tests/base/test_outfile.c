/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_outfile.h"
#include "../alloc.h"
#include "../child.h"
#include "../scratch.h"

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
