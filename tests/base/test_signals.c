/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/signals.h"

#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { KERNEL_SET = 8, LAST_SIGNAL = 64 };

/* What the kernel says is blocked; bit 0 is signal 1. */
static unsigned long long
blocked(void)
{
	static const char name[] = "SigBlk:";
	FILE *status = fopen("/proc/thread-self/status", "re");
	unsigned long long mask = 0;
	char line[256];

	assert_non_null(status);
	while (fgets(line, sizeof(line), status) != NULL) {
		if (strncmp(line, name, strlen(name)) == 0)
			assert_int_equal(
			    sscanf(line + strlen(name), "%llx", &mask), 1);
	}
	(void)fclose(status);
	return mask;
}

static unsigned long long
bit(int signo)
{
	return 1ULL << (signo - 1);
}

static void
all_are_blocked_but_two(void **state)
{
	const unsigned long long before = blocked();
	sigset_t mask;

	(void)state;
	signals_block(&mask);
	assert_true(blocked() == ~(bit(SIGKILL) | bit(SIGSTOP)));
	signals_restore(&mask);
	assert_true(blocked() == before);
}

/* As sigprocmask(2) would not: it leaves out what libc has for itself. */
static void
mask_is_restored_to_the_letter(void **state)
{
	const unsigned long long own =
	    bit(32) | bit(33) | bit(34) | bit(SIGUSR1) | bit(LAST_SIGNAL);
	sigset_t before, mask;

	(void)state;
	assert_int_equal(
	    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &own, &before, KERNEL_SET),
	    0);
	signals_block(&mask);
	signals_restore(&mask);
	assert_true(blocked() == own);
	assert_int_equal(sigismember(&mask, SIGUSR1), 1);
	assert_int_equal(sigismember(&mask, SIGUSR2), 0);
	signals_restore(&before);
}

static void
what_was_sent_meanwhile_waits(void **state)
{
	sigset_t mask, pending;

	(void)state;
	assert_true(signal(SIGUSR1, SIG_IGN) != SIG_ERR);
	signals_block(&mask);
	assert_int_equal(syscall(SYS_kill, getpid(), 33), 0);
	assert_int_equal(kill(getpid(), SIGTERM), 0);
	assert_int_equal(sigpending(&pending), 0);
	assert_int_equal(sigismember(&pending, SIGTERM), 1);
	/* to take them away before they count */
	for (const int *s = (const int[]){ 33, SIGTERM, 0 }; *s != 0; s++) {
		const unsigned long long one = bit(*s);

		assert_int_equal(
		    syscall(SYS_rt_sigtimedwait, &one, NULL, NULL, KERNEL_SET),
		    *s);
	}
	signals_restore(&mask);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_blocked_but_two),
		cmocka_unit_test(mask_is_restored_to_the_letter),
		cmocka_unit_test(what_was_sent_meanwhile_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
