/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/nearest.h"

#include "base/path.h"
#include "base/similar.h"
#include "engine/tree.h"

#include <string.h>

/* The first with the same last component. */
static const char *
namesake(const struct tree *t, const char *path)
{
	const char *base = path_base(path);

	for (size_t i = 0; i < t->count; i++) {
		const char *other = t->entries[i].path;

		if (strcmp(path_base(other), base) == 0 &&
		    strcmp(other, path) != 0)
			return other;
	}
	return NULL;
}

const char *
nearest_path(const struct tree *t, const char *path)
{
	unsigned limit = (unsigned)strlen(path_base(path)) / 2;
	const struct entry *best = NULL;

	if (limit > SIMILAR_MAX)
		limit = SIMILAR_MAX;
	for (size_t i = 0; i < t->count && limit > 0; i++) {
		const struct entry *e = &t->entries[i];
		const unsigned d = similar_distance(path, e->path, limit);

		if (d <= limit && d > 0) {
			best = e;
			limit = d - 1;
		}
	}
	return best != NULL ? best->path : namesake(t, path);
}
