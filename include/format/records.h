/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * records - the pax records of an entry that libarchive does not write for us
 *
 * or not as apk reads them: attributes, times before the Epoch, and the checksum
 * that apk wants of each regular file and each symbolic link.
 */
#ifndef FORMAT_RECORDS_H
#define FORMAT_RECORDS_H

#include <stdbool.h>

struct buf;
struct entry;
struct fault;

/* What to put on record. */
struct records_options {
	const char *sha1; /* in hex; NULL: no checksum */
	bool is_hard_link; /* the contents stand in another entry */
	bool has_time; /* also a time that the header can hold */
};

/* Append to `records` what belongs to the entry, see format/pax.h. */
int records_add(struct buf *records, const struct entry *e,
    const struct records_options *o, struct fault *f);

#endif
