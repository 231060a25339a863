/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * apk - what a package file says of the files in it
 *
 * Reads an .apk of version 2 (gzip members for the signature, the control files
 * and the data, end to end, see apk-package(5)), a tar or a tar.gz:
 *
 *	struct apk a = APK_INIT;
 *	if (apk_load(&a, "foo-1-r0.apk", f) < 0) ...
 *	... a.tree.entries, a.findings
 *	apk_release(&a);
 *
 * The tree has the entries of the data in the order that they have there, with
 * names, numbers, attributes and, for a hard link, nlink 2; paths are canonical
 * (base/path.h), but for those of the kind FINDINGS_ODD_NAME, which stand as they
 * are.  Contents are passed over, but for .PKGINFO.  Where `has_contents` is set
 * before, each regular file has its digest, all names of one file have the same
 * number (engine/cargo.h), and `control` has the other files of the control
 * archive: scripts, mostly.  Where `is_control_only` is set, nothing behind the
 * control archive is read, nor what is no package; it is then no finding that
 * there is, or is not, more.
 *
 * Whatever the bytes are is no fault but a finding, and what was read before it
 * counts.  Faults are lack of memory and being asked to stop.
 *
 * A file is taken for a package if its first entry has a name that only a
 * package begins with, .SIGN.* or .PKGINFO.  The rest is an archive: all of it is
 * data, and nothing is missing but what apk needs of an entry.
 *
 * Hostile files cost no more than `struct apk_limits` allow: in memory APK_LIMITS
 * are less than 1 GiB, whatever the bytes are; a package of 10,000 files takes
 * about 4 MiB.
 */
#ifndef ENGINE_APK_H
#define ENGINE_APK_H

#include "engine/cargo.h"
#include "engine/findings.h"
#include "engine/tree.h"
#include "format/pkginfo.h"
#include "format/tar.h"

#include <stdbool.h>
#include <stdint.h>

struct digest;
struct fault;
struct gunzip;

/* Beyond any of these a file is not read on: FINDINGS_TOO_LARGE. */
struct apk_limits {
	uint64_t entries;
	uint64_t
	    memory; /* bytes that entries take, names, attributes and all */
	uint64_t unpacked; /* bytes of the whole */
	uint64_t bomb; /* of the whole, where it is APK_RATIO times the file */
	uint64_t control; /* of all before the data */
};

enum {
	APK_RATIO = 200,
	APK_VALUE_MAX = 1024, /* bytes of what apk_info has */
};

/* clang-format off */
#define APK_LIMITS { \
	.entries = 1000000, \
	.memory = UINT64_C(512) << 20, \
	.unpacked = UINT64_C(256) << 30, \
	.bomb = UINT64_C(1) << 30, \
	.control = UINT64_C(16) << 20, \
}
/* clang-format on */

enum apk_form {
	APK_UNKNOWN, /* too little was read */
	APK_TAR,
	APK_GZIP,
	APK_NONE, /* no archive at all, or one that is not read */
};

enum apk_part { APK_SIGNATURE, APK_CONTROL, APK_DATA };

/* What .PKGINFO says; NULL where it does not. */
struct apk_info {
	const char *pkgname, *pkgver, *arch, *origin, *datahash;
};

struct apk {
	struct apk_limits limits;
	bool has_contents, is_control_only; /* the caller's wishes */
	struct tree tree;
	struct tree control; /* only with contents */
	struct pkginfo pkginfo; /* all lines */
	struct findings findings;
	struct apk_info info;
	bool is_package;
	uint64_t packed, unpacked; /* bytes read, and what they unpack to */

	/* its own */
	enum apk_form form;
	enum apk_part part;
	struct gunzip *gunzip;
	struct digest *digest; /* of the data's members */
	struct digest *contents; /* of the file under way */
	struct tar tar;
	struct buf pkginfo_text;
	struct cargo cargo, control_cargo;
	struct tree *measured; /* whose last entry's contents are under way */
	uint64_t entries, members; /* read until now */
	uint64_t member_entries, member_unpacked; /* of the member under way */
	bool has_pkginfo, is_in_pkginfo;
	bool has_data; /* a member of the data has ended */
	bool is_tar_bad; /* go on for the digest alone */
	bool is_over; /* do not go on */
};

/* clang-format off */
#define APK_INIT { .limits = APK_LIMITS, .tree = TREE_INIT, .control = TREE_INIT }
/* clang-format on */

/*
 * Read a file; one that cannot be opened is a finding too.  "-" is standard input,
 * which can be read once.
 */
int apk_load(struct apk *a, const char *file, struct fault *f);

/*
 * The same of bytes that come one after the other: the first time 512 at least
 * if there are so many.
 */
int apk_put(struct apk *a, const void *bytes, size_t len, struct fault *f);
int apk_finish(struct apk *a, struct fault *f);

void apk_release(struct apk *a);

#endif
