/* SPDX-License-Identifier: BSD-2-Clause */
/* identify - which file it is that a descriptor or a name leads to */
#ifndef ENGINE_IDENTIFY_H
#define ENGINE_IDENTIFY_H

#include <stdint.h>

struct fault;
struct identity;

/* Of what `fd`, O_PATH or not, names. */
int identify_fd(struct identity *id, int fd, struct fault *f);

/*
 * What the file system itself tells its files apart by, one generation of an
 * inode number from the next, made one number; 0 where there is no such thing.
 * `flags` are those of name_to_handle_at(2).
 */
uint64_t identify_token(int dirfd, const char *path, int flags);

/*
 * Where a file system keeps no time of birth, let such a number, less than 0,
 * stand for it.
 */
void identify_unborn(
    struct identity *id, int dirfd, const char *path, int flags);

#endif
