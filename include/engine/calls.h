/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls - the system calls that matter to a recorder
 *
 * One table for all who need it: the filter, which stops these calls and lets
 * all others pass, and engine/trap, which answers them.  A row says what the
 * call does and where among its arguments its operand stands, so that the many
 * spellings of one thing (chown, lchown, fchown, fchownat) are one piece of code.
 *
 * A call is known by its name; numbers differ from one ABI to the next and come
 * from libseccomp (engine/filter).
 */
#ifndef ENGINE_CALLS_H
#define ENGINE_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum call_kind {
	CALL_CHOWN,
	CALL_CHMOD,
	CALL_MKNOD, /* of a device */
	CALL_MKDIR,
	CALL_STAT, /* struct stat of the ABI; on 32 bits, one that we refuse */
	CALL_STAT64, /* struct stat64 of a 32-bit ABI */
	CALL_STATX,
	CALL_GETXATTR,
	CALL_LISTXATTR,
	CALL_SETXATTR,
	CALL_REMOVEXATTR,
	CALL_OPEN, /* for reading: it may be passwd or group */
	CALL_IDS, /* writes ids where its three arguments point */
	CALL_HANDLER, /* of SIGCHLD: it may interrupt other calls */
	CALL_ROOT, /* may give a process another idea of where "/" is */
	CALL_ID, /* says 0, by the filter alone */
};

enum { CALL_NONE = -1 }; /* no such argument */

struct call {
	const char *name;
	uint16_t
	    number; /* on all ABIs, for calls newer than libseccomp; or 0 */
	uint8_t kind; /* enum call_kind */
	int8_t dirfd; /* which argument is the directory or file */
	int8_t path; /* which is the path; CALL_NONE: the file itself */
	int8_t flags; /* which holds AT_* flags */
	int8_t value; /* the first of those that belong to the kind */
	bool is_nofollow; /* has no flags, but does not follow a link */
	bool is_at; /* attributes come in a struct xattr_args */
	bool has_short_ids; /* 16 bits, in ABIs that have such */
};

/*
 * O_LARGEFILE as the kernel has it.  On 64 bits glibc says that it is 0; musl
 * passes it with each open(2).
 */
#if defined(__aarch64__) || defined(__arm__)
enum { CALLS_LARGEFILE = 0400000 };
#elif defined(__powerpc__)
enum { CALLS_LARGEFILE = 0200000 };
#elif defined(__mips__)
enum { CALLS_LARGEFILE = 0x2000 };
#else
enum { CALLS_LARGEFILE = 0100000 };
#endif

/* Numbers above this are younger than this table, see engine/filter. */
enum { CALLS_LAST_NUMBER = 470 };

extern const struct call calls_table[];
extern const size_t calls_count;

#endif
