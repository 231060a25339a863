/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * filter - the seccomp filter of a recorded command
 *
 * Made in the supervisor from the table of engine/calls by engine/rules, for the
 * native ABI and the 32-bit one beside it that we know (i386 on x86_64); put on
 * in the command's process, right before it executes.  What the filter can
 * decide alone it decides: ids that are said to be 0, attributes whose size is
 * not that of capabilities or an ACL, what mknod(2) makes that is no device, opens
 * that are not for reading.
 *
 * Calls with numbers above CALLS_LAST_NUMBER fail with ENOSYS, as on an older
 * kernel, for they might do what is recorded in a way that is not.
 */
#ifndef ENGINE_FILTER_H
#define ENGINE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call;
struct fault;
struct sock_filter;

enum { FILTER_ABIS = 2, FILTER_NUMBERS = 512 };

struct filter_options {
	bool fakes_ids; /* get*id and set*id say 0 */
	bool fakes_caps; /* capset(2) says 0 */
	bool watches_opens; /* CALL_OPEN is wanted */
};

/* What the numbers of one ABI stand for. */
struct filter_abi {
	uint32_t arch; /* AUDIT_ARCH_*; 0: there is none */
	bool is_narrow; /* 32 bits */
	bool has_short_ids; /* 16 bits in its oldest calls */
	uint32_t last; /* the youngest call that is let through */
	uint8_t rows[FILTER_NUMBERS]; /* 1 + index into calls_table; 0: none */
};

struct filter {
	struct sock_filter *program; /* owned; in the kernel's own form */
	size_t len; /* instructions */
	struct filter_abi abis[FILTER_ABIS]; /* the native one first */
};

int filter_make(
    struct filter *filter, const struct filter_options *o, struct fault *f);
void filter_release(struct filter *filter);

/* What a stopped call is; NULL for an ABI that we do not know. */
const struct call *filter_find(const struct filter *filter, uint32_t arch,
    int number, const struct filter_abi **abi);

/*
 * Put the filter on this process and all that it will start, for good, and
 * return the listener for engine/notify, close-on-exec.  The process can gain no
 * privileges from then on (no_new_privs).  Only makes system calls, so that it
 * may run between fork(2) and execve(2).  Returns -1 and errno: ENOSYS or EINVAL
 * from a kernel without user notification, EBUSY where another supervisor listens
 * already, EPERM or EACCES in a sandbox that refuses.
 */
int filter_apply(const struct filter *filter);

#endif
