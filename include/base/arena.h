/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arena - many small things that die together
 *
 * Names, links and records of one tree are never freed one by one.  An arena
 * hands them out from large blocks and frees all at once.
 *
 *	struct arena a = { 0 };
 *	const char *name = arena_string(&a, bytes, len, f);
 *	...
 *	arena_release(&a);
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct fault;

struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used, size; /* bytes of the newest block */
};

/* Free everything that was handed out; the arena may be used again. */
void arena_release(struct arena *a);

/* `size` zeroed bytes, aligned for any type; NULL on failure. */
void *arena_alloc(struct arena *a, size_t size, struct fault *f);

/* A NUL-terminated copy of `len` bytes; NULL on failure. */
const char *arena_string(
    struct arena *a, const char *bytes, size_t len, struct fault *f);

/* Take over all that `from` handed out; it is empty then. */
void arena_adopt(struct arena *a, struct arena *from);

#endif
