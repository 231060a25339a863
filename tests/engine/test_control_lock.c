/* SPDX-License-Identifier: BSD-2-Clause */
#include "appended.h"
#include "scratch.h"

#include "base/stop.h"
#include "engine/override.h"

#include <signal.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>

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

enum {
	WRITERS = 20,
	APPENDS = 40,
	LINES = 5,
};

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

/* Read a file of one entry while another process has such a lock on it. */
static int
read_beside(int lock, struct fault *f)
{
	size_t count = 0;
	pid_t holder;
	int r;

	scratch_file("control/.mtree", "./a mode=755\n");
	holder = hold_lock(lock);
	hurry = 10;
	r = read_count("control", &count, f);
	hurry = 0;
	end(holder);
	assert_int_equal(count, r == 0 ? 1 : 0);
	return r;
}

static void
readers_share_the_lock(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_ok(read_beside(LOCK_SH, &f), &f);
}

static void
a_reader_waits_for_a_writer(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_refused(read_beside(LOCK_EX, &f), &f, FAULT_SYSTEM,
	    "another process has held the lock");
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

/* Let one append to a file while another has it locked; who waits. */
static pid_t
wait_for_lock(pid_t *holder)
{
	pid_t writer;

	scratch_file("control/.mtree", "./a mode=755\n");
	*holder = hold_lock(LOCK_EX);
	writer = append_elsewhere();
	scratch_pause(100);
	return writer;
}

static void
a_writer_waits_until_the_lock_is_free(void **state)
{
	pid_t holder;
	const pid_t writer = wait_for_lock(&holder);
	int status;

	(void)state;
	assert_int_equal(waitpid(writer, &status, WNOHANG), 0);
	end(holder);
	assert_int_equal(waitpid(writer, &status, 0), writer);
	assert_int_equal(status, 0);
	scratch_expect("control/.mtree", "./a mode=755\n./b mode=755\n");
}

static void
a_signal_ends_the_wait_for_the_lock(void **state)
{
	pid_t holder;
	const pid_t writer = wait_for_lock(&holder);
	int status;

	(void)state;
	must(kill(writer, SIGTERM));
	assert_int_equal(waitpid(writer, &status, 0), writer);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), FAULT_STOPPED);
	end(holder);
	scratch_expect("control/.mtree", "./a mode=755\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(twenty_writers_at_a_time_lose_and_mix_nothing),
		test(a_lock_that_is_held_too_long_is_a_fault),
		test(readers_share_the_lock),
		test(a_reader_waits_for_a_writer),
		test(a_writer_waits_until_the_lock_is_free),
		test(a_signal_ends_the_wait_for_the_lock),
	};

	return cmocka_run_group_tests_name("control_lock", tests, NULL, NULL);
}
