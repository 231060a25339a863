/* SPDX-License-Identifier: BSD-2-Clause */
/* handle - which package, and how it is to be packed */
#include "lib/handle.h"

#include "base/version.h"
#include "engine/place.h"
#include "format/deflate.h"
#include "format/pgzip.h"

#include <stdlib.h>
#include <string.h>

enum { THREADS_MAX = 64, SIBLINGS_MAX = 1000 };

const char *
amtree_version(void)
{
	return VERSION;
}

struct amtree *
amtree_new(void)
{
	struct amtree *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->tree = (struct tree)TREE_INIT;
	a->build.level = PGZIP_LEVEL;
	return a;
}

void
handle_unload(struct amtree *a)
{
	tree_release(&a->tree);
	override_release(&a->set);
	free(a->entries);
	a->tree = (struct tree)TREE_INIT;
	a->set = (struct override_set){ 0 };
	a->entries = NULL;
	a->count = 0;
	a->is_merged = false;
}

static void
free_package(const struct merge_package *p)
{
	free((void *)(uintptr_t)p->root);
	free((void *)(uintptr_t)p->control);
}

void
amtree_free(struct amtree *a)
{
	if (a == NULL)
		return;
	handle_unload(a);
	for (size_t i = 0; i < a->merge.sibling_count; i++)
		free_package(&a->siblings[i]);
	free(a->siblings);
	free_package(&a->merge.package);
	free(a->journal);
	free(a);
}

const char *
amtree_error(const struct amtree *a)
{
	return a == NULL ? "out of memory" : a->fault.text;
}

static char *
copy(const char *text, struct fault *f)
{
	char *s = strdup(text);

	if (s == NULL)
		(void)fault_set(f, FAULT_MEMORY, "out of memory");
	return s;
}

/* The strings of a package of ours; what was there before stays on a fault. */
static int
set_package(struct merge_package *p, const char *root, const char *control,
    struct fault *f)
{
	struct merge_package new = { 0 };

	new.root = copy(root, f);
	if (new.root != NULL && control == NULL)
		new.control = place_control_of(root, f);
	else if (new.root != NULL && control[0] != '\0')
		new.control = copy(control, f);
	if (f->kind != FAULT_NONE) {
		free_package(&new);
		return -1;
	}
	free_package(p);
	*p = new;
	return 0;
}

int
amtree_package(struct amtree *a, const char *root, const char *control)
{
	return set_package(&a->merge.package, root, control, handle_begin(a));
}

int
amtree_sibling(struct amtree *a, const char *root, const char *control)
{
	const size_t count = a->merge.sibling_count;
	struct fault *f = handle_begin(a);
	struct merge_package *grown;

	if (count == SIBLINGS_MAX)
		return fault_set(
		    f, FAULT_USAGE, "over %d siblings", (int)count);
	grown = realloc(a->siblings, (count + 1) * sizeof(*grown));
	if (grown == NULL)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	a->siblings = grown;
	a->merge.siblings = grown;
	grown[count] = (struct merge_package){ 0 };
	if (set_package(&grown[count], root, control, f) < 0)
		return -1;
	a->merge.sibling_count++;
	return 0;
}

int
amtree_journal(struct amtree *a, const char *file)
{
	char *name = copy(file, handle_begin(a));

	if (name == NULL)
		return -1;
	free(a->journal);
	a->journal = name;
	a->merge.journal = name;
	return 0;
}

int
amtree_set(struct amtree *a, enum amtree_setting what, int64_t value)
{
	static const struct {
		int64_t min, max;
	} limits[] = {
		[AMTREE_EPOCH] = { -1, MERGE_EPOCH_MAX },
		[AMTREE_THREADS] = { 0, THREADS_MAX },
		[AMTREE_LEVEL] = { 0, DEFLATE_LEVEL_MAX },
		[AMTREE_GZIP] = { 0, 1 },
		[AMTREE_CHECKSUMS] = { 0, 1 },
	};
	struct fault *f = handle_begin(a);

	if (what < AMTREE_EPOCH || what > AMTREE_CHECKSUMS)
		return fault_set(f, FAULT_USAGE, "no setting %d", (int)what);
	if (value < limits[what].min || value > limits[what].max)
		return fault_set(f, FAULT_USAGE,
		    "setting %d is from %lld to %lld, not %lld", (int)what,
		    (long long)limits[what].min, (long long)limits[what].max,
		    (long long)value);
	switch (what) {
	case AMTREE_EPOCH:
		a->merge.has_epoch = value >= 0;
		a->merge.epoch = value;
		break;
	case AMTREE_THREADS:
		a->build.threads = (unsigned)value;
		break;
	case AMTREE_LEVEL:
		a->build.level = (int)value;
		break;
	case AMTREE_GZIP:
		a->build.format = value == 1 ? BUILD_TAR_GZ : BUILD_TAR;
		break;
	case AMTREE_CHECKSUMS:
		a->build.pack.checksum = value == 1 ? PACK_SHA1 : PACK_NONE;
		break;
	}
	return 0;
}

void
amtree_listen(
    struct amtree *a, void (*say)(void *arg, const char *text), void *arg)
{
	a->notice = (struct notice){ .say = say, .arg = arg };
}
