/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scribe - writes down in the journal what is recorded
 *
 * The journal (format/journal.h) is a file in memory that goes with the process,
 * however that ends.  Its name leads other processes to it as long as it lives.
 */
#ifndef ENGINE_SCRIBE_H
#define ENGINE_SCRIBE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;
struct record;
struct record_set;
struct roster;

enum { SCRIBE_WAITING_MAX = 4096 };

struct scribe {
	int fd; /* of the journal; -1: not open */
	char name[40];
	const struct roster *roster; /* borrowed; has the names of ids */
	const struct record_set *records; /* borrowed */
	/* Records that are not in the journal yet, and lines that are not. */
	uint32_t waiting[SCRIBE_WAITING_MAX];
	size_t waiting_count;
	struct buf lines;
};

/* clang-format off */
#define SCRIBE_INIT { .fd = -1 }
/* clang-format on */

int scribe_open(struct scribe *s, const struct roster *roster,
    const struct record_set *records, struct fault *f);
void scribe_close(struct scribe *s);

/*
 * Take note of a record.  It may wait, for `chown -R` makes thousands one after
 * the other: scribe_flush() is to be called before anybody can read the journal.
 */
int scribe_note(struct scribe *s, const struct record *r, struct fault *f);

/* True if something waits. */
bool scribe_is_behind(const struct scribe *s);

/* Bring the journal up to date. */
int scribe_flush(struct scribe *s, struct fault *f);

#endif
