/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "appended.h"
#include "scratch.h"

#include "engine/control.h"
#include "engine/override.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void
what_is_missing_is_made_and_begins_with_the_first_line(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_ok(append("control", "./a mode=755\n", &f), &f);
	assert_ok(append("control", "./b mode=755\n", &f), &f);
	scratch_expect(
	    "control/.mtree", "#mtree v2.0\n./a mode=755\n./b mode=755\n");
	assert_int_equal(scratch_mode("control/.mtree"), 0644);
}

static void
nothing_to_append_writes_nothing(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_ok(append("control", "", &f), &f);
	scratch_expect("control/.mtree", "");
}

static void
reading_what_is_missing_finds_nothing_and_makes_nothing(void **state)
{
	struct fault f = { 0 };
	size_t count;

	(void)state;
	assert_ok(read_count("control", &count, &f), &f);
	assert_int_equal(count, 0);
	assert_false(scratch_has("control"));
	scratch_dir("control");
	assert_ok(read_count("control", &count, &f), &f);
	assert_int_equal(count, 0);
	assert_false(scratch_has("control/.mtree"));
}

static void
a_directory_above_is_not_made(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_refused(append("none/control", "./a mode=1\n", &f), &f,
	    FAULT_SYSTEM, "cannot create 'none/control'");
	assert_false(scratch_has("none"));
}

/* In another process, since a limit is for good; 0 if all is as it should be. */
static int
append_beyond(rlim_t limit)
{
	const struct rlimit size = { limit, limit };
	const pid_t pid = fork();
	int status;

	must(pid);
	if (pid == 0) {
		struct fault f = { 0 };

		signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &size) < 0)
			_exit(2);
		if (append("control", "./new/file mode=755 uname=foo\n", &f) ==
		    0)
			_exit(3);
		_exit(f.kind == FAULT_SYSTEM &&
			    strstr(f.text, "File too large") != NULL
			? 0
			: 4);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
a_failed_append_leaves_the_file_as_it_was(void **state)
{
	static const char old[] = "#mtree v2.0\n./a mode=755\n";

	(void)state;
	scratch_file("control/.mtree", old);
	for (rlim_t more = 0; more < 12; more += 3) {
		assert_int_equal(append_beyond(strlen(old) + more), 0);
		scratch_expect("control/.mtree", old);
	}
}

static void
a_failed_first_append_leaves_an_empty_file(void **state)
{
	struct fault f = { 0 };
	size_t count;

	(void)state;
	assert_int_equal(append_beyond(14), 0);
	scratch_expect("control/.mtree", "");
	assert_ok(read_count("control", &count, &f), &f);
	assert_int_equal(count, 0);
}

static void
what_is_no_regular_file_is_never_written_to(void **state)
{
	struct fault f = { 0 };

	(void)state;
	scratch_dir("control/.mtree");
	assert_refused(append("control", "./a mode=1\n", &f), &f, FAULT_SYSTEM,
	    "Is a directory");
	must(rmdir("control/.mtree"));

	scratch_file("elsewhere", "old\n");
	scratch_symlink("../elsewhere", "control/.mtree");
	f = (struct fault){ 0 };
	assert_refused(append("control", "./a mode=1\n", &f), &f, FAULT_SYSTEM,
	    "cannot open 'control/.mtree'");
	scratch_expect("elsewhere", "old\n");
	must(unlink("control/.mtree"));

	must(mkfifo("control/.mtree", 0600));
	f = (struct fault){ 0 };
	assert_refused(append("control", "./a mode=1\n", &f), &f, FAULT_INPUT,
	    "'control/.mtree' is no regular file");
}

static void
a_fifo_does_not_block_a_reader(void **state)
{
	struct fault f = { 0 };
	size_t count;

	(void)state;
	scratch_dir("control");
	must(mkfifo("control/.mtree", 0600));
	assert_refused(read_count("control", &count, &f), &f, FAULT_INPUT,
	    "'control/.mtree' is no regular file");
}

static void
what_was_recorded_is_forgotten_and_no_more(void **state)
{
	struct control c = CONTROL_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_file("control/.mtree",
	    "./a mode=1\n"
	    "#amtree recorded\n./b mode=1 \\\nuid=1\n"
	    "#amtree\tbind=mode\trecorded\n./c mode=1\n"
	    "#amtreerecorded\n# recorded\n./d mode=1\n"
	    "#amtree bind=mode\n./recorded mode=1\n");
	assert_ok(control_open(&c, "control", CONTROL_APPEND, &f), &f);
	assert_ok(control_forget(&c, &f), &f);
	control_close(&c);
	scratch_expect("control/.mtree",
	    "./a mode=1\n"
	    "#amtreerecorded\n# recorded\n./d mode=1\n"
	    "#amtree bind=mode\n./recorded mode=1\n");
}

static int
append_and_load(void *arg, struct fault *f)
{
	struct override_set set = { 0 };
	struct control c = CONTROL_INIT;
	struct buf text = BUF_INIT;
	struct stat st;
	int r = -1;

	(void)arg;
	(void)unlink("control/.mtree");
	if (control_load("control", &set, f) == 0 &&
	    control_open(&c, "control", CONTROL_APPEND, f) == 0 &&
	    buf_adds(&text, "./a mode=755\n", f) == 0)
		r = control_append(&c, &text, f);
	if (r < 0 && stat("control/.mtree", &st) == 0)
		assert_int_equal(st.st_size, 0);
	buf_release(&text);
	override_release(&set);
	control_close(&c);
	return r;
}

static void
every_failed_allocation_is_a_fault_and_nothing_is_half_written(void **state)
{
	(void)state;
	alloc_fail_each(append_and_load, NULL);
	scratch_expect("control/.mtree", "#mtree v2.0\n./a mode=755\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_missing_is_made_and_begins_with_the_first_line),
		test(nothing_to_append_writes_nothing),
		test(reading_what_is_missing_finds_nothing_and_makes_nothing),
		test(a_directory_above_is_not_made),
		test(a_failed_append_leaves_the_file_as_it_was),
		test(a_failed_first_append_leaves_an_empty_file),
		test(what_is_no_regular_file_is_never_written_to),
		test(a_fifo_does_not_block_a_reader),
		test(what_was_recorded_is_forgotten_and_no_more),
		test(
		    every_failed_allocation_is_a_fault_and_nothing_is_half_written),
	};

	return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
