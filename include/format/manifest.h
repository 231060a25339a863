/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * manifest - entries written as the lines of an mtree(5) file
 *
 * What we write, every reader must read (libarchive; NetBSD mtree with
 * KEYWORD_DOTTED): one line a path, full names, no /set, modes in octal, devices
 * as native,MAJOR,MINOR, times with nine digits.  Capabilities, for which
 * mtree(5) has no keyword, stand in a comment line in front (format/note.h has
 * its grammar).
 */
#ifndef FORMAT_MANIFEST_H
#define FORMAT_MANIFEST_H

#include "format/keyword.h"

struct buf;
struct fault;

/* The first line of a file of ours. */
#define MANIFEST_SIGNATURE "#mtree v2.0\n"

/*
 * The line that NetBSD's mtree(8) wants before all others.  It takes nothing but
 * names that begin with "./" then (KEYWORD_DOTTED).  libarchive would make it an
 * entry of an archive, which a package does not have.
 */
#define MANIFEST_ROOT ". type=dir\n"

/*
 * Append the entry as one line, stating `keywords` in a fixed order: gname gid
 * uname uid mode type device link size time optional.  A number stands for an
 * owner without a name, and with KEYWORD_IDS beside a name too.  Keywords that
 * the type does not have (the size of a directory) are left out; without
 * KEYWORD_TYPE the type is not known, and a device number is stated.  A name
 * without a slash becomes "./NAME", any name with KEYWORD_DOTTED.  FAULT_INPUT
 * if no reader would take so long a line.
 */
int manifest_add_entry(
    struct buf *b, const struct entry *e, unsigned keywords, struct fault *f);

/*
 * Append the "#amtree" comment for the entry that follows: the keywords that it
 * binds, unless there are none, for all, KEYWORD_CREATE and KEYWORD_RECORDED; its
 * capabilities, unless `caps` is NULL.
 */
int manifest_add_note(
    struct buf *b, unsigned binds, const char *caps, struct fault *f);

/*
 * Append the comment for a recorded entry that binds just these of the keywords of
 * `s`, with its capabilities and its deeds, as far as they are among them.
 */
int manifest_add_record(
    struct buf *b, const struct spec *s, unsigned binds, struct fault *f);

/* Append the names of bindable keywords, `lead` before the first if there is any. */
int manifest_add_keywords(
    struct buf *b, const char *lead, unsigned keywords, struct fault *f);

/* Append a value of a comment, encoded as names are, but for "=". */
int manifest_add_value(struct buf *b, const char *value, struct fault *f);

/*
 * Append capabilities as text, in hex where a text does not say all of them
 * (format/note.h), NOTE_NO_CAPS for none (NULL).  FAULT_INPUT for a value that no
 * file can have.
 */
int manifest_add_caps(struct buf *b, const struct xattr *caps, struct fault *f);

/* Append `lead`, "caps=" for instance, and the same as a value of a comment. */
int manifest_add_caps_word(
    struct buf *b, const char *lead, const struct xattr *caps, struct fault *f);

#endif
