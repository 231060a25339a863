/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/ledger.h"

#include "base/fault.h"
#include "format/deed.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 64 };

void
ledger_release(struct ledger *l)
{
	arena_release(&l->arena);
	free(l->texts);
	free(l->slots);
	*l = (struct ledger){ 0 };
}

/* Fowler, Noll and Vo's. */
static uint32_t
hash(const char *text, size_t len)
{
	uint32_t h = 2166136261;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 16777619;
	return h;
}

static bool
is_text(const char *text, const char *bytes, size_t len)
{
	return strncmp(text, bytes, len) == 0 && text[len] == '\0';
}

/* The slot that has the text, or would have it. */
static uint32_t *
find_slot(const struct ledger *l, const char *text, size_t len)
{
	const size_t mask = l->slot_count - 1;
	size_t i = hash(text, len) & mask;

	while (
	    l->slots[i] != 0 && !is_text(l->texts[l->slots[i] - 1], text, len))
		i = (i + 1) & mask;
	return &l->slots[i];
}

static int
grow(struct ledger *l, struct fault *f)
{
	const size_t cap = l->cap > 0 ? l->cap * 2 : FIRST_CAP;
	const char **texts = realloc(l->texts, cap * sizeof(*texts));
	uint32_t *slots = NULL;

	if (texts != NULL) {
		l->texts = texts;
		slots = calloc(cap * 2, sizeof(*slots));
	}
	if (slots == NULL)
		return fault_sys(f, "cannot allocate %zu deeds", cap);
	free(l->slots);
	l->slots = slots;
	l->slot_count = cap * 2;
	l->cap = cap;
	for (size_t i = 0; i < l->count; i++)
		*find_slot(l, l->texts[i], strlen(l->texts[i])) =
		    (uint32_t)i + 1;
	return 0;
}

int
ledger_add(struct ledger *l, const char *text, size_t len, uint32_t *number,
    struct fault *f)
{
	const char *copy;

	*number = l->count > 0 ? *find_slot(l, text, len) : 0;
	if (*number != 0 || l->count == DEED_COUNT_MAX)
		return 0;
	if (l->count == l->cap && grow(l, f) < 0)
		return -1;
	copy = arena_string(&l->arena, text, len, f);
	if (copy == NULL)
		return -1;
	l->texts[l->count++] = copy;
	*number = (uint32_t)l->count;
	*find_slot(l, copy, len) = *number;
	return 0;
}

const char *
ledger_text(const struct ledger *l, uint32_t number)
{
	return number > 0 && number <= l->count ? l->texts[number - 1] : NULL;
}
