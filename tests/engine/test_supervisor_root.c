/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "heard.h"
#include "supervised.h"

#include <linux/openat2.h>

static const char *const no_users[] = { "amtree-test", "amtree-other", NULL };
static const char *const no_groups[] = { "amtree-group", NULL };

static void
look_at_ids(void)
{
	static const uint32_t version_3[] = { 0x20080522, 0 };
	static const uint32_t all[6] = { -1U, -1U, -1U, -1U, -1U, -1U };
	uid_t r = 1, e = 2, s = 3;

	child_check(syscall(SYS_capset, version_3, all) == 0);
	child_check(getuid() == 0 && geteuid() == 0);
	child_check(getgid() == 0 && getegid() == 0);
	child_check(getresuid(&r, &e, &s) == 0);
	child_check(r == 0 && e == 0 && s == 0);
	child_check(getresgid(&r, &e, &s) == 0);
	child_check(r == 0 && e == 0 && s == 0);
	child_check(setuid(NOBODYS) == 0 && getuid() == 0);
	child_check(setresgid(NOBODIES, NOBODIES, NOBODIES) == 0);
	child_check(setgroups(0, NULL) == 0);
	child_check(syscall(SYS_getresuid, NULL, &e, &s) == -1);
	child_check(errno == EFAULT);
	/* a file is made by whoever we really are */
	child_check(creat("made", 0644) >= 0);
}

static void
a_command_is_told_that_it_is_root(void **state)
{
	struct supervised s = SUPERVISED;
	struct stat st;

	(void)state;
	supervised_run(&s, "look_at_ids");
	must(lstat("made", &st));
	assert_int_equal(st.st_uid, geteuid());
	expect_no_record(&s);
	supervised_end(&s);
}

static void
look_at_real_ids(void)
{
	const char *uid = getenv("AMTREE_TEST_UID");
	uid_t r, e, s;

	child_check(uid != NULL && getuid() == strtoul(uid, NULL, 10));
	child_check(getresuid(&r, &e, &s) == 0 && r == getuid());
}

static void
ids_can_be_left_as_they_are(void **state)
{
	struct supervised s = SUPERVISED;
	char uid[16];

	(void)state;
	snprintf(uid, sizeof(uid), "%u", (unsigned)getuid());
	must(setenv("AMTREE_TEST_UID", uid, 1));
	s.o.fakes_ids = false;
	supervised_run(&s, "look_at_real_ids");
	supervised_end(&s);
	must(unsetenv("AMTREE_TEST_UID"));
}

/* What is done for a caller, he must be allowed to do himself. */
static void
become_someone_else(void)
{
	struct stat st;

	if (setresuid(NOBODYS, NOBODYS, NOBODYS) < 0) {
		child_check(errno == EPERM); /* only root can */
		return;
	}
	child_check(getuid() == NOBODYS);
	child_check(chown("file", NOBODYS, NOBODYS) == -1 && errno == EPERM);
	child_check(chmod("file", 04755) == -1 && errno == EPERM);
	child_check(mkdir("dir", 0500) == -1 && errno == EACCES);
	child_check(stat("file", &st) == 0 && st.st_uid == 0);
}

static void
who_has_become_someone_else_can_do_no_more_than_that_one(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	must(chmod(".", 0755)); /* else that one would not see the file */
	s.o.fakes_ids = false;
	supervised_run(&s, "become_someone_else");
	expect_no_record(&s);
	assert_int_equal(scratch_mode("file"), 0644);
	supervised_end(&s);
}

/* All of a file by raw calls; cut if it is large. */
static const char *
read_all(int fd)
{
	static char text[65536];
	size_t len = 0;
	ssize_t n;

	child_check(fd >= 0);
	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	child_check(n == 0);
	child_check(close(fd) == 0);
	text[len] = '\0';
	return text;
}

static void
check_has(int fd, const char *line)
{
	if (strstr(read_all(fd), line) == NULL) {
		fprintf(stderr, "there is no '%s'\n", line);
		_exit(1);
	}
}

static int
open_by_openat2(const char *path, uint64_t flags)
{
	const struct open_how how = { .flags = flags };

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

static void
read_accounts(void)
{
	const char user[] = "\namtree-test:x:";
	int etc, fd;

	check_has(open("/etc/passwd", O_RDONLY), user);
	check_has(open("/etc/passwd", O_RDONLY | O_CLOEXEC), user);
	check_has(open("/etc/passwd", O_RDONLY), "\namtree-other:x:");
	check_has(open("/etc/group", O_RDONLY), "\namtree-group:x:");
	check_has(open("/etc/../etc/./passwd", O_RDONLY), user);
	check_has(open_by_openat2("/etc/passwd", O_RDONLY), user);
	etc = open("/etc", O_PATH | O_DIRECTORY);
	check_has(openat(etc, "passwd", O_RDONLY), user);
	check_has(openat(-1, "/etc/passwd", O_RDONLY), user);
#ifdef SYS_open
	check_has((int)syscall(SYS_open, "/etc/passwd", O_RDONLY), user);
#endif
	child_check(chdir("/etc") == 0);
	check_has(open("passwd", O_RDONLY), user);
	fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	child_check((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	child_check(write(fd, "x", 1) == -1);
	child_check(open("/etc/passwd", O_RDONLY | O_DIRECTORY) == -1);
	child_check(errno == ENOTDIR);
	child_check(open_by_openat2("/etc/passwd", O_DIRECTORY) == -1);
	child_check(errno == ENOTDIR);
}

static void
names_that_have_no_account_resolve(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	s.o.names.users = no_users;
	s.o.names.groups = no_groups;
	supervised_run(&s, "read_accounts");
	expect_no_record(&s);
	supervised_end(&s);
}

static void
read_accounts_side_by_side(void)
{
	const int a = open("/etc/passwd", O_RDONLY);
	const int b = open("/etc/passwd", O_RDONLY);
	char first[16], again[16];

	child_check(read(a, first, 16) == 16);
	child_check(read(b, again, 16) == 16);
	child_check(memcmp(first, again, 16) == 0);
}

static void
each_reader_of_accounts_begins_at_their_begin(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	s.o.names.users = no_users;
	supervised_run(&s, "read_accounts_side_by_side");
	supervised_end(&s);
}

static void
give_to_names(void)
{
	child_check(access("/etc/passwd", R_OK) == 0);
	child_check(execlp("chown", "chown", "amtree-test:amtree-group", "file",
			(char *)NULL) == 0);
}

static void
a_file_can_be_given_to_a_name_without_account(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	s.o.names.users = no_users;
	s.o.names.groups = no_groups;
	supervised_run(&s, "give_to_names");
	expect_record(&s, "file", "uname=amtree-test gname=amtree-group");
	supervised_end(&s);
}

static void
read_real_accounts(void)
{
	child_check(strstr(read_all(open("/etc/passwd", O_RDONLY)),
			"amtree-test:") == NULL);
}

static void
accounts_are_the_machines_own_if_none_is_added(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "read_real_accounts");
	supervised_end(&s);
}

static void
a_name_that_is_none_is_a_fault(void **state)
{
	const char *const users[] = { "a:b", NULL };
	const struct supervisor_options o = { .names = { .users = users } };
	struct supervisor s;
	struct fault f = { 0 };

	(void)state;
	assert_refused(supervisor_open(&s, &o, &f), &f, FAULT_INPUT, "a:b");
	supervisor_close(&s);
}

static void
try_what_is_refused(void)
{
	static const unsigned char caps[20] = { 1, 0, 0, 2, 0, 0x20 };

	child_check(
	    chown("file", NOBODYS, RECORD_KEEP) == -1 && errno == EPERM);
	child_check(
	    lchown("file", RECORD_KEEP, NOBODIES) == -1 && errno == EPERM);
	child_check(mknod("dev", S_IFCHR | 0600, 0x103) == -1);
	child_check(errno == EPERM);
	child_check(access("dev", F_OK) == -1 && errno == ENOENT);
	child_check(syscall(SYS_setxattr, "file", "security.capability", caps,
			sizeof(caps), 0) == -1);
	child_check(errno == EPERM);
	/* what needs no recorder goes on */
	child_check(chown("file", 0, 0) == 0);
	child_check(chown("file", RECORD_KEEP, RECORD_KEEP) == 0);
	child_check(chmod("file", 04755) == 0);
	child_check(mkfifo("fifo", 0600) == 0);
	child_check(mkdir("dir", 0755) == 0);
}

static void
with_strictness_nothing_is_recorded_and_all_is_told(void **state)
{
	const struct scratch *at = *state;
	struct supervised s = SUPERVISED;
	char want[2048];

	scratch_file("file", "");
	s.o.is_strict = true;
	supervised_run(&s, "try_what_is_refused");
	snprintf(want, sizeof(want),
	    "refused %s/file\nrefused %s/file\nrefused %s/dev\n"
	    "refused %s/file\n",
	    at->path, at->path, at->path, at->path);
	heard_expect(&s.heard, want);
	expect_no_record(&s);
	assert_int_equal(scratch_mode("file"), 04755);
	supervised_end(&s);
}

static int
open_and_close(void *arg, struct fault *f)
{
	const struct supervisor_options *o = arg;
	struct supervisor s;
	const int r = supervisor_open(&s, o, f);

	supervisor_close(&s);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	struct supervisor_options o = { .names = { no_users, no_groups } };

	(void)state;
	alloc_fail_each(open_and_close, &o);
}

static const struct act acts[] = {
	act(look_at_ids),
	act(look_at_real_ids),
	act(become_someone_else),
	act(read_accounts),
	act(read_accounts_side_by_side),
	act(give_to_names),
	act(read_real_accounts),
	act(try_what_is_refused),
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(a_command_is_told_that_it_is_root),
		test(ids_can_be_left_as_they_are),
		test(who_has_become_someone_else_can_do_no_more_than_that_one),
		test(names_that_have_no_account_resolve),
		test(each_reader_of_accounts_begins_at_their_begin),
		test(a_file_can_be_given_to_a_name_without_account),
		test(accounts_are_the_machines_own_if_none_is_added),
		test(a_name_that_is_none_is_a_fault),
		test(with_strictness_nothing_is_recorded_and_all_is_told),
		test(every_failed_allocation_is_a_fault),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name(
	    "supervisor_root", tests, NULL, NULL);
}
