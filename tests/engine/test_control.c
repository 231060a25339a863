/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "base/stop.h"
#include "engine/control.h"
#include "engine/override.h"

#include <sys/file.h>
#include <sys/resource.h>
#include <sys/syscall.h>

/* Each look at the clock lets so many seconds go by, so that nobody waits. */
static time_t hurry, hurried;

/* The call that has a struct timespec like ours. */
#ifdef SYS_clock_gettime64
enum { LOOK_AT_CLOCK = SYS_clock_gettime64 };
#else
enum { LOOK_AT_CLOCK = SYS_clock_gettime };
#endif

int
clock_gettime(clockid_t clock, struct timespec *t)
{
	const long r = syscall(LOOK_AT_CLOCK, clock, t);

	hurried += hurry;
	t->tv_sec += hurried;
	return (int)r;
}

static int
append(const char *dir, const char *text, struct fault *f)
{
	struct control c = CONTROL_INIT;
	struct buf b = BUF_INIT;
	int r = -1;

	if (control_open(&c, dir, CONTROL_APPEND, f) == 0 &&
	    buf_adds(&b, text, f) == 0)
		r = control_append(&c, &b, f);
	buf_release(&b);
	control_close(&c);
	return r;
}

static int
read_count(const char *dir, size_t *count, struct fault *f)
{
	struct override_set set = { 0 };
	struct control c = CONTROL_INIT;
	int r = -1;

	if (control_open(&c, dir, CONTROL_READ, f) == 0)
		r = control_load(&c, &set, f);
	*count = set.count;
	override_release(&set);
	control_close(&c);
	return r;
}

/* Hold the lock in another process until it is killed. */
static pid_t
hold_lock(int how)
{
	int ready[2];
	char byte;
	pid_t pid;

	must(pipe2(ready, O_CLOEXEC));
	pid = fork();
	must(pid);
	if (pid == 0) {
		const int fd = open("control/.mtree", O_RDONLY);

		alarm(60); /* should the test fail before it ends us */
		if (fd < 0 || flock(fd, how) < 0 || write(ready[1], "", 1) < 0)
			_exit(1);
		pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void
end(pid_t pid)
{
	int status;

	must(kill(pid, SIGKILL));
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

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

enum { WRITERS = 20, APPENDS = 40, LINES = 5 };

/* One process: each append is LINES lines that belong together. */
static void
write_many(unsigned who)
{
	for (int i = 0; i < APPENDS; i++) {
		struct buf text = BUF_INIT;
		struct fault f = { 0 };

		for (int k = 0; k < LINES; k++) {
			if (buf_addf(&text, &f, "w%u/a%d uid=%d\n", who, i, k) <
			    0)
				_exit(1);
		}
		if (buf_end(&text, &f) == NULL ||
		    append("control", text.data, &f) < 0) {
			fprintf(stderr, "%s\n", f.text);
			_exit(1);
		}
		buf_release(&text);
	}
	_exit(0);
}

/* Every append is there once, whole and in one piece. */
static void
expect_whole_appends(void)
{
	static unsigned seen[WRITERS];
	struct override_set set = { 0 };
	struct fault f = { 0 };

	memset(seen, 0, sizeof(seen));
	assert_ok(override_load(&set, "control/.mtree", &f), &f);
	assert_int_equal(set.count, WRITERS * APPENDS * LINES);
	for (size_t i = 0; i < set.count; i += LINES) {
		const char *first = set.specs[i].entry.path;
		unsigned who, append;

		assert_int_equal(sscanf(first, "w%u/a%u", &who, &append), 2);
		assert_int_equal(append, seen[who]++);
		for (size_t k = 0; k < LINES; k++) {
			assert_string_equal(set.specs[i + k].entry.path, first);
			assert_int_equal(set.specs[i + k].entry.uid, k);
		}
	}
	override_release(&set);
}

static void
twenty_writers_at_a_time_lose_and_mix_nothing(void **state)
{
	pid_t pids[WRITERS];

	(void)state;
	for (unsigned i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		must(pids[i]);
		if (pids[i] == 0)
			write_many(i);
	}
	for (unsigned i = 0; i < WRITERS; i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	expect_whole_appends();
}

static void
a_lock_that_is_held_too_long_is_a_fault(void **state)
{
	struct fault f = { 0 };
	pid_t holder;

	(void)state;
	scratch_file("control/.mtree", "./a mode=755\n");
	holder = hold_lock(LOCK_SH);
	hurry = 10;
	assert_int_equal(append("control", "./b mode=755\n", &f), -1);
	hurry = 0;
	assert_says(&f, FAULT_SYSTEM,
	    "cannot lock 'control/.mtree': another process has held the lock "
	    "for 60 seconds");
	end(holder);
	scratch_expect("control/.mtree", "./a mode=755\n");
}

static void
readers_share_the_lock(void **state)
{
	struct fault f = { 0 };
	pid_t holder;
	size_t count;

	(void)state;
	scratch_file("control/.mtree", "./a mode=755\n");
	holder = hold_lock(LOCK_SH);
	hurry = 10;
	assert_ok(read_count("control", &count, &f), &f);
	hurry = 0;
	assert_int_equal(count, 1);
	end(holder);
}

static void
a_reader_waits_for_a_writer(void **state)
{
	struct fault f = { 0 };
	pid_t holder;
	size_t count;

	(void)state;
	scratch_file("control/.mtree", "./a mode=755\n");
	holder = hold_lock(LOCK_EX);
	hurry = 10;
	assert_refused(read_count("control", &count, &f), &f, FAULT_SYSTEM,
	    "another process has held the lock");
	hurry = 0;
	end(holder);
}

/* Append in another process; its status is the kind of fault that it met. */
static pid_t
append_elsewhere(void)
{
	const pid_t pid = fork();

	must(pid);
	if (pid == 0) {
		struct fault f = { 0 };

		stop_catch();
		(void)append("control", "./b mode=755\n", &f);
		_exit((int)f.kind);
	}
	return pid;
}

static void
a_writer_waits_until_the_lock_is_free(void **state)
{
	pid_t holder, writer;
	int status;

	(void)state;
	scratch_file("control/.mtree", "./a mode=755\n");
	holder = hold_lock(LOCK_EX);
	writer = append_elsewhere();
	scratch_pause(100);
	assert_int_equal(waitpid(writer, &status, WNOHANG), 0);
	end(holder);
	assert_int_equal(waitpid(writer, &status, 0), writer);
	assert_int_equal(status, 0);
	scratch_expect("control/.mtree", "./a mode=755\n./b mode=755\n");
}

static void
a_signal_ends_the_wait_for_the_lock(void **state)
{
	pid_t holder, writer;
	int status;

	(void)state;
	scratch_file("control/.mtree", "./a mode=755\n");
	holder = hold_lock(LOCK_EX);
	writer = append_elsewhere();
	scratch_pause(100);
	must(kill(writer, SIGTERM));
	assert_int_equal(waitpid(writer, &status, 0), writer);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), FAULT_STOPPED);
	end(holder);
	scratch_expect("control/.mtree", "./a mode=755\n");
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
	if (control_open(&c, "control", CONTROL_APPEND, f) == 0 &&
	    control_load(&c, &set, f) == 0 &&
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
		test(twenty_writers_at_a_time_lose_and_mix_nothing),
		test(a_lock_that_is_held_too_long_is_a_fault),
		test(readers_share_the_lock),
		test(a_reader_waits_for_a_writer),
		test(a_writer_waits_until_the_lock_is_free),
		test(a_signal_ends_the_wait_for_the_lock),
		test(a_failed_append_leaves_the_file_as_it_was),
		test(a_failed_first_append_leaves_an_empty_file),
		test(what_is_no_regular_file_is_never_written_to),
		test(a_fifo_does_not_block_a_reader),
		test(
		    every_failed_allocation_is_a_fault_and_nothing_is_half_written),
	};

	return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
