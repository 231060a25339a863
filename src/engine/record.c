/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/record.h"

#include "base/fault.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FIRST_SLOTS = 1024, PERMISSIONS = 07777, SETID = S_ISUID | S_ISGID };

static const int64_t nanoseconds = 1000000000;
static const int64_t young = (int64_t)RECORD_YOUNG * 1000000;

void
record_release(struct record_set *set)
{
	free(set->items);
	free(set->slots);
	*set = (struct record_set){ .user = set->user, .group = set->group };
}

/* Numbers of inodes come one after the other: spread them. */
static size_t
hash(uint64_t dev, uint64_t ino)
{
	uint64_t h = (ino ^ dev << 40) * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(h >> 32);
}

/* The slot that has the file with that number, or would have it. */
static uint32_t *
find_slot(const struct record_set *set, uint64_t dev, uint64_t ino)
{
	const size_t mask = set->slot_count - 1;
	size_t i = hash(dev, ino) & mask;

	for (;; i = (i + 1) & mask) {
		const struct record *r;

		if (set->slots[i] == 0)
			return &set->slots[i];
		r = &set->items[set->slots[i] - 1];
		if (r->id.ino == ino && r->id.dev == dev)
			return &set->slots[i];
	}
}

static int
grow(struct record_set *set, struct fault *f)
{
	const size_t old_count = set->items != NULL ? set->slot_count : 0;
	const size_t count = old_count > 0 ? old_count * 2 : FIRST_SLOTS;
	uint32_t *const old = set->slots;
	struct record *items = NULL;
	uint32_t *slots = NULL;

	if (count <= UINT32_MAX / 2)
		items = realloc(set->items, count / 2 * sizeof(*items));
	if (items != NULL) {
		set->items = items;
		slots = calloc(count, sizeof(*slots));
	}
	if (slots == NULL) {
		fault_sys(f, "cannot allocate %zu records", count / 2);
		return -1;
	}
	set->slots = slots;
	set->slot_count = count;
	set->cap = count / 2; /* not before there are slots for as many */
	for (size_t i = 0; i < old_count; i++) {
		const struct identity *id;

		if (old[i] == 0)
			continue;
		id = &items[old[i] - 1].id;
		*find_slot(set, id->dev, id->ino) = old[i];
	}
	free(old);
	return 0;
}

/* The record of whatever file has that number, or had it. */
static struct record *
find_number(const struct record_set *set, const struct identity *id)
{
	const uint32_t slot =
	    set->count > 0 ? *find_slot(set, id->dev, id->ino) : 0;

	return slot == 0 ? NULL : &set->items[slot - 1];
}

static bool
is_young(const struct facts *facts)
{
	const struct identity *id = &facts->id;
	const int64_t now = facts->now / nanoseconds;

	/* unknown, or in the future, of a clock that was put back */
	if (id->birth == 0)
		return true;
	if (id->birth < now - 1 || id->birth > now)
		return id->birth > now;
	return facts->now - (id->birth * nanoseconds + id->birth_nsec) < young;
}

bool
record_wants_token(const struct record_set *set, const struct facts *facts,
    enum record_use use)
{
	const struct record *r = find_number(set, &facts->id);

	if (r != NULL && r->is_young && identity_is_same(&r->id, &facts->id))
		return true;
	return use == RECORD_CHANGE && is_young(facts);
}

const struct record *
record_find(
    struct record_set *set, const struct facts *facts, struct record *gone)
{
	struct record *r = find_number(set, &facts->id);

	if (gone != NULL)
		gone->has = 0;
	if (r == NULL || r->has == 0)
		return NULL;
	if (identity_is_same(&r->id, &facts->id) &&
	    (!r->is_young || r->token == facts->token)) {
		r->is_young = r->is_young && is_young(facts);
		return r;
	}
	if (gone != NULL)
		*gone = *r;
	r->has = 0;
	return NULL;
}

bool
record_show(const struct record_set *set, const struct record *record,
    struct facts *facts)
{
	const struct facts was = *facts;
	const bool is_own = facts->uid == set->user && set->user != 0;
	const unsigned has = record != NULL ? record->has : 0;

	if (is_own)
		facts->uid = facts->gid = 0;
	if ((has & RECORD_UID) != 0)
		facts->uid = record->uid;
	if ((has & RECORD_GID) != 0)
		facts->gid = record->gid;
	if ((has & RECORD_MODE) != 0)
		facts->mode = (facts->mode & ~(uint32_t)PERMISSIONS) |
		    (record->mode & PERMISSIONS);
	if ((has & RECORD_DEVICE) != 0) {
		facts->mode = (facts->mode & PERMISSIONS) |
		    (record->mode & ~(uint32_t)PERMISSIONS);
		facts->major = record->major;
		facts->minor = record->minor;
	}
	return was.uid != facts->uid || was.gid != facts->gid ||
	    was.mode != facts->mode;
}

/* The record of the file, made if there is none. */
static struct record *
get(struct record_set *set, const struct facts *facts, struct fault *f)
{
	struct record *r = find_number(set, &facts->id);

	if (r != NULL && record_find(set, facts, NULL) == r)
		return r;
	if (r == NULL) {
		if ((set->items == NULL || set->count == set->cap) &&
		    grow(set, f) < 0)
			return NULL;
		r = &set->items[set->count];
		*find_slot(set, facts->id.dev, facts->id.ino) =
		    (uint32_t)++set->count;
	}
	*r = (struct record){
		.id = facts->id,
		.token = facts->token,
		.is_young = facts->token != 0,
	};
	return r;
}

/* The bit has another value now, or one at all. */
static void
mark(struct record_set *set, struct record *r, enum record_bit bit)
{
	r->has |= (uint8_t)bit;
	set->changed |= (unsigned)bit;
	record_sign(set, r, (unsigned)bit, 0);
}

static void
set_number(struct record_set *set, struct record *r, enum record_bit bit,
    uint32_t *field, uint32_t value)
{
	if (value == RECORD_KEEP || ((r->has & bit) != 0 && *field == value))
		return;
	*field = value;
	mark(set, r, bit);
}

/* Keeps the type that a device's record has beside its permissions. */
static void
set_mode(struct record_set *set, struct record *r, uint32_t permissions)
{
	const uint32_t type = r->mode & ~(uint32_t)PERMISSIONS;

	if ((r->has & RECORD_MODE) != 0 && r->mode == (type | permissions))
		return;
	if ((r->has & RECORD_MODE) == 0)
		set->mode_count++;
	r->mode = (uint16_t)(type | permissions);
	mark(set, r, RECORD_MODE);
}

static bool
is_default(const struct record_set *set, const struct facts *facts,
    uint32_t uid, uint32_t gid)
{
	const bool is_root_group = set->user != 0 || facts->gid == 0;

	return facts->uid == set->user && (uid == 0 || uid == RECORD_KEEP) &&
	    (gid == RECORD_KEEP || (gid == 0 && is_root_group));
}

int
record_chown(struct record_set *set, const struct facts *facts, uint32_t uid,
    uint32_t gid, const struct record **record, struct fault *f)
{
	struct record *r;

	*record = NULL;
	set->changed = 0;
	if (uid == set->user && gid == set->group)
		gid = 0;
	if (uid == set->user)
		uid = 0;
	if (is_default(set, facts, uid, gid) &&
	    record_find(set, facts, NULL) == NULL)
		return 0;
	r = get(set, facts, f);
	if (r == NULL)
		return -1;
	set_number(set, r, RECORD_UID, &r->uid, uid);
	set_number(set, r, RECORD_GID, &r->gid, gid);
	/* what the file lends its owner survives a rewriting from now on */
	if ((facts->mode & SETID) != 0 && S_ISREG(facts->mode) &&
	    (r->has & RECORD_MODE) == 0)
		set_mode(set, r, facts->mode & PERMISSIONS);
	*record = set->changed != 0 ? r : NULL;
	return 0;
}

uint32_t
record_real_mode(uint32_t type, uint32_t mode)
{
	return (mode & PERMISSIONS) |
	    (uint32_t)(S_ISDIR(type) ? S_IRWXU : S_IRUSR | S_IWUSR);
}

int
record_chmod(struct record_set *set, const struct facts *facts, uint32_t mode,
    uint32_t real, const struct record **record, struct fault *f)
{
	const bool is_lending = (mode & SETID) != 0 && S_ISREG(facts->mode);
	const struct record *known = record_find(set, facts, NULL);
	struct record *r;

	*record = NULL;
	set->changed = 0;
	mode &= PERMISSIONS;
	/* the disk says it, unless an older record denies it */
	if ((real & PERMISSIONS) == mode && !is_lending &&
	    (known == NULL || (known->has & RECORD_MODE) == 0))
		return 0;
	r = get(set, facts, f);
	if (r == NULL)
		return -1;
	set_mode(set, r, mode);
	*record = set->changed != 0 ? r : NULL;
	return 0;
}

int
record_device(struct record_set *set, const struct facts *facts, uint32_t mode,
    uint32_t major, uint32_t minor, const struct record **record,
    struct fault *f)
{
	struct record *r;

	*record = NULL;
	set->changed = 0;
	r = get(set, facts, f);
	if (r == NULL)
		return -1;
	set_mode(set, r, mode & PERMISSIONS);
	r->mode = (uint16_t)mode;
	r->major = major;
	r->minor = minor;
	mark(set, r, RECORD_DEVICE);
	*record = r;
	return 0;
}

int
record_caps(struct record_set *set, const struct facts *facts, const void *caps,
    size_t len, const struct record **record, struct fault *f)
{
	struct record *r;

	*record = NULL;
	set->changed = 0;
	if (len > RECORD_CAPS_MAX)
		return fault_set(
		    f, FAULT_INPUT, "capabilities of %zu bytes", len);
	r = get(set, facts, f);
	if (r == NULL)
		return -1;
	if ((r->has & RECORD_CAPS) != 0 && r->caps_len == len &&
	    (len == 0 || memcmp(r->caps, caps, len) == 0))
		return 0;
	if (len > 0)
		memcpy(r->caps, caps, len);
	r->caps_len = (uint8_t)len;
	if ((r->has & RECORD_CAPS) == 0)
		set->caps_count++;
	mark(set, r, RECORD_CAPS);
	*record = r;
	return 0;
}

void
record_sign(struct record_set *set, const struct record *record, unsigned bits,
    uint32_t deed)
{
	struct record *r = &set->items[record - set->items];

	for (int i = 0; i < RECORD_PARTS; i++) {
		if ((bits & 1u << i) != 0)
			r->deeds[i] = deed;
	}
}
