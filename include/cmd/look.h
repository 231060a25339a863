/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * look - what amtree shows of the overrides of a package
 *
 * Each prints on standard output and returns the status of the program, or -1 with
 * a fault.
 */
#ifndef CMD_LOOK_H
#define CMD_LOOK_H

struct fault;
struct place;

/* --list: what is in force at the place and below it, a line for each path. */
int look_list(const struct place *p, struct fault *f);

/* --why: where all that the file at the place has comes from. */
int look_why(const struct place *p, struct fault *f);

/* --check: what is wrong with the overrides of the package. */
int look_check(const struct place *p, struct fault *f);

#endif
