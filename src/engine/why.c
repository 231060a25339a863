/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/why.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/origins.h"
#include "format/deed.h"
#include "format/manifest.h"
#include "format/vis.h"

#include <inttypes.h>
#include <string.h>

static const enum keyword_bit keywords[] = { KEYWORD_USER, KEYWORD_GROUP,
	KEYWORD_MODE, KEYWORD_TYPE, KEYWORD_DEVICE, KEYWORD_LINK,
	KEYWORD_CAPS };

/* Where a line of the text begins. */
static const char first[] = "    ", over[] = "        over ";

static int
add_shown(struct buf *b, const char *text, struct fault *f)
{
	return vis_show(b, text, strlen(text), f);
}

static int
add_owner(struct buf *b, const char *kind, const char *name, uint32_t id,
    struct fault *f)
{
	return name != NULL ? buf_addf(b, f, "%cname=%s", *kind, name)
			    : buf_addf(b, f, "%cid=%" PRIu32, *kind, id);
}

/* "uname=www" */
static int
add_value(struct buf *b, enum keyword_bit keyword, const struct entry *e,
    const struct xattr *caps, struct fault *f)
{
	const enum entry_type type = (enum entry_type)e->type;

	if (keyword == KEYWORD_USER)
		return add_owner(b, "user", e->uname, e->uid, f);
	if (keyword == KEYWORD_GROUP)
		return add_owner(b, "group", e->gname, e->gid, f);
	if (keyword == KEYWORD_MODE)
		return buf_addf(b, f, "mode=%o", e->mode);
	if (keyword == KEYWORD_TYPE)
		return buf_addf(b, f, "type=%s", entry_type_name(type));
	if (keyword == KEYWORD_DEVICE)
		return buf_addf(b, f, "device=native,%" PRIu32 ",%" PRIu32,
		    e->major, e->minor);
	if (keyword == KEYWORD_CAPS)
		return manifest_add_caps_word(b, "caps=", caps, f);
	return buf_adds(b, "link=", f) < 0
	    ? -1
	    : vis_add(b, e->link, strlen(e->link), f);
}

/* ", recorded: COMMAND (CALL)" */
static int
add_deed(struct buf *b, const struct spec *s, enum keyword_bit keyword,
    struct fault *f)
{
	const enum deed_part part = deed_part_of((unsigned)keyword);
	const char *deed =
	    s->by != NULL && part < DEED_PARTS ? s->by->of[part] : NULL;
	const size_t call = deed != NULL ? strcspn(deed, ":") : 0;

	if ((s->recorded & (unsigned)keyword) == 0)
		return 0;
	if (deed == NULL)
		return buf_adds(b, ", recorded", f);
	if (buf_adds(b, ", recorded: ", f) < 0 ||
	    add_shown(b, deed + call + 1, f) < 0)
		return -1;
	return buf_addf(b, f, " (%.*s)", (int)call, deed);
}

/* Where an origin stands, and how it comes to be about this file. */
static int
add_source(struct buf *b, const struct origins *all, const struct origin *from,
    enum keyword_bit keyword, struct fault *f)
{
	const char *path = from->spec.entry.path;
	const bool is_moved =
	    from->rank == CLAIM_MOVED || from->rank == CLAIM_RECORDED_MOVED;

	if (add_shown(b, from->file, f) < 0 ||
	    buf_addf(b, f, ":%u", from->spec.line) < 0 ||
	    (is_moved && buf_adds(b, ", moved from there", f) < 0))
		return -1;
	if (path != NULL && strcmp(path, all->entry->path) != 0 &&
	    (buf_adds(b, ", as ", f) < 0 ||
		vis_add(b, path, strlen(path), f) < 0))
		return -1;
	return add_deed(b, &from->spec, keyword, f);
}

/* What the entry has where nothing else is said. */
static const char *
name_ground(const struct origins *all, enum keyword_bit keyword)
{
	if (keyword == KEYWORD_USER || keyword == KEYWORD_GROUP)
		return "default";
	if (keyword == KEYWORD_MODE && all->entry->type == ENTRY_LINK)
		return "a link has no other";
	return all->found != NULL ? "on disk" : "as it is created";
}

/* What all origins lie on, which a created object does not have. */
static int
add_ground(struct buf *b, const struct origins *all, enum keyword_bit keyword,
    struct fault *f)
{
	const bool is_owner =
	    keyword == KEYWORD_USER || keyword == KEYWORD_GROUP;
	const struct entry roots = { .uname = "root", .gname = "root" };
	const struct entry *e = is_owner ? &roots : all->found;

	if (e == NULL || (keyword == KEYWORD_LINK && e->link == NULL) ||
	    (keyword == KEYWORD_DEVICE && e->type != ENTRY_CHAR &&
		e->type != ENTRY_BLOCK))
		return 0;
	if (buf_adds(b, over, f) < 0 ||
	    add_value(b, keyword, e, entry_caps(e), f) < 0)
		return -1;
	return buf_addf(b, f, ": %s\n", name_ground(all, keyword));
}

static int
add_origin(struct buf *b, const struct origins *all, const struct origin *from,
    enum keyword_bit keyword, struct fault *f)
{
	if (add_value(b, keyword, &from->spec.entry, from->spec.caps, f) < 0 ||
	    buf_adds(b, ": ", f) < 0 ||
	    add_source(b, all, from, keyword, f) < 0)
		return -1;
	return buf_adds(b, "\n", f);
}

static int
add_keyword(struct buf *b, const struct origins *all, enum keyword_bit keyword,
    struct fault *f)
{
	const struct entry *e = all->entry;
	size_t at = 0;
	const struct origin *from = origins_next(all, keyword, &at);

	if (buf_adds(b, first, f) < 0 ||
	    add_value(b, keyword, e, entry_caps(e), f) < 0 ||
	    buf_adds(b, ": ", f) < 0)
		return -1;
	if (from == NULL)
		return buf_addf(b, f, "%s\n", name_ground(all, keyword));
	if (add_source(b, all, from, keyword, f) < 0 ||
	    buf_adds(b, "\n", f) < 0)
		return -1;
	while ((from = origins_next(all, keyword, &at)) != NULL) {
		if (buf_adds(b, over, f) < 0 ||
		    add_origin(b, all, from, keyword, f) < 0)
			return -1;
	}
	return add_ground(b, all, keyword, f);
}

/* True if a file of that type has such a thing. */
static bool
has_keyword(const struct entry *e, enum keyword_bit keyword)
{
	if (keyword == KEYWORD_DEVICE)
		return e->type == ENTRY_CHAR || e->type == ENTRY_BLOCK;
	if (keyword == KEYWORD_LINK)
		return e->type == ENTRY_LINK;
	return keyword != KEYWORD_CAPS || e->type == ENTRY_FILE;
}

int
why_add(struct buf *b, const struct origins *all, struct fault *f)
{
	const char *path = all->entry->path;

	if ((strchr(path, '/') == NULL && buf_adds(b, "./", f) < 0) ||
	    vis_add(b, path, strlen(path), f) < 0 || buf_adds(b, "\n", f) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		if (has_keyword(all->entry, keywords[i]) &&
		    add_keyword(b, all, keywords[i], f) < 0)
			return -1;
	}
	return 0;
}
