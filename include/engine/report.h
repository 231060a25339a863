/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report - what was read of a package, as text
 *
 * For people: one line for each entry that is not plain root:root
 * (engine/census.h), in columns, no column with a blank in it:
 *
 *	FILE USER GROUP MODE TYPE PATH [caps=CAPS] [device=MAJOR,MINOR]
 *
 * where names are encoded as in mtree(5) (format/vis.h), and a number stands for
 * an owner without a name.  For programs: one JSON object a line, with members
 *
 *	file, package, version, arch	(null where .PKGINFO does not say)
 *	then those of format/json.h, or those of a finding:
 *	finding (its kind), broken (true or false), path, detail (or null)
 *	or, where there are more than are kept: finding, broken, more (how many)
 */
#ifndef ENGINE_REPORT_H
#define ENGINE_REPORT_H

#include <stdbool.h>

struct apk;
struct buf;
struct census;
struct fault;

/* Append the lines for people, in the order of the package. */
int report_add_entries(
    struct buf *text, const struct apk *a, const char *file, struct fault *f);

/* Append the objects: those of the entries, then those of the findings. */
int report_add_json(
    struct buf *text, const struct apk *a, const char *file, struct fault *f);

/*
 * Append the amtree lines that its recipe would need, behind a comment with its
 * name; nothing if there are none.  Sorts the tree.
 */
int report_add_suggest(
    struct buf *text, struct apk *a, const char *file, struct fault *f);

/*
 * Append the findings as messages, each with a NUL behind it; with `is_brief` only
 * those of a file that is broken.  The bytes of names are as they are.
 */
int report_add_findings(struct buf *text, const struct apk *a, const char *file,
    bool is_brief, struct fault *f);

/* Append the figures, one a line, the number first. */
int report_add_census(
    struct buf *text, const struct census *c, struct fault *f);

/*
 * Append the figures as one object: packages, broken, entries, special, user,
 * group, both, setid, caps, device, number; users, groups, uids, gids (objects:
 * account to packages); findings (kind to packages).
 */
int report_add_census_json(
    struct buf *text, const struct census *c, struct fault *f);

#endif
