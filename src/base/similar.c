/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/similar.h"

#include <stddef.h>
#include <string.h>

enum { BAND = 2 * SIMILAR_MAX + 1, FAR = SIMILAR_MAX + 1 };

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	const unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/*
 * One row of the usual table, of which only the diagonals within SIMILAR_MAX of
 * the main one can matter: row[d] stands for column i + d - SIMILAR_MAX.
 */
static unsigned
next_row(unsigned row[BAND], size_t i, char c, const char *b, size_t b_len)
{
	unsigned left = FAR, best = FAR;

	for (size_t d = 0; d < BAND; d++) {
		const size_t j = i + d - SIMILAR_MAX;
		unsigned above;

		if (i + d < SIMILAR_MAX || j > b_len) {
			row[d] = FAR;
			left = FAR;
			continue;
		}
		above = d + 1 < BAND ? row[d + 1] : FAR;
		if (j == 0)
			row[d] = i < FAR ? (unsigned)i : FAR;
		else
			row[d] = least(
			    row[d] + (c != b[j - 1]), left + 1, above + 1);
		if (row[d] > FAR)
			row[d] = FAR;
		left = row[d];
		if (row[d] < best)
			best = row[d];
	}
	return best;
}

unsigned
similar_distance(const char *a, const char *b, unsigned limit)
{
	const size_t a_len = strlen(a), b_len = strlen(b);
	unsigned row[BAND], distance;

	if (a_len > b_len + limit || b_len > a_len + limit)
		return FAR;
	for (size_t d = 0; d < BAND; d++)
		row[d] = d >= SIMILAR_MAX && d - SIMILAR_MAX <= b_len
		    ? (unsigned)(d - SIMILAR_MAX)
		    : FAR;
	for (size_t i = 1; i <= a_len; i++) {
		if (next_row(row, i, a[i - 1], b, b_len) > limit)
			return FAR;
	}
	distance = row[b_len + SIMILAR_MAX - a_len];
	return distance <= limit ? distance : FAR;
}
