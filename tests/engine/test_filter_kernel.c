/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../i386.h"
#include "test_filter.h"

#include "engine/calls.h"
#include "engine/filter.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/resource.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

enum { X32 = 0x40000000 };

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
	    "filter_kernel", tests, make_filters, release_filters);
}
