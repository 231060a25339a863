/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/ustar.h"

#include "base/arena.h"
#include "base/fault.h"
#include "format/tar.h"

#include <string.h>

/* A header block, as ustar has it. */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12];
	char checksum[8], type, link[100], magic[6], version[2];
	char uname[32], gname[32], major[8], minor[8], prefix[155], rest[12];
};

_Static_assert(sizeof(struct header) == TAR_BLOCK, "a header is a block");

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

/* The only number that may be negative: in base 256, 64 bits behind a sign. */
static int64_t
parse_time(struct field s, unsigned *flaws)
{
	static const unsigned char sign[] = { 0xff, 0xff, 0xff, 0xff };
	const bool is_negative = memcmp(s.bytes, sign, sizeof(sign)) == 0 &&
	    ((unsigned char)s.bytes[sizeof(sign)] & 0x80) != 0;
	uint64_t n = 0;

	if (!is_negative) {
		n = parse_number(s, flaws);
		return n < INT64_MAX ? (int64_t)n : 0;
	}
	*flaws |= TAR_ODD_NUMBER;
	for (size_t i = sizeof(sign); i < s.len; i++)
		n = n << 8 | (unsigned char)s.bytes[i];
	return -(int64_t)~n - 1;
}

static bool
is_ustar(const struct header *h)
{
	return memcmp(h->magic, "ustar", 5) == 0;
}

bool
ustar_has_right_checksum(const void *block)
{
	const struct header *h = block;
	const unsigned char *bytes = block;
	const size_t from = offsetof(struct header, checksum);
	int64_t plain = 0, with_signs = 0;
	unsigned flaws = 0;
	uint64_t want;

	for (size_t i = 0; i < TAR_BLOCK; i++) {
		const bool is_sum = i >= from && i < from + sizeof(h->checksum);

		plain += is_sum ? ' ' : bytes[i];
		with_signs += is_sum ? ' ' : (signed char)bytes[i];
	}
	want = parse_number(FIELD(h->checksum), &flaws);
	return want == (uint64_t)plain || want == (uint64_t)with_signs;
}

char
ustar_type(const void *block)
{
	return ((const struct header *)block)->type;
}

uint64_t
ustar_size(const void *block, unsigned *flaws)
{
	return parse_number(FIELD(((const struct header *)block)->size), flaws);
}

bool
ustar_is_nameless(const void *block)
{
	return ((const struct header *)block)->name[0] == '\0';
}

/* A field that ends at a NUL or where it ends. */
static const char *
take_string(struct arena *a, struct field s, struct fault *f)
{
	return arena_string(a, s.bytes, strnlen(s.bytes, s.len), f);
}

/* prefix/name, where GNU has other things in place of a prefix */
static const char *
take_name(struct arena *a, const struct header *h, struct fault *f)
{
	const size_t len = strnlen(h->name, sizeof(h->name));
	const size_t prefix = memcmp(h->magic, "ustar", 6) == 0
	    ? strnlen(h->prefix, sizeof(h->prefix))
	    : 0;
	char *name;

	if (prefix == 0)
		return arena_string(a, h->name, len, f);
	name = arena_alloc(a, prefix + 1 + len + 1, f);
	if (name == NULL)
		return NULL;
	memcpy(name, h->prefix, prefix);
	name[prefix] = '/';
	memcpy(name + prefix + 1, h->name, len);
	return name;
}

/* The account of a field; an empty one is none. */
static int
take_owner(struct arena *a, const char **name, struct field s, struct fault *f)
{
	if (s.bytes[0] == '\0')
		return 0;
	*name = take_string(a, s, f);
	return *name != NULL ? 0 : -1;
}

static void
set_type(struct tar_entry *e, char letter)
{
	const size_t len = strlen(e->entry.path);
	enum entry_type type = ENTRY_FILE;

	switch (letter) {
	case '\0': /* of old; apk does not know it */
		e->flaws |= TAR_UNKNOWN_TYPE;
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
		e->flaws |= TAR_UNKNOWN_TYPE | TAR_SPARSE;
		break;
	default:
		e->flaws |= TAR_UNKNOWN_TYPE;
		e->is_other = true;
	}
	if (letter == '\0' && len > 0 && e->entry.path[len - 1] == '/')
		type = ENTRY_DIR;
	e->entry.type = (uint8_t)type;
}

static void
set_numbers(struct tar_entry *e, const struct header *h)
{
	struct entry *x = &e->entry;
	unsigned *flaws = &e->flaws;

	x->mode =
	    (uint16_t)(parse_number(FIELD(h->mode), flaws) & ENTRY_MODE_MASK);
	e->uid = parse_number(FIELD(h->uid), flaws);
	e->gid = parse_number(FIELD(h->gid), flaws);
	e->size = parse_number(FIELD(h->size), flaws);
	x->mtime = parse_time(FIELD(h->mtime), flaws);
	if (is_ustar(h)) {
		x->major = tar_narrow(parse_number(FIELD(h->major), flaws));
		x->minor = tar_narrow(parse_number(FIELD(h->minor), flaws));
	}
}

/* Where a link of either kind leads. */
static int
take_link(struct tar_entry *e, const struct header *h, struct arena *a,
    struct fault *f)
{
	const char **out = h->type == '1' ? &e->target
	    : e->entry.type == ENTRY_LINK ? &e->entry.link
					  : NULL;

	if (out == NULL)
		return 0;
	*out = take_string(a, FIELD(h->link), f);
	return *out != NULL ? 0 : -1;
}

int
ustar_read(
    struct tar_entry *e, const void *block, struct arena *a, struct fault *f)
{
	const struct header *h = block;

	e->entry.path = take_name(a, h, f);
	if (e->entry.path == NULL)
		return -1;
	if (ustar_is_nameless(block))
		e->flaws |= TAR_NAMELESS;
	if (!is_ustar(h))
		e->flaws |= TAR_NO_USTAR; /* there are no such fields */
	else if (take_owner(a, &e->entry.uname, FIELD(h->uname), f) < 0 ||
	    take_owner(a, &e->entry.gname, FIELD(h->gname), f) < 0)
		return -1;
	set_numbers(e, h);
	set_type(e, h->type);
	return take_link(e, h, a, f);
}
