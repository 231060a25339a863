/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/entrydiff.h"

#include "base/fault.h"
#include "engine/difference.h"
#include "engine/wording.h"
#include "format/entry.h"

#include <inttypes.h>
#include <string.h>

enum {
	CAPS_LEN = 20, /* of revision 2 */
	CAPS_SETS = 4, /* where permitted and inheritable begin */
};

/* A pair, and where to say what differs. */
struct pair {
	const struct entry *a, *b; /* one may be NULL: not there */
	struct differences *ds;
};

static int
add(const struct pair *p, struct difference d, struct fault *f)
{
	d.path = p->b != NULL ? p->b->path : p->a->path;
	return difference_add(p->ds, &d, f);
}

/* With values that may have failed to be worded. */
static int
add_values(const struct pair *p, struct difference d, const char *before,
    const char *after, struct fault *f)
{
	if (before == NULL || after == NULL)
		return -1;
	d.before = before;
	d.after = after;
	return add(p, d, f);
}

static bool
differ(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a != b : strcmp(a, b) != 0;
}

/* One half of the ownership. */
struct owner {
	enum difference_kind kind;
	const char *field; /* of its number */
	const char *name; /* NULL: a number alone */
	uint32_t id;
	unsigned bit; /* with which a program lends it */
};

static struct owner
user_of(const struct entry *e)
{
	const bool is_root = e->uname == NULL && e->uid == 0;

	return (struct owner){ DIFFERENCE_OWNER, "uid",
		is_root ? "root" : e->uname, e->uid, 04000 };
}

static struct owner
group_of(const struct entry *e)
{
	const bool is_root = e->gname == NULL && e->gid == 0;

	return (struct owner){ DIFFERENCE_GROUP, "gid",
		is_root ? "root" : e->gname, e->gid, 02000 };
}

/* Who runs it gets the power of this owner. */
static bool
is_lent(const struct entry *e, const struct owner *o)
{
	return e->type == ENTRY_FILE && (e->mode & o->bit) != 0;
}

static int
compare_owner(const struct pair *p, const struct owner *a,
    const struct owner *b, struct fault *f)
{
	struct arena *arena = &p->ds->arena;
	const bool is_named = a->name != NULL && b->name != NULL;
	const bool is_same = is_named && strcmp(a->name, b->name) == 0;
	struct difference d = { .kind = a->kind };

	if (is_same || (a->name == NULL && b->name == NULL)) {
		if (a->id == b->id)
			return 0;
	}
	if (is_same) {
		d.kind = DIFFERENCE_NUMBER;
		d.field = a->field;
		/* an account that is missing where it is installed */
		if (is_lent(p->b, b) && b->id == 0)
			d.risk = DIFFERENCE_RISK_MAX;
		return add_values(p, d,
		    wording_print(arena, f, "%" PRIu32, a->id),
		    wording_print(arena, f, "%" PRIu32, b->id), f);
	}
	d.risk = is_lent(p->b, b) ? DIFFERENCE_RISK_MAX : 0;
	return add_values(p, d, wording_owner(arena, a->name, a->id, f),
	    wording_owner(arena, b->name, b->id, f), f);
}

static int
compare_owners(const struct pair *p, struct fault *f)
{
	const struct owner users[] = { user_of(p->a), user_of(p->b) };
	const struct owner groups[] = { group_of(p->a), group_of(p->b) };

	return compare_owner(p, &users[0], &users[1], f) < 0
	    ? -1
	    : compare_owner(p, &groups[0], &groups[1], f);
}

static int
add_modes(const struct pair *p, enum difference_kind kind, struct fault *f)
{
	struct arena *arena = &p->ds->arena;

	return add_values(p, (struct difference){ .kind = kind },
	    wording_print(arena, f, "%04o", p->a->mode),
	    wording_print(arena, f, "%04o", p->b->mode), f);
}

static int
compare_modes(const struct pair *p, struct fault *f)
{
	const unsigned a = p->a->mode, b = p->b->mode;
	int r = 0;

	if ((b & ~a & ENTRY_SETID) != 0)
		r = add_modes(p, DIFFERENCE_SETID, f);
	else if ((a & ~b & ENTRY_SETID) != 0)
		r = add_modes(p, DIFFERENCE_SETID_LOST, f);
	if (r == 0 && ((a ^ b) & ~(unsigned)ENTRY_SETID) != 0)
		r = add_modes(p, DIFFERENCE_MODE, f);
	return r;
}

/* All that `b` has, effective flag and all, `a` has too. */
static bool
is_within(const struct xattr *b, const struct xattr *a)
{
	const unsigned char *x = a->value, *y = b->value;

	if (a->len != CAPS_LEN || b->len != CAPS_LEN || (y[0] & ~x[0]) != 0 ||
	    memcmp(x + 1, y + 1, CAPS_SETS - 1) != 0)
		return false;
	for (int i = CAPS_SETS; i < CAPS_LEN; i++) {
		if ((y[i] & ~x[i]) != 0)
			return false;
	}
	return true;
}

static enum difference_kind
xattr_kind(const char *name, const struct xattr *a, const struct xattr *b)
{
	if (strcmp(name, ENTRY_CAPS_XATTR) != 0)
		return DIFFERENCE_XATTR;
	return b == NULL || (a != NULL && is_within(b, a))
	    ? DIFFERENCE_CAPS_LOST
	    : DIFFERENCE_CAPS;
}

/* One of them may be NULL. */
static int
compare_xattr(const struct pair *p, const char *name, const struct xattr *a,
    const struct xattr *b, struct fault *f)
{
	struct difference d = { .kind = xattr_kind(name, a, b) };
	struct arena *arena = &p->ds->arena;

	if (a != NULL && b != NULL && a->len == b->len &&
	    memcmp(a->value, b->value, a->len) == 0)
		return 0;
	if (d.kind == DIFFERENCE_XATTR)
		d.field = name;
	if (a != NULL && (d.before = wording_xattr(arena, a, f)) == NULL)
		return -1;
	if (b != NULL && (d.after = wording_xattr(arena, b, f)) == NULL)
		return -1;
	return add(p, d, f);
}

/* Both lists are sorted by name. */
static int
compare_xattrs(const struct pair *p, struct fault *f)
{
	const struct xattr *a = p->a->xattrs, *b = p->b->xattrs;
	int r = 0;

	while (r == 0 && a != NULL && b != NULL) {
		const int order = strcmp(a->name, b->name);

		r = order < 0   ? compare_xattr(p, a->name, a, NULL, f)
		    : order > 0 ? compare_xattr(p, b->name, NULL, b, f)
				: compare_xattr(p, a->name, a, b, f);
		a = order <= 0 ? a->next : a;
		b = order >= 0 ? b->next : b;
	}
	for (; r == 0 && a != NULL; a = a->next)
		r = compare_xattr(p, a->name, a, NULL, f);
	for (; r == 0 && b != NULL; b = b->next)
		r = compare_xattr(p, b->name, NULL, b, f);
	return r;
}

static int
compare_devices(const struct pair *p, struct fault *f)
{
	const struct entry *a = p->a, *b = p->b;
	struct arena *arena = &p->ds->arena;

	if ((a->type != ENTRY_CHAR && a->type != ENTRY_BLOCK) ||
	    (a->major == b->major && a->minor == b->minor))
		return 0;
	return add_values(p, (struct difference){ .kind = DIFFERENCE_DEVICE },
	    wording_print(arena, f, "%" PRIu32 ",%" PRIu32, a->major, a->minor),
	    wording_print(arena, f, "%" PRIu32 ",%" PRIu32, b->major, b->minor),
	    f);
}

static int
compare_contents(const struct pair *p, struct fault *f)
{
	const struct entry *a = p->a, *b = p->b;

	if (a->type != ENTRY_FILE || !differ(a->digest, b->digest))
		return 0;
	return add(p,
	    (struct difference){ .kind = DIFFERENCE_CONTENTS,
		.before = a->digest,
		.after = b->digest,
		.before_size = a->size,
		.after_size = b->size },
	    f);
}

/* The type, and what only such a type has. */
static int
compare_types(const struct pair *p, struct fault *f)
{
	const struct entry *a = p->a, *b = p->b;
	const struct difference link = {
		.kind = DIFFERENCE_LINK,
		.field = a->type == ENTRY_LINK ? NULL : "hard",
		.before = a->link,
		.after = b->link,
	};

	if (a->type != b->type)
		return add(p,
		    (struct difference){ .kind = DIFFERENCE_TYPE,
			.before = entry_type_name((enum entry_type)a->type),
			.after = entry_type_name((enum entry_type)b->type) },
		    f);
	if (differ(a->link, b->link) && add(p, link, f) < 0)
		return -1;
	return compare_devices(p, f) < 0 ? -1 : compare_contents(p, f);
}

static int
compare_times(const struct pair *p, struct fault *f)
{
	struct arena *arena = &p->ds->arena;

	if (p->a->mtime == p->b->mtime && p->a->mtime_nsec == p->b->mtime_nsec)
		return 0;
	return add_values(p, (struct difference){ .kind = DIFFERENCE_TIME },
	    wording_time(arena, p->a, f), wording_time(arena, p->b, f), f);
}

int
entrydiff_changed(struct differences *ds, const struct entry *a,
    const struct entry *b, struct fault *f)
{
	const struct pair p = { a, b, ds };

	if (compare_modes(&p, f) < 0 || compare_xattrs(&p, f) < 0 ||
	    compare_owners(&p, f) < 0 || compare_types(&p, f) < 0)
		return -1;
	return compare_times(&p, f);
}

int
entrydiff_removed(
    struct differences *ds, const struct entry *a, struct fault *f)
{
	const struct pair p = { a, NULL, ds };
	struct difference d = { .kind = DIFFERENCE_MISSING };

	d.before = wording_entry(&ds->arena, a, f);
	return d.before != NULL ? add(&p, d, f) : -1;
}

int
entrydiff_added(struct differences *ds, const struct entry *b, struct fault *f)
{
	const struct pair p = { NULL, b, ds };
	struct difference d = { .kind = DIFFERENCE_EXTRA };
	struct difference setid = { .kind = DIFFERENCE_SETID };
	const struct xattr *caps = entry_caps(b);

	d.after = wording_entry(&ds->arena, b, f);
	setid.after = wording_print(&ds->arena, f, "%04o", b->mode);
	if (d.after == NULL || setid.after == NULL || add(&p, d, f) < 0)
		return -1;
	if ((b->mode & ENTRY_SETID) != 0 && add(&p, setid, f) < 0)
		return -1;
	return caps != NULL ? compare_xattr(&p, caps->name, NULL, caps, f) : 0;
}
