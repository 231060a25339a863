/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/pax.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/num.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 512, BODY_MAX = 0777777777 };

struct ustar {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12];
	char chksum[8], type, linkname[100], magic[8], uname[32], gname[32];
	char devmajor[8], devminor[8], prefix[155], pad[12];
};

_Static_assert(sizeof(struct ustar) == BLOCK, "a ustar header is one block");

/* A complete header, taken apart. */
struct parts {
	const char *records; /* of the extended header */
	size_t records_len;
	const char *entry; /* the ustar header, one block */
};

static size_t
padding(size_t len)
{
	return (BLOCK - len % BLOCK) % BLOCK;
}

static size_t
digits(size_t n)
{
	size_t count = 1;

	for (; n >= 10; n /= 10)
		count++;
	return count;
}

/* A record's length counts its own digits, so let it settle. */
static size_t
record_len(size_t body)
{
	size_t len = body;

	while (len != body + digits(len))
		len = body + digits(len);
	return len;
}

static void
seal(struct ustar *h)
{
	const unsigned char *p = (const unsigned char *)h;
	unsigned int sum = 0;

	memset(h->chksum, ' ', sizeof(h->chksum));
	for (size_t i = 0; i < BLOCK; i++)
		sum += p[i];
	snprintf(h->chksum, sizeof(h->chksum), "%06o", sum);
}

int
pax_add(struct buf *records, const char *key, const void *value, size_t len,
    struct fault *f)
{
	const size_t body = strlen(key) + len + strlen(" =\n");

	if (len > SIZE_MAX / 2)
		return fault_set(f, FAULT_MEMORY, "record would exceed memory");
	if (buf_addf(records, f, "%zu ", record_len(body)) < 0 ||
	    buf_adds(records, key, f) < 0 || buf_adds(records, "=", f) < 0 ||
	    buf_add(records, value, len, f) < 0 ||
	    buf_adds(records, "\n", f) < 0)
		return -1;
	return 0;
}

static int
take_apart(struct parts *parts, const char *header, size_t len, struct fault *f)
{
	const struct ustar *ext = (const void *)header;
	uint64_t size;

	if (len == 0 || len % BLOCK != 0)
		return fault_set(
		    f, FAULT_INPUT, "tar header is not whole blocks");
	*parts = (struct parts){ .entry = header + len - BLOCK };
	if (memcmp(parts->entry + offsetof(struct ustar, magic), "ustar", 5) !=
	    0)
		return fault_set(
		    f, FAULT_INPUT, "tar header has no ustar magic");
	if (len == BLOCK)
		return 0;
	if (ext->type != 'x' ||
	    !num_parse(&size, ext->size, sizeof(ext->size) - 1, 8, len) ||
	    len != BLOCK + size + padding((size_t)size) + BLOCK)
		return fault_set(
		    f, FAULT_INPUT, "pax header has the wrong size");
	parts->records = header + BLOCK;
	parts->records_len = (size_t)size;
	return 0;
}

/* The length of the record at `s`, 0 if it is not well formed. */
static size_t
check_record(const char *s, size_t left)
{
	const char *blank = memchr(s, ' ', left);
	uint64_t len;

	if (blank == NULL ||
	    !num_parse(&len, s, (size_t)(blank - s), 10, left) ||
	    len < (size_t)(blank - s) + strlen(" k=\n") || blank[1] == '=' ||
	    s[len - 1] != '\n' ||
	    memchr(blank, '=', (size_t)len - (size_t)(blank - s)) == NULL)
		return 0;
	return (size_t)len;
}

static bool
is_dropped(const char *record, size_t len)
{
	static const char *const keys[] = {
		" hdrcharset=", " SCHILY.devmajor=", " SCHILY.devminor="
	};
	const char *key = memchr(record, ' ', len);
	const size_t left = len - (size_t)(key - record);

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (left > strlen(keys[i]) &&
		    memcmp(key, keys[i], strlen(keys[i])) == 0)
			return true;
	}
	return false;
}

static int
keep_records(struct buf *out, const struct parts *parts, struct fault *f)
{
	const char *s = parts->records;

	for (size_t left = parts->records_len, len; left > 0;
	     s += len, left -= len) {
		len = check_record(s, left);
		if (len == 0)
			return fault_set(
			    f, FAULT_INPUT, "pax record is not well formed");
		if (!is_dropped(s, len) && buf_add(out, s, len, f) < 0)
			return -1;
	}
	return 0;
}

int
pax_splice(struct buf *out, const char *header, size_t len,
    const struct buf *records, struct fault *f)
{
	static const char zeros[BLOCK];
	struct ustar ext = { .name = "PaxHeader",
		.mode = "0000644",
		.uid = "0000000",
		.gid = "0000000",
		.mtime = "00000000000",
		.type = 'x',
		.magic = { 'u', 's', 't', 'a', 'r', '\0', '0', '0' } };
	const size_t start = out->len;
	struct parts parts = { 0 };
	size_t body;

	if (take_apart(&parts, header, len, f) < 0 ||
	    buf_add(out, &ext, BLOCK, f) < 0 ||
	    keep_records(out, &parts, f) < 0 ||
	    buf_add(out, records->data, records->len, f) < 0)
		return -1;
	body = out->len - start - BLOCK;
	if (body == 0) {
		out->len = start;
		return buf_add(out, parts.entry, BLOCK, f);
	}
	if (body > BODY_MAX)
		return fault_set(f, FAULT_INPUT, "pax records are too long");
	snprintf(ext.size, sizeof(ext.size), "%011o", (unsigned)body);
	seal(&ext);
	memcpy(out->data + start, &ext, BLOCK);
	if (buf_add(out, zeros, padding(body), f) < 0)
		return -1;
	return buf_add(out, parts.entry, BLOCK, f);
}
