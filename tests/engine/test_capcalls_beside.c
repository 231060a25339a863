/* SPDX-License-Identifier: BSD-2-Clause */
#include "../i386.h"
#include "supervised.h"
#include "test_capcalls.h"

#include <sys/xattr.h>

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
		test(creating_and_replacing_are_told_apart),
		test(only_files_can_have_capabilities),
		test(other_attributes_are_the_disks),
		test(capabilities_stay_with_their_file),
		test(an_acl_is_refused_where_it_would_change_a_mode_unseen),
		test(programs_of_32_bits_do_the_same),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name(
	    "capcalls_beside", tests, NULL, NULL);
}
