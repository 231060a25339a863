/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listing - a merge that takes the entries of a file which says all of them
 *
 * In place of a walk and of overrides: what amtree-merge(1) wrote.
 */
#ifndef ENGINE_LISTING_H
#define ENGINE_LISTING_H

struct fault;
struct work;

/*
 * Fill the tree with what the manifest of the merge lists, and claim for each
 * entry what its line says.  A file has to be there, with the size that is stated,
 * or be created by its line.
 */
int listing_load(struct work *w, struct fault *f);

#endif
