/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_filter - what a filter says of calls
 *
 * What the program decides is found out by running it here, instruction by
 * instruction, on calls that nobody makes; see classic BPF in seccomp(2).
 *
 *	EXPECT(stop, "chmod", .args = { 0, 04755 });
 */
#ifndef TESTS_TEST_FILTER_H
#define TESTS_TEST_FILTER_H

#include "../tests.h"

#include "engine/filter.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>

static const uint32_t stop = SECCOMP_RET_USER_NOTIF;
static const uint32_t pass = SECCOMP_RET_ALLOW;
static const uint32_t zero = SECCOMP_RET_ERRNO; /* the call returns 0 */

static struct filter filter; /* fakes ids and watches opens */
static struct filter plain; /* does neither */

static inline int
make_filters(void **state)
{
	static const struct filter_options all = {
		.fakes_ids = true, .fakes_caps = true, .watches_opens = true
	};
	static const struct filter_options none = { .fakes_caps = true };
	struct fault f = { 0 };

	(void)state;
	if (filter_make(&filter, &all, &f) < 0 ||
	    filter_make(&plain, &none, &f) < 0) {
		print_error("%s\n", f.text);
		return -1;
	}
	return 0;
}

static inline int
release_filters(void **state)
{
	(void)state;
	filter_release(&filter);
	filter_release(&plain);
	filter_release(&plain); /* is safe on an empty one */
	return 0;
}

static inline uint32_t
load(const struct seccomp_data *data, uint32_t offset)
{
	uint32_t word;

	assert_true(offset % 4 == 0 && offset < sizeof(*data));
	memcpy(&word, (const char *)data + offset, sizeof(word));
	return word;
}

static inline bool
jumps(const struct sock_filter *i, uint32_t a)
{
	switch (BPF_OP(i->code)) {
	case BPF_JEQ:
		return a == i->k;
	case BPF_JGT:
		return a > i->k;
	case BPF_JGE:
		return a >= i->k;
	case BPF_JSET:
		return (a & i->k) != 0;
	}
	fail_msg("a jump of code %#x", i->code);
	return false;
}

/* What the kernel is told to do about a call. */
static inline uint32_t
decide(const struct filter *by, const struct seccomp_data *data)
{
	uint32_t a = 0;

	for (size_t at = 0; at < by->len; at++) {
		const struct sock_filter *i = &by->program[at];

		if (i->code == (BPF_LD | BPF_W | BPF_ABS))
			a = load(data, i->k);
		else if (i->code == (BPF_ALU | BPF_AND | BPF_K))
			a &= i->k;
		else if (i->code == (BPF_RET | BPF_K))
			return i->k;
		else if (i->code == (BPF_JMP | BPF_JA))
			at += i->k;
		else if (BPF_CLASS(i->code) == BPF_JMP)
			at += jumps(i, a) ? i->jt : i->jf;
		else
			fail_msg("instruction %zu has code %#x", at, i->code);
	}
	fail_msg("%s", "the program has no end");
	return 0;
}

/* A call by its name or its number, with some of its arguments. */
struct asked {
	const char *name;
	int number;
	uint64_t args[6];
};

/* The number that it has in an ABI; negative if it has none. */
static inline int
number_of(const struct asked *c, const struct filter_abi *abi)
{
	if (c->name == NULL)
		return c->number;
	return seccomp_syscall_resolve_name_arch(abi->arch, c->name);
}

/* The decision about it is the same in each ABI that has it. */
static inline void
expect_by(const struct filter *by, const struct asked *c, uint32_t want)
{
	bool is_known = false;

	for (int i = 0; i < FILTER_ABIS; i++) {
		const struct filter_abi *abi = &by->abis[i];
		struct seccomp_data data = { .nr = number_of(c, abi),
			.arch = abi->arch };
		uint32_t got;

		if (abi->arch == 0 || data.nr < 0 ||
		    (uint32_t)data.nr > abi->last)
			continue;
		is_known = true;
		memcpy(data.args, c->args, sizeof(data.args));
		for (int n = 0; abi->is_narrow && n < 6; n++)
			data.args[n] &= UINT32_MAX;
		got = decide(by, &data);
		if (got != want)
			fail_msg("%s (%d) of ABI %d: %#x, not %#x",
			    c->name != NULL ? c->name : "call", data.nr, i, got,
			    want);
	}
	if (!is_known && c->name != NULL)
		fail_msg("'%s' exists in no ABI", c->name);
}

#define EXPECT(want, ...) \
	expect_by(&filter, &(const struct asked){ __VA_ARGS__ }, want)

#endif
