/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * alloc - preloaded: memory runs out once, or from then on
 *
 *	LD_PRELOAD=./alloc.so AMTREE_FAULT_FIRST=7 AMTREE_FAULT_LAST=7 \
 *		AMTREE_FAULT_COUNT=FILE amtree ...
 *
 * The allocations numbered FIRST to LAST (from 1, over all threads and forked
 * processes, from before main() on) get ENOMEM.  With AMTREE_FAULT_FOREIGN set
 * those that libarchive, libcrypto and libseccomp make for themselves are numbered,
 * else
 * all others: the program's, what libc makes for it, other libraries'.  How many
 * there were of both is left in FILE, of 8 bytes, if it exists: others, foreign.
 * What is executed later is not affected.
 */
#include "mark.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);

static atomic_uint *counts; /* NULL: main() is far, nothing fails */
static unsigned first, last;
static bool fails_foreign;

/* Where the code of the foreign libraries is. */
static struct range {
	uintptr_t begin, end;
} foreign[8];
static unsigned n_foreign;

/* The address of a function is no object's: dlsym(3) has it this way. */
static void
find(void *function, const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (symbol == NULL)
		_exit(99);
	memcpy(function, &symbol, sizeof(symbol));
}

static unsigned
number(const char *name)
{
	const char *text = getenv(name);

	return text != NULL ? (unsigned)strtoul(text, NULL, 10) : 0;
}

/* For dl_iterate_phdr(3): take down the code of a foreign library. */
static int
note_foreign(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	if (strstr(info->dlpi_name, "libarchive") == NULL &&
	    strstr(info->dlpi_name, "libcrypto") == NULL &&
	    strstr(info->dlpi_name, "libseccomp") == NULL)
		return 0;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type == PT_LOAD && (p->p_flags & PF_X) != 0 &&
		    n_foreign < sizeof(foreign) / sizeof(*foreign))
			foreign[n_foreign++] =
			    (struct range){ info->dlpi_addr + p->p_vaddr,
				    info->dlpi_addr + p->p_vaddr + p->p_memsz };
	}
	return 0;
}

static atomic_uint *
map_counts(const char *path)
{
	const int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *page = mmap(NULL, 2 * sizeof(*counts), PROT_READ | PROT_WRITE,
	    MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);

	if (page == MAP_FAILED)
		_exit(99);
	if (fd >= 0)
		(void)close(fd);
	return page;
}

__attribute__((constructor)) static void
begin(void)
{
	atomic_uint *page = map_counts(getenv("AMTREE_FAULT_COUNT"));

	first = number("AMTREE_FAULT_FIRST");
	last = number("AMTREE_FAULT_LAST");
	fails_foreign = getenv("AMTREE_FAULT_FOREIGN") != NULL;
	(void)dl_iterate_phdr(note_foreign, NULL);
	(void)unsetenv("LD_PRELOAD");
	(void)unsetenv("AMTREE_FAULT_COUNT");
	(void)unsetenv("AMTREE_FAULT_FIRST");
	(void)unsetenv("AMTREE_FAULT_LAST");
	counts = page;
	(void)syscall(SYS_prctl, FAULT_MARK, 0, 0, 0, 0);
}

static bool
is_foreign(const void *caller)
{
	const uintptr_t at = (uintptr_t)caller;

	for (unsigned i = 0; i < n_foreign; i++) {
		if (at >= foreign[i].begin && at < foreign[i].end)
			return true;
	}
	return false;
}

static bool
is_refused(const void *caller)
{
	bool comes_from_foreign;
	unsigned n;

	if (counts == NULL)
		return false;
	comes_from_foreign = is_foreign(caller);
	n = atomic_fetch_add(&counts[comes_from_foreign], 1) + 1;
	if (comes_from_foreign != fails_foreign || n < first || n > last)
		return false;
	errno = ENOMEM;
	return true;
}

#define IS_REFUSED() is_refused(__builtin_return_address(0))

void *
malloc(size_t size)
{
	if (real_malloc == NULL)
		find(&real_malloc, "malloc");
	return IS_REFUSED() ? NULL : real_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	if (real_calloc == NULL)
		find(&real_calloc, "calloc");
	return IS_REFUSED() ? NULL : real_calloc(n, size);
}

void *
realloc(void *p, size_t size)
{
	if (real_realloc == NULL)
		find(&real_realloc, "realloc");
	return IS_REFUSED() ? NULL : real_realloc(p, size);
}

/* In libc it would call malloc() for whoever has called it. */
char *
strdup(const char *s)
{
	const size_t size = strlen(s) + 1;
	char *copy;

	if (real_malloc == NULL)
		find(&real_malloc, "malloc");
	copy = IS_REFUSED() ? NULL : real_malloc(size);
	return copy != NULL ? memcpy(copy, s, size) : NULL;
}
