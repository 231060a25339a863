/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_walk - a process on whose behalf paths are walked
 *
 *	struct witness w;
 *
 *	(void)summon(&w, NULL);
 *	expect(&w, "dir/link");
 *	dismiss(&w);
 */
#ifndef TESTS_TEST_WALK_H
#define TESTS_TEST_WALK_H

#include "../child.h"
#include "scratch.h"

#include "engine/walk.h"

#include <limits.h>
#include <sys/prctl.h>

/*
 * What a path means to a process, that process knows best: a witness.  It takes
 * the way itself, by one system call, and tells what it found; to walk on its
 * behalf has to lead to the same file, or to the same errno.
 */
struct witness {
	pid_t pid;
	pid_t asks; /* who takes the way: itself, or a child of its */
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

static inline struct answer
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
static inline void
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
static inline bool
summon(struct witness *w, bool (*prepare)(struct witness *w))
{
	struct witness told;
	int sockets[2], status;

	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets));
	(void)fflush(NULL);
	w->pid = fork();
	must(w->pid);
	w->asks = w->pid;
	w->dirfd = w->filefd = w->pipefd = -1;
	if (w->pid == 0) {
		child_check(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
		child_check(close(sockets[0]) == 0);
		w->asks = getpid();
		if (prepare != NULL && !prepare(w))
			_exit(CANNOT);
		child_check(send(sockets[1], w, sizeof(*w), 0) > 0);
		testify(sockets[1]);
	}
	must(close(sockets[1]));
	w->socket = sockets[0];
	if (recv(w->socket, &told, sizeof(told), 0) > 0) {
		w->asks = told.asks;
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

static inline void
dismiss(struct witness *w)
{
	int status;

	must(close(w->socket));
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	assert_int_equal(status, 0);
}

static inline struct answer
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

static inline int
walk(struct walk_end *end, const struct witness *w, int base, const char *path,
    bool is_followed)
{
	char name[64];

	if (base == AT_FDCWD)
		snprintf(name, sizeof(name), "/proc/%d/cwd", (int)w->asks);
	else
		snprintf(
		    name, sizeof(name), "/proc/%d/fd/%d", (int)w->asks, base);
	return walk_find(end, w->asks, name, path, is_followed);
}

/* Go the same way, and open what is at its end. */
static inline struct answer
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

static inline void
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

static inline void
expect(const struct witness *w, const char *path)
{
	expect_at(w, AT_FDCWD, path);
}

/* And so on for each of a list that ends with NULL. */
static inline void
expect_all(const struct witness *w, const char *const *paths)
{
	for (; *paths != NULL; paths++)
		expect(w, *paths);
}

#endif
