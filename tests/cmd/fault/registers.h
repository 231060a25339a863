/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * registers - what differs between processors: three registers of a thread that
 * has stopped at a system call
 */
#ifndef FAULT_REGISTERS_H
#define FAULT_REGISTERS_H

#include <elf.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/user.h>

#if defined(__x86_64__)
static inline void
set_register(pid_t pid, size_t offset, uint64_t value)
{
	(void)ptrace(PTRACE_POKEUSER, pid, offset, value);
}

static inline void
skip_call(pid_t pid)
{
	set_register(pid, offsetof(struct user, regs.orig_rax), UINT64_MAX);
}

static inline void
set_result(pid_t pid, uint64_t value)
{
	set_register(pid, offsetof(struct user, regs.rax), value);
}

static inline void
set_third(pid_t pid, uint64_t value)
{
	set_register(pid, offsetof(struct user, regs.rdx), value);
}
#elif defined(__aarch64__)
static inline void
set_register(pid_t pid, unsigned n, uint64_t value)
{
	struct user_regs_struct regs;
	struct iovec all = { &regs, sizeof(regs) };

	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &all) == 0) {
		regs.regs[n] = value;
		(void)ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &all);
	}
}

static inline void
skip_call(pid_t pid)
{
	int number = -1;
	struct iovec all = { &number, sizeof(number) };

	(void)ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &all);
}

static inline void
set_result(pid_t pid, uint64_t value)
{
	set_register(pid, 0, value);
}

static inline void
set_third(pid_t pid, uint64_t value)
{
	set_register(pid, 2, value);
}
#else
#error "inject does not know this processor's registers"
#endif

#endif
