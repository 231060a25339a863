/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * record - what programs did to the ownership of files
 *
 * A pure state machine: events go in, what the caller of a system call is to see
 * comes out.  Nothing here asks the kernel for anything, so that all of it can be
 * tried without seccomp.
 *
 *	struct record_set set = { .user = getuid(), .group = getgid() };
 *	record_chown(&set, &facts, 100, (uint32_t)-1, &change, f);
 *	...
 *	record_show(&set, &facts);	... facts.uid is 100 now
 *
 * The rules are those of fakeroot(1), on which recipes lean, not those of root:
 * chown keeps set-id bits and capabilities, rewriting a file keeps them too, and
 * they end with the file.  A file of the builder's own that has no record is
 * root's, and to give a file to the builder is to give it to root.  Where root
 * itself builds, the groups of such files are what they are on disk.
 */
#ifndef ENGINE_RECORD_H
#define ENGINE_RECORD_H

#include "format/identity.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;

enum {
	RECORD_KEEP =
	    0xffffffff, /* the half of chown(2) that changes nothing */
	RECORD_CAPS_MAX = 24, /* bytes of security.capability, revision 3 */
	RECORD_YOUNG = 20, /* milliseconds; longer than a tick of any kernel */
};

/* What is going to happen: a look at the record, or something to be recorded. */
enum record_use { RECORD_LOOK, RECORD_CHANGE };

enum record_bit {
	RECORD_UID = 1 << 0,
	RECORD_GID = 1 << 1,
	RECORD_MODE = 1 << 2,
	RECORD_DEVICE = 1 << 3,
	RECORD_CAPS = 1 << 4, /* set, or said to be none */
};

enum { RECORD_PARTS = 5 }; /* as many bits */

/* A file as the kernel describes it; record_show() makes it what callers see. */
struct facts {
	struct identity id;
	int64_t now; /* when that was; nanoseconds since the Epoch */
	uint64_t token; /* tells files of one birth apart; 0: not asked for */
	uint32_t uid, gid;
	uint32_t mode; /* type and permissions, as in st_mode */
	uint32_t major, minor; /* of a device */
};

struct record {
	struct identity id;
	uint64_t token;
	uint32_t uid, gid;
	uint32_t major, minor;
	uint16_t mode; /* permissions; with RECORD_DEVICE the type as well */
	uint8_t has; /* set of enum record_bit */
	uint8_t caps_len; /* 0: none */
	unsigned char caps[RECORD_CAPS_MAX];
	uint32_t deeds[RECORD_PARTS]; /* whose each bit is; 0: nobody's */
	bool is_young; /* another file may yet have the same identity */
};

/* Give user and group; zero all else. */
struct record_set {
	uint32_t user; /* the builder, whose own files are root's */
	uint32_t group; /* the builder's */
	struct record *items; /* owned */
	size_t count, cap;
	uint32_t *slots; /* owned; a hash table of 1 + index; 0: free */
	size_t slot_count; /* a power of two */
	size_t caps_count; /* records that have, or had, RECORD_CAPS */
	size_t mode_count; /* and RECORD_MODE */
	unsigned changed; /* the bits that the last event has changed */
};

void record_release(struct record_set *set);

/*
 * True if the token of the file is needed to know it.  While a file is so young
 * that another could be born in the same tick of the clock with the same number,
 * a record is made with it, and found by it.
 */
bool record_wants_token(const struct record_set *set, const struct facts *facts,
    enum record_use use);

/*
 * The record of a file, or NULL.  One that belongs to an earlier file with the
 * same number is no longer of use and goes into *gone, if that is not NULL, for
 * the journal.
 */
const struct record *record_find(
    struct record_set *set, const struct facts *facts, struct record *gone);

/* Make `facts` what the file is said to be; true if it says something else. */
bool record_show(const struct record_set *set, const struct record *record,
    struct facts *facts);

/*
 * Each of these takes an event and says in *record which record is now other
 * than it was, NULL if none is.  What has changed is nobody's until it is signed.
 *
 * A new owner; RECORD_KEEP for a half that stays.
 */
int record_chown(struct record_set *set, const struct facts *facts,
    uint32_t uid, uint32_t gid, const struct record **record, struct fault *f);

/*
 * The mode that a file shall have on disk when it is given `mode`: its owner
 * keeps what root would have anyway, u+rw of a file and u+rwx of a directory.
 */
uint32_t record_real_mode(uint32_t type, uint32_t mode);

/* A new mode, where the one on disk is now `real`. */
int record_chmod(struct record_set *set, const struct facts *facts,
    uint32_t mode, uint32_t real, const struct record **record,
    struct fault *f);

/* A placeholder that was just made stands for a device; `mode` has its type. */
int record_device(struct record_set *set, const struct facts *facts,
    uint32_t mode, uint32_t major, uint32_t minor, const struct record **record,
    struct fault *f);

/* New capabilities, or none if `len` is 0. */
int record_caps(struct record_set *set, const struct facts *facts,
    const void *caps, size_t len, const struct record **record,
    struct fault *f);

/* Say whose deed (engine/ledger.h) these bits of a record are. */
void record_sign(struct record_set *set, const struct record *record,
    unsigned bits, uint32_t deed);

#endif
