/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookcalls - the answers to calls that only ask
 *
 * What a file is, who the caller is, which accounts there are: what the kernel
 * says, with what is recorded laid over it.  Each function answers the call of a
 * scene; -1 on a fault of our own.
 */
#ifndef ENGINE_LOOKCALLS_H
#define ENGINE_LOOKCALLS_H

struct scene;

int lookcalls_stat(struct scene *s);
int lookcalls_ids(struct scene *s);
int lookcalls_open(struct scene *s);

#endif
