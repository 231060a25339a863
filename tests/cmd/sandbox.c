/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sandbox - run a program where some system calls are refused
 *
 *	sandbox [RULE]... -- COMMAND [ARG]...
 *
 * Like a kernel that lacks them, or a container that forbids them.
 *
 *	CALL=ERRNO	the call fails with that; 0: it does nothing, and says
 *			that all went well
 *	CALL&BITS=ERRNO	only if its second argument has one of these bits
 *	CALL@VALUE=ERRNO
 *			only if that argument is this value
 *	listener	somebody listens to notifications already
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct name {
	const char *name;
	long number;
	unsigned socketcall; /* its number there: C libraries may go that way */
} names[] = {
	{ "close_range", SYS_close_range },
	{ "fchown", SYS_fchown },
	{ "ioctl", SYS_ioctl },
	{ "memfd_create", SYS_memfd_create },
	{ "name_to_handle_at", SYS_name_to_handle_at },
	{ "openat2", SYS_openat2 },
	{ "pidfd_open", SYS_pidfd_open },
	{ "prctl", SYS_prctl },
	{ "process_vm_readv", SYS_process_vm_readv },
	{ "process_vm_writev", SYS_process_vm_writev },
	{ "seccomp", SYS_seccomp },
	{ "sendmsg", SYS_sendmsg, 16 },
	{ "signalfd4", SYS_signalfd4 },
	{ "socketpair", SYS_socketpair, 8 },
	{ "statx", SYS_statx },
};

static void
die(const char *what)
{
	perror(what);
	exit(99);
}

static int
install(struct sock_filter *program, size_t len, unsigned flags)
{
	const struct sock_fprog prog = { (unsigned short)len, program };
	const long r =
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);

	if (r < 0)
		die("sandbox: seccomp");
	return (int)r;
}

/* The command keeps it, else the kernel would forget about it. */
static void
listen_already(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	const int fd = install(&allow, 1, SECCOMP_FILTER_FLAG_NEW_LISTENER);

	if (fcntl(fd, F_SETFD, 0) < 0)
		die("sandbox: fcntl");
}

static struct sock_filter
load(size_t offset)
{
	return (struct sock_filter)BPF_STMT(
	    BPF_LD | BPF_W | BPF_ABS, (unsigned)offset);
}

/* On 32 bits: the call of sockets that has all others in it. */
static void
refuse_socketcall(unsigned call, unsigned error)
{
#ifdef SYS_socketcall
	struct sock_filter program[] = {
		load(offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socketcall, 0, 3),
		load(offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	(void)install(program, sizeof(program) / sizeof(*program), 0);
#else
	(void)call, (void)error;
#endif
}

/* One filter a rule: they all apply. */
static void
refuse(const char *rule)
{
	const size_t len = strcspn(rule, "&@=");
	const char *equals = strchr(rule, '=');
	const unsigned error =
	    (unsigned)strtoul(equals != NULL ? equals + 1 : "", NULL, 0);
	const unsigned value = (unsigned)strtoul(rule + len + 1, NULL, 0);
	struct sock_filter program[6];
	size_t n = 0, i = 0;

	while (i < sizeof(names) / sizeof(*names) &&
	    (strlen(names[i].name) != len ||
		strncmp(names[i].name, rule, len) != 0))
		i++;
	if (equals == NULL || i == sizeof(names) / sizeof(*names)) {
		fprintf(stderr, "sandbox: what is '%s'?\n", rule);
		exit(99);
	}
	program[n++] = load(offsetof(struct seccomp_data, nr));
	program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
	    (unsigned)names[i].number, 0, rule[len] == '=' ? 1 : 3);
	if (rule[len] != '=') {
		program[n++] = load(offsetof(struct seccomp_data, args[1]));
		program[n++] = (struct sock_filter)BPF_JUMP(
		    BPF_JMP | BPF_K | (rule[len] == '&' ? BPF_JSET : BPF_JEQ),
		    value, 0, 1);
	}
	program[n++] = (struct sock_filter)BPF_STMT(
	    BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
	program[n++] =
	    (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	(void)install(program, n, 0); /* there is no listener */
	if (names[i].socketcall != 0)
		refuse_socketcall(names[i].socketcall, error);
}

int
main(int argc, char **argv)
{
	int i, pass;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		die("sandbox: prctl");
	/* the rules about seccomp(2) itself come last */
	for (pass = 0; pass < 2; pass++) {
		for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
			if ((strncmp(argv[i], "seccomp", 7) == 0) !=
			    (pass == 1))
				continue;
			if (strcmp(argv[i], "listener") == 0)
				listen_already();
			else
				refuse(argv[i]);
		}
	}
	if (i + 1 >= argc) {
		fprintf(stderr, "usage: sandbox [RULE]... -- COMMAND...\n");
		return 99;
	}
	(void)execvp(argv[i + 1], argv + i + 1);
	die(argv[i + 1]);
}
