/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/xheader.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/num.h"
#include "format/tar.h"

#include <stdlib.h>
#include <string.h>

enum { LENGTH_MAX = 20 }; /* digits of a record's length, and the blank */

struct field {
	const char *bytes;
	size_t len;
};

/* An entry under way, and how many attributes it has until now. */
struct work {
	struct tar_entry *e;
	struct arena *arena;
	size_t xattrs;
};

/* A record's value as a string; one with a NUL ends there. */
static int
set_string(struct arena *a, const char **out, struct field v, struct fault *f)
{
	*out = arena_string(a, v.bytes, strnlen(v.bytes, v.len), f);
	return *out != NULL ? 0 : -1;
}

/* A number that apk takes from the header, whatever the record says. */
static void
set_number(uint64_t *out, struct field v, unsigned *flaws)
{
	uint64_t n;

	if (!num_parse(&n, v.bytes, v.len, 10, INT64_MAX)) {
		*flaws |= TAR_BAD_RECORD;
		return;
	}
	if (*out != n)
		*flaws |= TAR_IGNORED;
	*out = n;
}

static int
set_owner(struct work *w, const char **name, struct field v, struct fault *f)
{
	const char *old = *name != NULL ? *name : "";
	const char *new;

	if (set_string(w->arena, &new, v, f) < 0)
		return -1;
	if (strcmp(old, new) != 0)
		w->e->flaws |= TAR_IGNORED;
	*name = *new != '\0' ? new : NULL;
	return 0;
}

int
xheader_set_link(struct tar_entry *e, const char *target, size_t len,
    struct arena *a, struct fault *f)
{
	const struct field v = { target, len };

	if (e->target != NULL)
		return set_string(a, &e->target, v, f);
	if (e->entry.link != NULL)
		return set_string(a, &e->entry.link, v, f);
	return 0;
}

/* "1700000000.5", "-1"; fractions beyond nanoseconds do not count. */
static void
set_time(struct entry *e, struct field v, unsigned *flaws)
{
	const bool is_negative = v.len > 0 && v.bytes[0] == '-';
	const char *dot = memchr(v.bytes, '.', v.len);
	const size_t whole = dot != NULL ? (size_t)(dot - v.bytes) : v.len;
	uint64_t n;

	if (!num_parse(&n, v.bytes + is_negative, whole - is_negative, 10,
		INT64_MAX)) {
		*flaws |= TAR_BAD_RECORD;
		return;
	}
	e->mtime = is_negative ? -(int64_t)n : (int64_t)n;
	e->mtime_nsec = 0;
	for (uint32_t unit = 100000000; dot != NULL && unit > 0; unit /= 10) {
		if (++dot == v.bytes + v.len || *dot < '0' || *dot > '9')
			break;
		e->mtime_nsec += unit * (uint32_t)(*dot - '0');
	}
	if (is_negative && e->mtime_nsec > 0) {
		/* seconds count down and nanoseconds up */
		e->mtime--;
		e->mtime_nsec = 1000000000 - e->mtime_nsec;
	}
}

/* The name of an attribute with its escapes taken back. */
static const char *
take_key(struct arena *a, struct field key, struct fault *f)
{
	char *name = arena_alloc(a, key.len + 1, f), *out = name;

	if (name == NULL)
		return NULL;
	for (size_t i = 0; i < key.len && key.bytes[i] != '\0'; i++) {
		const char *s = key.bytes + i;
		const bool is_escape = key.len - i >= 3 &&
		    (memcmp(s, "%3D", 3) == 0 || memcmp(s, "%25", 3) == 0);

		*out++ = (char)(!is_escape ? *s : s[1] == '3' ? '=' : '%');
		i += is_escape ? 2 : 0;
	}
	return name;
}

static int
add_xattr(struct work *w, struct field key, struct field v, struct fault *f)
{
	struct xattr *x = arena_alloc(w->arena, sizeof(*x), f);

	if (x == NULL)
		return -1;
	x->name = take_key(w->arena, key, f);
	x->value = arena_string(w->arena, v.bytes, v.len, f);
	x->len = v.len;
	if (x->name == NULL || x->value == NULL)
		return -1;
	x->next = w->e->entry.xattrs;
	w->e->entry.xattrs = x;
	w->xattrs++;
	return 0;
}

/* What is left of a key behind `prefix`; false if it does not begin so. */
static bool
cut_prefix(struct field *key, const char *prefix)
{
	const size_t len = strlen(prefix);

	if (key->len < len || memcmp(key->bytes, prefix, len) != 0)
		return false;
	key->bytes += len;
	key->len -= len;
	return true;
}

static bool
is_key(struct field key, const char *name)
{
	return cut_prefix(&key, name) && key.len == 0;
}

static int
apply_record(struct work *w, struct field key, struct field v, struct fault *f)
{
	struct entry *e = &w->e->entry;
	unsigned *flaws = &w->e->flaws;

	if (is_key(key, "path"))
		return set_string(w->arena, &e->path, v, f);
	if (is_key(key, "linkpath"))
		return xheader_set_link(w->e, v.bytes, v.len, w->arena, f);
	if (is_key(key, "uname"))
		return set_owner(w, &e->uname, v, f);
	if (is_key(key, "gname"))
		return set_owner(w, &e->gname, v, f);
	if (cut_prefix(&key, "SCHILY.xattr."))
		return add_xattr(w, key, v, f);
	if (is_key(key, "uid"))
		set_number(&w->e->uid, v, flaws);
	else if (is_key(key, "gid"))
		set_number(&w->e->gid, v, flaws);
	else if (is_key(key, "size"))
		set_number(&w->e->size, v, flaws);
	else if (is_key(key, "mtime"))
		set_time(e, v, flaws);
	else if (cut_prefix(&key, "APK-TOOLS.checksum."))
		w->e->has_checksum = true;
	else if (cut_prefix(&key, "GNU.sparse."))
		*flaws |= TAR_SPARSE;
	return 0;
}

/* Split off the record at the beginning of `s`: its bytes, or 0. */
static size_t
parse_record(struct field s, struct field *key, struct field *v)
{
	const char *space =
	    memchr(s.bytes, ' ', s.len < LENGTH_MAX ? s.len : LENGTH_MAX);
	const char *equals, *end;
	uint64_t len;

	if (space == NULL ||
	    !num_parse(&len, s.bytes, (size_t)(space - s.bytes), 10, s.len))
		return 0;
	if (len <= (size_t)(space - s.bytes) + 1 || s.bytes[len - 1] != '\n')
		return 0;
	end = s.bytes + len - 1;
	space++;
	equals = memchr(space, '=', (size_t)(end - space));
	if (equals == NULL)
		return 0;
	*key = (struct field){ space, (size_t)(equals - space) };
	*v = (struct field){ equals + 1, (size_t)(end - equals - 1) };
	return (size_t)len;
}

/* Of one name the later record comes first, as they were put together. */
struct place {
	struct xattr *xattr;
	size_t index;
};

static int
compare(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	const int r = strcmp(x->xattr->name, y->xattr->name);

	return r != 0 ? r : x->index < y->index ? -1 : x->index > y->index;
}

/* Sort the attributes, the last of each name alone. */
static int
sort_xattrs(struct work *w, struct fault *f)
{
	const struct xattr **end = &w->e->entry.xattrs;
	struct place *places;
	size_t n = 0;

	if (w->xattrs < 2)
		return 0;
	places = arena_alloc(w->arena, w->xattrs * sizeof(*places), f);
	if (places == NULL)
		return -1;
	for (const struct xattr *x = *end; x != NULL; x = x->next, n++)
		places[n] = (struct place){ (struct xattr *)(uintptr_t)x, n };
	qsort(places, n, sizeof(*places), compare);
	for (size_t i = 0; i < n; i++) {
		struct xattr *x = places[i].xattr;

		if (i > 0 && strcmp(places[i - 1].xattr->name, x->name) == 0)
			continue;
		*end = x;
		end = &x->next;
	}
	*end = NULL;
	return 0;
}

int
xheader_apply(struct tar_entry *e, const char *records, size_t len,
    struct arena *a, struct fault *f)
{
	struct work w = { .e = e, .arena = a };
	struct field s = { records, len }, key, v;

	while (s.len > 0) {
		const size_t n = parse_record(s, &key, &v);

		if (n == 0) {
			e->flaws |= TAR_BAD_RECORD;
			break;
		}
		if (apply_record(&w, key, v, f) < 0)
			return -1;
		s.bytes += n;
		s.len -= n;
	}
	return sort_xattrs(&w, f);
}
