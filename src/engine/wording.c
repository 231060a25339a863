/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/wording.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "format/entry.h"
#include "format/manifest.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	PRINT_MAX = 64,
	VALUE_MAX = 500, /* bytes of an attribute that are shown */
};

const char *
wording_print(struct arena *a, struct fault *f, const char *fmt, ...)
{
	char text[PRINT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return arena_string(a, text, strlen(text), f);
}

const char *
wording_owner(struct arena *a, const char *name, uint32_t id, struct fault *f)
{
	return name != NULL ? arena_string(a, name, strlen(name), f)
			    : wording_print(a, f, "%" PRIu32, id);
}

static bool
is_plain(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] < ' ' || bytes[i] > '~')
			return false;
	}
	return true;
}

static int
add_value(struct buf *b, const struct xattr *x, struct fault *f)
{
	const size_t len = x->len < VALUE_MAX ? x->len : VALUE_MAX;
	int r;

	if (is_plain(x->value, x->len))
		r = buf_add(b, x->value, len, f);
	else
		r = buf_adds(b, "0x", f) < 0 ? -1
					     : buf_add_hex(b, x->value, len, f);
	if (r == 0 && len < x->len)
		r = buf_addf(b, f, "... (%zu bytes)", x->len);
	return r;
}

/* Those that no file can have are bytes. */
static int
add_caps(struct buf *b, const struct xattr *x, struct fault *f)
{
	struct fault why = { 0 };

	if (manifest_add_caps(b, x, &why) == 0)
		return 0;
	if (why.kind == FAULT_INPUT)
		return add_value(b, x, f);
	*f = why;
	return -1;
}

const char *
wording_xattr(struct arena *a, const struct xattr *x, struct fault *f)
{
	struct buf b = BUF_INIT;
	const char *text = NULL;

	if ((strcmp(x->name, ENTRY_CAPS_XATTR) == 0 ? add_caps(&b, x, f)
						    : add_value(&b, x, f)) == 0)
		text = arena_string(a, b.data, b.len, f);
	buf_release(&b);
	return text;
}

const char *
wording_time(struct arena *a, const struct entry *e, struct fault *f)
{
	if (e->mtime_nsec == 0)
		return wording_print(a, f, "%" PRId64, e->mtime);
	if (e->mtime >= 0)
		return wording_print(
		    a, f, "%" PRId64 ".%09" PRIu32, e->mtime, e->mtime_nsec);
	/* seconds count down and nanoseconds up: -2 s + 0.25 s is -1.75 */
	return wording_print(a, f, "-%" PRId64 ".%09" PRIu32, -(e->mtime + 1),
	    1000000000 - e->mtime_nsec);
}

const char *
wording_entry(struct arena *a, const struct entry *e, struct fault *f)
{
	const char *user = wording_owner(a, e->uname, e->uid, f);
	const char *group = wording_owner(a, e->gname, e->gid, f);
	struct buf b = BUF_INIT;
	const char *text = NULL;

	if (user != NULL && group != NULL &&
	    buf_addf(&b, f, "%s,%04o,",
		entry_type_name((enum entry_type)e->type), e->mode) == 0 &&
	    buf_adds(&b, user, f) == 0 && buf_adds(&b, ":", f) == 0 &&
	    buf_adds(&b, group, f) == 0)
		text = arena_string(a, b.data, b.len, f);
	buf_release(&b);
	return text;
}
