/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/json.h"

#include "base/buf.h"
#include "base/fault.h"
#include "format/caps.h"
#include "format/entry.h"
#include "format/vis.h"

#include <inttypes.h>
#include <string.h>

static int
add_byte(struct buf *b, unsigned char c, struct fault *f)
{
	if (c == '"' || c == '\\')
		return buf_addf(b, f, "\\%c", c);
	if (c < 0x20 || c == 0x7f)
		return buf_addf(b, f, "\\u%04x", c);
	if (c >= 0x80)
		return buf_addf(b, f, "\\udc%02x", c);
	return buf_add(b, &c, 1, f);
}

int
json_add_string(struct buf *b, const char *bytes, size_t len, struct fault *f)
{
	if (buf_adds(b, "\"", f) < 0)
		return -1;
	for (size_t i = 0; i < len;) {
		const size_t n = vis_char_len(bytes + i, len - i);

		if ((n > 1 ? buf_add(b, bytes + i, n, f)
			   : add_byte(b, (unsigned char)bytes[i], f)) < 0)
			return -1;
		i += n > 1 ? n : 1;
	}
	return buf_adds(b, "\"", f);
}

int
json_add_member(
    struct buf *b, const char *name, const char *value, struct fault *f)
{
	if (buf_addf(b, f, ",\"%s\":", name) < 0)
		return -1;
	return value == NULL ? buf_adds(b, "null", f)
			     : json_add_string(b, value, strlen(value), f);
}

static int
add_time(struct buf *b, const struct entry *e, struct fault *f)
{
	if (e->mtime_nsec == 0)
		return buf_addf(b, f, ",\"time\":%" PRId64, e->mtime);
	if (e->mtime >= 0)
		return buf_addf(b, f, ",\"time\":%" PRId64 ".%09" PRIu32,
		    e->mtime, e->mtime_nsec);
	/* seconds count down and nanoseconds up: -2 s + 0.25 s is -1.75 */
	return buf_addf(b, f, ",\"time\":-%" PRId64 ".%09" PRIu32,
	    -(e->mtime + 1), 1000000000 - e->mtime_nsec);
}

static int
add_caps(struct buf *b, const struct entry *e, struct fault *f)
{
	const struct xattr *caps = entry_caps(e);
	struct buf text = BUF_INIT;
	int r = -1;

	if (caps == NULL)
		return 0;
	if (caps_format(&text, caps->value, caps->len, f) == 0 &&
	    buf_end(&text, f) != NULL)
		r = json_add_member(b, "caps", text.data, f);
	buf_release(&text);
	return r;
}

int
json_add_entry(struct buf *b, const struct entry *e, struct fault *f)
{
	const enum entry_type type = (enum entry_type)e->type;

	if (buf_adds(b, "{\"path\":", f) < 0 ||
	    json_add_string(b, e->path, strlen(e->path), f) < 0 ||
	    json_add_member(b, "type", entry_type_name(type), f) < 0 ||
	    buf_addf(b, f, ",\"mode\":\"%o\"", e->mode) < 0 ||
	    json_add_member(b, "uname", e->uname, f) < 0 ||
	    json_add_member(b, "gname", e->gname, f) < 0 ||
	    buf_addf(b, f, ",\"uid\":%" PRIu32 ",\"gid\":%" PRIu32, e->uid,
		e->gid) < 0 ||
	    add_time(b, e, f) < 0)
		return -1;
	if (type == ENTRY_FILE &&
	    buf_addf(b, f, ",\"size\":%" PRIu64, e->size) < 0)
		return -1;
	if (e->link != NULL && json_add_member(b, "link", e->link, f) < 0)
		return -1;
	if ((type == ENTRY_CHAR || type == ENTRY_BLOCK) &&
	    buf_addf(b, f, ",\"major\":%" PRIu32 ",\"minor\":%" PRIu32,
		e->major, e->minor) < 0)
		return -1;
	if (add_caps(b, e, f) < 0)
		return -1;
	return buf_adds(b, "}\n", f);
}
