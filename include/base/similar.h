/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * similar - how far two names are apart, for "did you mean"
 */
#ifndef BASE_SIMILAR_H
#define BASE_SIMILAR_H

enum { SIMILAR_MAX = 8 }; /* edits; more is another name */

/*
 * The number of bytes to insert, delete or replace that turns one name into the
 * other, SIMILAR_MAX + 1 if it is more than `limit` (at most SIMILAR_MAX).  Takes
 * time in proportion to the length, not its square.
 */
unsigned similar_distance(const char *a, const char *b, unsigned limit);

#endif
