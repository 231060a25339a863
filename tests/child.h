/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * child - tests that need a process of their own
 *
 * What changes a whole process (signals, limits, users, system calls that the
 * kernel refuses) is tried in a child.  There a failed assertion of cmocka's
 * aborts, and child_check() shows errno as well.
 *
 *	static void
 *	read_as_nobody(void)
 *	{
 *		child_drop_root();
 *		child_check(open("secret", O_RDONLY) < 0);
 *	}
 *	...
 *	assert_child_passes(read_as_nobody);
 */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H

#include "tests.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a child: end it unless `claim` holds. */
#define child_check(claim)                                                   \
	do {                                                                 \
		if (!(claim)) {                                              \
			fprintf(stderr, "%s:%d: not true: %s (errno: %s)\n", \
			    __FILE__, __LINE__, #claim, strerror(errno));    \
			_exit(1);                                            \
		}                                                            \
	} while (0)

/* In a child: the call succeeds; if not, show the fault's own words. */
#define child_ok(call, f)                                                      \
	do {                                                                   \
		if ((call) < 0) {                                              \
			fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, \
			    #call, (f)->text);                                 \
			_exit(1);                                              \
		}                                                              \
	} while (0)

/* Run `body` in a child; its wait status. */
static inline int
child_run(void (*body)(void))
{
	int status = -1;
	pid_t pid;

	(void)fflush(NULL); /* else the child has the same bytes to write */
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		/* else it would go on with the next test, in both processes */
		if (setenv("CMOCKA_TEST_ABORT", "1", 1) < 0)
			_exit(1);
		body();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static inline void
assert_child_passes(void (*body)(void))
{
	const int status = child_run(body);

	if (status != 0)
		fail_msg("child ended with wait status %#x", (unsigned)status);
}

/* In a child: be an ordinary user from now on. */
static inline void
child_drop_root(void)
{
	if (geteuid() != 0)
		return;
	child_check(setgroups(0, NULL) == 0);
	child_check(setresgid(65534, 65534, 65534) == 0);
	child_check(setresuid(65534, 65534, 65534) == 0);
}

/* Which calls the kernel shall refuse, and how. */
struct child_refusal {
	long nr; /* SYS_openat */
	unsigned arg; /* of its arguments, counted from 0, this one ... */
	unsigned bits; /* ... has all of these bits; 0: all calls */
	unsigned error; /* the errno to give */
};

/*
 * In a child: from now on the kernel refuses these calls.  The structures and
 * numbers of seccomp(2) are spelt out: not every C library brings linux/.
 */
static inline void
child_refuse(const struct child_refusal *r)
{
	enum {
		LOAD = 0x20,
		EQUAL = 0x15,
		AND = 0x54,
		RETURN = 0x06,
		ALLOW = 0x7fff0000,
		ERRNO = 0x00050000,
		MODE_FILTER = 2,
		IS_BIG_ENDIAN = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
	};
	struct {
		uint16_t code;
		uint8_t if_true, if_false;
		uint32_t k;
	} filter[] = {
		{ LOAD, 0, 0, 0 },
		{ EQUAL, 0, 4, (uint32_t)r->nr },
		{ LOAD, 0, 0, 16 + 8 * r->arg + 4 * IS_BIG_ENDIAN },
		{ AND, 0, 0, r->bits },
		{ EQUAL, 0, 1, r->bits },
		{ RETURN, 0, 0, ERRNO | r->error },
		{ RETURN, 0, 0, ALLOW },
	};
	const struct {
		unsigned short len;
		const void *filter;
	} program = { sizeof(filter) / sizeof(*filter), filter };

	child_check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	child_check(prctl(PR_SET_SECCOMP, MODE_FILTER, &program, 0, 0) == 0);
}

#endif
