/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * objects - what was read, for programs: JSON, one object a line
 *
 * All begin with the members
 *
 *	file, package, version, arch	(null where it is not known)
 *
 * and go on with those of an entry (format/json.h), or with
 *
 *	finding, broken, path, detail	(its kind, true or false, or null)
 *	finding, broken, more	(how many more there are than are kept)
 *	denied, value, path, entries	(a charge: its kind, an account, a device,
 *			capabilities or null)
 *	line, variable, value	(of a recipe; null if it cannot be known)
 *	line, call, text	(of a recipe: what is called, and the line)
 *
 * Those of entries come in pieces, as in engine/report.h.
 */
#ifndef ENGINE_OBJECTS_H
#define ENGINE_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>

struct apk;
struct aport;
struct buf;
struct fault;
struct findings;
struct ruling;

/* What objects are of. */
struct objects_subject {
	const char *file;
	const struct apk_info *info;
};

int objects_add_entries(struct buf *text, const struct objects_subject *s,
    const struct apk *a, size_t *next, struct fault *f);

int objects_add_ruling(struct buf *text, const struct objects_subject *s,
    const struct ruling *v, size_t *next, struct fault *f);

int objects_add_recipe(struct buf *text, const struct objects_subject *s,
    const struct aport *a, struct fault *f);

/* With `is_brief` only those of a file that is broken. */
int objects_add_findings(struct buf *text, const struct objects_subject *s,
    const struct findings *fs, bool is_brief, struct fault *f);

#endif
