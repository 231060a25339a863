/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scribe - writes down in the journal what is recorded
 *
 * The journal (format/journal.h) is a file in memory that goes with the process,
 * however that ends.  Its name leads other processes to it as long as it lives.
 *
 * It does not grow for ever where files are changed again and again: when most of
 * its lines are out of date, a new file that has just the current ones takes over
 * the name.  Who has the old one open reads on in what was true when he opened it.
 */
#ifndef ENGINE_SCRIBE_H
#define ENGINE_SCRIBE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;
struct ledger;
struct record;
struct record_set;
struct roster;

enum {
	SCRIBE_WAITING_MAX = 4096,
	SCRIBE_STALE_MAX = 65536, /* lines that may be out of date, at least */
};

/* What is written down; borrowed. */
struct scribe_sources {
	const struct roster *roster; /* has the names of ids */
	const struct record_set *records;
	const struct ledger *deeds; /* of which the records have numbers */
};

struct scribe {
	int fd; /* of the journal; -1: not open */
	char name[40];
	struct scribe_sources from;
	uint64_t size; /* of the journal, as we have written it */
	size_t line_count; /* about files, in the journal */
	size_t deed_count; /* that the journal tells of */
	/* Records that are not in the journal yet, and lines that are not. */
	uint32_t waiting[SCRIBE_WAITING_MAX];
	size_t waiting_count;
	struct buf lines;
};

/* clang-format off */
#define SCRIBE_INIT { .fd = -1 }
/* clang-format on */

int scribe_open(
    struct scribe *s, const struct scribe_sources *from, struct fault *f);
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

/*
 * A fault if the journal is shorter or longer than it was written: its user's
 * other processes can do that, and what was cut off would be lost unseen.
 */
int scribe_check(const struct scribe *s, struct fault *f);

/*
 * Write all that is true now into a new file, which gets the old one's name: a
 * journal that is whole, even if writing the old one has failed in the middle.
 */
int scribe_renew(struct scribe *s, struct fault *f);

#endif
