/* SPDX-License-Identifier: BSD-2-Clause */
/* loading - a package's overrides, or all of its entries, into a handle */
#include "engine/control.h"
#include "format/keyword.h"
#include "lib/handle.h"

#include <stdlib.h>

static int
allocate(struct amtree *a, size_t count, struct fault *f)
{
	a->entries = calloc(count > 0 ? count : 1, sizeof(*a->entries));
	if (a->entries == NULL)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	a->count = count;
	return 0;
}

/* The public word for each keyword of ours. */
static unsigned
translate(unsigned keywords)
{
	static const struct {
		unsigned ours, theirs;
	} words[] = {
		{ KEYWORD_TYPE, AMTREE_TYPE },
		{ KEYWORD_MODE, AMTREE_MODE },
		{ KEYWORD_USER, AMTREE_USER },
		{ KEYWORD_GROUP, AMTREE_GROUP },
		{ KEYWORD_LINK, AMTREE_LINK },
		{ KEYWORD_DEVICE, AMTREE_DEVICE },
		{ KEYWORD_TIME, AMTREE_TIME },
		{ KEYWORD_CAPS, AMTREE_CAPS },
		{ KEYWORD_OPTIONAL, AMTREE_OPTIONAL },
	};
	unsigned set = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if ((keywords & words[i].ours) != 0)
			set |= words[i].theirs;
	}
	return set;
}

static int
read_overrides(struct amtree *a, struct fault *f)
{
	if (control_load(a->merge.package.control, &a->set, f) < 0)
		return -1;
	return allocate(a, a->set.count, f);
}

int
amtree_read(struct amtree *a)
{
	struct fault *f = handle_begin(a);

	handle_unload(a);
	if (a->merge.package.root == NULL)
		return fault_set(f, FAULT_USAGE, "no package was named");
	if (a->merge.package.control == NULL)
		return allocate(a, 0, f);
	if (read_overrides(a, f) < 0) {
		handle_unload(a);
		return -1;
	}
	for (size_t i = 0; i < a->count; i++) {
		const struct spec *s = &a->set.specs[i];

		a->entries[i] = (struct amtree_entry){
			.entry = &s->entry,
			.caps = s->caps,
			.binds =
			    translate(s->binds | (s->has & KEYWORD_OPTIONAL)),
			.recorded = translate(s->recorded),
		};
	}
	return 0;
}

int
amtree_merge(struct amtree *a)
{
	struct fault *f = handle_begin(a);

	handle_unload(a);
	if (a->merge.package.root == NULL)
		return fault_set(f, FAULT_USAGE, "no package was named");
	a->merge.notice = &a->notice;
	if (merge_load(&a->tree, &a->merge, f) < 0 ||
	    allocate(a, a->tree.count, f) < 0) {
		handle_unload(a);
		return -1;
	}
	for (size_t i = 0; i < a->count; i++) {
		a->entries[i].entry = &a->tree.entries[i];
		a->entries[i].caps = entry_caps(&a->tree.entries[i]);
	}
	a->is_merged = true;
	return 0;
}

const struct amtree_entry *
amtree_next(const struct amtree *a, const struct amtree_entry *e)
{
	const size_t i = e == NULL ? 0 : (size_t)(e - a->entries) + 1;

	return i < a->count ? &a->entries[i] : NULL;
}
