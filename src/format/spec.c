/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/spec.h"

#include "base/arena.h"
#include "base/fault.h"
#include "format/keyword.h"

#include <string.h>

static bool
is_device_type(unsigned type)
{
	return type == ENTRY_CHAR || type == ENTRY_BLOCK;
}

void
spec_set_recorded(struct spec *s)
{
	const unsigned device = KEYWORD_TYPE | KEYWORD_DEVICE;

	s->recorded = s->binds;
	s->has |= KEYWORD_RECORDED;
	if ((s->binds & device) == device && is_device_type(s->entry.type))
		s->has |= KEYWORD_PLACEHOLDER;
}

void
spec_fold(struct spec *under, const struct spec *over)
{
	struct entry *u = &under->entry;
	const struct entry *o = &over->entry;

	if ((over->binds & KEYWORD_TYPE) != 0)
		u->type = o->type;
	if ((over->binds & KEYWORD_MODE) != 0)
		u->mode = o->mode;
	if ((over->binds & KEYWORD_USER) != 0) {
		u->uname = o->uname;
		u->uid = o->uid;
	}
	if ((over->binds & KEYWORD_GROUP) != 0) {
		u->gname = o->gname;
		u->gid = o->gid;
	}
	if ((over->binds & KEYWORD_LINK) != 0)
		u->link = o->link;
	if ((over->binds & KEYWORD_DEVICE) != 0) {
		u->major = o->major;
		u->minor = o->minor;
	}
	if ((over->binds & KEYWORD_TIME) != 0) {
		u->mtime = o->mtime;
		u->mtime_nsec = o->mtime_nsec;
	}
	if ((over->binds & KEYWORD_CAPS) != 0)
		under->caps = over->caps;
	if ((over->has & KEYWORD_SIZE) != 0)
		u->size = o->size;
	under->has |= over->binds |
	    (over->has &
		(KEYWORD_OPTIONAL | KEYWORD_SIZE | KEYWORD_CREATE |
		    KEYWORD_PLACEHOLDER));
	under->binds |= over->binds;
	under->recorded = (under->recorded & ~over->binds) | over->recorded;
	under->line = over->line;
	under->by = NULL;
}

static bool
is_same_name(const char *a, uint32_t a_id, const char *b, uint32_t b_id)
{
	if (a == NULL || b == NULL)
		return a == b && a_id == b_id;
	return strcmp(a, b) == 0;
}

static bool
is_same_caps(const struct xattr *a, const struct xattr *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->len == b->len && memcmp(a->value, b->value, a->len) == 0;
}

static unsigned
differences(const struct entry *a, const struct entry *b)
{
	unsigned bits = 0;

	if (a->type != b->type)
		bits |= KEYWORD_TYPE;
	if (a->mode != b->mode)
		bits |= KEYWORD_MODE;
	if (!is_same_name(a->uname, a->uid, b->uname, b->uid))
		bits |= KEYWORD_USER;
	if (!is_same_name(a->gname, a->gid, b->gname, b->gid))
		bits |= KEYWORD_GROUP;
	if (a->link != b->link &&
	    (a->link == NULL || b->link == NULL ||
		strcmp(a->link, b->link) != 0))
		bits |= KEYWORD_LINK;
	if (a->major != b->major || a->minor != b->minor)
		bits |= KEYWORD_DEVICE;
	if (a->mtime != b->mtime || a->mtime_nsec != b->mtime_nsec)
		bits |= KEYWORD_TIME;
	return bits;
}

unsigned
spec_difference(const struct entry *a, const struct entry *b)
{
	unsigned bits = differences(a, b);

	if (!is_same_caps(entry_caps(a), entry_caps(b)))
		bits |= KEYWORD_CAPS;
	return bits;
}

unsigned
spec_conflict(const struct spec *a, const struct spec *b)
{
	unsigned bits = differences(&a->entry, &b->entry);

	if (!is_same_caps(a->caps, b->caps))
		bits |= KEYWORD_CAPS;
	bits &= a->binds & b->binds;
	return bits & -bits;
}

bool
spec_creates(const struct spec *s)
{
	/* what was recorded was there: it has been removed since */
	return (s->binds & ~s->recorded & KEYWORD_TYPE) != 0 &&
	    s->entry.type != ENTRY_FILE;
}

bool
spec_insists(const struct spec *s)
{
	return (s->has & KEYWORD_CREATE) != 0 && spec_creates(s);
}

bool
spec_is_device(const struct spec *s, const struct entry *e)
{
	const unsigned device = KEYWORD_TYPE | KEYWORD_DEVICE;

	return (s->has & KEYWORD_PLACEHOLDER) != 0 &&
	    (s->binds & device) == device && is_device_type(s->entry.type) &&
	    (e->type == s->entry.type ||
		(e->type == ENTRY_FILE && e->size == 0));
}

static int
check(const struct entry *e, const struct spec *s, struct fault *f)
{
	const enum entry_type type = (enum entry_type)e->type;

	if ((s->binds & KEYWORD_TYPE) != 0 && s->entry.type != e->type)
		return fault_set(f, FAULT_INPUT,
		    "is declared as type=%s, but it is a %s",
		    entry_type_name((enum entry_type)s->entry.type),
		    entry_type_name(type));
	if ((s->binds & KEYWORD_LINK) != 0 && type != ENTRY_LINK)
		return fault_set(f, FAULT_INPUT,
		    "has a link target, but it is a %s", entry_type_name(type));
	if ((s->binds & KEYWORD_DEVICE) != 0 && !is_device_type(e->type))
		return fault_set(f, FAULT_INPUT,
		    "has a device number, but it is a %s",
		    entry_type_name(type));
	if ((s->binds & KEYWORD_CAPS) != 0 && s->caps != NULL &&
	    type != ENTRY_FILE)
		return fault_set(f, FAULT_INPUT,
		    "has capabilities, but it is a %s", entry_type_name(type));
	return 0;
}

/* The attributes of `e` with `caps`, if any, in place of its capabilities. */
static int
replace_caps(struct entry *e, const struct xattr *caps, struct arena *arena,
    struct fault *f)
{
	const struct xattr *old = e->xattrs, *list = NULL;
	const struct xattr **end = &list;

	for (bool is_placed = caps == NULL; old != NULL || !is_placed;) {
		const bool is_next = !is_placed &&
		    (old == NULL || strcmp(old->name, caps->name) >= 0);
		const struct xattr *from = is_next ? caps : old;
		struct xattr *x;

		if (!is_next)
			old = old->next;
		else
			is_placed = true;
		if (!is_next && strcmp(from->name, ENTRY_CAPS_XATTR) == 0)
			continue;
		x = arena_alloc(arena, sizeof(*x), f);
		if (x == NULL)
			return -1;
		*x = *from;
		x->next = NULL;
		*end = x;
		end = (const struct xattr **)&x->next;
	}
	e->xattrs = list;
	return 0;
}

int
spec_apply(
    struct entry *e, const struct spec *s, struct arena *arena, struct fault *f)
{
	struct spec laid = { .entry = *e }, over = *s;

	if (spec_is_device(s, e)) {
		laid.entry.type = s->entry.type;
		laid.entry.is_placeholder = laid.entry.is_changed = true;
	}
	/* of a file whose type is another now, which is no fault of anybody */
	if (laid.entry.type != ENTRY_FILE)
		over.binds &= ~(s->recorded & KEYWORD_CAPS);
	if (!is_device_type(laid.entry.type))
		over.binds &= ~(s->recorded & KEYWORD_DEVICE);
	if (check(&laid.entry, &over, f) < 0)
		return -1;
	spec_fold(&laid, &over);
	laid.entry.size = e->size;
	if (laid.entry.type == ENTRY_LINK)
		laid.entry.mode = 0777; /* a symlink has no mode of its own */
	if (differences(e, &laid.entry) != 0)
		laid.entry.is_changed = true;
	if ((over.binds & KEYWORD_CAPS) != 0 &&
	    !is_same_caps(entry_caps(e), over.caps)) {
		if (replace_caps(&laid.entry, over.caps, arena, f) < 0)
			return -1;
		laid.entry.is_changed = true;
		laid.entry.is_caps_set = true;
	}
	*e = laid.entry;
	return 0;
}
