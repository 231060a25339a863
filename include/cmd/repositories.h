/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * repositories - two directories of packages, compared name by name
 *
 * In two passes: what each package is called, of which no more than the control
 * archive is read, then each pair.  So there is only what the threads have at hand
 * in memory, and one line for each name.
 */
#ifndef CMD_REPOSITORIES_H
#define CMD_REPOSITORIES_H

struct catalog;
struct fault;
struct matchup_options;
struct tally;

/*
 * Compare the files of two catalogs.  What there is to say comes in the order of
 * the names, before it that of files that have none, whatever the number of
 * threads.
 */
int repositories_compare(struct tally *t, const struct catalog *a,
    const struct catalog *b, const struct matchup_options *o, unsigned threads,
    struct fault *f);

#endif
