/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/operand.h"

#include "base/fault.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void
operand_release(struct operand *o)
{
	sources_release(&o->sources);
	siblings_release(&o->siblings);
	catalog_release(&o->catalog);
	free(o->root);
	*o = (struct operand){ 0 };
}

static bool
is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The tree, and what of the build is beside it. */
static int
set_tree(
    struct operand *o, const char *root, const char *control, struct fault *f)
{
	o->kind = OPERAND_TREE;
	if (sources_set(&o->sources, SOURCES_ROOT, root, f) < 0 ||
	    sources_set(&o->sources, SOURCES_CONTROL, control, f) < 0 ||
	    sources_settle(&o->sources, f) < 0)
		return -1;
	o->merge = o->sources.merge;
	if (siblings_find(&o->siblings, &o->merge.package, f) < 0)
		return -1;
	o->merge.siblings = o->siblings.items;
	o->merge.sibling_count = o->siblings.count;
	return 0;
}

/* 1 if the name is that of two directories, at any of its "=". */
static int
split(struct operand *o, const char *name, struct fault *f)
{
	o->root = strdup(name);
	if (o->root == NULL)
		return fault_sys(f, "cannot copy '%s'", name);
	for (char *s = o->root; (s = strchr(s, '=')) != NULL; s++) {
		*s = '\0';
		if (is_directory(o->root) && is_directory(s + 1))
			return set_tree(o, o->root, s + 1, f) < 0 ? -1 : 1;
		*s = '=';
	}
	return 0;
}

static int
set_repository(struct operand *o, struct fault *f)
{
	o->kind = OPERAND_REPOSITORY;
	if (catalog_add(&o->catalog, o->name, f) < 0)
		return -1;
	if (o->catalog.count > 0)
		return 0;
	return fault_set(f, FAULT_INPUT,
	    "'%s' is neither a package's tree, with its control directory "
	    "beside it, nor has it packages below it",
	    o->name);
}

int
operand_find(struct operand *o, const char *name, struct fault *f)
{
	char *control;
	int r;

	*o = (struct operand){ .name = name };
	if (!is_directory(name)) {
		r = split(o, name, f);
		return r < 0 ? -1 : 0;
	}
	control = place_control_of(name, f);
	if (control == NULL)
		return -1;
	if (is_directory(control)) {
		o->sources.control = control;
		return set_tree(o, name, control, f);
	}
	free(control);
	return set_repository(o, f);
}
