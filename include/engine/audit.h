/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit - what apk would make of a package's entries, before it is tried
 *
 * apk skips some entries without a word, refuses others, and reads owners in its
 * own way.  audit_entry() judges one by itself, audit_order() all of them by what
 * comes before what.
 */
#ifndef ENGINE_AUDIT_H
#define ENGINE_AUDIT_H

#include <stdbool.h>

struct entry;
struct fault;
struct findings;
struct tar_entry;
struct tree;

/*
 * Add what there is to say of an entry of the data.  Its path is canonical, or
 * `name`, the name that the archive has, has no canonical spelling.
 */
int audit_entry(struct findings *fs, const struct tar_entry *e,
    const char *name, bool is_package, struct fault *f);

/* The same of an entry in the control archive. */
int audit_control(
    struct findings *fs, const struct tar_entry *e, struct fault *f);

/*
 * Add what there is to say of the order of the entries; `targets` has that of
 * the hard link for each entry, else NULL.  Takes n log n, and says it in the
 * order of the paths.
 */
int audit_order(struct findings *fs, const struct tree *t,
    const char *const *targets, struct fault *f);

#endif
