/* SPDX-License-Identifier: BSD-2-Clause */
#include "../i386.h"
#include "supervised.h"
#include "test_trap.h"

#include <signal.h>
#include <sys/sysmacros.h>

static void
chown_on_32_bits(void)
{
	struct i386_room *low = i386_map();
	const long path = i386_address(low->path);
	const int fd = open("c", O_RDONLY);

	child_check(low != NULL && fd >= 0);
	strcpy(low->path, "a");
	child_check(i386_call(I386_CHOWN, path, NOBODYS, NOBODIES, 0, 0) == 0);
	child_check(i386_call(I386_CHOWN, path, 0xffff, 7001, 0, 0) == 0);
	check_file("a", NOBODYS, 7001);
	/* the upper half of such an argument means nothing */
	child_check(i386_call(I386_CHOWN, path, 0x12345678, -1, 0, 0) == 0);
	check_file("a", 0x5678, 7001);
	strcpy(low->path, "link-d");
	child_check(i386_call(I386_LCHOWN, path, NOBODYS, NOBODIES, 0, 0) == 0);
	child_check(i386_call(I386_CHOWN32, path, 70000, 70001, 0, 0) == 0);
	check_file("d", 70000, 70001);
	child_check(i386_call(I386_LCHOWN32, path, -1, 70001, 0, 0) == 0);
	check_seen("link-d",
	    &(const struct seen){ NOBODYS, 70001, S_IFLNK | 0777, 0 });
	child_check(i386_call(I386_FCHOWN, fd, NOBODYS, -1, 0, 0) == 0);
	child_check(i386_call(I386_FCHOWN32, fd, -1, 70001, 0, 0) == 0);
	check_file("c", NOBODYS, 70001);
	strcpy(low->path, "b");
	child_check(
	    i386_call(I386_FCHOWNAT, AT_FDCWD, path, 70000, 70001, 0) == 0);
	check_file("b", 70000, 70001);
	strcpy(low->path, "missing");
	child_check(i386_call(I386_CHOWN32, path, 1, 1, 0, 0) == -ENOENT);
	child_check(i386_call(I386_CHOWN32, 8, 1, 1, 0, 0) == -EFAULT);
}

static void
programs_of_32_bits_change_owners(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	i386_needed();
	make_files();
	supervised_run(&s, "chown_on_32_bits");
	expect_record(&s, "a", "uid=22136 gid=7001");
	expect_record(&s, "b", "uid=70000 gid=70001");
	expect_record(&s, "c", "uid=4242 gid=70001");
	expect_record(&s, "d", "uid=70000 gid=70001");
	expect_record(&s, "link-d", "uid=4242 gid=70001");
	supervised_end(&s);
}

/* What struct stat64 of i386 has at these places. */
static void
check_stat64(const struct i386_room *low, const struct seen *want)
{
	uint32_t mode, uid, gid;
	uint64_t device;

	memcpy(&mode, low->bytes + 16, sizeof(mode));
	memcpy(&uid, low->bytes + 24, sizeof(uid));
	memcpy(&gid, low->bytes + 28, sizeof(gid));
	memcpy(&device, low->bytes + 32, sizeof(device));
	child_check(mode == want->mode && device == want->device);
	child_check(uid == want->uid && gid == want->gid);
}

static void
make_and_look_on_32_bits(void)
{
	const struct seen device = { NOBODYS, 0, S_IFCHR | 0640,
		makedev(1, 300) };
	struct i386_room *low = i386_map();
	const long path = i386_address(low->path);
	const long bytes = i386_address(low->bytes);
	struct statx sx;

	umask(0);
	child_check(low != NULL);
	strcpy(low->path, "device");
	child_check(i386_call(I386_MKNOD, path, S_IFCHR | 0600,
			(long)makedev(1, 300), 0, 0) == 0);
	child_check(i386_call(I386_CHMOD, path, 0440, 0, 0, 0) == 0);
	child_check(i386_call(I386_FCHMODAT, AT_FDCWD, path, 0640, 0, 0) == 0);
	child_check(i386_call(I386_CHOWN32, path, NOBODYS, -1, 0, 0) == 0);
	check_seen("device", &device);
	child_check(i386_call(I386_STAT64, path, bytes, 0, 0, 0) == 0);
	check_stat64(low, &device);
	child_check(i386_call(I386_LSTAT64, path, bytes, 0, 0, 0) == 0);
	check_stat64(low, &device);
	child_check(i386_call(I386_FSTAT64, open("device", O_PATH), bytes, 0, 0,
			0) == 0);
	check_stat64(low, &device);
	child_check(
	    i386_call(I386_FSTATAT64, AT_FDCWD, path, bytes, 0, 0) == 0);
	check_stat64(low, &device);
	child_check(
	    i386_call(I386_STATX, AT_FDCWD, path, 0, 0x7ff, bytes) == 0);
	memcpy(&sx, low->bytes, sizeof(sx));
	check_statx("device", &sx, &device);
	child_check(i386_call(I386_STAT64, path, 8, 0, 0, 0) == -EFAULT);
	child_check(i386_call(I386_OLDSTAT, path, bytes, 0, 0, 0) == -ENOSYS);
	strcpy(low->path, "dir");
	child_check(i386_call(I386_MKDIR, path, 0500, 0, 0, 0) == 0);
	strcpy(low->path, "dir/inner");
	child_check(i386_call(I386_MKDIRAT, AT_FDCWD, path, 0300, 0, 0) == 0);
	check_mode("dir", S_IFDIR | 0500);
	check_mode("dir/inner", S_IFDIR | 0300);
}

static void
programs_of_32_bits_make_and_look(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	i386_needed();
	supervised_run(&s, "make_and_look_on_32_bits");
	expect_record(
	    &s, "device", "uid=4242 mode=640 type=char device=native,1,300");
	expect_record(&s, "dir", "mode=500");
	expect_record(&s, "dir/inner", "mode=300");
	supervised_end(&s);
}

static void
ask_for_ids_on_32_bits(void)
{
	struct i386_room *low = i386_map();
	const long a = i386_address(low->bytes);

	child_check(low != NULL);
	child_check(i386_call(I386_GETUID, 0, 0, 0, 0, 0) == 0);
	child_check(i386_call(I386_GETUID32, 0, 0, 0, 0, 0) == 0);
	memset(low->bytes, 0xee, 16);
	child_check(i386_call(I386_GETRESUID, a, a + 4, a + 8, 0, 0) == 0);
	/* two bytes each */
	for (int i = 0; i < 12; i++)
		child_check(low->bytes[i] == (i % 4 < 2 ? 0 : 0xee));
	child_check(i386_call(I386_GETRESUID32, a, a + 4, a + 8, 0, 0) == 0);
	for (int i = 0; i < 12; i++)
		child_check(low->bytes[i] == 0);
	child_check(low->bytes[12] == 0xee);
}

static void
programs_of_32_bits_are_told_that_they_are_root(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	i386_needed();
	supervised_run(&s, "ask_for_ids_on_32_bits");
	supervised_end(&s);
}

#ifdef __x86_64__
static void
be_of_another_abi(void)
{
	const pid_t pid = fork();
	int status;

	child_check(pid >= 0);
	if (pid == 0) {
		(void)syscall(0x40000000L | SYS_getpid);
		_exit(0);
	}
	child_check(waitpid(pid, &status, 0) == pid);
	child_check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	child_check(chown("file", NOBODYS, NOBODIES) == 0);
}

static void
a_program_of_an_unknown_abi_is_killed_and_told(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	supervised_run(&s, "be_of_another_abi");
	expect_record(&s, "file", "uid=4242 gid=4343");
	assert_int_equal(s.heard.count, 1);
	assert_non_null(strstr(s.heard.lines.data,
	    " is a program of another ABI, whose system calls cannot be "
	    "recorded: killed\n"));
	supervised_end(&s);
}
#endif

static const struct act acts[] = {
	act(chown_on_32_bits),
	act(make_and_look_on_32_bits),
	act(ask_for_ids_on_32_bits),
#ifdef __x86_64__
	act(be_of_another_abi),
#endif
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(programs_of_32_bits_change_owners),
		test(programs_of_32_bits_make_and_look),
		test(programs_of_32_bits_are_told_that_they_are_root),
#ifdef __x86_64__
		test(a_program_of_an_unknown_abi_is_killed_and_told),
#endif
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("trap_abi", tests, NULL, NULL);
}
