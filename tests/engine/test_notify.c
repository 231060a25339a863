/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_notify.h"
#include "../child.h"
#include "scratch.h"

#include "engine/notify.h"

#include <limits.h>
#include <seccomp.h>
#include <sys/resource.h>

static void
a_call_arrives_with_all_its_arguments(void **state)
{
	struct notify_call call;
	struct caller c;

	(void)state;
	start(&c, make_one_call);
	receive(&c, &call);
	assert_int_equal(call.pid, c.pid);
	assert_int_equal(call.arch, seccomp_arch_native());
	assert_int_equal(call.number, SYS_fchownat);
	assert_int_equal((int)call.args[0], DIR_FD);
	assert_int_equal(call.args[2], USER);
	assert_int_equal(call.args[3], GROUP);
	assert_int_equal(call.args[4], 0x100);
	assert_true(notify_is_valid(c.listener, &call));
	must(notify_answer(c.listener, &call, 17, 0));
	finish(&c, 0);
}

static void
make_three_calls(void)
{
	child_check(syscall(SYS_fchown, 1, 2, 3) == 0);
	child_check(syscall(SYS_fchown, 1, 2, 3) == -1 && errno == EXDEV);
	child_check(syscall(SYS_fchown, 1, 2, 3) == LONG_MAX);
}

static void
a_call_returns_what_it_is_answered(void **state)
{
	struct notify_call call;
	struct caller c;

	(void)state;
	start(&c, make_three_calls);
	receive(&c, &call);
	must(notify_answer(c.listener, &call, 0, 0));
	receive(&c, &call);
	must(notify_answer(c.listener, &call, 99, EXDEV));
	receive(&c, &call);
	must(notify_answer(c.listener, &call, LONG_MAX, 0));
	finish(&c, 0);
}

static void
make_a_call_that_fails(void)
{
	child_check(syscall(SYS_fchown, DIR_FD, 2, 3) == -1);
	child_check(errno == EBADF);
}

static void
a_call_that_goes_on_is_the_kernels(void **state)
{
	struct notify_call call;
	struct caller c;

	(void)state;
	start(&c, make_a_call_that_fails);
	receive(&c, &call);
	must(notify_continue(c.listener, &call));
	finish(&c, 0);
}

/* Open something, and get it on the number that dup(2) would have taken. */
static int
open_on_free_number(int flags)
{
	const int free_number = dup(0);
	int fd;

	child_check(free_number >= 0 && close(free_number) == 0);
	fd = open("/missing", flags);
	child_check(fd == free_number);
	return fd;
}

static void
open_what_is_given(void)
{
	const int closing = open_on_free_number(O_RDONLY | O_CLOEXEC);
	const int staying = open_on_free_number(O_RDONLY);
	char text[8] = "";

	child_check((fcntl(closing, F_GETFD) & FD_CLOEXEC) != 0);
	child_check((fcntl(staying, F_GETFD) & FD_CLOEXEC) == 0);
	child_check(read(closing, text, sizeof(text)) == 5);
	child_check(memcmp(text, "given", 5) == 0);
}

static void
a_descriptor_is_given_on_the_lowest_free_number(void **state)
{
	struct notify_call call;
	struct caller c;
	int fd;

	(void)state;
	scratch_file("file", "given");
	fd = open("file", O_RDONLY | O_CLOEXEC);
	must(fd);
	start(&c, open_what_is_given);
	receive(&c, &call);
	must(notify_give(c.listener, &call, fd, true));
	receive(&c, &call);
	must(notify_give(c.listener, &call, fd, false));
	finish(&c, 0);
	must(close(fd));
}

static void
open_without_room(void)
{
	child_check(open("/missing", O_RDONLY) == -1 && errno == EMFILE);
}

static void
a_descriptor_that_finds_no_room_can_still_be_answered(void **state)
{
	struct notify_call call;
	struct rlimit few = { 0, 0 };
	struct caller c;

	(void)state;
	start(&c, open_without_room);
	must(prlimit(c.pid, RLIMIT_NOFILE, &few, NULL));
	receive(&c, &call);
	assert_int_equal(notify_give(c.listener, &call, 0, false), -1);
	assert_int_equal(errno, EMFILE);
	must(notify_answer(c.listener, &call, 0, EMFILE));
	finish(&c, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_call_arrives_with_all_its_arguments),
		test(a_call_returns_what_it_is_answered),
		test(a_call_that_goes_on_is_the_kernels),
		test(a_descriptor_is_given_on_the_lowest_free_number),
		test(a_descriptor_that_finds_no_room_can_still_be_answered),
	};

	return cmocka_run_group_tests_name(
	    "notify", tests, make_filter, release_filter);
}
