/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../i386.h"

#include "base/statx.h"
#include "engine/calls.h"
#include "engine/filter.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/resource.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/*
 * What the program decides is found out by running it here, instruction by
 * instruction, on calls that nobody makes; see classic BPF in seccomp(2).
 */

enum { X32 = 0x40000000 };

static const uint32_t stop = SECCOMP_RET_USER_NOTIF;
static const uint32_t pass = SECCOMP_RET_ALLOW;
static const uint32_t zero = SECCOMP_RET_ERRNO; /* the call returns 0 */

static struct filter filter; /* fakes ids and watches opens */
static struct filter plain; /* does neither */

static int
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

static int
release_filters(void **state)
{
	(void)state;
	filter_release(&filter);
	filter_release(&plain);
	filter_release(&plain); /* is safe on an empty one */
	return 0;
}

static uint32_t
load(const struct seccomp_data *data, uint32_t offset)
{
	uint32_t word;

	assert_true(offset % 4 == 0 && offset < sizeof(*data));
	memcpy(&word, (const char *)data + offset, sizeof(word));
	return word;
}

static bool
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
static uint32_t
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
static int
number_of(const struct asked *c, const struct filter_abi *abi)
{
	if (c->name == NULL)
		return c->number;
	return seccomp_syscall_resolve_name_arch(abi->arch, c->name);
}

/* The decision about it is the same in each ABI that has it. */
static void
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

/* With no argument, and with all bits of all arguments. */
static void
expect_always(
    const struct filter *by, const char *name, int number, uint32_t want)
{
	const struct asked none = { .name = name, .number = number };
	struct asked all = none;

	memset(all.args, 0xff, sizeof(all.args));
	expect_by(by, &none, want);
	expect_by(by, &all, want);
}

static void
calls_that_tell_or_change_an_owner_are_always_stopped(void **state)
{
	static const char *const names[] = { "chown", "lchown", "fchown",
		"fchownat", "chown32", "lchown32", "fchown32", "chmod",
		"fchmod", "fchmodat", "stat", "lstat", "fstat", "newfstatat",
		"stat64", "lstat64", "fstat64", "fstatat64", "oldstat",
		"oldlstat", "oldfstat", "listxattr", "llistxattr", "flistxattr",
		"removexattr", "lremovexattr", "fremovexattr", "mkdir",
		"mkdirat" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const int native = seccomp_syscall_resolve_name(names[i]);
		const int other =
		    seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86, names[i]);

		/* not every machine has the old ones */
		if (native < 0 && (filter.abis[1].arch == 0 || other < 0))
			continue;
		expect_always(&filter, names[i], 0, stop);
		expect_always(&plain, names[i], 0, stop);
	}
	EXPECT(stop, .name = "fchownat");
}

static void
calls_newer_than_libseccomp_are_stopped_by_number(void **state)
{
	static const struct {
		const char *name;
		int number;
	} newer[] = {
		{ "fchmodat2", 452 },
		{ "setxattrat", 463 },
		{ "getxattrat", 464 },
		{ "listxattrat", 465 },
		{ "removexattrat", 466 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(newer) / sizeof(*newer); i++) {
		const struct filter_abi *abi;
		const struct call *c = filter_find(
		    &filter, filter.abis[0].arch, newer[i].number, &abi);

		assert_non_null(c);
		assert_string_equal(c->name, newer[i].name);
		expect_always(&filter, NULL, newer[i].number, stop);
	}
}

static void
mknod_is_stopped_for_devices_alone(void **state)
{
	static const uint32_t types[] = { S_IFCHR, S_IFBLK, S_IFIFO, S_IFREG,
		S_IFSOCK, S_IFDIR, S_IFLNK, 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		const uint32_t want = i < 2 ? stop : pass;

		for (uint64_t mode = 0; mode <= 07777; mode += 0111) {
#ifdef SYS_mknod
			EXPECT(want, "mknod", .args = { 1, types[i] | mode });
#endif
			EXPECT(want, "mknodat",
			    .args = { 1, 2, types[i] | mode, 3 });
		}
	}
}

/* Capabilities have 12, 20 or 24 bytes, an ACL 4 and eights. */
static bool
may_matter(uint64_t size)
{
	return size % 8 == 4 || size == 24;
}

static void
setxattr_is_stopped_if_it_may_set_capabilities_or_an_acl(void **state)
{
	(void)state;
	for (uint64_t size = 0; size <= 200; size++) {
		const uint32_t want = may_matter(size) ? stop : pass;

		EXPECT(want, "setxattr", .args = { 1, 2, 3, size });
		EXPECT(want, "lsetxattr", .args = { 1, 2, 3, size, 1 });
		EXPECT(want, "fsetxattr", .args = { 1, 2, 3, size, 2 });
	}
}

static void
getxattr_is_stopped_but_for_the_first_try_of_libacl(void **state)
{
	(void)state;
	for (uint64_t size = 0; size <= 200; size++) {
		const uint32_t want = size == 132 ? pass : stop;

		EXPECT(want, "getxattr", .args = { 1, 2, 3, size });
		EXPECT(want, "lgetxattr", .args = { 1, 2, 3, size });
		EXPECT(want, "fgetxattr", .args = { 1, 2, 3, size });
	}
}

static void
statx_is_stopped_if_it_asks_for_what_is_recorded(void **state)
{
	const uint64_t ours = STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID;

	(void)state;
	EXPECT(pass, "statx", .args = { 0 });
	EXPECT(stop, "statx", .args = { 1, 2, 3, STATX_BASIC_STATS });
	for (uint64_t bit = 1; bit < UINT32_MAX; bit <<= 1) {
		const uint32_t want = (bit & ours) != 0 ? stop : pass;

		EXPECT(want, "statx", .args = { 1, 2, 3, bit, 5 });
	}
	EXPECT(pass, "statx",
	    .args = { 1, 2, 3, STATX_NLINK | STATX_SIZE | STATX_BTIME });
}

static void
open_is_stopped_if_it_could_read_a_list_of_accounts(void **state)
{
	static const uint64_t reads[] = { O_RDONLY, O_CLOEXEC, O_NOCTTY,
		O_NONBLOCK, CALLS_LARGEFILE, O_CLOEXEC | O_NOCTTY };
	static const uint64_t others[] = { O_WRONLY, O_RDWR, O_CREAT,
		O_DIRECTORY, O_PATH, O_NOFOLLOW, O_TRUNC,
		O_CLOEXEC | O_WRONLY };

	(void)state;
	for (size_t i = 0; i < sizeof(reads) / sizeof(*reads); i++)
		EXPECT(stop, "openat", .args = { 1, 2, reads[i], 4 });
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		EXPECT(pass, "openat", .args = { 1, 2, others[i], 4 });
#ifdef SYS_open
	EXPECT(stop, "open", .args = { 1, O_CLOEXEC });
	EXPECT(pass, "open", .args = { 1, O_RDWR });
#endif
	EXPECT(stop, "openat2", .args = { 0 }); /* its flags are in memory */
}

static void
open_is_not_stopped_where_all_accounts_exist(void **state)
{
	(void)state;
	expect_always(&plain, "openat", 0, pass);
	expect_always(&plain, "openat2", 0, pass);
#ifdef SYS_open
	expect_always(&plain, "open", 0, pass);
#endif
}

/* The arguments are narrower than the registers that they come in. */
static void
the_upper_half_of_a_register_means_nothing(void **state)
{
	const uint64_t upper = 0xdeadbeefULL << 32;

	(void)state;
	EXPECT(stop, "mknodat", .args = { 1, 2, upper | S_IFCHR });
	EXPECT(pass, "mknodat", .args = { 1, 2, upper | S_IFIFO });
	EXPECT(stop, "statx", .args = { 1, 2, 3, upper | STATX_UID });
	EXPECT(pass, "statx", .args = { 1, 2, 3, upper | STATX_SIZE });
	EXPECT(stop, "openat", .args = { 1, 2, upper | O_CLOEXEC });
	EXPECT(pass, "openat", .args = { 1, 2, upper | O_WRONLY });
}

static const char *const ids[] = { "getuid", "geteuid", "getgid", "getegid",
	"setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid",
	"setfsuid", "setfsgid", "setgroups", "capset" };

static void
ids_are_answered_by_the_filter_alone(void **state)
{
	char narrow[32];

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		expect_always(&filter, ids[i], 0, zero);
		snprintf(narrow, sizeof(narrow), "%s32", ids[i]);
		if (filter.abis[1].arch != 0 && strcmp(ids[i], "capset") != 0)
			expect_always(&filter, narrow, 0, zero);
	}
	expect_always(&filter, "getresuid", 0, stop);
	expect_always(&filter, "getresgid", 0, stop);
	if (filter.abis[1].arch != 0) {
		expect_always(&filter, "getresuid32", 0, stop);
		expect_always(&filter, "getresgid32", 0, stop);
	}
}

static void
ids_are_left_alone_if_they_are_not_to_be_faked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids) - 1; i++)
		expect_always(&plain, ids[i], 0, pass);
	expect_always(&plain, "getresuid", 0, pass);
	expect_always(&plain, "getresgid", 0, pass);
	/* what it would drop is recorded, not had */
	expect_always(&plain, "capset", 0, zero);
}

static void
calls_that_may_move_the_root_are_stopped(void **state)
{
	(void)state;
	expect_always(&plain, "chroot", 0, stop);
	expect_always(&plain, "pivot_root", 0, stop);
	expect_always(&plain, "setns", 0, stop);
	expect_always(&plain, "mount", 0, stop);
	expect_always(&plain, "umount2", 0, stop);
	expect_always(&plain, NULL, 429, stop); /* move_mount(2) */
}

static void
handlers_of_sigchld_are_stopped(void **state)
{
	(void)state;
	EXPECT(stop, .name = "rt_sigaction", .args = { SIGCHLD, 1 });
	EXPECT(pass, .name = "rt_sigaction", .args = { SIGCHLD, 0 });
	EXPECT(pass, .name = "rt_sigaction", .args = { SIGALRM, 1 });
}

static void
all_other_calls_pass(void **state)
{
	(void)state;
	for (int i = 0; i < FILTER_ABIS; i++) {
		const struct filter_abi *abi = &filter.abis[i];
		unsigned passed = 0;

		for (int n = 0; abi->arch != 0 && n < FILTER_NUMBERS; n++) {
			struct seccomp_data data = { .nr = n,
				.arch = abi->arch };

			if (abi->rows[n] != 0)
				continue;
			assert_int_equal(decide(&filter, &data), pass);
			memset(data.args, 0xff, sizeof(data.args));
			assert_int_equal(decide(&filter, &data), pass);
			passed++;
		}
		assert_true(abi->arch == 0 || passed > 300);
	}
}

static void
each_call_is_found_by_its_number(void **state)
{
	const struct filter_abi *abi;

	(void)state;
	for (int i = 0; i < FILTER_ABIS; i++) {
		const uint32_t arch = filter.abis[i].arch;

		for (size_t n = 0; arch != 0 && n < calls_count; n++) {
			const struct call *c = &calls_table[n];
			const struct asked asked = { c->number != 0 ? NULL
								    : c->name,
				c->number, { 0 } };
			const int number = number_of(&asked, &filter.abis[i]);

			if (number < 0)
				continue;
			assert_ptr_equal(
			    filter_find(&filter, arch, number, &abi), c);
			assert_ptr_equal(abi, &filter.abis[i]);
		}
	}
}

static void
every_call_of_the_table_exists_in_some_abi(void **state)
{
	(void)state;
	for (size_t n = 0; n < calls_count; n++) {
		const struct call *c = &calls_table[n];

		if (c->number == 0 &&
		    seccomp_syscall_resolve_name_arch(
			SCMP_ARCH_X86_64, c->name) < 0 &&
		    seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86, c->name) <
			0)
			fail_msg("there is no '%s'", c->name);
	}
}

static void
programs_of_an_unknown_abi_are_stopped_and_not_known(void **state)
{
	static const uint32_t archs[] = { AUDIT_ARCH_ARM, AUDIT_ARCH_PPC64LE,
		AUDIT_ARCH_MIPS, 0 };
	const struct filter_abi *abi;

	(void)state;
	for (size_t i = 0; i < sizeof(archs) / sizeof(*archs); i++) {
		for (int n = 0; n < 3; n++) {
			const struct seccomp_data data = { .nr = n,
				.arch = archs[i] };

			assert_int_equal(decide(&filter, &data), stop);
			if (archs[i] != 0)
				assert_null(
				    filter_find(&filter, archs[i], n, &abi));
		}
	}
}

#ifdef __x86_64__
static void
programs_of_the_x32_abi_are_stopped_and_not_known(void **state)
{
	const struct filter_abi *abi;

	(void)state;
	for (int n = 0; n < 600; n++) {
		const struct seccomp_data data = { .nr = X32 | n,
			.arch = AUDIT_ARCH_X86_64 };

		assert_int_equal(decide(&filter, &data), stop);
		assert_null(
		    filter_find(&filter, AUDIT_ARCH_X86_64, X32 | n, &abi));
	}
}
#endif

/* What a tracer writes there to have a call skipped. */
static void
a_call_of_number_minus_one_is_left_to_the_kernel(void **state)
{
	const struct filter_abi *abi;

	(void)state;
	EXPECT(pass, .number = -1);
	for (int i = 0; i < FILTER_ABIS; i++) {
		const struct seccomp_data data = { .nr = -1,
			.arch = filter.abis[i].arch };

		if (data.arch == 0)
			continue;
		assert_int_equal(decide(&filter, &data), pass);
		assert_null(filter_find(&filter, data.arch, -1, &abi));
	}
}

/* In a child: an older filter, by which to know who has refused a call. */
static void
refuse_with(long nr, unsigned error)
{
	const struct child_refusal all = { .nr = nr, .error = error };

	child_refuse(&all);
}

static void
make_newer_calls(void)
{
	const long last = (long)filter.abis[0].last;

	refuse_with(last, EXDEV);
	refuse_with(last + 1, EXDEV);
	refuse_with(1023, EXDEV);
	refuse_with(1024, EXDEV);
	child_check(filter_apply(&filter) >= 0);
	child_check(syscall(last) < 0 && errno == EXDEV);
	child_check(syscall(last + 1) < 0 && errno == ENOSYS);
	child_check(syscall(1023) < 0 && errno == ENOSYS);
	child_check(syscall(1024) < 0 && errno == EXDEV);
	child_check(syscall(-1) < 0 && errno == ENOSYS);
}

static void
calls_younger_than_the_table_do_not_exist(void **state)
{
	(void)state;
	assert_int_equal(filter.abis[0].last, CALLS_LAST_NUMBER);
	assert_child_passes(make_newer_calls);
}

/* The ABI of 32 bits, if i386 is here: the other one, or the native one. */
static const struct filter_abi *
narrow_abi(void)
{
	return &filter.abis[filter.abis[0].is_narrow ? 0 : 1];
}

static void
make_newer_narrow_calls(void)
{
	const int last = (int)narrow_abi()->last;

	refuse_with(last, EXDEV);
	refuse_with(last + 1, EXDEV);
	child_check(filter_apply(&filter) >= 0);
	child_check(i386_call((enum i386_number)last, 0, 0, 0, 0, 0) == -EXDEV);
	child_check(
	    i386_call((enum i386_number)(last + 1), 0, 0, 0, 0, 0) == -ENOSYS);
}

static void
calls_that_libseccomp_cannot_stop_do_not_exist_on_32_bits(void **state)
{
	(void)state;
	i386_needed();
	assert_true(narrow_abi()->last <= CALLS_LAST_NUMBER);
	for (size_t n = 0; n < calls_count; n++) {
		const struct call *c = &calls_table[n];
		const struct asked asked = { NULL, c->number, { 0 } };

		if (c->number != 0 && c->number <= narrow_abi()->last)
			expect_by(&filter, &asked, stop);
	}
	assert_child_passes(make_newer_narrow_calls);
}

static void
apply_and_look(void)
{
	const int listener = filter_apply(&filter);

	child_check(listener >= 0);
	child_check((fcntl(listener, F_GETFD) & FD_CLOEXEC) != 0);
	child_check(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	child_check(getuid() == 0 && getegid() == 0);
	child_check(setresuid(4711, 4711, 4711) == 0 && geteuid() == 0);
}

static void
an_applied_filter_holds_for_good(void **state)
{
	(void)state;
	assert_child_passes(apply_and_look);
}

static void
apply_twice(void)
{
	child_check(filter_apply(&plain) >= 0);
	child_check(filter_apply(&plain) == -1 && errno == EBUSY);
}

static void
where_another_listens_already_it_says_busy(void **state)
{
	(void)state;
	assert_child_passes(apply_twice);
}

static void
refuse_flag(unsigned flag, unsigned error)
{
	child_refuse(&(struct child_refusal){
	    .nr = SYS_seccomp, .arg = 1, .bits = flag, .error = error });
}

static void
apply_without_notification(void)
{
	refuse_flag(SECCOMP_FILTER_FLAG_NEW_LISTENER, EINVAL);
	child_check(filter_apply(&plain) == -1 && errno == EINVAL);
}

static void
apply_without_seccomp(void)
{
	refuse_flag(0, ENOSYS);
	child_check(filter_apply(&plain) == -1 && errno == ENOSYS);
}

static void
a_kernel_without_notification_says_so(void **state)
{
	(void)state;
	assert_child_passes(apply_without_notification);
	assert_child_passes(apply_without_seccomp);
}

static void
apply_where_waits_can_be_interrupted(void)
{
	refuse_flag(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, EINVAL);
	child_check(filter_apply(&plain) >= 0);
}

static void
a_kernel_whose_waits_can_be_interrupted_will_do(void **state)
{
	(void)state;
	assert_child_passes(apply_where_waits_can_be_interrupted);
}

static int
make_and_release(void *arg, struct fault *f)
{
	struct filter made;
	const int r = filter_make(&made, arg, f);

	filter_release(&made);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	struct filter_options o = { .fakes_ids = true };

	(void)state;
	alloc_fail_each(make_and_release, &o);
}

static void
make_without_descriptors(void)
{
	const struct rlimit few = { 3, 3 };
	const struct filter_options o = { .fakes_ids = true };
	struct filter made;
	struct fault f = { 0 };

	child_check(setrlimit(RLIMIT_NOFILE, &few) == 0);
	child_check(filter_make(&made, &o, &f) == -1);
	child_check(f.kind == FAULT_SYSTEM);
	child_check(strncmp(f.text, "cannot make a seccomp filter: ", 30) == 0);
	child_check(strcmp(f.text + 30, strerror(EMFILE)) == 0);
	child_check(made.program == NULL);
	filter_release(&made);
}

static void
without_descriptors_there_is_no_filter(void **state)
{
	(void)state;
	assert_child_passes(make_without_descriptors);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    calls_that_tell_or_change_an_owner_are_always_stopped),
		cmocka_unit_test(
		    calls_newer_than_libseccomp_are_stopped_by_number),
		cmocka_unit_test(mknod_is_stopped_for_devices_alone),
		cmocka_unit_test(
		    setxattr_is_stopped_if_it_may_set_capabilities_or_an_acl),
		cmocka_unit_test(
		    getxattr_is_stopped_but_for_the_first_try_of_libacl),
		cmocka_unit_test(
		    statx_is_stopped_if_it_asks_for_what_is_recorded),
		cmocka_unit_test(
		    open_is_stopped_if_it_could_read_a_list_of_accounts),
		cmocka_unit_test(open_is_not_stopped_where_all_accounts_exist),
		cmocka_unit_test(the_upper_half_of_a_register_means_nothing),
		cmocka_unit_test(ids_are_answered_by_the_filter_alone),
		cmocka_unit_test(
		    ids_are_left_alone_if_they_are_not_to_be_faked),
		cmocka_unit_test(calls_that_may_move_the_root_are_stopped),
		cmocka_unit_test(handlers_of_sigchld_are_stopped),
		cmocka_unit_test(all_other_calls_pass),
		cmocka_unit_test(each_call_is_found_by_its_number),
		cmocka_unit_test(every_call_of_the_table_exists_in_some_abi),
		cmocka_unit_test(
		    programs_of_an_unknown_abi_are_stopped_and_not_known),
#ifdef __x86_64__
		cmocka_unit_test(
		    programs_of_the_x32_abi_are_stopped_and_not_known),
#endif
		cmocka_unit_test(
		    a_call_of_number_minus_one_is_left_to_the_kernel),
		cmocka_unit_test(calls_younger_than_the_table_do_not_exist),
		cmocka_unit_test(
		    calls_that_libseccomp_cannot_stop_do_not_exist_on_32_bits),
		cmocka_unit_test(an_applied_filter_holds_for_good),
		cmocka_unit_test(where_another_listens_already_it_says_busy),
		cmocka_unit_test(a_kernel_without_notification_says_so),
		cmocka_unit_test(
		    a_kernel_whose_waits_can_be_interrupted_will_do),
		cmocka_unit_test(every_failed_allocation_is_a_fault),
		cmocka_unit_test(without_descriptors_there_is_no_filter),
	};

	return cmocka_run_group_tests_name(
	    "filter", tests, make_filters, release_filters);
}
