/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervised.h"

#include "engine/target.h"

#include <sched.h>
#include <sys/mount.h>

static void
put(const char *file, const char *text)
{
	const int fd = creat(file, 0600);

	child_check(fd >= 0 && write(fd, text, strlen(text)) >= 0);
	child_check(close(fd) == 0);
}

/*
 * Be where "o" is an overlayfs, in which nothing has changed yet: a file, a
 * directory, a link and a device that amtree-run made.
 */
static void
enter_overlay(void)
{
	const char *options = "lowerdir=l,upperdir=u,workdir=w";
	const unsigned flags = geteuid() == 0 ? 0 : CLONE_NEWUSER;
	const uid_t user = geteuid();
	const gid_t group = getegid();
	char map[32];

	if (unshare((int)flags | CLONE_NEWNS) < 0)
		_exit(ACT_CANNOT);
	if (flags != 0) {
		snprintf(map, sizeof(map), "0 %u 1", (unsigned)user);
		put("/proc/self/uid_map", map);
		put("/proc/self/setgroups", "deny");
		snprintf(map, sizeof(map), "0 %u 1", (unsigned)group);
		put("/proc/self/gid_map", map);
		options = "lowerdir=l,upperdir=u,workdir=w,userxattr";
	}
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		_exit(ACT_CANNOT); /* a chroot(2) into what is no mount */
	child_check(mount("disk", "disk", "tmpfs", 0, "mode=755") == 0);
	child_check(chdir("disk") == 0);
	child_check(mkdir("l", 0755) == 0 && mkdir("u", 0755) == 0);
	child_check(mkdir("w", 0755) == 0 && mkdir("o", 0755) == 0);
	put("l/file", "text");
	put("l/tool", "text");
	child_check(mkdir("l/dir", 0755) == 0 && symlink("x", "l/link") == 0);
	if (mount("overlay", "o", "overlay", 0, options) < 0)
		_exit(ACT_CANNOT);
	child_check(chdir("o") == 0);
}

/* Owners first, and then whatever brings a file to the upper layer. */
static void
chown_before_writing(void)
{
	struct stat before, after;
	int fd;

	enter_overlay();
	child_check(stat("file", &before) == 0);
	child_check(chown("file", NOBODYS, NOBODIES) == 0);
	child_check(stat("file", &after) == 0);
	child_check(after.st_size == 4 && after.st_mode == before.st_mode);
	child_check(after.st_mtim.tv_sec == before.st_mtim.tv_sec);
	child_check(after.st_mtim.tv_nsec == before.st_mtim.tv_nsec);
	fd = open("file", O_WRONLY | O_APPEND);
	child_check(fd >= 0 && write(fd, "more", 4) == 4 && close(fd) == 0);
	check_owner("file", NOBODYS, NOBODIES);

	child_check(chown("dir", 7001, 7002) == 0);
	put("dir/new", "");
	check_owner("dir", 7001, 7002);
	check_owner("dir/new", 0, 0);

	child_check(lchown("link", 7003, 7004) == 0);
	child_check(rename("link", "moved") == 0);
	check_owner("moved", 7003, 7004);

	child_check(chmod("tool", 04711) == 0);
	child_check(truncate("tool", 1) == 0);
	child_check(stat("tool", &after) == 0);
	child_check(after.st_mode == (S_IFREG | 04711));
	child_check(link("tool", "other") == 0);
	check_owner("other", 0, 0);
	child_check(lstat("other", &after) == 0 && after.st_nlink == 2);
}

/* A command in a user namespace has to know that it is no root before. */
static void
a_record_outlives_the_way_to_the_upper_layer(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	s.o.fakes_ids = geteuid() == 0;
	scratch_dir("disk");
	supervised_run(&s, "chown_before_writing");
	supervised_end(&s);
}

/* The id of a file, as it would be recorded. */
static uint64_t
born(const char *file)
{
	struct statx sx;

	child_check(
	    statx(AT_FDCWD, file, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &sx) == 0);
	return (uint64_t)sx.stx_btime.tv_sec * 1000000000 +
	    sx.stx_btime.tv_nsec;
}

static bool
raise_file(struct layer *l, const char *file)
{
	const struct target t = {
		.dirfd = AT_FDCWD, .flags = AT_SYMLINK_NOFOLLOW, .path = file
	};
	struct statx sx;

	child_check(statx(t.dirfd, file, t.flags,
			STATX_BASIC_STATS | STATX_BTIME, &sx) == 0);
	return layer_raise(l, &t, &sx);
}

static void
raise_all(void)
{
	static const char *const files[] = { "file", "dir", "link" };
	struct layer l = { 0 };

	child_check(!raise_file(&l, "disk"));
	enter_overlay();
	for (int i = 0; i < 3; i++) {
		const uint64_t before = born(files[i]);
		uint64_t after;

		child_check(raise_file(&l, files[i]));
		after = born(files[i]);
		child_check(after != before);
		/* a second time there is nothing to do */
		(void)raise_file(&l, files[i]);
		child_check(born(files[i]) == after);
	}
	child_check(!raise_file(&l, ".."));
}

static void
raising_settles_who_a_file_is(void **state)
{
	int status;

	(void)state;
	scratch_dir("disk");
	status = child_run(raise_all);
	if (WIFEXITED(status) && WEXITSTATUS(status) == ACT_CANNOT) {
		print_message("not possible here: not tried\n");
		skip();
	}
	assert_int_equal(status, 0);
}

static const struct act acts[] = {
	act(chown_before_writing),
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(raising_settles_who_a_file_is),
		test(a_record_outlives_the_way_to_the_upper_layer),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("layer", tests, NULL, NULL);
}
