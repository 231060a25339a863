/* SPDX-License-Identifier: BSD-2-Clause */
#include "alloc.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* What the linker's --wrap makes of the names: the Makefile lists them. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *s);
char *__real_realpath(const char *path, char *resolved);
DIR *__real_fdopendir(int fd);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_realpath(const char *path, char *resolved);
DIR *__wrap_fdopendir(int fd);

static atomic_uint calls, first, past; /* `first` 0: nothing fails */
static atomic_bool has_failed;

void
alloc_fail(unsigned nth, unsigned count)
{
	atomic_store(&first, 0);
	atomic_store(&calls, 0);
	atomic_store(&has_failed, false);
	atomic_store(&past, nth + count);
	atomic_store(&first, nth);
}

bool
alloc_has_failed(void)
{
	return atomic_load(&has_failed);
}

static bool
is_refused(void)
{
	const unsigned from = atomic_load(&first);
	unsigned call;

	if (from == 0)
		return false;
	call = atomic_fetch_add(&calls, 1) + 1;
	if (call < from || call >= atomic_load(&past))
		return false;
	atomic_store(&has_failed, true);
	errno = ENOMEM;
	return true;
}

void *
__wrap_malloc(size_t size)
{
	return is_refused() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return is_refused() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *p, size_t size)
{
	return is_refused() ? NULL : __real_realloc(p, size);
}

char *
__wrap_strdup(const char *s)
{
	return is_refused() ? NULL : __real_strdup(s);
}

char *
__wrap_realpath(const char *path, char *resolved)
{
	return is_refused() ? NULL : __real_realpath(path, resolved);
}

DIR *
__wrap_fdopendir(int fd)
{
	return is_refused() ? NULL : __real_fdopendir(fd);
}
