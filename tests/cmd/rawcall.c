/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rawcall - one system call, made by hand
 *
 *	rawcall [-v | -t COUNT] CALL ARG...
 *
 * Tests link it statically, so that nothing stands between it and the kernel.
 * With -v a child made by vfork(2) does it; with -t that many threads do it at
 * once, each with the file of its number (0, 1, ...) below the last directory of
 * a path that ends with a slash.  Prints "CALL: done" or "CALL: errno N".
 *
 *	#N	a number, as in C
 *	@PATH	a descriptor of it, opened with O_PATH | O_NOFOLLOW
 *	%PATH	a descriptor of it, opened for reading
 *	=HEX	these bytes
 *	&HEX	a struct xattr_args of these bytes
 *	/proc/self/fd/@PATH, /proc/self/fd/%PATH
 *		the name of such a descriptor
 *	other	a string
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MAX_ARGS = 6,
	MAX_BYTES = 4096,
	MAX_THREADS = 64,
};

struct xattr_args {
	uint64_t value;
	uint32_t size, flags;
};

struct call {
	long number, args[MAX_ARGS];
};

struct thread {
	pthread_t id;
	struct call call;
	char path[MAX_BYTES];
	int error;
};

static const struct name {
	const char *name;
	long number;
} names[] = {
#ifdef SYS_chown
	{ "chown", SYS_chown },
	{ "lchown", SYS_lchown },
	{ "chmod", SYS_chmod },
	{ "mknod", SYS_mknod },
#endif
	{ "fchown", SYS_fchown },
	{ "fchownat", SYS_fchownat },
	{ "fchmod", SYS_fchmod },
	{ "fchmodat", SYS_fchmodat },
	{ "fchmodat2", 452 },
	{ "mknodat", SYS_mknodat },
	{ "mkdirat", SYS_mkdirat },
	{ "setxattr", SYS_setxattr },
	{ "lsetxattr", SYS_lsetxattr },
	{ "fsetxattr", SYS_fsetxattr },
	{ "removexattr", SYS_removexattr },
	{ "setxattrat", 463 },
	{ "removexattrat", 466 },
	{ "statx", SYS_statx },
	{ "setuid", SYS_setuid },
	{ "getuid", SYS_getuid },
	{ "setresgid", SYS_setresgid },
};

static void
die(const char *why)
{
	fprintf(stderr, "rawcall: %s\n", why);
	exit(2);
}

static void *
allocate(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		die("no memory");
	return p;
}

static int
descriptor(const char *arg)
{
	int how = *arg == '@' ? O_PATH | O_NOFOLLOW : O_RDONLY | O_NONBLOCK;
	int fd = open(arg + 1, how | O_CLOEXEC);

	if (fd < 0)
		die(arg);
	return fd;
}

static size_t
bytes(const char *hex, unsigned char **found)
{
	size_t size = strlen(hex) / 2;

	*found = allocate(size + 1);
	for (size_t i = 0; i < size; i++) {
		char pair[] = { hex[2 * i], hex[2 * i + 1], '\0' };

		(*found)[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	return size;
}

/* What an argument stands for; all of it lives as long as the process. */
static long
value(const char *arg)
{
	static const char proc[] = "/proc/self/fd/";
	const char *rest = arg + sizeof(proc) - 1;
	unsigned char *data;
	struct xattr_args *xattr;
	char *path;

	switch (*arg) {
	case '#':
		return strtol(arg + 1, NULL, 0);
	case '@':
	case '%':
		return descriptor(arg);
	case '=':
		bytes(arg + 1, &data);
		return (long)data;
	case '&':
		xattr = allocate(sizeof(*xattr));
		xattr->size = (uint32_t)bytes(arg + 1, &data);
		xattr->value = (uintptr_t)data;
		return (long)xattr;
	default:
		if (strncmp(arg, proc, sizeof(proc) - 1) != 0 ||
		    (*rest != '@' && *rest != '%'))
			return (long)arg;
		path = allocate(MAX_BYTES);
		snprintf(path, MAX_BYTES, "%s%d", proc, descriptor(rest));
		return (long)path;
	}
}

/* errno, or 0 */
static int
make(const struct call *c)
{
	const long *a = c->args;

	return syscall(c->number, a[0], a[1], a[2], a[3], a[4], a[5]) < 0
	    ? errno
	    : 0;
}

static int
make_in_child(const struct call *c)
{
	int status;
	pid_t pid = vfork();

	if (pid == 0)
		_exit(make(c));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		die("vfork");
	return WEXITSTATUS(status);
}

static void *
run(void *arg)
{
	struct thread *t = arg;

	t->error = make(&t->call);
	return NULL;
}

static int
make_in_threads(const struct call *c, char **argv, unsigned count)
{
	static struct thread threads[MAX_THREADS];
	int error = 0;

	if (count > MAX_THREADS)
		die("too many threads");
	for (unsigned i = 0; i < count; i++) {
		struct thread *t = &threads[i];

		t->call = *c;
		for (unsigned j = 0; argv[j]; j++) {
			size_t length = strlen(argv[j]);

			if (length == 0 || argv[j][length - 1] != '/')
				continue;
			snprintf(t->path, sizeof(t->path), "%s%u", argv[j], i);
			t->call.args[j] = (long)t->path;
		}
		if (pthread_create(&t->id, NULL, run, t) != 0)
			die("pthread_create");
	}
	for (unsigned i = 0; i < count; i++) {
		if (pthread_join(threads[i].id, NULL) != 0)
			die("pthread_join");
		if (threads[i].error)
			error = threads[i].error;
	}
	return error;
}

static long
number_of(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i].name, name) == 0)
			return names[i].number;
	}
	printf("%s: errno %d\n", name, ENOSYS);
	exit(0);
}

/* struct statx by its offsets: not every C library has it. */
static void
say_statx(const struct call *c)
{
	uint32_t words[64] = { 0 };
	struct call with = *c;
	int error;

	with.args[4] = (long)words;
	error = make(&with);
	if (error)
		printf("statx: errno %d\n", error);
	else
		printf(
		    "statx: %o %u:%u\n", words[7] & 0xffff, words[5], words[6]);
}

int
main(int argc, char **argv)
{
	struct call c = { 0 };
	const char *name;
	int is_vfork = 0, error;
	unsigned count = 0;

	argv++;
	if (argc > 2 && strcmp(*argv, "-v") == 0) {
		is_vfork = 1;
		argv++;
	} else if (argc > 3 && strcmp(*argv, "-t") == 0) {
		count = (unsigned)strtoul(argv[1], NULL, 10);
		argv += 2;
	}
	if (!*argv)
		die("which call?");
	name = *argv++;
	c.number = number_of(name);
	for (int i = 0; argv[i]; i++) {
		if (i == MAX_ARGS)
			die("too many arguments");
		c.args[i] = value(argv[i]);
	}
	if (c.number == SYS_statx) {
		say_statx(&c);
		return 0;
	}
	if (count)
		error = make_in_threads(&c, argv, count);
	else
		error = is_vfork ? make_in_child(&c) : make(&c);
	if (error)
		printf("%s: errno %d\n", name, error);
	else
		printf("%s: done\n", name);
	return 0;
}
