/* SPDX-License-Identifier: BSD-2-Clause */
#include "../child.h"
#include "scratch.h"

#include "engine/walk.h"

#include <sched.h>
#include <sys/prctl.h>

/*
 * What a path means to a process, that process knows best: a witness.  It takes
 * the way itself, by one system call, and tells what it found; to walk on its
 * behalf has to lead to the same file, or to the same errno.
 */
struct witness {
	pid_t pid;
	int socket;
	int dirfd, filefd, pipefd; /* its own, where its setup left any */
};

struct question {
	int base; /* a descriptor of the witness's, or AT_FDCWD */
	bool is_followed;
	char path[PATH_MAX + 2];
};

struct answer {
	int error;
	uint64_t dev, ino;
};

enum { CANNOT = 77 }; /* how a witness ends that may not set itself up */

static struct answer
identify(int fd)
{
	struct answer a = { .error = fd < 0 ? errno : 0 };
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0) {
		a.dev = st.st_dev;
		a.ino = st.st_ino;
	}
	return a;
}

/* What was found stays open until the next question, so that it stays. */
static void
testify(int socket)
{
	struct question q;
	int found = -1;

	while (recv(socket, &q, sizeof(q), 0) == (ssize_t)sizeof(q)) {
		struct answer a;

		if (found >= 0)
			child_check(close(found) == 0);
		found = openat(q.base, q.path,
		    O_PATH | O_CLOEXEC | (q.is_followed ? 0 : O_NOFOLLOW));
		a = identify(found);
		child_check(send(socket, &a, sizeof(a), 0) == sizeof(a));
	}
	_exit(0);
}

/*
 * Start a witness; `prepare` runs in it.  False if it says that it cannot do
 * what it would have to.
 */
static bool
summon(struct witness *w, bool (*prepare)(struct witness *w))
{
	struct witness told;
	int sockets[2], status;

	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets));
	(void)fflush(NULL);
	w->pid = fork();
	must(w->pid);
	w->dirfd = w->filefd = w->pipefd = -1;
	if (w->pid == 0) {
		child_check(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
		child_check(close(sockets[0]) == 0);
		if (prepare != NULL && !prepare(w))
			_exit(CANNOT);
		child_check(send(sockets[1], w, sizeof(*w), 0) > 0);
		testify(sockets[1]);
	}
	must(close(sockets[1]));
	w->socket = sockets[0];
	if (recv(w->socket, &told, sizeof(told), 0) > 0) {
		w->dirfd = told.dirfd;
		w->filefd = told.filefd;
		w->pipefd = told.pipefd;
		return true;
	}
	must(close(w->socket));
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != CANNOT)
		fail_msg(
		    "witness ended with wait status %#x", (unsigned)status);
	return false;
}

static void
dismiss(struct witness *w)
{
	int status;

	must(close(w->socket));
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	assert_int_equal(status, 0);
}

static struct answer
ask(const struct witness *w, int base, const char *path, bool is_followed)
{
	struct question q = { .base = base, .is_followed = is_followed };
	struct answer a;

	assert_true(strlen(path) < sizeof(q.path));
	memcpy(q.path, path, strlen(path) + 1);
	assert_int_equal(send(w->socket, &q, sizeof(q), 0), sizeof(q));
	assert_int_equal(recv(w->socket, &a, sizeof(a), 0), sizeof(a));
	return a;
}

static int
walk(struct walk_end *end, const struct witness *w, int base, const char *path,
    bool is_followed)
{
	char name[64];

	if (base == AT_FDCWD)
		snprintf(name, sizeof(name), "/proc/%d/cwd", (int)w->pid);
	else
		snprintf(
		    name, sizeof(name), "/proc/%d/fd/%d", (int)w->pid, base);
	return walk_find(end, w->pid, name, path, is_followed);
}

/* Go the same way, and open what is at its end. */
static struct answer
go(const struct witness *w, int base, const char *path, bool is_followed)
{
	struct walk_end end;
	struct answer a;
	int fd;

	if (walk(&end, w, base, path, is_followed) < 0) {
		assert_int_equal(end.dirfd, -1);
		return identify(-1);
	}
	fd = *end.name == '\0'
	    ? dup(end.dirfd)
	    : openat(end.dirfd, end.name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	a = identify(fd);
	if (fd >= 0)
		must(close(fd));
	must(close(end.dirfd));
	return a;
}

static void
expect_at(const struct witness *w, int base, const char *path)
{
	for (int is_followed = 0; is_followed < 2; is_followed++) {
		const struct answer want = ask(w, base, path, is_followed);
		const struct answer got = go(w, base, path, is_followed);

		if (got.error != want.error)
			fail_msg("'%.80s', %sfollowed: %s, not %s", path,
			    is_followed ? "" : "not ", strerror(got.error),
			    strerror(want.error));
		if (got.dev != want.dev || got.ino != want.ino)
			fail_msg("'%.80s', %sfollowed: not the same file", path,
			    is_followed ? "" : "not ");
	}
}

static void
expect(const struct witness *w, const char *path)
{
	expect_at(w, AT_FDCWD, path);
}

/* And so on for each of a list that ends with NULL. */
static void
expect_all(const struct witness *w, const char *const *paths)
{
	for (; *paths != NULL; paths++)
		expect(w, *paths);
}

/* The errno with which that way ends, for both. */
static void
expect_error(const struct witness *w, const char *path, int error)
{
	const struct answer want = ask(w, AT_FDCWD, path, true);

	assert_int_equal(want.error, error);
	expect(w, path);
}

static void
a_plain_path_leads_to_its_file(void **state)
{
	static const char *const paths[] = { "dir/file", "dir//file",
		"./dir/./file", "dir/sub/../file", "dir/sub/../../dir/file",
		"dir", "dir/sub", ".", "./", "..", "../", "dir/..", "dir/.",
		"dir/", "dir//", NULL };
	struct witness w;

	(void)state;
	scratch_file("dir/file", "");
	scratch_dir("dir/sub");
	assert_true(summon(&w, NULL));
	expect_all(&w, paths);
	dismiss(&w);
}

static void
an_absolute_path_begins_at_the_root(void **state)
{
	static const char *const paths[] = { "/", "//", "/.", "/..", "/../..",
		"/../dev/null", "/dev/../dev/null", "//dev///null", NULL };
	const struct scratch *s = *state;
	char path[PATH_MAX];
	struct witness w;

	scratch_file("file", "");
	assert_true(summon(&w, NULL));
	expect_all(&w, paths);
	snprintf(path, sizeof(path), "%s/file", s->path);
	expect(&w, path);
	snprintf(path, sizeof(path), "/../../..%s/./file", s->path);
	expect(&w, path);
	dismiss(&w);
}

static void
an_absolute_path_needs_no_base(void **state)
{
	struct walk_end end;

	(void)state;
	must(walk_find(&end, getpid(), "/proc/self/fd/9999", "/dev", true));
	assert_string_equal(end.name, "dev");
	must(close(end.dirfd));
	assert_int_equal(
	    walk_find(&end, getpid(), "/proc/self/fd/9999", "dev", true), -1);
}

static void
links_are_followed_from_where_they_are(void **state)
{
	static const char *const paths[] = { "rel", "rel/", "rel/.", "abs",
		"abs/file", "abs/../dir/file", "dir/back", "dir/back/dir/file",
		"dir/sibling", "todir", "todir/", "todir/file", "todir/.",
		"todir/..", "slashed", "slashed/", "slashed/file",
		"file-slashed", "chain", "chain/", "chain/file", "up",
		"up/dir/file", "dots", NULL };
	const struct scratch *s = *state;
	char target[PATH_MAX];
	struct witness w;

	scratch_file("dir/file", "");
	snprintf(target, sizeof(target), "%s/dir", s->path);
	scratch_symlink("dir/file", "rel");
	scratch_symlink(target, "abs");
	scratch_symlink("..", "dir/back");
	scratch_symlink("file", "dir/sibling");
	scratch_symlink("dir", "todir");
	scratch_symlink("dir/", "slashed");
	scratch_symlink("dir/file/", "file-slashed");
	scratch_symlink("chain2", "chain");
	scratch_symlink("./todir", "chain2");
	scratch_symlink("dir/../.", "up");
	scratch_symlink("dir/..", "dots");
	assert_true(summon(&w, NULL));
	expect_all(&w, paths);
	dismiss(&w);
}

static void
links_that_lead_nowhere_end_where_the_kernel_ends(void **state)
{
	static const char *const paths[] = { "dangling", "dangling/",
		"dangling/x", "deep", "deep/x", NULL };
	struct witness w;

	(void)state;
	scratch_symlink("nowhere", "dangling");
	scratch_symlink("nowhere/at/all", "deep");
	assert_true(summon(&w, NULL));
	expect_all(&w, paths);
	dismiss(&w);
}

static void
links_in_a_circle_are_given_up(void **state)
{
	struct witness w;

	(void)state;
	scratch_symlink("self", "self");
	scratch_symlink("b/x", "a");
	scratch_symlink("a", "b");
	scratch_symlink(".", "here");
	assert_true(summon(&w, NULL));
	expect_error(&w, "self", ELOOP);
	expect_error(&w, "self/x", ELOOP);
	expect_error(&w, "a", ELOOP);
	expect_error(&w, "b", ELOOP);
	expect(&w, "here/here/here/here/here");
	dismiss(&w);
}

static void
as_many_links_are_followed_as_by_the_kernel(void **state)
{
	char name[32], target[32];
	struct witness w;

	(void)state;
	scratch_file("link0", "");
	for (int i = 1; i <= WALK_LINKS_MAX + 1; i++) {
		snprintf(name, sizeof(name), "link%d", i);
		snprintf(target, sizeof(target), "link%d", i - 1);
		scratch_symlink(target, name);
	}
	assert_true(summon(&w, NULL));
	snprintf(name, sizeof(name), "link%d", WALK_LINKS_MAX);
	expect(&w, name);
	snprintf(name, sizeof(name), "link%d", WALK_LINKS_MAX + 1);
	expect_error(&w, name, ELOOP);
	dismiss(&w);
}

static void
a_file_is_no_directory(void **state)
{
	struct witness w;

	(void)state;
	scratch_file("file", "");
	scratch_symlink("file", "link");
	assert_true(summon(&w, NULL));
	expect_error(&w, "file/", ENOTDIR);
	expect_error(&w, "file/.", ENOTDIR);
	expect_error(&w, "file/..", ENOTDIR);
	expect_error(&w, "file/x", ENOTDIR);
	expect_error(&w, "file/x/y", ENOTDIR);
	expect_error(&w, "link/", ENOTDIR);
	expect_error(&w, "link/x", ENOTDIR);
	dismiss(&w);
}

static void
what_is_missing_on_the_way_is_missing(void **state)
{
	struct witness w;

	(void)state;
	scratch_dir("dir");
	assert_true(summon(&w, NULL));
	expect_error(&w, "missing", ENOENT);
	expect_error(&w, "missing/", ENOENT);
	expect_error(&w, "missing/.", ENOENT);
	expect_error(&w, "missing/..", ENOENT);
	expect_error(&w, "missing/x", ENOENT);
	expect_error(&w, "dir/missing/../x", ENOENT);
	dismiss(&w);
}

static void
the_last_name_need_not_exist(void **state)
{
	struct walk_end end;
	struct answer there;
	struct witness w;

	(void)state;
	scratch_dir("dir");
	scratch_symlink("dir", "link");
	assert_true(summon(&w, NULL));
	there = ask(&w, AT_FDCWD, "dir", true);
	must(walk(&end, &w, AT_FDCWD, "link/new", false));
	assert_string_equal(end.name, "new");
	assert_int_equal(identify(end.dirfd).ino, there.ino);
	must(close(end.dirfd));
	dismiss(&w);
}

/* As for the kernel: only a directory can be made by that name. */
static void
a_missing_name_keeps_its_slash(void **state)
{
	struct walk_end end;
	struct witness w;
	char longest[NAME_MAX + 2];

	(void)state;
	memset(longest, 'n', sizeof(longest));
	longest[NAME_MAX] = '/';
	longest[NAME_MAX + 1] = '\0';
	assert_true(summon(&w, NULL));
	must(walk(&end, &w, AT_FDCWD, "new/", false));
	assert_int_equal(mknodat(end.dirfd, end.name, S_IFREG | 0644, 0), -1);
	assert_int_equal(errno, ENOENT);
	must(mkdirat(end.dirfd, end.name, 0755));
	must(close(end.dirfd));
	assert_true(scratch_has("new"));
	must(walk(&end, &w, AT_FDCWD, longest, false));
	must(mkdirat(end.dirfd, end.name, 0755));
	must(close(end.dirfd));
	assert_true(scratch_has(longest));
	dismiss(&w);
}

static void
names_and_paths_can_be_too_long(void **state)
{
	char path[PATH_MAX + 1], name[NAME_MAX + 2];
	struct witness w;
	struct walk_end end;

	(void)state;
	memset(name, 'n', sizeof(name));
	name[NAME_MAX] = '\0';
	scratch_file(name, "");
	assert_true(summon(&w, NULL));
	expect(&w, name);
	name[NAME_MAX] = 'n';
	name[NAME_MAX + 1] = '\0';
	expect_error(&w, name, ENAMETOOLONG);
	for (size_t i = 0; i < PATH_MAX; i++)
		path[i] = i % 2 == 0 ? '.' : '/';
	path[PATH_MAX - 1] = '\0';
	expect(&w, path);
	path[PATH_MAX - 1] = '/';
	path[PATH_MAX] = '\0';
	assert_int_equal(walk(&end, &w, AT_FDCWD, path, true), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	dismiss(&w);
}

static void
a_long_link_may_lead_on_along_a_long_path(void **state)
{
	char text[PATH_MAX], path[PATH_MAX];
	struct witness w;

	(void)state;
	for (size_t i = 0; i < PATH_MAX; i++)
		text[i] = i % 2 == 0 ? '.' : '/';
	text[PATH_MAX - 3] = '\0';
	scratch_symlink(text, "link");
	scratch_file("file", "");
	memcpy(path, text, sizeof(path));
	memcpy(path, "link/", 5);
	memcpy(path + PATH_MAX - 8, "/file", 6);
	assert_true(summon(&w, NULL));
	expect(&w, path);
	dismiss(&w);
}

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_plain_path_leads_to_its_file),
		test(an_absolute_path_begins_at_the_root),
		test(an_absolute_path_needs_no_base),
		test(links_are_followed_from_where_they_are),
		test(links_that_lead_nowhere_end_where_the_kernel_ends),
		test(links_in_a_circle_are_given_up),
		test(as_many_links_are_followed_as_by_the_kernel),
		test(a_file_is_no_directory),
		test(what_is_missing_on_the_way_is_missing),
		test(the_last_name_need_not_exist),
		test(a_missing_name_keeps_its_slash),
		test(names_and_paths_can_be_too_long),
		test(a_long_link_may_lead_on_along_a_long_path),
		test(what_may_not_be_searched_is_closed),
		test(self_is_the_process_that_asks),
		test(descriptors_are_those_of_the_process_that_asks),
		test(a_way_begins_at_a_descriptor),
		test(a_directory_that_was_removed_leads_nowhere),
		test(a_process_that_is_gone_has_no_paths),
		test(a_process_with_a_root_of_its_own_stays_below_it),
		test(a_descriptor_from_outside_a_root_leads_on_outside),
	};

	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
