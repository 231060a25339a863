/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * filecalls - the answers to calls that change or make a file
 *
 * What only root could do is recorded; what is left to do on disk is done here,
 * by us, in the caller's place.  Each function answers the call of a scene; -1 on
 * a fault of our own.
 */
#ifndef ENGINE_FILECALLS_H
#define ENGINE_FILECALLS_H

struct scene;

int filecalls_chown(struct scene *s);
int filecalls_chmod(struct scene *s);
int filecalls_mknod(struct scene *s);
int filecalls_mkdir(struct scene *s);

#endif
