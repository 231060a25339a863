/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rawread - open a file by one system call, made by hand, and print it
 *
 *	rawread CALL PATH [FLAGS]
 *
 * CALL is open, openat (from "/") or openat2; FLAGS is a number as in C, if not
 * O_RDONLY | O_CLOEXEC.  Tests link it statically, so that nothing stands between
 * it and the kernel.  Prints "CALL: errno N" if the file cannot be opened, "CALL:
 * not here" where the machine has no such call, and "FD_CLOEXEC is wrong" if it
 * is not as in FLAGS.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static long
open_by(const char *call, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned)flags };

	if (strcmp(call, "openat") == 0)
		return syscall(SYS_openat,
		    syscall(SYS_openat, AT_FDCWD, "/", O_PATH, 0), path, flags,
		    0);
	if (strcmp(call, "openat2") == 0)
		return syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
#ifdef SYS_open
	if (strcmp(call, "open") == 0)
		return syscall(SYS_open, path, flags, 0);
#endif
	printf("%s: not here\n", call);
	exit(0);
}

int
main(int argc, char **argv)
{
	const int flags =
	    argc > 3 ? (int)strtol(argv[3], NULL, 0) : O_RDONLY | O_CLOEXEC;
	char bytes[65536];
	ssize_t len;
	int fd;

	if (argc < 3)
		return 2;
	fd = (int)open_by(argv[1], argv[2], flags);
	if (fd < 0) {
		printf("%s: errno %d\n", argv[1], errno);
		return 0;
	}
	while ((len = read(fd, bytes, sizeof(bytes))) > 0)
		fwrite(bytes, 1, (size_t)len, stdout);
	if (fcntl(fd, F_GETFD) != ((flags & O_CLOEXEC) != 0 ? FD_CLOEXEC : 0))
		puts("FD_CLOEXEC is wrong");
	return 0;
}
