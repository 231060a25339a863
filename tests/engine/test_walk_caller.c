/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "scratch.h"
#include "test_walk.h"

#include "engine/walk.h"

#include <sched.h>
#include <sys/mount.h>

static void
what_may_not_be_searched_is_closed(void **state)
{
	struct witness w;

	(void)state;
	scratch_file("closed/file", "");
	must(chmod("closed", 0));
	assert_true(summon(&w, NULL));
	expect(&w, "closed");
	expect(&w, "closed/file");
	expect(&w, "closed/file/x");
	dismiss(&w);
}

/* It has files open that we have not. */
static bool
open_some(struct witness *w)
{
	int ends[2];

	child_check(pipe(ends) == 0);
	w->pipefd = ends[0];
	/* numbers that are other files here */
	child_check((w->filefd = open("file", O_RDONLY | O_CLOEXEC)) >= 0);
	child_check((w->dirfd = open("dir", O_PATH | O_CLOEXEC)) >= 0);
	child_check(dup2(w->filefd, STDIN_FILENO) == STDIN_FILENO);
	child_check(chdir("dir") == 0);
	return true;
}

static void
self_is_the_process_that_asks(void **state)
{
	static const char *const paths[] = { "/proc/self", "/proc/self/",
		"/proc/self/cwd", "/proc/self/cwd/", "/proc/self/cwd/inner",
		"/proc/self/cwd/..", "/proc/self/cwd/../file",
		"/proc/self/root", "/proc/self/root/dev/null",
		"/proc/self/root/..", "/proc/self/exe", "/proc/self/exe/",
		"/proc/self/fd/0", "/proc/self/fd/0/x", "/proc/self/fd",
		"/proc/self/task/../fd/0", "//proc//self//fd//0",
		"/proc/./self/fd/0", "/proc/../proc/self/fd/0",
		"/proc/thread-self", "/proc/thread-self/fd/0",
		"/proc/thread-self/cwd/inner", "/dev/stdin", "/dev/fd/0",
		"/dev/fd", "/dev/fd/9999", "to-stdin", "to-cwd", "to-cwd/inner",
		"to-self/cwd/inner", NULL };
	struct witness w;

	(void)state;
	scratch_file("file", "");
	scratch_file("dir/inner", "");
	scratch_symlink("/proc/self/fd/0", "dir/to-stdin");
	scratch_symlink("/proc/self/cwd", "dir/to-cwd");
	scratch_symlink("/proc/self", "dir/to-self");
	assert_true(summon(&w, open_some));
	expect_all(&w, paths);
	dismiss(&w);
}

static void
descriptors_are_those_of_the_process_that_asks(void **state)
{
	static const char *const forms[] = { "/proc/self/fd/%d",
		"/proc/self/fd/%d/", "/proc/self/fd/%d/inner",
		"/proc/self/fd/%d/../file", "/dev/fd/%d", "/dev/fd/%d/inner",
		"/proc/thread-self/fd/%d/inner", NULL };
	struct witness w;
	char path[64];

	(void)state;
	scratch_file("file", "");
	scratch_file("dir/inner", "");
	assert_true(summon(&w, open_some));
	for (int i = 0; forms[i] != NULL; i++) {
		snprintf(path, sizeof(path), forms[i], w.dirfd);
		expect(&w, path);
		snprintf(path, sizeof(path), forms[i], w.filefd);
		expect(&w, path);
		snprintf(path, sizeof(path), forms[i], w.pipefd);
		expect(&w, path);
	}
	snprintf(path, sizeof(path), "/proc/%d/cwd/inner", (int)w.pid);
	expect(&w, path);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)w.pid, w.filefd);
	expect(&w, path);
	snprintf(path, sizeof(path), "/proc/%d/fd/0", (int)getpid());
	expect(&w, path);
	dismiss(&w);
}

static void
a_way_begins_at_a_descriptor(void **state)
{
	static const char *const paths[] = { "inner", "../file", "..", ".",
		"../dir/inner", "sub/../inner", "missing", "/dev/null", NULL };
	struct witness w;

	(void)state;
	scratch_file("file", "");
	scratch_file("dir/inner", "");
	scratch_dir("dir/sub");
	assert_true(summon(&w, open_some));
	for (int i = 0; paths[i] != NULL; i++)
		expect_at(&w, w.dirfd, paths[i]);
	expect_at(&w, w.filefd, "inner"); /* is no directory */
	expect_at(&w, w.filefd, "..");
	dismiss(&w);
}

static void
a_directory_that_was_removed_leads_nowhere(void **state)
{
	struct witness w;

	(void)state;
	scratch_file("file", "");
	scratch_dir("dir");
	assert_true(summon(&w, open_some));
	must(rmdir("dir"));
	expect(&w, "x");
	expect(&w, "..");
	expect(&w, ".");
	dismiss(&w);
}

static void
a_process_that_is_gone_has_no_paths(void **state)
{
	struct witness w;
	struct walk_end end;

	(void)state;
	assert_true(summon(&w, NULL));
	dismiss(&w);
	assert_int_equal(walk(&end, &w, AT_FDCWD, "/dev", true), -1);
	assert_int_equal(end.dirfd, -1);
}

/* As root at once, as another in a user namespace. */
static bool
move_into_jail(struct witness *w)
{
	child_check((w->dirfd = open(".", O_PATH | O_CLOEXEC)) >= 0);
	child_check((w->filefd = open("file", O_RDONLY | O_CLOEXEC)) >= 0);
	if (chroot("jail") < 0) {
		if (unshare(CLONE_NEWUSER) < 0)
			return false;
		child_check(chroot("jail") == 0);
	}
	child_check(chdir("/dir") == 0);
	return true;
}

/* Inside, all names mean something else than outside. */
static void
make_jail(void)
{
	scratch_file("file", "");
	scratch_file("dir/inner", "");
	scratch_file("jail/file", "");
	scratch_file("jail/dir/inner", "");
	scratch_file("jail/dir/sub/deep", "");
	scratch_symlink("/file", "jail/abs");
	scratch_symlink("/", "jail/dir/root");
	scratch_symlink("../../../../file", "jail/dir/up");
	scratch_symlink("/dir/sub/../../abs", "jail/dir/chain");
	scratch_symlink("/dir/sub", "jail/dir/to-sub");
	scratch_symlink("/proc/self/cwd", "jail/dir/to-cwd");
}

static void
a_process_with_a_root_of_its_own_stays_below_it(void **state)
{
	static const char *const paths[] = { "/", "/..", "/../..", "/file",
		"/../../file", "/dir/../../../file", "inner", "..", "../..",
		"../../file", "../../../..", "up", "root", "root/file",
		"root/../../file", "../abs", "/abs", "chain", "to-sub",
		"to-sub/deep", "to-sub/..", "to-sub/../inner", "to-cwd",
		"/proc/self/cwd", "/dev/null", "/missing", "/missing/x",
		"sub/../../../file", NULL };
	struct witness w;

	(void)state;
	make_jail();
	if (!summon(&w, move_into_jail)) {
		print_message("no user namespace for us: not tried\n");
		skip();
	}
	expect_all(&w, paths);
	dismiss(&w);
}

static void
a_descriptor_from_outside_a_root_leads_on_outside(void **state)
{
	static const char *const paths[] = { "file", "dir/inner", "jail/file",
		"jail/..", "jail/../file", "..", "../..", "jail/abs",
		"jail/dir/up", "jail/dir/root", "/file", NULL };
	struct witness w;

	(void)state;
	make_jail();
	if (!summon(&w, move_into_jail)) {
		print_message("no user namespace for us: not tried\n");
		skip();
	}
	for (int i = 0; paths[i] != NULL; i++)
		expect_at(&w, w.dirfd, paths[i]);
	dismiss(&w);
}

/* Leave a child in namespaces of its own, and be what it is in the end. */
static bool
move_into_namespaces(struct witness *w)
{
	char outside[16] = "";
	int status;

	if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0 &&
	    unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) < 0)
		return false;
	w->asks = fork();
	child_check(w->asks >= 0);
	if (w->asks > 0) {
		child_check(waitpid(w->asks, &status, 0) == w->asks);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	}
	child_check(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
	/* this /proc is still the one outside */
	child_check(readlink("/proc/self", outside, sizeof(outside) - 1) > 0);
	w->asks = (pid_t)strtol(outside, NULL, 10);
	child_check(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		NULL) < 0)
		return false;
	return open_some(w);
}

static void
self_is_known_by_the_number_that_it_has_in_its_own_proc(void **state)
{
	static const char *const paths[] = { "/proc/self", "/proc/self/cwd",
		"/proc/self/cwd/inner", "/proc/self/fd/0", "/proc/thread-self",
		"/proc/thread-self/fd/0", "/proc/1/cwd/inner", "/dev/stdin",
		"/dev/fd/0", "to-stdin", "to-self/cwd/inner", "/proc/self/x",
		NULL };
	struct witness w;

	(void)state;
	scratch_file("file", "");
	scratch_file("dir/inner", "");
	scratch_symlink("/proc/self/fd/0", "dir/to-stdin");
	scratch_symlink("/proc/self", "dir/to-self");
	if (!summon(&w, move_into_namespaces)) {
		print_message("no process namespace for us: not tried\n");
		skip();
	}
	expect_all(&w, paths);
	dismiss(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_may_not_be_searched_is_closed),
		test(self_is_the_process_that_asks),
		test(descriptors_are_those_of_the_process_that_asks),
		test(a_way_begins_at_a_descriptor),
		test(a_directory_that_was_removed_leads_nowhere),
		test(a_process_that_is_gone_has_no_paths),
		test(a_process_with_a_root_of_its_own_stays_below_it),
		test(a_descriptor_from_outside_a_root_leads_on_outside),
		test(self_is_known_by_the_number_that_it_has_in_its_own_proc),
	};

	return cmocka_run_group_tests_name("walk_caller", tests, NULL, NULL);
}
