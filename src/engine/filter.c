/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/filter.h"

#include "base/fault.h"
#include "engine/calls.h"
#include "engine/rules.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* Linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/* x32, ARM's own calls, MIPS: numbered on their own */
enum { OTHERS = 1024 };

int
filter_make(
    struct filter *filter, const struct filter_options *o, struct fault *f)
{
	int r;

	*filter = (struct filter){ 0 };
	r = rules_compile(filter, o);
	if (r == 0)
		return 0;
	errno = -r;
	return fault_sys(f, "cannot make a seccomp filter");
}

void
filter_release(struct filter *filter)
{
	free(filter->program);
	*filter = (struct filter){ 0 };
}

const struct call *
filter_find(const struct filter *filter, uint32_t arch, int number,
    const struct filter_abi **abi)
{
	for (int i = 0; i < FILTER_ABIS; i++) {
		const struct filter_abi *a = &filter->abis[i];

		if (a->arch != arch || number < 0 || number >= FILTER_NUMBERS)
			continue;
		*abi = a;
		return a->rows[number] == 0 ? NULL
					    : &calls_table[a->rows[number] - 1];
	}
	return NULL;
}

static int
load(unsigned long flags, const struct sock_filter *program, size_t len)
{
	const struct sock_fprog prog = {
		.len = (unsigned short)len,
		.filter = (struct sock_filter *)(uintptr_t)program,
	};

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
}

/* What may be new under the sun is said not to be there. */
static int
refuse_newer(const struct filter *filter)
{
	const struct filter_abi *wide = &filter->abis[0];
	const struct filter_abi *narrow = &filter->abis[1];
	const struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, narrow->arch, 3, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, wide->last, 3, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K,
		    narrow->arch != 0 ? narrow->last : wide->last, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, OTHERS, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return load(0, program, sizeof(program) / sizeof(*program));
}

/*
 * Speculation need not be held back for a filter that is no sandbox.  A caller
 * whose notification has been taken can then only be killed, not interrupted, so
 * that nothing is done twice; older kernels lack that.
 */
int
filter_apply(const struct filter *filter)
{
	const unsigned long flags =
	    SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	int listener;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    refuse_newer(filter) < 0)
		return -1;
	listener = load(flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
	    filter->program, filter->len);
	if (listener < 0 && errno == EINVAL)
		listener = load(flags, filter->program, filter->len);
	return listener;
}
