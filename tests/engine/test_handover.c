/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "scratch.h"

#include "engine/filter.h"
#include "engine/handover.h"
#include "engine/notify.h"

#include <poll.h>
#include <signal.h>

static struct filter filter;

static int
make_filter(void **state)
{
	static const struct filter_options o = { .fakes_ids = true };
	struct fault f = { 0 };

	(void)state;
	return filter_make(&filter, &o, &f);
}

static int
release_filter(void **state)
{
	(void)state;
	filter_release(&filter);
	return 0;
}

/* Fork the command's process, which prepares; its status is 0 if that works. */
static pid_t
start(struct handover *h, const struct filter *with)
{
	struct fault f = { 0 };
	pid_t pid;

	assert_ok(handover_open(h, with, &f), &f);
	pid = fork();
	must(pid);
	if (pid == 0) {
		(void)alarm(30);
		_exit(handover_prepare(h) == 0 ? 0 : 1);
	}
	handover_part(h);
	assert_int_equal(h->commands, -1);
	return pid;
}

static void
finish(struct handover *h, pid_t pid, int want)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), want);
	handover_close(h);
}

static void
a_process_that_has_its_answers_may_execute(void **state)
{
	struct notify_call call;
	struct fault f = { 0 };
	struct handover h;
	struct pollfd fd;
	int listener;
	pid_t pid;

	(void)state;
	pid = start(&h, &filter);
	fd = (struct pollfd){ .fd = h.fd, .events = POLLIN };
	assert_int_equal(poll(&fd, 1, 20000), 1);
	listener = handover_receive(&h);
	must(listener);
	assert_int_equal(h.fd, -1);
	assert_int_equal(fcntl(listener, F_GETFD), FD_CLOEXEC);
	for (int i = 0; i < 2; i++) {
		assert_false(handover_is_proven(&h));
		assert_int_equal(notify_receive(listener, &call), 1);
		assert_int_equal(call.pid, pid);
		assert_ok(handover_prove(&h, listener, &call, &f), &f);
	}
	assert_true(handover_is_proven(&h));
	finish(&h, pid, 0);
	must(close(listener));
}

static void
one_whose_call_is_answered_by_somebody_else_may_not(void **state)
{
	struct notify_call call;
	struct handover h;
	int listener;
	pid_t pid;

	(void)state;
	pid = start(&h, &filter);
	listener = handover_receive(&h);
	must(listener);
	assert_int_equal(notify_receive(listener, &call), 1);
	must(notify_answer(listener, &call, 0, 0));
	finish(&h, pid, 1);
	assert_false(handover_is_proven(&h));
	must(close(listener));
}

static void
one_that_ended_before_has_no_listener(void **state)
{
	struct fault f = { 0 };
	struct handover h;

	(void)state;
	assert_ok(handover_open(&h, &filter, &f), &f);
	handover_part(&h);
	assert_int_equal(handover_receive(&h), -1);
	assert_int_equal(h.refused_by, 0);
	assert_fault(handover_explain(&h, &f), &f, FAULT_SYSTEM,
	    "this kernel or sandbox has no seccomp user notification (Linux "
	    "5.5): Function not implemented");
	handover_close(&h);
}

static void
what_the_kernel_refused_is_told(void **state)
{
	/* no instruction at all, but all system calls are let through */
	const struct filter empty = { .abis = { { .last = INT32_MAX },
					  { .last = INT32_MAX } } };
	struct fault f = { 0 };
	struct handover h;
	pid_t pid;

	(void)state;
	pid = start(&h, &empty);
	assert_int_equal(handover_receive(&h), -1);
	assert_int_equal(h.refused_by, EINVAL);
	assert_fault(handover_explain(&h, &f), &f, FAULT_SYSTEM,
	    "this kernel or sandbox has no seccomp user notification (Linux "
	    "5.5): Invalid argument");
	finish(&h, pid, 1);
}

static void
another_listener_is_told_as_such(void **state)
{
	const struct handover h = { .refused_by = EBUSY };
	struct fault f = { 0 };

	(void)state;
	assert_fault(handover_explain(&h, &f), &f, FAULT_SYSTEM,
	    "another supervisor (amtree-run?) records this process already, "
	    "and runs do not nest");
}

static void
nothing_stays_open(void **state)
{
	const int before = scratch_count_open();
	struct handover empty = HANDOVER_INIT, h;
	struct fault f = { 0 };

	(void)state;
	assert_ok(handover_open(&h, &filter, &f), &f);
	assert_int_equal(scratch_count_open(), before + 2);
	handover_close(&h);
	handover_close(&h);
	handover_close(&empty);
	assert_int_equal(scratch_count_open(), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_that_has_its_answers_may_execute),
		cmocka_unit_test(
		    one_whose_call_is_answered_by_somebody_else_may_not),
		cmocka_unit_test(one_that_ended_before_has_no_listener),
		cmocka_unit_test(what_the_kernel_refused_is_told),
		cmocka_unit_test(another_listener_is_told_as_such),
		cmocka_unit_test(nothing_stays_open),
	};

	return cmocka_run_group_tests_name(
	    "handover", tests, make_filter, release_filter);
}
