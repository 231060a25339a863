/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_kin.h"
#include "../child.h"

#include "engine/kin.h"

#include <signal.h>

static void
have_a_grandchild(int ready)
{
	(void)spawn(have_a_child, ready);
}

static const struct process *
find(const struct kin *kin, pid_t pid)
{
	for (size_t i = 0; i < kin->count; i++)
		if (kin->items[i].pid == pid)
			return &kin->items[i];
	return NULL;
}

static void
list_three_generations(void)
{
	struct kin kin = { 0 };
	const struct process *p;
	int ends[2];
	pid_t first;

	begin(ends);
	first = spawn(have_a_grandchild, ends[1]);
	await(ends[0], 3);
	kin_load(&kin);
	child_check(kin.count == 3);
	for (size_t i = 0; i < kin.count; i++) {
		p = &kin.items[i];
		child_check(p->is_alive && p->is_kin && p->signo == 0);
		child_check(p->start > 0 && p->name[0] == '\0');
		child_check(i == 0 || p->pid > kin.items[i - 1].pid);
		child_check(p->pid == first ? p->parent == getpid()
					    : find(&kin, p->parent) != NULL);
	}
	child_check(find(&kin, first) != NULL);
	kin_release(&kin);
	child_check(kin.items == NULL && kin.count == 0);
	end_all();
}

static void
all_generations_are_listed_and_nobody_else(void **state)
{
	(void)state;
	assert_child_passes(list_three_generations);
}

static void
be_called_badly(int ready)
{
	(void)ready;
	child_check(prctl(PR_SET_NAME, "x) Z 1 1 (\n)") == 0);
}

/* The other one shows that /proc can be trusted. */
static void
list_one_called_badly(void)
{
	struct kin kin = { 0 };
	int ends[2];
	pid_t pid;

	begin(ends);
	(void)spawn(nothing_more, ends[1]);
	pid = spawn(be_called_badly, ends[1]);
	await(ends[0], 2);
	kin_load(&kin);
	child_check(kin.count == 2 && find(&kin, pid) != NULL);
	child_check(find(&kin, pid)->parent == getpid());
	kin_release(&kin);
	end_all();
}

static void
name_that_looks_like_a_state_deceives_nobody(void **state)
{
	(void)state;
	assert_child_passes(list_one_called_badly);
}

static void
wait_until_ended(pid_t pid)
{
	siginfo_t info;

	child_check(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
}

static void
list_the_ended(void)
{
	struct kin kin = { 0 };
	struct process was;
	int ends[2];
	pid_t pid;

	begin(ends);
	pid = spawn(nothing_more, ends[1]);
	await(ends[0], 1);
	kin_load(&kin);
	child_check(kin.count == 1);
	was = kin.items[0];
	child_check(kin_signal(&was, SIGKILL) == 0);
	wait_until_ended(pid);
	kin_load(&kin);
	child_check(kin.count == 0);
	errno = 0;
	child_check(kin_signal(&was, SIGKILL) < 0 && errno == ESRCH);
	kin_release(&kin);
	end_all();
}

static void
ended_process_is_neither_listed_nor_signalled(void **state)
{
	(void)state;
	assert_child_passes(list_the_ended);
}

static void
signal_one_of_the_same_number(void)
{
	struct kin kin = { 0 };
	struct process earlier;
	int ends[2];
	pid_t first;

	begin(ends);
	first = spawn(have_a_child, ends[1]);
	await(ends[0], 2);
	kin_load(&kin);
	child_check(kin.count == 2);
	earlier = kin.items[kin.items[0].pid == first];
	child_check(earlier.parent == first);
	child_check(process_is_same(&earlier, find(&kin, earlier.pid)));
	earlier.start--;
	child_check(!process_is_same(&earlier, find(&kin, earlier.pid)));
	errno = 0;
	child_check(kin_signal(&earlier, SIGKILL) < 0 && errno == ESRCH);
	kin_load(&kin);
	child_check(kin.count == 2);
	earlier.start++;
	child_check(kin_signal(&earlier, SIGKILL) == 0);
	kin_release(&kin);
	end_all();
}

static void
another_process_of_the_same_number_is_spared(void **state)
{
	(void)state;
	assert_child_passes(signal_one_of_the_same_number);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_generations_are_listed_and_nobody_else),
		cmocka_unit_test(name_that_looks_like_a_state_deceives_nobody),
		cmocka_unit_test(ended_process_is_neither_listed_nor_signalled),
		cmocka_unit_test(another_process_of_the_same_number_is_spared),
	};

	return cmocka_run_group_tests_name("kin", tests, NULL, NULL);
}
