/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_filter.h"

#include "base/statx.h"
#include "engine/calls.h"
#include "engine/filter.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>

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
	expect_always(&plain, "umount", 0, stop); /* of ABIs that have it */
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
	};

	return cmocka_run_group_tests_name(
	    "filter", tests, make_filters, release_filters);
}
