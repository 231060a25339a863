/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry - one file as a package has it
 *
 * The common coin of all floors above: a walk over a tree fills entries in from
 * the disk, overrides change them, the manifest writer and the packer read
 * them.  Strings are borrowed, mostly from the arena of their tree.
 */
#ifndef FORMAT_ENTRY_H
#define FORMAT_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum entry_type {
	ENTRY_FILE,
	ENTRY_DIR,
	ENTRY_LINK, /* symbolic */
	ENTRY_CHAR,
	ENTRY_BLOCK,
	ENTRY_FIFO,
};

enum {
	ENTRY_SETID = 06000,
	ENTRY_MODE_MASK = 07777,
	ENTRY_MAJOR_MAX = 0xfff, /* dev_t as Linux file systems store it */
	ENTRY_MINOR_MAX = 0xfffff,
};

/* The attribute that holds a file's capabilities. */
#define ENTRY_CAPS_XATTR "security.capability"

/* One extended attribute; the value is bytes. */
struct xattr {
	const struct xattr *next;
	const char *name;
	const void *value;
	size_t len;
};

struct entry {
	const char *path; /* canonical, see base/path.h */
	const char *link; /* target of a symbolic link, else NULL */
	const char *uname, *gname; /* NULL: the owner is a bare number */
	const struct xattr *xattrs; /* sorted by name */
	const char *digest; /* SHA-256 of the contents in hex, where asked */
	int64_t mtime; /* seconds since the Epoch */
	uint64_t size; /* bytes; regular files only */
	uint64_t dev, ino; /* what hard links share; 0, 0 if not on disk */
	uint32_t mtime_nsec;
	uint32_t uid, gid; /* beside a name: see owner_number() */
	uint32_t nlink;
	uint32_t major, minor; /* of a device */
	uint16_t mode; /* 07777 bits */
	uint8_t type; /* enum entry_type */
	bool is_changed : 1; /* something differs from the default */
	bool is_caps_set : 1; /* by an override, so that it must be said */
	bool is_created : 1; /* declared, with no object on disk */
	bool is_placeholder : 1; /* a device, but an empty file on disk */
};

/* The word that mtree(5) has for a type: "file", "dir", "link", ... */
const char *entry_type_name(enum entry_type type);

/* The type that mtree(5) calls so; false if it is none of ours. */
bool entry_type_parse(enum entry_type *type, const char *s, size_t len);

/* The mode of an object that is made: mkdir(1)'s, mknod(1)'s under umask 022. */
uint16_t entry_first_mode(enum entry_type type);

/* The value of security.capability, or NULL. */
const struct xattr *entry_caps(const struct entry *e);

/* True if running or entering this file lends its owner's or group's power. */
bool entry_is_privileged(const struct entry *e);

/* For qsort(3): bytewise by path, which puts parents before children. */
int entry_compare(const void *a, const void *b);

#endif
