/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/rules.h"

#include "base/statx.h"
#include "engine/calls.h"
#include "engine/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	API_WITH_NOTIFY = 5, /* of libseccomp, see seccomp_api_get(3) */
	FROM_PIPE = 65536, /* what a pipe holds: far more than a filter has */
	LIBACL_GUESS = 132, /* the buffer that acl_get_file(3) tries first */
	/* flags of open(2) that do not keep it from being a plain read */
	READ_FLAGS = O_CLOEXEC | O_NOCTTY | O_NONBLOCK | CALLS_LARGEFILE,
};

_Static_assert(O_LARGEFILE == 0 || O_LARGEFILE == (int)CALLS_LARGEFILE,
    "O_LARGEFILE is the kernel's");

/* Shorthands for a condition on one argument. */
static struct scmp_arg_cmp
is_equal(int8_t arg, uint64_t value)
{
	return SCMP_CMP((unsigned)arg, SCMP_CMP_EQ, value, 0);
}

static struct scmp_arg_cmp
has_bits(int8_t arg, uint64_t mask, uint64_t bits)
{
	return SCMP_CMP((unsigned)arg, SCMP_CMP_MASKED_EQ, mask, bits);
}

static int
add_if(scmp_filter_ctx ctx, int number, struct scmp_arg_cmp condition)
{
	return seccomp_rule_add_array(
	    ctx, SCMP_ACT_NOTIFY, number, 1, &condition);
}

/* Stop it if it may install a handler of SIGCHLD. */
static int
add_sigaction(scmp_filter_ctx ctx, int number, int8_t action)
{
	const struct scmp_arg_cmp both[] = {
		is_equal((int8_t)(action - 1), SIGCHLD),
		SCMP_CMP((unsigned)action, SCMP_CMP_NE, 0, 0),
	};

	return seccomp_rule_add_array(ctx, SCMP_ACT_NOTIFY, number, 2, both);
}

/* Stop it only for devices; a FIFO or a file is the maker's own affair. */
static int
add_mknod(scmp_filter_ctx ctx, int number, int8_t mode)
{
	const int r = add_if(ctx, number, has_bits(mode, S_IFMT, S_IFCHR));

	return r != 0 ? r
		      : add_if(ctx, number, has_bits(mode, S_IFMT, S_IFBLK));
}

/* Stop it if it asks for something that may be other than on disk. */
static int
add_statx(scmp_filter_ctx ctx, int number, int8_t mask)
{
	int r = 0;

	for (uint64_t bit = STATX_TYPE; r == 0 && bit <= STATX_GID; bit <<= 1) {
		if (bit != STATX_NLINK)
			r = add_if(ctx, number, has_bits(mask, bit, bit));
	}
	return r;
}

/*
 * The sizes of security.capability are 12, 20 and 24 bytes; those of ACLs 28 and
 * more, by eights.
 */
static int
add_setxattr(scmp_filter_ctx ctx, int number, int8_t size)
{
	const int r = add_if(ctx, number, has_bits(size, 7, 4));

	return r != 0 ? r : add_if(ctx, number, is_equal(size, 24));
}

static int
add_rule(scmp_filter_ctx ctx, const struct call *c, int number,
    const struct filter_options *o)
{
	const int8_t value = c->value;

	switch ((enum call_kind)c->kind) {
	case CALL_MKNOD:
		return add_mknod(ctx, number, value);
	case CALL_STATX:
		return add_statx(ctx, number, value);
	case CALL_SETXATTR:
		if (c->is_at)
			break;
		return add_setxattr(ctx, number, (int8_t)(value + 2));
	case CALL_GETXATTR:
		if (c->is_at)
			break;
		return add_if(ctx, number,
		    SCMP_CMP(
			(unsigned)value + 2, SCMP_CMP_NE, LIBACL_GUESS, 0));
	case CALL_OPEN:
		if (!o->watches_opens)
			return 0;
		if (c->is_at)
			break;
		return add_if(ctx, number,
		    has_bits(value, 0xffffffff & ~(uint64_t)READ_FLAGS, 0));
	case CALL_HANDLER:
		return add_sigaction(ctx, number, value);
	case CALL_IDS:
		if (!o->fakes_ids)
			return 0;
		break;
	case CALL_ID:
		if (!(number == SCMP_SYS(capset) ? o->fakes_caps
						 : o->fakes_ids))
			return 0;
		return seccomp_rule_add(ctx, SCMP_ACT_ERRNO(0), number, 0);
	case CALL_CHOWN:
	case CALL_CHMOD:
	case CALL_STAT:
	case CALL_STAT64:
	case CALL_LISTXATTR:
	case CALL_REMOVEXATTR:
	case CALL_MKDIR:
	case CALL_ROOT:
		break;
	}
	return seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, number, 0);
}

/* The AUDIT_ARCH_* of a 32-bit ABI that we know, or 0. */
static uint32_t
narrow_arch(void)
{
	return seccomp_arch_native() == SCMP_ARCH_X86_64 ? SCMP_ARCH_X86 : 0;
}

/*
 * Rules for the one ABI of the context.  For another than the native one
 * libseccomp takes no number that it does not know itself (EFAULT): what begins
 * there is beyond *last.
 */
static int
add_rules(scmp_filter_ctx ctx, const struct filter_options *o, uint32_t *last)
{
	int r = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_NOTIFY);

	*last = CALLS_LAST_NUMBER;
	for (size_t i = 0; r == 0 && i < calls_count; i++) {
		const struct call *c = &calls_table[i];
		const int number = c->number != 0
		    ? c->number
		    : seccomp_syscall_resolve_name(c->name);

		if (number != __NR_SCMP_ERROR)
			r = add_rule(ctx, c, number, o);
		if (r == -EFAULT && c->number != 0) {
			r = 0;
			if (*last >= c->number)
				*last = c->number - 1U;
		}
	}
	return r;
}

/*
 * Both ABIs in one.  Each has rules of its own: one context for two would have to
 * translate numbers that libseccomp does not know.
 */
static int
add_narrow(scmp_filter_ctx ctx, const struct filter_options *o, uint32_t *last)
{
	scmp_filter_ctx narrow;
	int r;

	if (narrow_arch() == 0)
		return 0;
	narrow = seccomp_init(SCMP_ACT_ALLOW);
	if (narrow == NULL)
		return -ENOMEM;
	r = seccomp_arch_add(narrow, narrow_arch());
	if (r == 0)
		r = seccomp_arch_remove(narrow, SCMP_ARCH_NATIVE);
	if (r == 0)
		r = add_rules(narrow, o, last);
	if (r == 0)
		r = seccomp_merge(ctx, narrow);
	if (r != 0)
		seccomp_release(narrow); /* merged, it is gone */
	return r;
}

/* libseccomp hands the program out through a descriptor only. */
static int
take_program(struct filter *filter, scmp_filter_ctx ctx)
{
	ssize_t got = -1;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	filter->program = malloc(FROM_PIPE);
	if (filter->program != NULL && seccomp_export_bpf(ctx, fds[1]) == 0)
		got = read(fds[0], filter->program, FROM_PIPE);
	(void)close(fds[0]); /* what it had has been read */
	(void)close(fds[1]); /* a pipe */
	if (got <= 0)
		return filter->program == NULL ? -ENOMEM : -EIO;
	filter->len = (size_t)got / sizeof(*filter->program);
	return 0;
}

static void
map_numbers(struct filter_abi *abi, uint32_t arch, bool is_narrow)
{
	abi->arch = arch;
	abi->is_narrow = is_narrow;
	/* ABIs that began with 16 bits have the calls for 32 beside */
	abi->has_short_ids =
	    seccomp_syscall_resolve_name_arch(arch, "chown32") >= 0;
	for (size_t i = 0; i < calls_count; i++) {
		const struct call *c = &calls_table[i];
		const int number = c->number != 0
		    ? c->number
		    : seccomp_syscall_resolve_name_arch(arch, c->name);

		if (number >= 0 && number < FILTER_NUMBERS)
			abi->rows[number] = (uint8_t)(i + 1);
	}
}

int
rules_compile(struct filter *filter, const struct filter_options *o)
{
	scmp_filter_ctx ctx;
	int r;

	/* what this kernel lacks it says itself, see filter_apply() */
	(void)seccomp_api_set(API_WITH_NOTIFY);
	ctx = seccomp_init(SCMP_ACT_ALLOW);
	if (ctx == NULL)
		return -ENOMEM;
	r = add_rules(ctx, o, &filter->abis[0].last);
	if (r == 0)
		r = add_narrow(ctx, o, &filter->abis[1].last);
	if (r == 0)
		r = take_program(filter, ctx);
	seccomp_release(ctx);
	if (r != 0)
		return r;
	map_numbers(&filter->abis[0], seccomp_arch_native(), sizeof(long) < 8);
	if (narrow_arch() != 0)
		map_numbers(&filter->abis[1], narrow_arch(), true);
	return 0;
}
