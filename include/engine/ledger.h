/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger - numbers for deeds
 *
 * Thousands of files are given away by one command.  Each deed (format/deed.h) is
 * kept once and has a number, from 1, by which records speak of it.
 *
 *	struct ledger l = { 0 };
 *	if (ledger_add(&l, "fchownat:chown www x", 20, &number, f) < 0) ...
 *	ledger_text(&l, number);
 *	ledger_release(&l);
 *
 * There are at most DEED_COUNT_MAX of them, which bounds the memory: those that
 * come later get the number 0, which stands for what nobody knows.
 */
#ifndef ENGINE_LEDGER_H
#define ENGINE_LEDGER_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

struct fault;

/* Starts life as { 0 }. */
struct ledger {
	struct arena arena; /* holds the texts */
	const char **texts; /* owned; the first has number 1 */
	size_t count, cap;
	uint32_t *slots; /* owned; a hash table of numbers; 0: free */
	size_t slot_count; /* a power of two */
};

void ledger_release(struct ledger *l);

/* The number of a deed, which is added if it is new. */
int ledger_add(struct ledger *l, const char *text, size_t len, uint32_t *number,
    struct fault *f);

/* The deed with that number; NULL for 0, and for one that there is not. */
const char *ledger_text(const struct ledger *l, uint32_t number);

#endif
