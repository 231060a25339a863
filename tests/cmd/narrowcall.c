/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * narrowcall - one system call of the 32-bit ABI, made by a 64-bit program
 *
 *	narrowcall CALL ARG...
 *
 * For x86_64, where "int $0x80" is a call of i386, whatever the program is, so
 * that no 32-bit C library is needed.  All that an argument points to lies below
 * 2 GiB.  Prints "CALL: RESULT" or "CALL: errno N", and behind it what the call
 * says: mode, owner and device of a file, numbers, bytes, or instead of a descriptor
 * the last line that can be read from it.
 *
 *	#N	a number, as in C
 *	%PATH	a descriptor of it, opened for reading
 *	=HEX	these bytes
 *	&HEX	a struct xattr_args of these bytes
 *	:out	room for what the call says; three such are next to each other
 *	other	a string
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { MAX_ARGS = 6, ROOM = 65536, OUT = 256 };

/* How what comes out is shown. */
enum show {
	SHOW_NOTHING,
	SHOW_STAT64,
	SHOW_STATX,
	SHOW_16,
	SHOW_32,
	SHOW_HEX,
	SHOW_LINE,
};

static const struct name {
	const char *name;
	int number;
	enum show show;
} names[] = {
	{ "open", 5, SHOW_LINE },
	{ "openat", 295, SHOW_LINE },
	{ "openat2", 437, SHOW_LINE },
	{ "lchown", 16, SHOW_NOTHING },
	{ "fchown", 95, SHOW_NOTHING },
	{ "chown", 182, SHOW_NOTHING },
	{ "lchown32", 198, SHOW_NOTHING },
	{ "fchown32", 207, SHOW_NOTHING },
	{ "chown32", 212, SHOW_NOTHING },
	{ "fchownat", 298, SHOW_NOTHING },
	{ "chmod", 15, SHOW_NOTHING },
	{ "fchmod", 94, SHOW_NOTHING },
	{ "fchmodat", 306, SHOW_NOTHING },
	{ "mkdir", 39, SHOW_NOTHING },
	{ "mknod", 14, SHOW_NOTHING },
	{ "mknodat", 297, SHOW_NOTHING },
	{ "oldstat", 18, SHOW_NOTHING },
	{ "stat", 106, SHOW_NOTHING },
	{ "stat64", 195, SHOW_STAT64 },
	{ "lstat64", 196, SHOW_STAT64 },
	{ "fstat64", 197, SHOW_STAT64 },
	{ "fstatat64", 300, SHOW_STAT64 },
	{ "statx", 383, SHOW_STATX },
	{ "getuid", 24, SHOW_NOTHING },
	{ "getgid", 47, SHOW_NOTHING },
	{ "getuid32", 199, SHOW_NOTHING },
	{ "getegid32", 202, SHOW_NOTHING },
	{ "getresuid", 165, SHOW_16 },
	{ "getresuid32", 209, SHOW_32 },
	{ "setuid32", 213, SHOW_NOTHING },
	{ "setgroups32", 206, SHOW_NOTHING },
	{ "setxattr", 226, SHOW_NOTHING },
	{ "fsetxattr", 228, SHOW_NOTHING },
	{ "getxattr", 229, SHOW_HEX },
	{ "listxattr", 232, SHOW_HEX },
	{ "removexattr", 235, SHOW_NOTHING },
	{ "fchmodat2", 452, SHOW_NOTHING },
	{ "setxattrat", 463, SHOW_NOTHING },
	{ "getxattrat", 464, SHOW_NOTHING },
	{ "listxattrat", 465, SHOW_NOTHING },
	{ "removexattrat", 466, SHOW_NOTHING },
	{ "#471", 471, SHOW_NOTHING },
};

static unsigned char *room; /* below 2 GiB */
static size_t used, first_out;

static void
die(const char *why)
{
	fprintf(stderr, "narrowcall: %s\n", why);
	exit(2);
}

static uint32_t
address(const void *p)
{
	return (uint32_t)(uintptr_t)p;
}

static unsigned char *
take(size_t size)
{
	unsigned char *p = room + used;

	size = (size + 7) & ~(size_t)7;
	if (size > ROOM - used)
		die("no room");
	used += size;
	return p;
}

static uint32_t
bytes(const char *hex, unsigned char **found)
{
	uint32_t size = (uint32_t)strlen(hex) / 2;

	*found = take(size + 1);
	for (uint32_t i = 0; i < size; i++) {
		char pair[] = { hex[2 * i], hex[2 * i + 1], '\0' };

		(*found)[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	return size;
}

static uint32_t
value(const char *arg)
{
	unsigned char *data, *p;
	uint32_t size;
	int fd;

	switch (*arg) {
	case '#':
		return (uint32_t)strtoll(arg + 1, NULL, 0);
	case '%':
		fd = open(arg + 1, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			die(arg);
		return (uint32_t)fd;
	case '=':
		bytes(arg + 1, &data);
		return address(data);
	case '&':
		size = bytes(arg + 1, &data);
		p = take(16);
		memcpy(p, &(uint64_t){ address(data) }, 8);
		memcpy(p + 8, &size, 4);
		return address(p);
	case ':':
		p = take(OUT);
		if (first_out == 0)
			first_out = (size_t)(p - room);
		return address(p);
	default:
		p = take(strlen(arg) + 1);
		memcpy(p, arg, strlen(arg) + 1);
		return address(p);
	}
}

static int
call(int number, const uint32_t *a)
{
	int result = number;

	/* the sixth goes into a register that C needs: none of these has one */
	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4])
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	return result;
}

static uint32_t
get(size_t at, size_t size)
{
	uint32_t n = 0;

	memcpy(&n, room + first_out + at, size);
	return n;
}

static void
show_line(int fd)
{
	FILE *file = fdopen(fd, "r");
	char line[4096] = "nothing\n";

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		continue;
	line[strcspn(line, "\n")] = '\0';
	printf("%s", line);
}

static void
show(enum show how, int result)
{
	switch (how) {
	case SHOW_STAT64: /* 96 bytes, of which 16 and on are these */
		printf(" %o %u:%u %llx", get(16, 4), get(24, 4), get(28, 4),
		    (unsigned long long)get(32, 4));
		break;
	case SHOW_STATX:
		printf(" %o %u:%u", get(28, 2), get(20, 4), get(24, 4));
		break;
	case SHOW_16:
		printf(" %u %u %u", get(0, 2), get(OUT, 2), get(2 * OUT, 2));
		break;
	case SHOW_32:
		printf(" %u %u %u", get(0, 4), get(OUT, 4), get(2 * OUT, 4));
		break;
	case SHOW_HEX:
		putchar(' ');
		for (int i = 0; i < result && i < OUT; i++)
			printf("%02x", get((size_t)i, 1));
		break;
	case SHOW_LINE:
	case SHOW_NOTHING:
		break;
	}
}

int
main(int argc, char **argv)
{
	uint32_t args[MAX_ARGS] = { 0 };
	const struct name *n = names;
	int result;

	room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (room == MAP_FAILED)
		die("no memory below 2 GiB");
	used = 8;
	if (argc < 2 || argc > 2 + MAX_ARGS)
		die("which call?");
	while (strcmp(n->name, argv[1]) != 0)
		if (++n == names + sizeof(names) / sizeof(*names))
			die("unknown call");
	for (int i = 2; i < argc; i++)
		args[i - 2] = value(argv[i]);
	memset(room + used, 0xee, OUT); /* what nobody wrote */
	result = call(n->number, args);
	if (result < 0) {
		printf("%s: errno %d\n", n->name, -result);
		return 0;
	}
	printf("%s: ", n->name);
	if (n->show == SHOW_LINE)
		show_line(result);
	else
		printf("%d", result);
	if (first_out != 0)
		show(n->show, result);
	putchar('\n');
	return 0;
}
