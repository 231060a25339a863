/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_capcalls.h"
#include "supervised.h"

#include <sys/xattr.h>

/* The calls with a struct xattr_args came with Linux 6.13; they are ours here. */
enum {
	SETXATTRAT = 463,
	GETXATTRAT,
	LISTXATTRAT,
	REMOVEXATTRAT,
};

struct value_at {
	uint64_t value;
	uint32_t size, flags;
};

static void
set_in_all_spellings(void)
{
	const struct value_at v = { (uintptr_t)caps, sizeof(caps), 0 };
	int fd;

	check_has_none("a");
	child_check(setxattr("a", name, caps, sizeof(caps), 0) == 0);
	check_has("a", caps, sizeof(caps));
	child_check(lsetxattr("b", name, caps, sizeof(caps), 0) == 0);
	check_has("b", caps, sizeof(caps));
	child_check((fd = open("c", O_RDONLY)) >= 0);
	child_check(fsetxattr(fd, name, caps, sizeof(caps), 0) == 0);
	check_has("c", caps, sizeof(caps));
	child_check(
	    syscall(SETXATTRAT, AT_FDCWD, "d", 0, name, &v, sizeof(v)) == 0);
	check_has("d", caps, sizeof(caps));
	child_check(setxattr("link", name, caps, sizeof(caps), 0) == 0);
	check_has("e", caps, sizeof(caps));
	child_check((fd = open("f", O_PATH)) >= 0);
	child_check(syscall(SETXATTRAT, fd, "", AT_EMPTY_PATH, name, &v,
			sizeof(v)) == 0);
	check_has("f", caps, sizeof(caps));
}

static void
capabilities_are_recorded_however_they_are_set(void **state)
{
	static const char *const files[] = { "a", "b", "c", "d", "e", "f" };
	struct supervised s = SUPERVISED;

	(void)state;
	for (int i = 0; i < 6; i++)
		scratch_file(files[i], "");
	scratch_symlink("e", "link");
	supervised_run(&s, "set_in_all_spellings");
	for (int i = 0; i < 6; i++)
		expect_record(&s, files[i], "caps=cap_net_raw=ep");
	assert_int_equal(s.r.count, 6);
	supervised_end(&s);
}

static void
get_in_all_spellings(void)
{
	unsigned char got[64];
	const struct value_at v = { (uintptr_t)got, sizeof(got), 0 };
	const int fd = open("a", O_RDONLY);

	child_check(setxattr("a", name, caps, sizeof(caps), 0) == 0);
	check_has("a", caps, sizeof(caps));
	check_has("link", caps, sizeof(caps));
	child_check(lgetxattr("a", name, got, sizeof(got)) == 20);
	child_check(fgetxattr(fd, name, got, sizeof(got)) == 20);
	memset(got, 0, sizeof(got));
	child_check(
	    syscall(GETXATTRAT, AT_FDCWD, "a", 0, name, &v, sizeof(v)) == 20);
	child_check(memcmp(got, caps, sizeof(caps)) == 0);
	child_check(getxattr("a", name, got, 20) == 20);
	child_check(getxattr("a", name, got, 19) == -1 && errno == ERANGE);
	child_check(getxattr("a", name, got, 1) == -1 && errno == ERANGE);
	/* the link itself has none */
	child_check(lgetxattr("link", name, got, sizeof(got)) == -1);
	child_check(errno == ENODATA || errno == ENOTSUP);
	check_has_none("b");
	child_check(getxattr("missing", name, got, 20) == -1);
	child_check(errno == ENOENT);
}

static void
capabilities_are_seen_however_they_are_asked_for(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("a", "");
	scratch_file("b", "");
	scratch_symlink("a", "link");
	supervised_run(&s, "get_in_all_spellings");
	supervised_end(&s);
}

/* Both names are there, in any order, each with its NUL. */
static void
check_list(const char *list, ssize_t len)
{
	bool has_caps = false, has_user = false;

	child_check(len == sizeof(name) + sizeof("user.x"));
	for (const char *s = list; s < list + len; s += strlen(s) + 1) {
		has_caps = has_caps || strcmp(s, name) == 0;
		has_user = has_user || strcmp(s, "user.x") == 0;
	}
	child_check(has_caps && has_user);
}

static void
list_in_all_spellings(void)
{
	char list[256];
	const int fd = open("a", O_RDONLY);
	const ssize_t whole = sizeof(name) + sizeof("user.x");

	child_check(setxattr("a", "user.x", "1", 1, 0) == 0);
	child_check(setxattr("a", name, caps, sizeof(caps), 0) == 0);
	check_list(list, listxattr("a", list, sizeof(list)));
	check_list(list, listxattr("link", list, sizeof(list)));
	check_list(list, llistxattr("a", list, sizeof(list)));
	check_list(list, flistxattr(fd, list, sizeof(list)));
	check_list(
	    list, syscall(LISTXATTRAT, AT_FDCWD, "a", 0, list, sizeof(list)));
	child_check(listxattr("a", NULL, 0) == whole);
	child_check(listxattr("a", list, (size_t)whole) == whole);
	child_check(listxattr("a", list, (size_t)whole - 1) == -1);
	child_check(errno == ERANGE);
	child_check(llistxattr("link", list, sizeof(list)) == 0);
	check_has_none("b");
}

static void
capabilities_are_listed_beside_what_the_disk_has(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("a", "");
	scratch_file("b", "");
	scratch_symlink("a", "link");
	supervised_run(&s, "list_in_all_spellings");
	supervised_end(&s);
}

static void
remove_in_all_spellings(void)
{
	static const char *const files[] = { "a", "b", "c", "d" };
	int fd;

	child_check(removexattr("a", name) == -1 && errno == ENODATA);
	for (int i = 0; i < 4; i++)
		child_check(
		    setxattr(files[i], name, caps, sizeof(caps), 0) == 0);
	child_check(removexattr("a", name) == 0);
	child_check(lremovexattr("b", name) == 0);
	child_check((fd = open("c", O_RDONLY)) >= 0);
	child_check(fremovexattr(fd, name) == 0);
	child_check(syscall(REMOVEXATTRAT, AT_FDCWD, "d", 0, name) == 0);
	for (int i = 0; i < 4; i++) {
		check_has_none(files[i]);
		child_check(removexattr(files[i], name) == -1);
		child_check(errno == ENODATA);
	}
	child_check(setxattr("a", name, other_caps, 20, 0) == 0);
	check_has("a", other_caps, 20);
	child_check(removexattr("missing", name) == -1 && errno == ENOENT);
}

static void
capabilities_are_taken_away_and_may_come_back(void **state)
{
	static const char *const files[] = { "a", "b", "c", "d" };
	struct supervised s = SUPERVISED;

	(void)state;
	for (int i = 0; i < 4; i++)
		scratch_file(files[i], "");
	supervised_run(&s, "remove_in_all_spellings");
	expect_record(&s, "a", "caps=cap_chown=p");
	for (int i = 1; i < 4; i++)
		expect_record(&s, files[i], "caps=none");
	supervised_end(&s);
}

static void
set_all_sizes(void)
{
	unsigned char bad[32] = { 1, 0, 0, 2, 0, 0x20 };

	child_check(setxattr("a", name, old_caps, sizeof(old_caps), 0) == -1 &&
	    errno == EINVAL);
	child_check(setxattr("a", name, caps, sizeof(caps), 8) == -1 &&
	    errno == EINVAL);
	check_has_none("a");
	child_check(
	    setxattr("a", name, rooted_caps, sizeof(rooted_caps), 0) == 0);
	check_has("a", rooted_caps, sizeof(rooted_caps));
	child_check(setxattr("a", name, caps, sizeof(caps), 0) == 0);
	/* a size that is another version's, a version that there is not */
	child_check(setxattr("a", name, bad, 12, 0) == -1 && errno == EINVAL);
	child_check(setxattr("a", name, bad, 24, 0) == -1 && errno == EINVAL);
	bad[3] = 4;
	child_check(setxattr("a", name, bad, 20, 0) == -1 && errno == EINVAL);
	bad[3] = 2;
	bad[1] = 1;
	child_check(setxattr("a", name, bad, 20, 0) == -1 && errno == EINVAL);
	check_has("a", caps, sizeof(caps));
}

static void
only_values_that_the_kernel_would_take_are_taken(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("a", "");
	supervised_run(&s, "set_all_sizes");
	expect_record(&s, "a", "caps=cap_net_raw=ep");
	supervised_end(&s);
}

static const struct act acts[] = {
	act(set_in_all_spellings),
	act(get_in_all_spellings),
	act(list_in_all_spellings),
	act(remove_in_all_spellings),
	act(set_all_sizes),
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(capabilities_are_recorded_however_they_are_set),
		test(capabilities_are_seen_however_they_are_asked_for),
		test(capabilities_are_listed_beside_what_the_disk_has),
		test(capabilities_are_taken_away_and_may_come_back),
		test(only_values_that_the_kernel_would_take_are_taken),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("capcalls", tests, NULL, NULL);
}
