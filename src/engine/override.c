/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/override.h"

#include "base/fault.h"
#include "base/io.h"
#include "base/stop.h"
#include "format/mtree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_CAP = 16, PIECE = 65536 };

void
override_release(struct override_set *set)
{
	arena_release(&set->arena);
	free(set->specs);
	*set = (struct override_set){ 0 };
}

static int
append(struct override_set *set, const struct spec *s, struct fault *f)
{
	if (set->count == set->cap) {
		const size_t cap = set->cap > 0 ? set->cap * 2 : FIRST_CAP;
		struct spec *specs = NULL;

		if (cap <= SIZE_MAX / sizeof(*specs))
			specs = realloc(set->specs, cap * sizeof(*specs));
		if (specs == NULL)
			return fault_sys(f, "cannot allocate %zu entries", cap);
		set->specs = specs;
		set->cap = cap;
	}
	set->specs[set->count++] = *s;
	return 0;
}

static int
parse_piece(struct override_set *set, struct mtree *m, const char *piece,
    size_t len, struct fault *f)
{
	struct spec s;
	int r;

	if (mtree_feed(m, piece, len, f) < 0)
		return -1;
	while ((r = mtree_next(m, &s, f)) > 0) {
		if (append(set, &s, f) < 0)
			return -1;
	}
	return r;
}

int
override_read(
    struct override_set *set, int fd, const char *file, struct fault *f)
{
	char piece[PIECE];
	struct mtree m;
	size_t got;
	int r = -1;

	set->file = arena_string(&set->arena, file, strlen(file), f);
	if (set->file == NULL)
		return -1;
	mtree_init(&m, set->file, &set->arena);
	do {
		if (stop_check(f) < 0)
			goto out;
		if (io_read(fd, piece, sizeof(piece), &got, f) < 0) {
			fault_wrap(f, "%s", file);
			goto out;
		}
		if (parse_piece(set, &m, piece, got, f) < 0)
			goto out;
	} while (got == sizeof(piece));
	r = mtree_end(&m, f);
out:
	mtree_release(&m);
	return r;
}

int
override_load(struct override_set *set, const char *file, struct fault *f)
{
	const int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;
	int r;

	if (fd < 0 && errno == ENOENT) {
		set->file = arena_string(&set->arena, file, strlen(file), f);
		return set->file == NULL ? -1 : 0;
	}
	if (fd < 0)
		return fault_sys(f, "cannot open '%s'", file);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		r = fault_set(f, FAULT_INPUT, "'%s' is a directory", file);
	else
		r = override_read(set, fd, file, f);
	(void)close(fd); /* nothing was written */
	return r;
}

static bool
is_recorded(const struct spec *s)
{
	return (s->has & KEYWORD_RECORDED) != 0;
}

/* By path, then what was recorded first, then by place in the file. */
static int
compare(const void *a, const void *b)
{
	const struct spec *x = a, *y = b;
	const int order = strcmp(x->entry.path, y->entry.path);

	if (order != 0)
		return order;
	if (is_recorded(x) != is_recorded(y))
		return is_recorded(x) ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

void
override_fold(struct spec *under, const struct spec *over)
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
}

void
override_keep_recorded(struct override_set *set)
{
	size_t kept = 0;

	for (size_t i = 0; i < set->count; i++) {
		if (is_recorded(&set->specs[i]))
			set->specs[kept++] = set->specs[i];
	}
	set->count = kept;
}

/* The next line about the path that `last` is about. */
static void
fold_line(struct spec *last, const struct spec *s)
{
	/* every record is optional; what was declared may not get lost */
	if (is_recorded(last) && !is_recorded(s))
		last->has &= ~(unsigned)(KEYWORD_RECORDED | KEYWORD_OPTIONAL);
	override_fold(last, s);
}

void
override_settle(struct override_set *set)
{
	size_t kept = 0;

	if (set->count == 0)
		return;
	qsort(set->specs, set->count, sizeof(*set->specs), compare);
	for (size_t i = 1; i < set->count; i++) {
		struct spec *last = &set->specs[kept], *s = &set->specs[i];

		if (strcmp(last->entry.path, s->entry.path) == 0)
			fold_line(last, s);
		else
			set->specs[++kept] = *s;
	}
	set->count = kept + 1;
}

static int
compare_path(const void *key, const void *member)
{
	return strcmp(key, ((const struct spec *)member)->entry.path);
}

const struct spec *
override_find(const struct override_set *set, const char *path)
{
	if (set->count == 0)
		return NULL;
	return bsearch(
	    path, set->specs, set->count, sizeof(*set->specs), compare_path);
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
override_difference(const struct entry *a, const struct entry *b)
{
	unsigned bits = differences(a, b);

	if (!is_same_caps(entry_caps(a), entry_caps(b)))
		bits |= KEYWORD_CAPS;
	return bits;
}

unsigned
override_conflict(const struct spec *a, const struct spec *b)
{
	unsigned bits = differences(&a->entry, &b->entry);

	if (!is_same_caps(a->caps, b->caps))
		bits |= KEYWORD_CAPS;
	bits &= a->binds & b->binds;
	return bits & -bits;
}

bool
override_creates(const struct spec *s)
{
	/* what was recorded was there: it has been removed since */
	return (s->binds & ~s->recorded & KEYWORD_TYPE) != 0 &&
	    s->entry.type != ENTRY_FILE;
}

static bool
is_device_type(unsigned type)
{
	return type == ENTRY_CHAR || type == ENTRY_BLOCK;
}

bool
override_is_device(const struct spec *s, const struct entry *e)
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
override_apply(
    struct entry *e, const struct spec *s, struct arena *arena, struct fault *f)
{
	struct spec laid = { .entry = *e }, over = *s;

	if (override_is_device(s, e)) {
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
	override_fold(&laid, &over);
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
