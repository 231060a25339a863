/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "../scratch.h"
#include "test_keeper.h"

#include "engine/keeper.h"
#include "engine/reaper.h"

#include <signal.h>

static void
leave_a_daemon(void)
{
	struct account a = run(LEAVE_A_DAEMON "exit 4");

	child_check(exits_with(&a, 4));
	child_check(a.n_ended == 1 && a.last.value == SIGTERM);
	child_check(strcmp(a.last.name, "sleep 1000") == 0);
	child_check(a.n_alive == 0);
}

static void
daemon_is_ended_and_named(void **state)
{
	(void)state;
	assert_child_passes(leave_a_daemon);
}

static void
leave_a_stubborn_one(void)
{
	const int64_t begin = now_ms();
	struct account a = run("trap '' TERM; sleep 1000 & exit 0");

	child_check(a.n_ended == 1 && a.last.value == SIGKILL);
	child_check(strcmp(a.last.name, "sleep 1000") == 0);
	child_check(now_ms() - begin >= REAPER_PATIENCE);
}

static void
who_ignores_sigterm_gets_sigkill_and_is_named_once(void **state)
{
	(void)state;
	assert_child_passes(leave_a_stubborn_one);
}

static void
leave_a_stopped_one(void)
{
	const struct account a =
	    run("sh -c 'trap \"echo >trapped; exit\" TERM; kill -STOP $$' &\n"
		"until grep '^State:.T' /proc/$!/status; do sleep 0.01; done "
		">grepped");

	child_check(a.n_ended > 0 && a.last.value == SIGTERM);
	child_check(access("trapped", F_OK) == 0);
}

static void
stopped_process_can_still_tidy_up(void **state)
{
	(void)state;
	assert_child_passes(leave_a_stopped_one);
}

static void
nap(void)
{
	sleep_ms(REAPER_GRACE / 5);
	scratch_write("gone", "");
	_exit(0);
}

static void
leave_a_short_one(void)
{
	const int64_t begin = now_ms();
	struct brood brood = { 1, nap };
	const struct account a = run_with(true_argv, leave_orphans, &brood);

	child_check(a.n_ended == 0);
	child_check(access("gone", F_OK) == 0);
	child_check(now_ms() - begin < REAPER_PATIENCE);
}

static void
who_ends_soon_by_himself_is_not_named(void **state)
{
	(void)state;
	assert_child_passes(leave_a_short_one);
}

static void
leave_forking_ones(void)
{
	const int64_t begin = now_ms();
	struct brood brood = { 3, fork_for_ever };
	const struct account a = run_with(true_argv, leave_orphans, &brood);

	child_check(exits_with(&a, 0));
	child_check(a.n_ended > 0 && a.n_alive == 0);
	child_check(now_ms() - begin < FOR_EVER);
}

static void
who_forks_for_ever_is_ended_too(void **state)
{
	(void)state;
	assert_child_passes(leave_forking_ones);
}

static void
leave_many_zombies(void)
{
	struct brood brood = { 300, NULL };
	const struct account a = run_with(true_argv, leave_orphans, &brood);

	child_check(exits_with(&a, 0));
	child_check(a.n_ended == 0);
}

static void
orphans_that_end_are_reaped_silently(void **state)
{
	(void)state;
	assert_child_passes(leave_many_zombies);
}

static void
read_slowly(void)
{
	struct brood brood = { MANY, wait_for_ever };
	struct keeper k = KEEPER_INIT;
	struct account a = { 0 };

	start_with(&k, true_argv, leave_orphans, &brood);
	child_check(read_until(&k, KEEPER_EXITED, &a));
	sleep_ms(REAPER_GRACE + 200);
	finish(&k, &a);
	child_check(a.n_ended == MANY);
}

static void
supervisor_who_reads_slowly_misses_nothing(void **state)
{
	(void)state;
	assert_child_passes(read_slowly);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(daemon_is_ended_and_named),
		cmocka_unit_test(
		    who_ignores_sigterm_gets_sigkill_and_is_named_once),
		cmocka_unit_test(stopped_process_can_still_tidy_up),
		cmocka_unit_test(who_ends_soon_by_himself_is_not_named),
		cmocka_unit_test(who_forks_for_ever_is_ended_too),
		cmocka_unit_test(orphans_that_end_are_reaped_silently),
		cmocka_unit_test(supervisor_who_reads_slowly_misses_nothing),
	};

	return cmocka_run_group_tests_name(
	    "keeper_left", tests, scratch_setup, scratch_teardown);
}
