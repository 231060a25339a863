/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * environment - the variables that a recorded command gets from amtree-run(1)
 *
 * Sets them in this process.  All functions return -1 and a fault.
 */
#ifndef CMD_ENVIRONMENT_H
#define CMD_ENVIRONMENT_H

struct fault;

/*
 * A fault if fakeroot is at work: it would answer our own calls, and the
 * command's before the kernel sees them.
 */
int environment_check(struct fault *f);

/* Say that there is no need for fakeroot, and where the journal is. */
int environment_set(const char *journal, struct fault *f);

/* Put the stand-ins for tar and pigz in front of PATH. */
int environment_set_stand_ins(struct fault *f);

#endif
