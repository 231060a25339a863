/* SPDX-License-Identifier: BSD-2-Clause */
/* identify - which file it is that a descriptor or a name leads to */
#ifndef ENGINE_IDENTIFY_H
#define ENGINE_IDENTIFY_H

struct fault;
struct identity;

/* Of what `fd`, O_PATH or not, names. */
int identify_fd(struct identity *id, int fd, struct fault *f);

#endif
