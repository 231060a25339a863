/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * io - reading and writing all of it, and opening without leaving the root
 *
 * Names are left to the caller: a fault from here says what failed, and the
 * caller wraps it with the file it was.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stddef.h>

struct buf;
struct fault;

/* Write all `len` bytes, going on after short writes and signals. */
int io_write(int fd, const void *bytes, size_t len, struct fault *f);

/*
 * Read until `len` bytes are there or the file ends; `*got` says how many.
 * A signal that asks us to stop (base/stop.h) is a fault.
 */
int io_read(int fd, void *bytes, size_t len, size_t *got, struct fault *f);

/*
 * Append all that there is to read; but stop, with more than `max` bytes in the
 * buffer, soon after there are so many.
 */
int io_read_all(int fd, struct buf *b, size_t max, struct fault *f);

/*
 * Close what has nothing to lose: a socket, memory, or a file that was only read.
 * It is -1 then, and may be before.
 */
void io_drop(int *fd);

/*
 * Open canonical `path` below `rootfd` as openat(2) does with `flags`, but
 * through no symbolic link at all: neither on the way nor at its end, where
 * O_PATH alone may open the link itself.  Returns a descriptor, or -1 and errno
 * (ELOOP where a link was met, ENOTDIR where the by-hand way met one).
 */
int io_open_beneath(int rootfd, const char *path, int flags);

#endif
