/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * figures - a census (engine/census.h) as text
 */
#ifndef ENGINE_FIGURES_H
#define ENGINE_FIGURES_H

struct buf;
struct census;
struct fault;

/*
 * Append the figures, one a line, the number first: those of packages, unless
 * only recipes were read, those of recipes, if there were any, then the accounts
 * and the findings.
 */
int figures_add_text(struct buf *text, const struct census *c, struct fault *f);

/*
 * Append the figures as one object: packages, broken, entries, special, user,
 * group, both, setid, caps, device, number; recipes (an object: read, broken,
 * pkgusers, pkggroups, both, chown, install, setcap, amtree, any, undeclared);
 * users, groups, uids, gids (objects: account to packages); more_accounts;
 * findings (an object: kind to files).
 */
int figures_add_json(struct buf *text, const struct census *c, struct fault *f);

#endif
