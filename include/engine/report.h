/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report - what was read, as text for people
 *
 * One line for each entry that is not plain root:root (engine/census.h), in
 * columns, no column with a blank in it:
 *
 *	FILE USER GROUP MODE TYPE PATH [caps=CAPS] [device=MAJOR,MINOR]
 *
 * where names are encoded as in mtree(5) (format/vis.h), and a number stands for
 * an owner without a name.  For programs there is engine/objects.
 *
 * A hostile package can have more to say than memory holds, so texts of its
 * entries come in pieces:
 *
 *	size_t next = 0;
 *	while ((r = report_add_entries(&text, &apk, file, &next, f)) > 0)
 *		write it, buf_reset(&text);
 */
#ifndef ENGINE_REPORT_H
#define ENGINE_REPORT_H

#include <stdbool.h>
#include <stddef.h>

struct apk;
struct aport;
struct buf;
struct fault;
struct findings;
struct ruling;
struct xattr;

enum { REPORT_PIECE = 1024 * 1024 }; /* about so large is a piece */

/*
 * Append the lines of the entries from number `*next` on.  1 if there are more,
 * which begin at the new `*next`, 0 if not.
 */
int report_add_entries(struct buf *text, const struct apk *a, const char *file,
    size_t *next, struct fault *f);

/*
 * Append the charges, likewise, as the lines of a policy that would allow them
 * (format/policy.h), behind the file and a blank; without if `file` is NULL.
 * Behind the line of an account "# PATH" names its first entry, and "and N more"
 * says how many there are.
 */
int report_add_ruling(struct buf *text, const struct ruling *v,
    const char *file, size_t *next, struct fault *f);

/* Append "FILE:LINE: TEXT" for what a recipe assigns and calls. */
int report_add_recipe(
    struct buf *text, const struct aport *a, const char *file, struct fault *f);

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
int report_add_findings(struct buf *text, const struct findings *fs,
    const char *file, bool is_brief, struct fault *f);

/* Append capabilities as text, or in hex also where no file can have them. */
int report_add_caps(struct buf *b, const struct xattr *caps, struct fault *f);

#endif
