/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/operand.h"

#include "base/fault.h"

#include <stdlib.h>
#include <string.h>

void
operand_release(struct operand *o)
{
	sources_release(&o->sources);
	siblings_release(&o->siblings);
	catalog_release(&o->catalog);
	free(o->root);
	*o = (struct operand){ 0 };
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

/* 1 if the name is that of two directories. */
static int
split(struct operand *o, const char *name, struct fault *f)
{
	char *equals;

	o->root = strdup(name);
	if (o->root == NULL)
		return fault_sys(f, "cannot copy '%s'", name);
	equals = sources_find_equals(o->root);
	if (equals == NULL)
		return 0;
	*equals = '\0';
	return set_tree(o, o->root, equals + 1, f) < 0 ? -1 : 1;
}

static int
set_repository(struct operand *o, struct fault *f)
{
	const struct catalog *c = &o->catalog;

	o->kind = OPERAND_REPOSITORY;
	if (catalog_add(&o->catalog, o->name, f) < 0)
		return -1;
	/* all of the other would be extra, which says nothing */
	if (c->count == 1 && c->files[0].why != NULL &&
	    strcmp(c->files[0].name, o->name) == 0)
		return fault_set(f, FAULT_INPUT,
		    "cannot read directory '%s': %s", o->name, c->files[0].why);
	if (c->count > 0)
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
	if (!sources_is_directory(name)) {
		r = split(o, name, f);
		return r < 0 ? -1 : 0;
	}
	control = place_control_of(name, f);
	if (control == NULL)
		return -1;
	if (sources_is_directory(control)) {
		o->sources.control = control;
		return set_tree(o, name, control, f);
	}
	free(control);
	return set_repository(o, f);
}
