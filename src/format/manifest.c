/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/manifest.h"

#include "base/fault.h"
#include "format/caps.h"
#include "format/deed.h"
#include "format/mtree.h"
#include "format/note.h"
#include "format/vis.h"

#include <inttypes.h>
#include <string.h>

static int
add_owner(struct buf *b, const char *kind, const char *name, uint32_t id,
    unsigned keywords, struct fault *f)
{
	if (name != NULL && buf_addf(b, f, " %cname=%s", *kind, name) < 0)
		return -1;
	if (name != NULL && (keywords & KEYWORD_IDS) == 0)
		return 0;
	return buf_addf(b, f, " %cid=%" PRIu32, *kind, id);
}

static int
add_link(struct buf *b, const struct entry *e, struct fault *f)
{
	return buf_adds(b, " link=", f) < 0
	    ? -1
	    : vis_add(b, e->link, strlen(e->link), f);
}

static int
add_words(
    struct buf *b, const struct entry *e, unsigned keywords, struct fault *f)
{
	const enum entry_type type = (enum entry_type)e->type;
	const bool is_device = type == ENTRY_CHAR || type == ENTRY_BLOCK ||
	    (keywords & KEYWORD_TYPE) == 0;

	if (((keywords & KEYWORD_GROUP) != 0 &&
		add_owner(b, "g", e->gname, e->gid, keywords, f) < 0) ||
	    ((keywords & KEYWORD_USER) != 0 &&
		add_owner(b, "u", e->uname, e->uid, keywords, f) < 0) ||
	    ((keywords & KEYWORD_MODE) != 0 &&
		buf_addf(b, f, " mode=%o", e->mode) < 0) ||
	    ((keywords & KEYWORD_TYPE) != 0 &&
		buf_addf(b, f, " type=%s", entry_type_name(type)) < 0) ||
	    ((keywords & KEYWORD_DEVICE) != 0 && is_device &&
		buf_addf(b, f, " device=native,%" PRIu32 ",%" PRIu32, e->major,
		    e->minor) < 0) ||
	    ((keywords & KEYWORD_LINK) != 0 && e->link != NULL &&
		add_link(b, e, f) < 0) ||
	    ((keywords & KEYWORD_SIZE) != 0 && type == ENTRY_FILE &&
		buf_addf(b, f, " size=%" PRIu64, e->size) < 0) ||
	    ((keywords & KEYWORD_TIME) != 0 &&
		buf_addf(b, f, " time=%" PRId64 ".%09" PRIu32, e->mtime,
		    e->mtime_nsec) < 0) ||
	    ((keywords & KEYWORD_OPTIONAL) != 0 &&
		buf_adds(b, " optional", f) < 0))
		return -1;
	return 0;
}

int
manifest_add_entry(
    struct buf *b, const struct entry *e, unsigned keywords, struct fault *f)
{
	const bool is_dotted =
	    (keywords & KEYWORD_DOTTED) != 0 || strchr(e->path, '/') == NULL;
	const size_t start = b->len;

	if ((is_dotted && buf_adds(b, "./", f) < 0) ||
	    vis_add(b, e->path, strlen(e->path), f) < 0 ||
	    add_words(b, e, keywords, f) < 0)
		return -1;
	if (b->len - start > MTREE_LINE_MAX)
		return fault_set(f, FAULT_INPUT,
		    "line for '%s' would be longer than %d bytes", e->path,
		    MTREE_LINE_MAX);
	return buf_adds(b, "\n", f);
}

int
manifest_add_value(struct buf *b, const char *value, struct fault *f)
{
	for (;;) {
		const size_t len = strcspn(value, "=");

		if (vis_add(b, value, len, f) < 0)
			return -1;
		if (value[len] == '\0')
			return 0;
		if (buf_adds(b, "=", f) < 0)
			return -1;
		value += len + 1;
	}
}

int
manifest_add_keywords(
    struct buf *b, const char *lead, unsigned keywords, struct fault *f)
{
	for (unsigned bit = 1; bit != 0 && bit <= keywords; bit <<= 1) {
		if ((keywords & bit) == 0)
			continue;
		if (buf_addf(b, f, "%s%s", lead,
			keyword_name((enum keyword_bit)bit)) < 0)
			return -1;
		lead = ",";
	}
	return 0;
}

/* All of a comment but its newline. */
static int
add_note(struct buf *b, unsigned binds, const char *caps, struct fault *f)
{
	if (buf_adds(b, "#amtree", f) < 0 ||
	    ((binds & KEYWORD_CREATE) != 0 && buf_adds(b, " create", f) < 0) ||
	    ((binds & KEYWORD_RECORDED) != 0 &&
		buf_adds(b, " recorded", f) < 0) ||
	    manifest_add_keywords(b, " bind=", binds & KEYWORD_BINDABLE, f) < 0)
		return -1;
	if (caps != NULL &&
	    (buf_adds(b, " caps=", f) < 0 ||
		manifest_add_value(b, caps, f) < 0))
		return -1;
	return 0;
}

int
manifest_add_note(
    struct buf *b, unsigned binds, const char *caps, struct fault *f)
{
	return add_note(b, binds, caps, f) < 0 ? -1 : buf_adds(b, "\n", f);
}

/* One word for each deed, of which the parts are named together. */
static int
add_deeds(
    struct buf *b, const struct deed_list *by, unsigned left, struct fault *f)
{
	for (int i = 0; i < DEED_PARTS; i++) {
		unsigned parts = 0;

		if ((left & 1u << i) == 0 || by->of[i] == NULL)
			continue;
		for (int k = i; k < DEED_PARTS; k++) {
			if (by->of[k] != NULL &&
			    strcmp(by->of[k], by->of[i]) == 0)
				parts |= left & 1u << k;
		}
		left &= ~parts;
		if (deed_add_parts(b, parts, f) < 0 ||
		    manifest_add_value(b, by->of[i], f) < 0)
			return -1;
	}
	return 0;
}

int
manifest_add_record(
    struct buf *b, const struct spec *s, unsigned binds, struct fault *f)
{
	struct buf caps = BUF_INIT;
	int r = -1;

	if ((binds & KEYWORD_CAPS) != 0 &&
	    (manifest_add_caps(&caps, s->caps, f) < 0 ||
		buf_end(&caps, f) == NULL))
		goto out;
	if (add_note(b, binds | KEYWORD_RECORDED, caps.data, f) == 0 &&
	    (s->by == NULL || add_deeds(b, s->by, deed_parts(binds), f) == 0))
		r = buf_adds(b, "\n", f);
out:
	buf_release(&caps);
	return r;
}

/* True if reading the text gives these very bytes. */
static bool
says_all(const struct buf *text, const struct xattr *caps)
{
	unsigned char again[CAPS_XATTR_LEN];
	struct fault tried = { 0 };

	return caps->len == sizeof(again) &&
	    caps_parse(again, text->data, text->len, &tried) == 0 &&
	    memcmp(again, caps->value, sizeof(again)) == 0;
}

int
manifest_add_caps(struct buf *b, const struct xattr *caps, struct fault *f)
{
	struct buf text = BUF_INIT;
	int r;

	if (caps == NULL)
		return buf_adds(b, NOTE_NO_CAPS, f);
	r = caps_format(&text, caps->value, caps->len, f);
	if (r == 0 && says_all(&text, caps))
		r = buf_add(b, text.data, text.len, f);
	else if (r == 0)
		r = buf_adds(b, NOTE_HEX, f) < 0
		    ? -1
		    : buf_add_hex(b, caps->value, caps->len, f);
	buf_release(&text);
	return r;
}

int
manifest_add_caps_word(
    struct buf *b, const char *lead, const struct xattr *caps, struct fault *f)
{
	struct buf value = BUF_INIT;
	int r = -1;

	if (manifest_add_caps(&value, caps, f) == 0 &&
	    buf_end(&value, f) != NULL && buf_adds(b, lead, f) == 0)
		r = manifest_add_value(b, value.data, f);
	buf_release(&value);
	return r;
}
