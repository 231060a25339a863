/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ustar - one header block of a tar stream
 *
 * The fields as ustar has them (pax(1)), read also where GNU tar and older
 * writers do otherwise: numbers in base 256, no "ustar" at all.  What apk would
 * take in another way is a flaw of the entry (format/tar.h).
 *
 * A block is TAR_BLOCK bytes.  What it says is read as it stands, whether the
 * checksum is right or not.
 */
#ifndef FORMAT_USTAR_H
#define FORMAT_USTAR_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct fault;
struct tar_entry;

/* The sum of signed bytes is right too, as old writers have it. */
bool ustar_has_right_checksum(const void *block);

/* The byte that says what kind of header it is. */
char ustar_type(const void *block);

/*
 * What follows the header, in bytes; UINT64_MAX where it is negative or has no
 * room.  A number that apk cannot read adds to `flaws`.
 */
uint64_t ustar_size(const void *block, unsigned *flaws);

/* The name is empty. */
bool ustar_is_nameless(const void *block);

/*
 * Fill in an empty entry, but for what it has as flaws already.  Strings are
 * copied into the arena.
 */
int ustar_read(
    struct tar_entry *e, const void *block, struct arena *a, struct fault *f);

#endif
