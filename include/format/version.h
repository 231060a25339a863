/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * version - which of two versions of a package is newer, as apk has it
 *
 * A version (pkgver and pkgrel in .PKGINFO) is
 *
 *	digits{.digits}[letter]{_suffix[digits]}[~hash][-rdigits]
 *
 * and a suffix is one of these, the oldest first: alpha, beta, pre, rc, which come
 * before the version without one; cvs, svn, git, hg, p, which come behind it.
 *
 *	version_compare("1.0_rc1-r0", "1.0-r3")		less than 0
 *	version_compare("1.9", "1.10")			less than 0
 *	version_compare("1.09", "1.1")			less than 0
 *
 * Two versions are compared part by part, and the first parts that differ decide:
 *
 * - Numbers go by their value, whatever their length; but if one of two behind a
 *   dot begins with 0, both are fractions and go bytewise.
 * - Letters and hashes go bytewise, suffixes as above.
 * - Of parts of different kinds the oldest is alpha, beta, pre or rc; then come the
 *   end of a version, -r, the hash, a suffix's number, another suffix, a letter, and
 *   a further number behind a dot.
 *
 * What is no version is compared as far as it is one.  The rest of it, which counts
 * as older than an end, goes bytewise.
 */
#ifndef FORMAT_VERSION_H
#define FORMAT_VERSION_H

/*
 * Less than 0 if `a` is older than `b`, more than 0 if it is newer.  0 only for the
 * same bytes: of two that apk holds for the same ("1" and "01") bytes decide.  So
 * any strings at all are in one order.
 */
int version_compare(const char *a, const char *b);

#endif
