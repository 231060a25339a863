/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pax - extended header records, and slipping them into a finished header
 *
 * libarchive writes pax headers but has no door for records of our own, such
 * as APK-TOOLS.checksum.SHA1.  So we let it format the header, catch the bytes
 * before any file data follows, and splice our records in:
 *
 *	catch header -> pax_add(&records, ...) -> pax_splice(&out, header, ...)
 *
 * The extended header ('x') that comes out is our own: its fields are the same
 * for all entries but for size and checksum, because what a header says twice
 * the archive pays for.  pax(1) leaves its name to the writer.
 *
 * Pure functions over memory: no I/O, no libarchive.
 */
#ifndef FORMAT_PAX_H
#define FORMAT_PAX_H

#include <stddef.h>

struct buf;
struct fault;

/*
 * Append one "<length> <key>=<value>\n" record to `records`.  The length counts
 * itself, as pax(1) demands.  `value` may hold any bytes.
 */
int pax_add(struct buf *records, const char *key, const void *value, size_t len,
    struct fault *f);

/*
 * Append to `out` the complete entry header of `len` bytes at `header`, so that
 * it also carries `records`, behind those it had.  Some of those go away:
 * "hdrcharset", which libarchive writes for names of raw bytes, of which GNU tar
 * warns, and beside which apk knows no other; and "SCHILY.devmajor" and
 * "SCHILY.devminor", whose numbers stand in the ustar header as well.  With no
 * records left there is no extended header.
 *
 * Fails with FAULT_INPUT, and `out` in no defined state, if the header is not an
 * optional extended header and a ustar header, in whole blocks, or its records
 * are not well formed.
 */
int pax_splice(struct buf *out, const char *header, size_t len,
    const struct buf *records, struct fault *f);

#endif
