/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * source - the contents of a file, which must not change while they are read
 *
 * A small file is read into memory at once.  Of a large one the digest comes
 * first, then the contents a second time, piece by piece; both times they must
 * be the same.
 *
 *	struct source s = SOURCE_INIT;
 *	if (source_open(&s, rootfd, entry, bytes, f) < 0 ||
 *	    source_measure(&s, digest, f) < 0)
 *		...
 *	while ((r = source_next(&s, &piece, &len, f)) > 0)
 *		write(piece, len);
 *	source_close(&s);
 */
#ifndef ENGINE_SOURCE_H
#define ENGINE_SOURCE_H

#include "format/digest.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct entry;
struct fault;

enum {
	SOURCE_PIECE = 512 * 1024, /* what is no larger is read once */
	SOURCE_ROOM = SOURCE_PIECE + 1, /* one byte more shows growth */
};

/* A file being read; the fields are its own. */
struct source {
	int fd;
	struct stat st; /* as it was when it was opened */
	char *bytes; /* borrowed; SOURCE_ROOM of them */
	uint64_t left; /* of this time through */
	size_t held; /* bytes of a small file that wait to be taken */
	struct digest *digest; /* borrowed; NULL: nothing to compare with */
	char hex[DIGEST_HEX_MAX]; /* of the first time */
};

/* clang-format off */
#define SOURCE_INIT { .fd = -1 }
/* clang-format on */

/*
 * Open the regular file of an entry, which must be what it was when the entry
 * was made.  `bytes` has SOURCE_ROOM bytes and is used until source_close().
 */
int source_open(struct source *s, int rootfd, const struct entry *e,
    char *bytes, struct fault *f);
void source_close(struct source *s);

/*
 * Go through the contents for their digest, which is in s->hex then.  With no
 * digest a small file is still read, a large one not.  FAULT_INPUT if the file
 * changes meanwhile.
 */
int source_measure(struct source *s, struct digest *digest, struct fault *f);

/*
 * The next piece of the contents, after source_measure(): 1; 0 behind the last;
 * -1 on a fault, such as contents that are not those that were measured.
 */
int source_next(
    struct source *s, const char **piece, size_t *len, struct fault *f);

#endif
