/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tar - the headers of a tar stream, read as they come
 *
 * Any number of bytes go in; out come entries and, if somebody wants them, their
 * contents:
 *
 *	struct tar t = { .visitor = { .entry = see_entry, .arg = me } };
 *	tar_put(&t, bytes, len, f), again and again
 *	tar_finish(&t, f);
 *	tar_release(&t);
 *
 * It reads ustar and pax (pax(1)) and what GNU tar and old writers do instead,
 * and says of each entry in which way apk would take it otherwise: that is what
 * libarchive, which reads more, keeps to itself.  Pax records that count are
 * path, linkpath, size, uid, gid, uname, gname, mtime and SCHILY.xattr.*; those
 * of a global header do not, nor do GNU's sparse records.
 *
 * Nothing in the bytes can make it use more memory than 24 MiB: two buffers of
 * TAR_RECORDS_MAX twice over for GNU's names, a third for the records, and what
 * format/xheader makes of these.
 */
#ifndef FORMAT_TAR_H
#define FORMAT_TAR_H

#include "base/arena.h"
#include "base/buf.h"
#include "format/entry.h"

#include <stdbool.h>

struct fault;

enum {
	TAR_BLOCK = 512,
	TAR_RECORDS_MAX = 1024 * 1024, /* of one header or name */
};

/* How apk would take an entry otherwise; bits. */
enum {
	TAR_ODD_NUMBER = 1 << 0, /* base 256, or not digits: a format error */
	TAR_IGNORED = 1 << 1, /* a pax record other than the header's field */
	TAR_NAMELESS = 1 << 2, /* a header with no name: the end, for apk */
	TAR_NO_USTAR = 1 << 3, /* no "ustar" in the header: a format error */
	TAR_UNKNOWN_TYPE = 1 << 4, /* passed over */
	TAR_LONG_LINK = 1 << 5, /* GNU's long target: cut to 100 bytes */
	TAR_BAD_RECORD =
	    1 << 6, /* a pax record that is none; so we ignore it */
	TAR_SPARSE =
	    1 << 7, /* GNU's sparse records, which are not understood */
	TAR_BEHIND_END = 1 << 8, /* the first behind two blocks of zeros */
};

/* All that is borrowed is for the call only. */
struct tar_entry {
	struct entry entry; /* its path is the name as it stands, any bytes */
	const char *target; /* of a hard link, else NULL */
	uint64_t size; /* bytes that follow the header, whatever the type */
	uint64_t uid, gid; /* as they stand; the entry may have less room */
	bool has_checksum; /* APK-TOOLS.checksum.SHA1 or another of apk's */
	bool is_other; /* of a type that is none of ours */
	unsigned flaws; /* TAR_* */
};

struct tar_visitor {
	/* An entry; -1 with a fault ends the reading. */
	int (*entry)(void *arg, const struct tar_entry *e, struct fault *f);
	/* Contents of the entry that came last; may be NULL. */
	int (*contents)(
	    void *arg, const void *bytes, size_t len, struct fault *f);
	void *arg;
};

/* Only `visitor` is the caller's; the rest begins as zeros. */
struct tar {
	struct tar_visitor visitor;
	unsigned char block[TAR_BLOCK];
	size_t filled; /* bytes of `block` */
	uint64_t contents; /* bytes to hand out */
	uint64_t skip; /* and then to pass over, for padding */
	struct buf *body; /* where the contents go instead */
	struct buf records, name, link; /* for the entry to come */
	unsigned flaws; /* for the entry to come */
	struct arena arena; /* of the entry under way */
	unsigned zeros; /* blocks of zeros, one behind the other */
	bool is_behind_end; /* the next entry will be */
	uint64_t at; /* bytes read */
};

/* A number of an entry, or the greatest that it has room for. */
uint32_t tar_narrow(uint64_t n);

/*
 * Read on.  FAULT_INPUT, and nothing more can be read, for what is no tar: a
 * wrong checksum, a header over TAR_RECORDS_MAX.  What stands behind the end of
 * an archive is read like the rest.
 */
int tar_put(struct tar *t, const void *bytes, size_t len, struct fault *f);

/* FAULT_INPUT if the bytes end in the middle of something. */
int tar_finish(const struct tar *t, struct fault *f);

/* True if the last that was read were the two blocks of zeros. */
bool tar_has_ended(const struct tar *t);

void tar_release(struct tar *t);

#endif
