/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/records.h"

#include "base/buf.h"
#include "base/fault.h"
#include "format/entry.h"
#include "format/pax.h"

#include <stdio.h>
#include <string.h>

/*
 * libarchive would write names of no ASCII as %XX, which nobody reads back.
 * What ends a key, and the sign of the escape itself, have to be written so, as
 * GNU tar does.
 */
static int
add_key(struct buf *key, const char *name, struct fault *f)
{
	if (buf_adds(key, "SCHILY.xattr.", f) < 0)
		return -1;
	for (const char *s = name; *s != '\0'; s++) {
		const int r = *s == '=' ? buf_adds(key, "%3D", f)
		    : *s == '%'         ? buf_adds(key, "%25", f)
					: buf_add(key, s, 1, f);

		if (r < 0)
			return -1;
	}
	return buf_end(key, f) == NULL ? -1 : 0;
}

static int
add_attribute(struct buf *records, const struct xattr *x, struct fault *f)
{
	struct buf key = BUF_INIT;
	int r = -1;

	if (add_key(&key, x->name, f) == 0)
		r = pax_add(records, key.data, x->value, x->len, f);
	buf_release(&key);
	return r;
}

/*
 * A hard link has no attributes of its own.  But apk gives it its owner once
 * more, with which the kernel takes the file's capabilities away.
 */
static int
add_attributes(struct buf *records, const struct entry *e,
    const struct records_options *o, struct fault *f)
{
	for (const struct xattr *x = e->xattrs; x != NULL; x = x->next) {
		if (o->is_hard_link && strcmp(x->name, ENTRY_CAPS_XATTR) != 0)
			continue;
		if (add_attribute(records, x, f) < 0)
			return -1;
	}
	return 0;
}

/*
 * A time before the Epoch stands in a record alone, as GNU tar does it: in the
 * header libarchive would write it in base 256, which apk refuses.  Other times
 * libarchive records if they have a fraction; we do it where one is asked for.
 */
static int
add_time(struct buf *records, const struct entry *e,
    const struct records_options *o, struct fault *f)
{
	char text[48];
	int len;

	if (e->mtime < 0 && e->mtime_nsec > 0)
		len = snprintf(text, sizeof(text), "-%lld.%09u",
		    -(long long)(e->mtime + 1),
		    (unsigned)(1000000000 - e->mtime_nsec));
	else if (e->mtime < 0 || (o->has_time && e->mtime_nsec == 0))
		len = snprintf(text, sizeof(text), "%lld", (long long)e->mtime);
	else
		return 0;
	return pax_add(records, "mtime", text, (size_t)len, f);
}

int
records_add(struct buf *records, const struct entry *e,
    const struct records_options *o, struct fault *f)
{
	if (add_attributes(records, e, o, f) < 0 ||
	    (o->sha1 != NULL &&
		pax_add(records, "APK-TOOLS.checksum.SHA1", o->sha1,
		    strlen(o->sha1), f) < 0))
		return -1;
	return add_time(records, e, o, f);
}
