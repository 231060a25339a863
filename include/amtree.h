/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * amtree.h - libamtree: a package's files as they will be, and its archive
 *
 * What amtree-merge(1) and amtree-build(1) do, for other programs: read the
 * overrides of a package (amtree(5)), lay them over its tree in which everything is
 * root:root, look at the result, write it as mtree(5), pack it.
 *
 *	struct amtree *a = amtree_new();
 *	const struct amtree_entry *e = NULL;
 *
 *	if (a == NULL || amtree_package(a, "pkg/foo", NULL) < 0 ||
 *	    amtree_merge(a) < 0 || amtree_build(a, "data.tar.gz", NULL) < 0)
 *		complain(amtree_error(a));
 *	while ((e = amtree_next(a, e)) != NULL)
 *		puts(amtree_entry_path(e));
 *	amtree_free(a);
 *
 * Functions that can fail return -1, or NULL, and amtree_error() then says why.  A
 * call that failed leaves the handle fit for the next.
 *
 * The library does not print, does not end the process, reads no environment
 * (SOURCE_DATE_EPOCH, AMTREE_JOURNAL: see below), leaves signals, umask, locale and
 * directory alone, and has no state but the handle.  A handle is for one thread at a
 * time; several handles may be used at once.  Writing to a closed pipe raises
 * SIGPIPE, unless the program ignores it.
 *
 * What is here stays: later versions add functions and constants, and neither take
 * them away nor change what they mean, or else the library gets another soname.
 * What cannot be seen here is nobody's.
 */
#ifndef AMTREE_H
#define AMTREE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct amtree; /* a package, and what was loaded of it */
struct amtree_entry; /* one of its files */

/* "0.1.0"; of the library, which may be newer than this header. */
const char *amtree_version(void);

/* NULL if there is no memory. */
struct amtree *amtree_new(void);
void amtree_free(struct amtree *a); /* may be NULL */

/*
 * Why the last call failed; "" if it did not.  One line without a newline at its end;
 * names of files in it are raw bytes.  The text is good until the next call.  A handle
 * that could not be made (NULL) says "out of memory".
 */
const char *amtree_error(const struct amtree *a);

/* Which package.  Strings are copied; nothing is opened yet. */

/*
 * The package's tree and its control directory.  NULL for the latter stands for
 * ".control.NAME" beside the root; "" for a package without overrides.
 */
int amtree_package(struct amtree *a, const char *root, const char *control);

/* Another package of the same build, where files may have been moved to. */
int amtree_sibling(struct amtree *a, const char *root, const char *control);

/* What amtree-run(1) has recorded so far: its $AMTREE_JOURNAL. */
int amtree_journal(struct amtree *a, const char *file);

enum amtree_setting {
	AMTREE_EPOCH =
	    1, /* the time of all entries, in seconds; -1, which is the
			   * default: each has its own */
	AMTREE_THREADS =
	    2, /* that compress, up to 64; 0, the default, is none */
	AMTREE_LEVEL = 3, /* of compression, 0 to 12; 7 is the default */
	AMTREE_GZIP = 4, /* 1, the default: tar.gz; 0: tar */
	AMTREE_CHECKSUMS =
	    5, /* 1, the default: apk's in each header; 0: none */
};

int amtree_set(struct amtree *a, enum amtree_setting what, int64_t value);

/*
 * Hear what amtree_merge() and amtree_build() do not take for an error, such as a
 * socket left out.  `say` is called with one line at a time, with `arg`, during these
 * calls, and may be NULL.
 */
void amtree_listen(
    struct amtree *a, void (*say)(void *arg, const char *text), void *arg);

/* Loading.  What was loaded before is gone, with all entries and strings. */

/*
 * The package's overrides, and nothing else: one entry a path, several lines on one
 * path folded into one.  The tree itself need not exist.  If another process holds the
 * lock on the file, this waits for it, up to a minute.
 */
int amtree_read(struct amtree *a);

/* All of the package, overrides laid over it, as it will be packed. */
int amtree_merge(struct amtree *a);

/*
 * The entry behind `e`, the first for NULL; NULL behind the last.  They are sorted
 * bytewise by path.
 */
const struct amtree_entry *amtree_next(
    const struct amtree *a, const struct amtree_entry *e);

/* What is known of a file.  Strings are good until the next loading. */

enum amtree_keyword {
	AMTREE_TYPE = 1 << 0,
	AMTREE_MODE = 1 << 1,
	AMTREE_USER = 1 << 2,
	AMTREE_GROUP = 1 << 3,
	AMTREE_LINK = 1 << 4,
	AMTREE_DEVICE = 1 << 5,
	AMTREE_TIME = 1 << 6,
	AMTREE_CAPS = 1 << 7,
	AMTREE_OPTIONAL = 1 << 8, /* no error if there is no such file */
};

/*
 * Of an entry of amtree_read(): what its override binds, as a set of enum
 * amtree_keyword.  All else that is asked of it means nothing, but for its path.
 * Of an entry of amtree_merge(): 0.
 */
unsigned amtree_entry_binds(const struct amtree_entry *e);

/* Those of them that amtree-run(1) has recorded and nobody has declared. */
unsigned amtree_entry_recorded(const struct amtree_entry *e);

/* 1 if an override or a recording makes it other than root:root with the mode and
 * type on disk, else 0. */
int amtree_entry_is_changed(const struct amtree_entry *e);

/* Relative to the root, without "./", in raw bytes. */
const char *amtree_entry_path(const struct amtree_entry *e);

/* "file", "dir", "link", "char", "block" or "fifo". */
const char *amtree_entry_type(const struct amtree_entry *e);

/* The twelve bits of 07777. */
unsigned amtree_entry_mode(const struct amtree_entry *e);

/* NULL if it is a number without a name. */
const char *amtree_entry_uname(const struct amtree_entry *e);
const char *amtree_entry_gname(const struct amtree_entry *e);

/* As in the archive, beside a name too. */
uint32_t amtree_entry_uid(const struct amtree_entry *e);
uint32_t amtree_entry_gid(const struct amtree_entry *e);

/* The target of a symbolic link, else NULL. */
const char *amtree_entry_link(const struct amtree_entry *e);

/* Bytes of a regular file, else 0. */
uint64_t amtree_entry_size(const struct amtree_entry *e);

/* Of a device, else 0. */
uint32_t amtree_entry_major(const struct amtree_entry *e);
uint32_t amtree_entry_minor(const struct amtree_entry *e);

/* Seconds since the Epoch, and the nanoseconds behind them. */
int64_t amtree_entry_mtime(const struct amtree_entry *e);
uint32_t amtree_entry_mtime_nsec(const struct amtree_entry *e);

/* The value of security.capability (capabilities(7)) and its length; NULL if the file
 * has none. */
const void *amtree_entry_caps(const struct amtree_entry *e, size_t *len);

/* What is made of a package that amtree_merge() has loaded. */

/*
 * `put` takes all `len` bytes and returns 0; whatever else it returns ends the call as
 * failed.
 */

enum amtree_listing {
	AMTREE_ALL = 0,
	AMTREE_CHANGED =
	    1, /* only the entries that amtree_entry_is_changed() */
};

/* Write the entries as mtree(5), as amtree-merge(1) does. */
int amtree_write(struct amtree *a, enum amtree_listing which,
    int (*put)(void *arg, const void *bytes, size_t len), void *arg);

enum { AMTREE_DATAHASH = 65 }; /* bytes of a SHA-256 in hex, and a NUL */

/*
 * Pack it into a file, which appears whole or not at all, and give `datahash`, unless
 * it is NULL, the SHA-256 of what was written.  A file that is no longer as it was
 * when it was loaded is an error.
 */
int amtree_build(
    struct amtree *a, const char *file, char datahash[AMTREE_DATAHASH]);

/* The same, into `put`. */
int amtree_stream(struct amtree *a,
    int (*put)(void *arg, const void *bytes, size_t len), void *arg,
    char datahash[AMTREE_DATAHASH]);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
