/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "../scratch.h"

#include "base/buf.h"
#include "base/io.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/time.h>

static void
what_is_written_can_be_read(void **state)
{
	struct fault f = { 0 };
	char bytes[8];
	size_t got;
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);

	(void)state;
	assert_ok(io_write(fd, "con\0ents", 8, &f), &f);
	assert_ok(io_write(fd, NULL, 0, &f), &f);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_ok(io_read(fd, bytes, 5, &got, &f), &f);
	assert_int_equal(got, 5);
	assert_memory_equal(bytes, "con\0e", 5);
	assert_ok(io_read(fd, bytes, sizeof(bytes), &got, &f), &f);
	assert_int_equal(got, 3);
	assert_memory_equal(bytes, "nts", 3);
	assert_ok(io_read(fd, bytes, sizeof(bytes), &got, &f), &f);
	assert_int_equal(got, 0);
	assert_int_equal(close(fd), 0);
}

static void
failing_calls_are_faults_that_say_why(void **state)
{
	struct fault f = { 0 };
	char byte;
	size_t got = 7;
	const int full = open("/dev/full", O_WRONLY);
	const int dir = open(".", O_RDONLY);

	(void)state;
	assert_fault(io_write(full, "x", 1, &f), &f, FAULT_SYSTEM,
	    "cannot write: No space left on device");
	f = (struct fault){ 0 };
	assert_fault(io_read(dir, &byte, 1, &got, &f), &f, FAULT_SYSTEM,
	    "cannot read: Is a directory");
	assert_int_equal(got, 0);
	assert_int_equal(close(full), 0);
	assert_int_equal(close(dir), 0);
}

enum { MANY = 200000 }; /* bytes: more than are read at a time */

/* A file of that many bytes, open at its begin. */
static int
open_long(size_t len)
{
	const int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *bytes = malloc(len + 1);
	struct fault f = { 0 };

	assert_non_null(bytes);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(i % 251);
	assert_ok(io_write(fd, bytes, len, &f), &f);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	free(bytes);
	return fd;
}

static void
all_is_read_behind_what_was_there(void **state)
{
	static const size_t lens[] = { 0, 1, 65535, 65536, 65537, MANY };
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
		const int fd = open_long(lens[i]);
		struct buf b = BUF_INIT;

		assert_ok(buf_adds(&b, "before", &f), &f);
		assert_ok(io_read_all(fd, &b, SIZE_MAX, &f), &f);
		assert_int_equal(b.len, lens[i] + 6);
		assert_memory_equal(b.data, "before", 6);
		for (size_t at = 0; at < lens[i]; at++)
			assert_int_equal(b.data[6 + at], (char)(at % 251));
		buf_release(&b);
		assert_int_equal(close(fd), 0);
	}
}

static void
reading_all_stops_where_there_is_too_much(void **state)
{
	const int endless = open("/dev/zero", O_RDONLY);
	const int fd = open_long(1000);
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(io_read_all(endless, &b, 1000, &f), &f);
	assert_in_range(b.len, 1001, MANY);
	b.len = 0;
	/* just as much is not too much */
	assert_ok(io_read_all(fd, &b, 1000, &f), &f);
	assert_int_equal(b.len, 1000);
	buf_release(&b);
	assert_int_equal(close(fd), 0);
	assert_int_equal(close(endless), 0);
}

static void
what_cannot_all_be_read_is_a_fault(void **state)
{
	const int dir = open(".", O_RDONLY);
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_fault(io_read_all(dir, &b, SIZE_MAX, &f), &f, FAULT_SYSTEM,
	    "cannot read: Is a directory");
	assert_int_equal(b.len, 0);
	buf_release(&b);
	assert_int_equal(close(dir), 0);
}

static void
do_nothing(int signo)
{
	(void)signo;
}

/* A megabyte through a pipe, between processes that are often interrupted. */
static void
pump(void)
{
	static char bytes[1 << 20], back[1 << 20];
	const struct sigaction act = { .sa_handler = do_nothing };
	const struct itimerval often = { { 0, 100 }, { 0, 100 } };
	struct fault f = { 0 };
	int ends[2], status;
	size_t got;
	pid_t pid;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 31 >> 3);
	child_check(pipe(ends) == 0);
	child_check(sigaction(SIGALRM, &act, NULL) == 0);
	pid = fork();
	child_check(pid >= 0);
	child_check(setitimer(ITIMER_REAL, &often, NULL) == 0);
	if (pid == 0) {
		child_ok(io_write(ends[1], bytes, sizeof(bytes), &f), &f);
		_exit(0);
	}
	child_check(close(ends[1]) == 0);
	child_ok(io_read(ends[0], back, sizeof(back), &got, &f), &f);
	child_check(got == sizeof(back));
	child_check(memcmp(bytes, back, sizeof(back)) == 0);
	child_ok(io_read(ends[0], back, 1, &got, &f), &f);
	child_check(got == 0);
	while (waitpid(pid, &status, 0) < 0)
		child_check(errno == EINTR);
	child_check(status == 0);
}

static void
short_transfers_and_signals_lose_nothing(void **state)
{
	(void)state;
	assert_child_passes(pump);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_can_be_read),
		cmocka_unit_test(failing_calls_are_faults_that_say_why),
		cmocka_unit_test(all_is_read_behind_what_was_there),
		cmocka_unit_test(reading_all_stops_where_there_is_too_much),
		cmocka_unit_test(what_cannot_all_be_read_is_a_fault),
		cmocka_unit_test(short_transfers_and_signals_lose_nothing),
	};

	return cmocka_run_group_tests_name(
	    "io", tests, scratch_setup, scratch_teardown);
}
