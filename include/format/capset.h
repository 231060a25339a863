/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * capset - the capabilities of a file: their names, their value, their text
 *
 *	struct capset c;
 *	if (capset_decode(&c, value, len, f) < 0 || capset_format(text, &c, f) < 0)
 *		return -1;
 *
 * The value is that of security.capability, see capabilities(7); the text what
 * cap_to_text(3) writes.  How a text is read, format/caps.h says.  Names are those of
 * Linux 5.9, up to cap_checkpoint_restore, wherever amtree runs.
 */
#ifndef FORMAT_CAPSET_H
#define FORMAT_CAPSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct fault;

enum { CAPSET_EFFECTIVE, CAPSET_PERMITTED, CAPSET_INHERITABLE, CAPSET_KINDS };

enum {
	CAPSET_COUNT = 64, /* what a value has room for */
	CAPSET_NAMED_COUNT = 41, /* the first of them have names */
	CAPSET_NAME_SIZE = 24, /* any name or number, and a NUL */
	CAPSET_VALUE_LEN = 20, /* bytes of a value of revision 2 */
};

/* All that have names. */
#define CAPSET_NAMED ((UINT64_C(1) << CAPSET_NAMED_COUNT) - 1)

/* Bit N of a set is capability N. */
struct capset {
	uint64_t of[CAPSET_KINDS];
	uint32_t root; /* user 0 of the namespace that it is for; revision 3 */
	bool has_root;
};

/* The number of a name, in any case; -1 if it is none. */
int capset_find(const char *name, size_t len);

/* The name of a capability, or its number, put into `room`, if it has none. */
const char *capset_name(unsigned cap, char room[CAPSET_NAME_SIZE]);

/* The bit (1 << CAPSET_EFFECTIVE and so on) of the letter e, i or p; else 0. */
unsigned capset_flag(char letter);

/*
 * Make a value of revision 2.  A file has one flag for all of its effective
 * capabilities: it is set if there is any.
 */
void capset_encode(
    unsigned char value[CAPSET_VALUE_LEN], const struct capset *c);

/*
 * Read a value of revision 1, 2 or 3; FAULT_INPUT if `len` is not that of the
 * revision, or for flags the kernel does not know.
 */
int capset_decode(
    struct capset *c, const unsigned char *value, size_t len, struct fault *f);

/* Append the text; "=" if there is no capability; `text` is as it was on failure. */
int capset_format(struct buf *text, const struct capset *c, struct fault *f);

#endif
