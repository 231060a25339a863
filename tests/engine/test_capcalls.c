/* SPDX-License-Identifier: BSD-2-Clause */
#include "../i386.h"
#include "supervised.h"

#include <sys/xattr.h>

/* The calls with a struct xattr_args came with Linux 6.13; they are ours here. */
enum { SETXATTRAT = 463, GETXATTRAT, LISTXATTRAT, REMOVEXATTRAT };

struct value_at {
	uint64_t value;
	uint32_t size, flags;
};

static const char name[] = "security.capability";

/* cap_net_raw=ep, in the three sizes that the kernel has had. */
static const unsigned char caps[20] = { 1, 0, 0, 2, 0, 0x20 };
static const unsigned char old_caps[12] = { 1, 0, 0, 1, 0, 0x20 };
static const unsigned char rooted_caps[24] = { 1, 0, 0, 3, 0, 0x20 };
static const unsigned char other_caps[20] = { 0, 0, 0, 2, 1 };

static void
check_has(const char *file, const void *want, size_t len)
{
	unsigned char got[64];
	const ssize_t n = getxattr(file, name, got, sizeof(got));

	child_check(n == (ssize_t)len);
	child_check(memcmp(got, want, len) == 0);
	child_check(getxattr(file, name, NULL, 0) == (ssize_t)len);
}

static void
check_has_none(const char *file)
{
	char list[1024];

	child_check(getxattr(file, name, NULL, 0) == -1 && errno == ENODATA);
	child_check(lgetxattr(file, name, NULL, 0) == -1 && errno == ENODATA);
	for (ssize_t at = 0, n = listxattr(file, list, sizeof(list)); at < n;
	     at += (ssize_t)strlen(list + at) + 1)
		child_check(strcmp(list + at, name) != 0);
}

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

	child_check(setxattr("a", name, old_caps, sizeof(old_caps), 0) == 0);
	check_has("a", old_caps, sizeof(old_caps));
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

static void
set_with_flags(void)
{
	const int create = XATTR_CREATE, replace = XATTR_REPLACE;

	child_check(setxattr("a", name, caps, 20, replace) == -1);
	child_check(errno == ENODATA);
	child_check(setxattr("a", name, caps, 20, create) == 0);
	child_check(setxattr("a", name, caps, 20, create) == -1);
	child_check(errno == EEXIST);
	child_check(setxattr("a", name, other_caps, 20, replace) == 0);
	check_has("a", other_caps, 20);
	child_check(removexattr("a", name) == 0);
	child_check(setxattr("a", name, caps, 20, replace) == -1);
	child_check(errno == ENODATA);
	child_check(setxattr("a", name, caps, 20, create) == 0);
}

static void
creating_and_replacing_are_told_apart(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("a", "");
	supervised_run(&s, "set_with_flags");
	expect_record(&s, "a", "caps=cap_net_raw=ep");
	supervised_end(&s);
}

static void
set_on_what_cannot_have_any(void)
{
	child_check(setxattr("dir", name, caps, 20, 0) == -1);
	child_check(errno == EINVAL || errno == EPERM);
	child_check(lsetxattr("link", name, caps, 20, 0) == -1);
	child_check(setxattr("missing", name, caps, 20, 0) == -1);
	child_check(errno == ENOENT);
	child_check(fsetxattr(-1, name, caps, 20, 0) == -1 && errno == EBADF);
}

static void
only_files_can_have_capabilities(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_dir("dir");
	scratch_file("file", "");
	scratch_symlink("file", "link");
	supervised_run(&s, "set_on_what_cannot_have_any");
	expect_no_record(&s);
	supervised_end(&s);
}

static void
use_other_attributes(void)
{
	static const char text[20] = "twenty bytes it is.";
	char got[64];

	child_check(setxattr("a", name, caps, 20, 0) == 0);
	child_check(setxattr("a", "user.x", text, 20, 0) == 0);
	child_check(setxattr("a", "user.y", text, 12, 0) == 0);
	child_check(getxattr("a", "user.x", got, sizeof(got)) == 20);
	child_check(memcmp(got, text, 20) == 0);
	child_check(getxattr("a", "user.x", got, 1) == -1 && errno == ERANGE);
	child_check(removexattr("a", "user.x") == 0);
	child_check(getxattr("a", "user.x", got, 0) == -1 && errno == ENODATA);
	child_check(getxattr("a", "security.capability2", got, 0) == -1);
	child_check(getxattr("a", "security.capabilit", got, 0) == -1);
	check_has("a", caps, 20);
}

static void
other_attributes_are_the_disks(void **state)
{
	struct supervised s = SUPERVISED;
	char got[64];

	(void)state;
	scratch_file("a", "");
	supervised_run(&s, "use_other_attributes");
	assert_int_equal(getxattr("a", "user.y", got, sizeof(got)), 12);
	assert_int_equal(getxattr("a", name, got, sizeof(got)), -1);
	expect_record(&s, "a", "caps=cap_net_raw=ep");
	supervised_end(&s);
}

static void
keep_on_all_occasions(void)
{
	const int fd = open("a", O_WRONLY | O_TRUNC);

	child_check(setxattr("a", name, caps, 20, 0) == 0);
	child_check(chown("a", NOBODYS, NOBODIES) == 0);
	check_has("a", caps, 20);
	child_check(fd >= 0 && write(fd, "new", 3) == 3 && close(fd) == 0);
	check_has("a", caps, 20);
	child_check(rename("a", "b") == 0 && link("b", "c") == 0);
	check_has("b", caps, 20);
	check_has("c", caps, 20);
}

static void
capabilities_stay_with_their_file(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("a", "");
	supervised_run(&s, "keep_on_all_occasions");
	expect_record(&s, "c", "uid=4242 gid=4343 caps=cap_net_raw=ep");
	supervised_end(&s);
}

/* user::PERMISSIONS group::r-- mask::r-- other::r-- and a named group. */
static void
make_acl(unsigned char acl[44], unsigned char permissions)
{
	static const unsigned char sample[44] = { 2, 0, 0, 0, 1, 0, 0, 0, 0xff,
		0xff, 0xff, 0xff, 4, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, 8, 0, 4,
		0, 0xe7, 0x03, 0, 0, 0x10, 0, 4, 0, 0xff, 0xff, 0xff, 0xff,
		0x20, 0, 4, 0, 0xff, 0xff, 0xff, 0xff };

	memcpy(acl, sample, sizeof(sample));
	acl[6] = permissions;
}

static void
set_acls(void)
{
	static const char access[] = "system.posix_acl_access";
	unsigned char acl[44];

	make_acl(acl, 6);
	if (setxattr("plain", access, acl, sizeof(acl), 0) < 0 &&
	    errno == EOPNOTSUPP)
		_exit(ACT_CANNOT); /* this file system has none */
	child_check(getxattr("plain", access, NULL, 0) == sizeof(acl));
	/* the owner would be locked out */
	make_acl(acl, 4);
	child_check(setxattr("shut", access, acl, sizeof(acl), 0) == -1);
	child_check(errno == EOPNOTSUPP);
	/* the mode is more than the disk says */
	make_acl(acl, 6);
	child_check(chmod("recorded", 0400) == 0);
	child_check(setxattr("recorded", access, acl, sizeof(acl), 0) == -1);
	child_check(errno == EOPNOTSUPP);
	child_check(chmod("set-id", 04755) == 0);
	child_check(setxattr("set-id", access, acl, sizeof(acl), 0) == -1);
	child_check(errno == EOPNOTSUPP);
}

static void
an_acl_is_refused_where_it_would_change_a_mode_unseen(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("plain", "");
	scratch_file("shut", "");
	scratch_file("recorded", "");
	scratch_file("set-id", "");
	supervised_run(&s, "set_acls");
	expect_record(&s, "plain", "");
	expect_record(&s, "recorded", "mode=400");
	expect_record(&s, "set-id", "mode=4755");
	assert_int_equal(scratch_mode("shut"), 0644);
	supervised_end(&s);
}

static void
set_on_32_bits(void)
{
	struct i386_room *low = i386_map();
	const long path = i386_address(low->path);
	const long attr = i386_address(low->name);
	const long bytes = i386_address(low->bytes);

	strcpy(low->path, "a");
	strcpy(low->name, name);
	memcpy(low->bytes, caps, sizeof(caps));
	child_check(i386_call(I386_SETXATTR, path, attr, bytes, 20, 0) == 0);
	check_has("a", caps, sizeof(caps));
	memset(low->bytes, 0, sizeof(low->bytes));
	child_check(i386_call(I386_GETXATTR, path, attr, bytes, 64, 0) == 20);
	child_check(memcmp(low->bytes, caps, sizeof(caps)) == 0);
	child_check(
	    i386_call(I386_LISTXATTR, path, bytes, 64, 0, 0) == sizeof(name));
	child_check(strcmp((const char *)low->bytes, name) == 0);
	child_check(i386_call(I386_REMOVEXATTR, path, attr, 0, 0, 0) == 0);
	check_has_none("a");
}

static void
programs_of_32_bits_do_the_same(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	i386_needed();
	scratch_file("a", "");
	supervised_run(&s, "set_on_32_bits");
	expect_record(&s, "a", "caps=none");
	supervised_end(&s);
}

static const struct act acts[] = {
	act(set_in_all_spellings),
	act(get_in_all_spellings),
	act(list_in_all_spellings),
	act(remove_in_all_spellings),
	act(set_all_sizes),
	act(set_with_flags),
	act(set_on_what_cannot_have_any),
	act(use_other_attributes),
	act(keep_on_all_occasions),
	act(set_acls),
	act(set_on_32_bits),
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
		test(creating_and_replacing_are_told_apart),
		test(only_files_can_have_capabilities),
		test(other_attributes_are_the_disks),
		test(capabilities_stay_with_their_file),
		test(an_acl_is_refused_where_it_would_change_a_mode_unseen),
		test(programs_of_32_bits_do_the_same),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("capcalls", tests, NULL, NULL);
}
