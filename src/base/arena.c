/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/arena.h"

#include "base/fault.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL_BLOCK = 16 * 1024, LARGE_BLOCK = 1024 * 1024 };

struct arena_block {
	struct arena_block *next;
	alignas(max_align_t) char bytes[];
};

void
arena_release(struct arena *a)
{
	struct arena_block *next;

	for (struct arena_block *b = a->blocks; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	*a = (struct arena){ 0 };
}

/* Blocks grow, so that a small arena stays small and a large one has few. */
static int
add_block(struct arena *a, size_t need, struct fault *f)
{
	struct arena_block *block;
	size_t size = a->size * 2;

	if (size < SMALL_BLOCK)
		size = SMALL_BLOCK;
	if (size > LARGE_BLOCK)
		size = LARGE_BLOCK;
	if (size < need)
		size = need;
	if (size > SIZE_MAX - sizeof(*block))
		return fault_set(f, FAULT_MEMORY, "arena would exceed memory");
	block = malloc(sizeof(*block) + size);
	if (block == NULL)
		return fault_sys(f, "cannot allocate %zu bytes", size);
	block->next = a->blocks;
	a->blocks = block;
	a->used = 0;
	a->size = size;
	return 0;
}

static char *
take(struct arena *a, size_t size, size_t align, struct fault *f)
{
	size_t start = (a->used + align - 1) & ~(align - 1);

	if (a->blocks == NULL || start > a->size || size > a->size - start) {
		if (add_block(a, size, f) < 0)
			return NULL;
		start = 0;
	}
	a->used = start + size;
	return a->blocks->bytes + start;
}

void *
arena_alloc(struct arena *a, size_t size, struct fault *f)
{
	void *p = take(a, size, alignof(max_align_t), f);

	return p == NULL ? NULL : memset(p, 0, size);
}

const char *
arena_string(struct arena *a, const char *bytes, size_t len, struct fault *f)
{
	char *s;

	if (len == SIZE_MAX) {
		fault_set(f, FAULT_MEMORY, "string would exceed memory");
		return NULL;
	}
	s = take(a, len + 1, 1, f);
	if (s == NULL)
		return NULL;
	if (len > 0)
		memcpy(s, bytes, len);
	s[len] = '\0';
	return s;
}

void
arena_adopt(struct arena *a, struct arena *from)
{
	struct arena_block *last = from->blocks;

	if (last == NULL)
		return;
	if (a->blocks == NULL) {
		*a = *from;
	} else {
		/* behind the newest, which is the one being filled */
		while (last->next != NULL)
			last = last->next;
		last->next = a->blocks->next;
		a->blocks->next = from->blocks;
	}
	*from = (struct arena){ 0 };
}
