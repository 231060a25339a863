/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/nearest.h"

#include "base/path.h"
#include "base/similar.h"
#include "engine/tree.h"

#include <string.h>

const char *
nearest_path(const struct tree *t, const char *path)
{
	const char *best = NULL, *base = path_base(path);
	unsigned limit = (unsigned)strlen(base) / 2;

	if (limit > SIMILAR_MAX)
		limit = SIMILAR_MAX;
	for (size_t i = 0; i < t->count && limit > 0; i++) {
		const char *other = t->entries[i].path;
		const unsigned d = similar_distance(path, other, limit);

		if (d <= limit && d > 0) {
			best = other;
			limit = d - 1;
		}
	}
	for (size_t i = 0; best == NULL && i < t->count; i++) {
		const char *other = t->entries[i].path;

		if (strcmp(path_base(other), base) == 0 &&
		    strcmp(other, path) != 0)
			best = other;
	}
	return best;
}
