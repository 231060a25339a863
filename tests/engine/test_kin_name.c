/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../child.h"
#include "test_kin.h"

#include "engine/kin.h"

#include <fcntl.h>
#include <signal.h>

static void
signal_without_pidfd(void)
{
	const struct child_refusal no_pidfd = { .nr = SYS_pidfd_open,
		.error = ENOSYS };
	struct kin kin = { 0 };
	int ends[2];
	pid_t first;

	begin(ends);
	first = spawn(have_a_child, ends[1]);
	await(ends[0], 2);
	child_refuse(&no_pidfd);
	kin_load(&kin);
	child_check(kin.count == 2);
	child_check(
	    kin_signal(&kin.items[kin.items[0].pid == first], SIGKILL) == 0);
	kin_release(&kin);
	end_all();
}

static void
kernel_without_pidfd_will_do(void **state)
{
	(void)state;
	assert_child_passes(signal_without_pidfd);
}

/* In a child: start a command; it executes when this returns. */
static void
execute(const char *const *argv)
{
	int ends[2];
	pid_t pid;
	char byte;

	child_check(pipe2(ends, O_CLOEXEC) == 0);
	pid = fork();
	child_check(pid >= 0);
	if (pid == 0) {
		child_check(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
		(void)close(ends[0]);
		(void)execvp(argv[0], (char *const *)argv);
		_exit(1);
	}
	(void)close(ends[1]);
	child_check(read(ends[0], &byte, 1) == 0);
	(void)close(ends[0]);
}

/* In a child: its only kin has this name. */
static void
check_name(const char *want)
{
	struct kin kin = { 0 };

	kin_load(&kin);
	child_check(kin.count == 1);
	process_name(&kin.items[0]);
	if (strcmp(kin.items[0].name, want) != 0) {
		fprintf(stderr, "it is called '%s', not '%s'\n",
		    kin.items[0].name, want);
		_exit(1);
	}
	kin_release(&kin);
	end_all();
}

static void
name_a_command(void)
{
	const char *const argv[] = { "sleep", "1000", NULL };
	int ends[2];

	begin(ends);
	execute(argv);
	check_name("sleep 1000");
}

static void
name_a_long_command(void)
{
	const char *const argv[] = { "sh", "-c", "read x", "a",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
		NULL };
	int ends[2];

	begin(ends);
	child_check(dup2(ends[0], 0) == 0); /* from which nothing comes */
	execute(argv);
	check_name("sh -c read x a "
		   "0123456789abcdef0123456789abcdef0123456789abcdef");
}

static void
have_no_arguments(int ready)
{
	(void)ready;
	memset(program_invocation_name, 0, strlen(program_invocation_name));
	child_check(prctl(PR_SET_NAME, "(bare) one") == 0);
}

static void
name_one_without_arguments(void)
{
	int ends[2];

	begin(ends);
	(void)spawn(have_no_arguments, ends[1]);
	await(ends[0], 1);
	check_name("(bare) one");
}

static void
name_is_the_command_line_or_else_the_short_name(void **state)
{
	(void)state;
	assert_child_passes(name_a_command);
	assert_child_passes(name_a_long_command);
	assert_child_passes(name_one_without_arguments);
}

static void
list_without_proc(void)
{
	const struct child_refusal no_listing[] = {
		{ SYS_openat, .arg = 2, .bits = O_DIRECTORY, .error = EACCES },
#ifdef SYS_open /* which musl uses */
		{ SYS_open, .arg = 1, .bits = O_DIRECTORY, .error = EACCES },
#endif
	};
	struct kin kin = { 0 };
	int ends[2];
	pid_t first;

	begin(ends);
	first = spawn(have_a_child, ends[1]);
	await(ends[0], 2);
	for (size_t i = 0; i < sizeof(no_listing) / sizeof(*no_listing); i++)
		child_refuse(&no_listing[i]);
	kin_load(&kin);
	child_check(kin.count == 1 && kin.items[0].pid == first);
	child_check(kin.items[0].parent == getpid());
	child_check(kin_signal(&kin.items[0], SIGKILL) == 0);
	while (waitpid(-1, NULL, 0) > 0) /* the other dies with its parent */
		;
	kin_release(&kin);
}

static void
own_children_are_found_without_proc(void **state)
{
	(void)state;
	assert_child_passes(list_without_proc);
}

static void
list_without_memory(void)
{
	struct kin kin = { 0 };
	int ends[2];

	begin(ends);
	(void)spawn(nothing_more, ends[1]);
	await(ends[0], 1);
	for (unsigned nth = 1;; nth++) {
		alloc_fail(nth, 1);
		kin_load(&kin);
		if (!alloc_has_failed())
			break;
		alloc_fail(0, 0);
		child_check(kin.count <= 1);
		kin_release(&kin);
	}
	alloc_fail(0, 0);
	child_check(kin.count == 1);
	kin_release(&kin);
	end_all();
}

static void
what_finds_no_memory_is_missing_until_the_next_time(void **state)
{
	(void)state;
	assert_child_passes(list_without_memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernel_without_pidfd_will_do),
		cmocka_unit_test(
		    name_is_the_command_line_or_else_the_short_name),
		cmocka_unit_test(own_children_are_found_without_proc),
		cmocka_unit_test(
		    what_finds_no_memory_is_missing_until_the_next_time),
	};

	return cmocka_run_group_tests_name("kin_name", tests, NULL, NULL);
}
