/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inventory - all entries of a merged tree, written out
 *
 * One text for a whole package, in its order, as mtree(5) (format/manifest.h) or as
 * JSON (format/json.h), in pieces, so that memory does not grow with it.
 *
 *	inventory_write(&out.sink, &tree, &(struct inventory_options){ 0 }, f);
 */
#ifndef ENGINE_INVENTORY_H
#define ENGINE_INVENTORY_H

#include <stdbool.h>

struct fault;
struct sink;
struct tree;

enum inventory_style {
	INVENTORY_MTREE,
	INVENTORY_JSON, /* one object a line */
	INVENTORY_NETBSD, /* mtree(5) as NetBSD's mtree(8) wants it spelt */
};

struct inventory_options {
	enum inventory_style style;
	bool is_changed_only; /* leave out what is as by default */
};

int inventory_write(struct sink *out, const struct tree *t,
    const struct inventory_options *o, struct fault *f);

#endif
