/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i386 - system calls of the 32-bit ABI, made by a 64-bit program
 *
 * On x86_64 a program can reach the other ABI with one instruction; what it
 * passes has to lie in the lowest 4 GiB.  On i386 it is the only one.  A kernel may lack that ABI, and other
 * machines do: then i386_is_here() is false, and the tests that need it say so
 * and are counted as skipped.
 *
 *	struct i386_room *low = i386_map();
 *	strcpy(low->path, "file");
 *	r = i386_call(I386_LCHOWN32, i386_address(low->path), 1, 2, 0, 0);
 *	i386_unmap(low);
 */
#ifndef TESTS_I386_H
#define TESTS_I386_H

#include "child.h"

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>

/* Numbers of that ABI, for the tests. */
enum i386_number {
	I386_OPEN = 5,
	I386_MKNOD = 14,
	I386_CHMOD = 15,
	I386_LCHOWN = 16,
	I386_GETUID = 24,
	I386_MKDIR = 39,
	I386_FCHMOD = 94,
	I386_FCHOWN = 95,
	I386_OLDSTAT = 106,
	I386_GETRESUID = 165,
	I386_CHOWN = 182,
	I386_STAT64 = 195,
	I386_LSTAT64 = 196,
	I386_FSTAT64 = 197,
	I386_LCHOWN32 = 198,
	I386_GETUID32 = 199,
	I386_FCHOWN32 = 207,
	I386_GETRESUID32 = 209,
	I386_CHOWN32 = 212,
	I386_SETXATTR = 226,
	I386_GETXATTR = 229,
	I386_LISTXATTR = 232,
	I386_REMOVEXATTR = 235,
	I386_MKDIRAT = 296,
	I386_MKNODAT = 297,
	I386_FCHOWNAT = 298,
	I386_FSTATAT64 = 300,
	I386_FCHMODAT = 306,
	I386_STATX = 383,
};

/* Memory that such a call can reach. */
struct i386_room {
	char path[PATH_MAX + 1];
	char name[64];
	unsigned char bytes[1024];
};

static inline struct i386_room *
i386_map(void)
{
#ifdef MAP_32BIT
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT;
#else
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#endif
	void *room = mmap(NULL, sizeof(struct i386_room),
	    PROT_READ | PROT_WRITE, flags, -1, 0);

	return room == MAP_FAILED ? NULL : room;
}

static inline void
i386_unmap(struct i386_room *room)
{
	munmap(room, sizeof(*room));
}

static inline long
i386_address(const void *p)
{
	return (long)(uintptr_t)p;
}

/* What the kernel returns: a negative errno on failure. */
static inline long
i386_call(enum i386_number number, long a, long b, long c, long d, long e)
{
#ifdef __x86_64__
	long r;

	__asm__ volatile(
	    "int $0x80"
	    : "=a"(r)
	    : "a"((long)number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
	    : "memory", "r8", "r9", "r10", "r11");
	return (int)r;
#elif defined(__i386__)
	int r;

	__asm__ volatile("int $0x80"
			 : "=a"(r)
			 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return r;
#else
	(void)number, (void)a, (void)b, (void)c, (void)d, (void)e;
	return -ENOSYS;
#endif
}

static inline void
i386_try(void)
{
	child_check(signal(SIGSEGV, SIG_DFL) != SIG_ERR);
	child_check(i386_call(I386_GETUID32, 0, 0, 0, 0, 0) >= 0);
}

static inline bool
i386_is_here(void)
{
#if defined(__x86_64__) || defined(__i386__)
	return child_run(i386_try) == 0;
#else
	return false;
#endif
}

/* In a test: skip the rest of it where there is no such ABI. */
#define i386_needed()                                                   \
	do {                                                            \
		if (!i386_is_here()) {                                  \
			print_message("no i386 ABI here: not tried\n"); \
			skip();                                         \
		}                                                       \
	} while (0)

#endif
