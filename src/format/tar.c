/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/tar.h"

#include "base/fault.h"
#include "base/num.h"

#include <string.h>

/* A header block, as ustar has it. */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12];
	char checksum[8], type, link[100], magic[6], version[2];
	char uname[32], gname[32], major[8], minor[8], prefix[155], rest[12];
};

_Static_assert(sizeof(struct header) == TAR_BLOCK, "a header is a block");

/* What the entry under way is made of. */
struct draft {
	struct tar_entry e;
	uint64_t size; /* bytes that follow the header */
	uint64_t uid, gid;
};

struct field {
	const char *bytes;
	size_t len;
};

#define FIELD(array)                 \
	(struct field)               \
	{                            \
		array, sizeof(array) \
	}

/* Eight bits a byte, below the bit that says so. */
static uint64_t
parse_binary(struct field s)
{
	uint64_t n = (unsigned char)s.bytes[0] & 0x3f;

	if (((unsigned char)s.bytes[0] & 0x40) != 0)
		return UINT64_MAX; /* negative: none of ours ever is */
	for (size_t i = 1; i < s.len; i++) {
		if (n > UINT64_MAX >> 8)
			return UINT64_MAX;
		n = n << 8 | (unsigned char)s.bytes[i];
	}
	return n;
}

/* Octal digits, in front of them blanks, behind them blanks and NULs. */
static uint64_t
parse_number(struct field s, unsigned *flaws)
{
	uint64_t n = 0;
	size_t i = 0;

	if (((unsigned char)s.bytes[0] & 0x80) != 0) {
		*flaws |= TAR_ODD_NUMBER;
		return parse_binary(s);
	}
	while (i < s.len && s.bytes[i] == ' ') {
		*flaws |= TAR_ODD_NUMBER;
		i++;
	}
	for (; i < s.len && s.bytes[i] >= '0' && s.bytes[i] <= '7'; i++)
		n = n << 3 | (uint64_t)(s.bytes[i] - '0');
	for (; i < s.len; i++) {
		if (s.bytes[i] != ' ' && s.bytes[i] != '\0')
			*flaws |= TAR_ODD_NUMBER;
	}
	return n;
}

/* A field that ends at a NUL or where it ends. */
static const char *
take_string(struct tar *t, struct field s, struct fault *f)
{
	return arena_string(&t->arena, s.bytes, strnlen(s.bytes, s.len), f);
}

static bool
has_right_checksum(const struct tar *t)
{
	const struct header *h = (const void *)t->block;
	const size_t from = offsetof(struct header, checksum);
	int64_t plain = 0, with_signs = 0;
	unsigned flaws = 0;
	uint64_t want;

	for (size_t i = 0; i < TAR_BLOCK; i++) {
		const bool is_sum = i >= from && i < from + sizeof(h->checksum);

		plain += is_sum ? ' ' : t->block[i];
		with_signs += is_sum ? ' ' : (signed char)t->block[i];
	}
	want = parse_number(FIELD(h->checksum), &flaws);
	/* old writers added up signed characters */
	return want == (uint64_t)plain || want == (uint64_t)with_signs;
}

static bool
is_ustar(const struct header *h)
{
	return memcmp(h->magic, "ustar", 5) == 0;
}

/* prefix/name, where GNU has other things in place of a prefix */
static const char *
take_name(struct tar *t, const struct header *h, struct fault *f)
{
	const size_t len = strnlen(h->name, sizeof(h->name));
	const size_t prefix = memcmp(h->magic, "ustar", 6) == 0
	    ? strnlen(h->prefix, sizeof(h->prefix))
	    : 0;
	char *name;

	if (prefix == 0)
		return arena_string(&t->arena, h->name, len, f);
	name = arena_alloc(&t->arena, prefix + 1 + len + 1, f);
	if (name == NULL)
		return NULL;
	memcpy(name, h->prefix, prefix);
	name[prefix] = '/';
	memcpy(name + prefix + 1, h->name, len);
	return name;
}

/* The account of a field; an empty one is none. */
static int
take_owner(struct tar *t, const char **name, struct field s, struct fault *f)
{
	if (s.bytes[0] == '\0')
		return 0;
	*name = take_string(t, s, f);
	return *name != NULL ? 0 : -1;
}

static void
set_type(struct draft *d, const struct header *h)
{
	const size_t len = strlen(d->e.entry.path);
	enum entry_type type = ENTRY_FILE;

	switch (h->type) {
	case '\0': /* of old; apk does not know it */
		d->e.flaws |= TAR_UNKNOWN_TYPE;
		break;
	case '0':
	case '1':
	case '7':
		break;
	case '2':
		type = ENTRY_LINK;
		break;
	case '3':
		type = ENTRY_CHAR;
		break;
	case '4':
		type = ENTRY_BLOCK;
		break;
	case '5':
		type = ENTRY_DIR;
		break;
	case '6':
		type = ENTRY_FIFO;
		break;
	case 'S':
		d->e.flaws |= TAR_UNKNOWN_TYPE | TAR_SPARSE;
		break;
	default:
		d->e.flaws |= TAR_UNKNOWN_TYPE;
		d->e.is_other = true;
	}
	if (h->type == '\0' && len > 0 && d->e.entry.path[len - 1] == '/')
		type = ENTRY_DIR;
	d->e.entry.type = (uint8_t)type;
}

static uint32_t
narrow(uint64_t n)
{
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

/* What the block says, before any record is applied. */
static int
read_block(struct tar *t, struct draft *d, struct fault *f)
{
	const struct header *h = (const void *)t->block;
	struct entry *e = &d->e.entry;
	unsigned *flaws = &d->e.flaws;
	uint64_t mtime;

	e->path = take_name(t, h, f);
	if (e->path == NULL ||
	    take_owner(t, &e->uname, FIELD(h->uname), f) < 0 ||
	    take_owner(t, &e->gname, FIELD(h->gname), f) < 0)
		return -1;
	if (h->name[0] == '\0')
		*flaws |= TAR_NAMELESS;
	if (!is_ustar(h)) {
		*flaws |= TAR_NO_USTAR;
		e->uname = e->gname = NULL; /* there are no such fields */
	}
	e->mode =
	    (uint16_t)(parse_number(FIELD(h->mode), flaws) & ENTRY_MODE_MASK);
	d->uid = parse_number(FIELD(h->uid), flaws);
	d->gid = parse_number(FIELD(h->gid), flaws);
	d->size = parse_number(FIELD(h->size), flaws);
	mtime = parse_number(FIELD(h->mtime), flaws);
	e->mtime = mtime < INT64_MAX ? (int64_t)mtime : 0;
	set_type(d, h);
	if (is_ustar(h)) {
		e->major = narrow(parse_number(FIELD(h->major), flaws));
		e->minor = narrow(parse_number(FIELD(h->minor), flaws));
	}
	if (h->type == '1')
		d->e.target = take_string(t, FIELD(h->link), f);
	if (e->type == ENTRY_LINK)
		e->link = take_string(t, FIELD(h->link), f);
	return (h->type == '1' && d->e.target == NULL) ||
		(e->type == ENTRY_LINK && e->link == NULL)
	    ? -1
	    : 0;
}

/* A record's value as a string; one with a NUL ends there. */
static int
set_string(struct tar *t, const char **out, struct field v, struct fault *f)
{
	*out = take_string(t, v, f);
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
set_owner(struct tar *t, const char **name, struct field v, unsigned *flaws,
    struct fault *f)
{
	const char *old = *name != NULL ? *name : "";
	const char *new;

	if (set_string(t, &new, v, f) < 0)
		return -1;
	if (strcmp(old, new) != 0)
		*flaws |= TAR_IGNORED;
	*name = *new != '\0' ? new : NULL;
	return 0;
}

static int
set_link(struct tar *t, struct draft *d, struct field v, struct fault *f)
{
	if (d->e.target != NULL)
		return set_string(t, &d->e.target, v, f);
	if (d->e.entry.link != NULL)
		return set_string(t, &d->e.entry.link, v, f);
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

static int
add_xattr(struct tar *t, struct entry *e, struct field name, struct field v,
    struct fault *f)
{
	struct xattr *x = arena_alloc(&t->arena, sizeof(*x), f);

	if (x == NULL)
		return -1;
	x->name = take_string(t, name, f);
	x->value = arena_string(&t->arena, v.bytes, v.len, f);
	x->len = v.len;
	if (x->name == NULL || x->value == NULL)
		return -1;
	x->next = e->xattrs;
	e->xattrs = x;
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
apply_record(struct tar *t, struct draft *d, struct field key, struct field v,
    struct fault *f)
{
	struct entry *e = &d->e.entry;
	unsigned *flaws = &d->e.flaws;

	if (is_key(key, "path"))
		return set_string(t, &e->path, v, f);
	if (is_key(key, "linkpath"))
		return set_link(t, d, v, f);
	if (is_key(key, "uname"))
		return set_owner(t, &e->uname, v, flaws, f);
	if (is_key(key, "gname"))
		return set_owner(t, &e->gname, v, flaws, f);
	if (cut_prefix(&key, "SCHILY.xattr."))
		return add_xattr(t, e, key, v, f);
	if (is_key(key, "uid"))
		set_number(&d->uid, v, flaws);
	else if (is_key(key, "gid"))
		set_number(&d->gid, v, flaws);
	else if (is_key(key, "size"))
		set_number(&d->size, v, flaws);
	else if (is_key(key, "mtime"))
		set_time(e, v, flaws);
	else if (cut_prefix(&key, "APK-TOOLS.checksum."))
		d->e.has_checksum = true;
	else if (cut_prefix(&key, "GNU.sparse."))
		*flaws |= TAR_SPARSE;
	return 0;
}

/* "<length> <key>=<value>\n", the length counting all of it: bytes, or 0. */
static size_t
parse_record(struct field s, struct field *key, struct field *v)
{
	const char *space = memchr(s.bytes, ' ', s.len < 20 ? s.len : 20);
	const char *equals, *end;
	uint64_t len;

	if (space == NULL ||
	    !num_parse(&len, s.bytes, (size_t)(space - s.bytes), 10, s.len))
		return 0;
	end = s.bytes + len - 1;
	if (len < 1 || end <= space || *end != '\n')
		return 0;
	space++;
	equals = memchr(space, '=', (size_t)(end - space));
	if (equals == NULL)
		return 0;
	*key = (struct field){ space, (size_t)(equals - space) };
	*v = (struct field){ equals + 1, (size_t)(end - equals - 1) };
	return (size_t)len;
}

static int
apply_records(struct tar *t, struct draft *d, struct fault *f)
{
	struct field s = { t->records.data, t->records.len }, key, v;

	while (s.len > 0) {
		const size_t n = parse_record(s, &key, &v);

		if (n == 0) {
			d->e.flaws |= TAR_BAD_RECORD;
			return 0;
		}
		if (apply_record(t, d, key, v, f) < 0)
			return -1;
		s.bytes += n;
		s.len -= n;
	}
	return 0;
}

/* GNU's long names, which stand in headers of their own. */
static int
apply_names(struct tar *t, struct draft *d, struct fault *f)
{
	const struct field name = { t->name.data, t->name.len };
	const struct field link = { t->link.data, t->link.len };

	if (name.len > 0 && set_string(t, &d->e.entry.path, name, f) < 0)
		return -1;
	if (link.len == 0)
		return 0;
	d->e.flaws |= TAR_LONG_LINK;
	return set_link(t, d, link, f);
}

/* An entry begins: put it together, hand it out, know what follows. */
static int
take_entry(struct tar *t, struct fault *f)
{
	struct draft d = { .e = { .flaws = t->flaws } };
	struct entry *e = &d.e.entry;

	if (t->is_behind_end)
		d.e.flaws |= TAR_BEHIND_END;
	t->is_behind_end = false; /* one is enough */
	arena_release(&t->arena);
	if (read_block(t, &d, f) < 0 || apply_names(t, &d, f) < 0 ||
	    apply_records(t, &d, f) < 0)
		return -1;
	if (d.size > INT64_MAX)
		return fault_set(f, FAULT_INPUT,
		    "tar: impossible size in the header at byte %llu",
		    (unsigned long long)(t->at - TAR_BLOCK));
	e->uid = narrow(d.uid);
	e->gid = narrow(d.gid);
	e->size = e->type == ENTRY_FILE && d.e.target == NULL ? d.size : 0;
	e->nlink = 1;
	t->contents = d.size;
	t->skip = -d.size % TAR_BLOCK;
	t->body = NULL;
	t->flaws = 0;
	buf_reset(&t->records);
	buf_reset(&t->name);
	buf_reset(&t->link);
	return t->visitor.entry(t->visitor.arg, &d.e, f);
}

/* A header that only says something of the next one; its text goes to `body`. */
static int
take_text(struct tar *t, struct buf *body, struct fault *f)
{
	const struct header *h = (const void *)t->block;
	const uint64_t size = parse_number(FIELD(h->size), &t->flaws);

	if (size > TAR_RECORDS_MAX)
		return fault_set(f, FAULT_INPUT,
		    "tar: extended header at byte %llu is over %d bytes",
		    (unsigned long long)(t->at - TAR_BLOCK), TAR_RECORDS_MAX);
	if (h->name[0] == '\0')
		t->flaws |= TAR_NAMELESS;
	t->body = body;
	t->contents = size;
	t->skip = -size % TAR_BLOCK;
	if (body != NULL)
		buf_reset(body);
	return 0;
}

/* Drop the contents: neither a body nor the visitor shall have them. */
static int
pass_over(struct tar *t, struct fault *f)
{
	const int r = take_text(t, NULL, f);

	t->skip += t->contents;
	t->contents = 0;
	return r;
}

static int
take_block(struct tar *t, struct fault *f)
{
	static const unsigned char zeros[TAR_BLOCK];
	const struct header *h = (const void *)t->block;

	if (memcmp(t->block, zeros, TAR_BLOCK) == 0) {
		if (t->zeros < 2)
			t->zeros++;
		return 0;
	}
	if (t->zeros == 2)
		t->is_behind_end = true;
	t->zeros = 0;
	if (!has_right_checksum(t))
		return fault_set(f, FAULT_INPUT,
		    "tar: no header, or a wrong checksum, at byte %llu",
		    (unsigned long long)(t->at - TAR_BLOCK));
	switch (h->type) {
	case 'x':
		return take_text(t, &t->records, f);
	case 'L':
		return take_text(t, &t->name, f);
	case 'K':
		return take_text(t, &t->link, f);
	case 'g':
		return pass_over(t, f);
	default:
		return take_entry(t, f);
	}
}

static int
take_contents(struct tar *t, const void *bytes, size_t len, struct fault *f)
{
	if (t->body != NULL)
		return buf_add(t->body, bytes, len, f);
	if (t->visitor.contents != NULL)
		return t->visitor.contents(t->visitor.arg, bytes, len, f);
	return 0;
}

static size_t
at_most(size_t len, uint64_t limit)
{
	return len < limit ? len : (size_t)limit;
}

/* Use some of the bytes, at least one; `*n` says how many. */
static int
step(struct tar *t, const char *bytes, size_t len, size_t *n, struct fault *f)
{
	if (t->contents > 0) {
		*n = at_most(len, t->contents);
		t->contents -= *n;
		t->at += *n;
		return take_contents(t, bytes, *n, f);
	}
	if (t->skip > 0) {
		*n = at_most(len, t->skip);
		t->skip -= *n;
		t->at += *n;
		return 0;
	}
	*n = at_most(len, TAR_BLOCK - t->filled);
	memcpy(t->block + t->filled, bytes, *n);
	t->filled += *n;
	t->at += *n;
	if (t->filled < TAR_BLOCK)
		return 0;
	t->filled = 0;
	return take_block(t, f);
}

int
tar_put(struct tar *t, const void *bytes, size_t len, struct fault *f)
{
	const char *s = bytes;
	size_t n;

	for (; len > 0; s += n, len -= n) {
		if (step(t, s, len, &n, f) < 0)
			return -1;
	}
	return 0;
}

int
tar_finish(const struct tar *t, struct fault *f)
{
	if (t->filled > 0 || t->contents > 0 || t->skip > 0 ||
	    t->records.len > 0 || t->name.len > 0 || t->link.len > 0)
		return fault_set(f, FAULT_INPUT, "tar: ends within an entry");
	return 0;
}

bool
tar_has_ended(const struct tar *t)
{
	return t->zeros == 2;
}

void
tar_release(struct tar *t)
{
	arena_release(&t->arena);
	buf_release(&t->records);
	buf_release(&t->name);
	buf_release(&t->link);
}
