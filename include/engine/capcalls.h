/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * capcalls - the answers to calls about extended attributes
 *
 * Only root may set security.capability, so that one is recorded and shown from
 * the records.  ACLs do not get to change a mode that is recorded, or one that
 * its owner needs.  All other attributes are the file system's.  Each function
 * answers the call of a scene; -1 on a fault of our own.
 */
#ifndef ENGINE_CAPCALLS_H
#define ENGINE_CAPCALLS_H

struct scene;

int capcalls_get(struct scene *s);
int capcalls_list(struct scene *s);
int capcalls_set(struct scene *s);
int capcalls_remove(struct scene *s);

#endif
