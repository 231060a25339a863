/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/tree.h"

#include "base/fault.h"
#include "base/grow.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
tree_open(struct tree *t, const char *root, struct fault *f)
{
	*t = (struct tree)TREE_INIT;
	t->root = arena_string(&t->arena, root, strlen(root), f);
	if (t->root == NULL)
		return -1;
	t->rootfd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (t->rootfd < 0)
		return fault_sys(f, "cannot open '%s'", root);
	return 0;
}

void
tree_release(struct tree *t)
{
	if (t->rootfd >= 0)
		(void)close(t->rootfd); /* O_PATH: nothing to lose */
	arena_release(&t->arena);
	free(t->entries);
	*t = (struct tree)TREE_INIT;
}

struct entry *
tree_append(struct tree *t, struct fault *f)
{
	if (t->count == t->cap) {
		struct entry *entries = grow_array(
		    t->entries, &t->cap, sizeof(*entries), "entries", f);

		if (entries == NULL)
			return NULL;
		t->entries = entries;
	}
	t->entries[t->count] =
	    (struct entry){ .uname = "root", .gname = "root" };
	return &t->entries[t->count++];
}

void
tree_sort(struct tree *t)
{
	if (t->count > 0)
		qsort(t->entries, t->count, sizeof(*t->entries), entry_compare);
}

int
tree_check_unique(const struct tree *t, struct fault *f)
{
	for (size_t i = 1; i < t->count; i++) {
		if (strcmp(t->entries[i - 1].path, t->entries[i].path) == 0)
			return fault_set(f, FAULT_INPUT, "'%s' is there twice",
			    t->entries[i].path);
	}
	return 0;
}

struct entry *
tree_find(const struct tree *t, const char *path)
{
	const struct entry key = { .path = path };

	if (t->count == 0)
		return NULL;
	return bsearch(
	    &key, t->entries, t->count, sizeof(*t->entries), entry_compare);
}
