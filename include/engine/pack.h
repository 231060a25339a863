/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pack - a package's entries as one tar stream that apk installs
 *
 * Writes pax(1) through libarchive, with what apk asks for: no "./", parents
 * first, a hard link spelt as its target's entry, SCHILY.xattr records, names of
 * raw bytes whatever the locale, and a checksum record for each regular file and
 * each symbolic link, which apk calls APK-TOOLS.checksum.SHA1.  Sparse files are
 * written in full: apk does not know GNU's sparse records.
 *
 * A small file is read once.  A large one is read twice, for its checksum goes
 * before its contents, and must be the same both times.  Memory does not grow
 * with the size of files.
 */
#ifndef ENGINE_PACK_H
#define ENGINE_PACK_H

#include <stddef.h>
#include <stdint.h>

struct fault;
struct notice;
struct sink;
struct tree;

enum pack_checksum {
	PACK_SHA1,
	PACK_NONE, /* for abuild-tar --hash, which adds them itself */
};

/* How far the work is. */
struct pack_progress {
	size_t entries_done, entries;
	uint64_t bytes_done, bytes; /* of file contents */
	const char *path; /* of the entry that begins */
};

struct pack_options {
	enum pack_checksum checksum;
	const struct notice *notice; /* may be NULL */
	/* Called before each entry; may be NULL. */
	void (*progress)(void *arg, const struct pack_progress *p);
	void *progress_arg;
};

/*
 * Write all entries of a merged tree (engine/merge.h), whose root is open, and
 * the end of the archive.
 *
 * Faults: a file that vanished, or is another or has another size, since the tree
 * was read; one that changes in any way while it is read; what apk could not
 * read, such as a file of 8 GiB; what the sink says.
 */
int pack_write(struct sink *out, const struct tree *t,
    const struct pack_options *o, struct fault *f);

#endif
