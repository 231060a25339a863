/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/phrase.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/path.h"
#include "format/caps.h"
#include "format/keyword.h"
#include "format/note.h"
#include "format/owner.h"
#include "format/quote.h"

#include <inttypes.h>
#include <string.h>

static int
add_target(struct buf *b, const char *target, struct fault *f)
{
	if (target == NULL || *target == '\0' || strlen(target) > PATH_LIMIT)
		return fault_set(f, FAULT_INPUT,
		    "target of the link is not 1 to %d bytes", PATH_LIMIT);
	if (buf_adds(b, " -l ", f) < 0)
		return -1;
	return quote_add(b, target, f) < 0 ? fault_wrap(f, "target of the link")
					   : 0;
}

static int
add_device(struct buf *b, const struct entry *e, struct fault *f)
{
	if (e->major > ENTRY_MAJOR_MAX || e->minor > ENTRY_MINOR_MAX)
		return fault_set(f, FAULT_INPUT,
		    "device number %" PRIu32 ",%" PRIu32 " is too large",
		    e->major, e->minor);
	return buf_addf(b, f, " -D %" PRIu32 ",%" PRIu32, e->major, e->minor);
}

static int
add_type(struct buf *b, const struct entry *e, struct fault *f)
{
	const enum entry_type type = (enum entry_type)e->type;

	if (buf_addf(b, f, " -t %s", entry_type_name(type)) < 0)
		return -1;
	switch (type) {
	case ENTRY_LINK:
		return add_target(b, e->link, f);
	case ENTRY_CHAR:
	case ENTRY_BLOCK:
		return add_device(b, e, f);
	case ENTRY_FILE:
	case ENTRY_DIR:
	case ENTRY_FIFO:
		break;
	}
	return 0;
}

static int
add_account(struct buf *b, const char *what, const char *name, uint32_t id,
    struct fault *f)
{
	if (buf_addf(b, f, " -%c ", *what) < 0)
		return -1;
	if (name != NULL)
		return owner_check(what, name, strlen(name), f) < 0
		    ? -1
		    : quote_add(b, name, f);
	if (id > OWNER_ID_MAX)
		return fault_set(f, FAULT_INPUT,
		    "%s number %" PRIu32 " is over %d", what, id, OWNER_ID_MAX);
	return buf_addf(b, f, "%" PRIu32, id);
}

static int
add_user(struct buf *b, const struct entry *e, struct fault *f)
{
	return add_account(b, "user", e->uname, e->uid, f);
}

static int
add_group(struct buf *b, const struct entry *e, struct fault *f)
{
	return add_account(b, "group", e->gname, e->gid, f);
}

static int
add_mode(struct buf *b, const struct entry *e, struct fault *f)
{
	return buf_addf(b, f, " -m %o", e->mode & (unsigned)ENTRY_MODE_MASK);
}

/* A value may have a text that amtree does not take: that of a root's own. */
static int
spell_caps(struct buf *text, const struct xattr *caps, struct fault *f)
{
	unsigned char value[CAPS_XATTR_LEN];

	if (caps == NULL)
		return buf_adds(text, NOTE_NO_CAPS, f);
	if (caps_format(text, caps->value, caps->len, f) < 0)
		return -1;
	if (caps_parse(value, text->data, text->len, f) == 0)
		return 0;
	return fault_wrap(f, "capabilities '%.*s'", (int)text->len, text->data);
}

static int
add_caps(struct buf *b, const struct entry *e, struct fault *f)
{
	struct buf text = BUF_INIT;
	int r = -1;

	if (spell_caps(&text, entry_caps(e), f) == 0 &&
	    buf_end(&text, f) != NULL && buf_adds(b, " -c ", f) == 0)
		r = quote_add(b, text.data, f);
	buf_release(&text);
	return r;
}

/* In the order of a line. */
static const struct option {
	enum keyword_bit keyword;
	int (*add)(struct buf *b, const struct entry *e, struct fault *f);
} options[] = {
	{ KEYWORD_TYPE, add_type },
	{ KEYWORD_USER, add_user },
	{ KEYWORD_GROUP, add_group },
	{ KEYWORD_MODE, add_mode },
	{ KEYWORD_CAPS, add_caps },
};

unsigned
phrase_fitting(const struct entry *e, unsigned keywords)
{
	const enum entry_type type = (enum entry_type)e->type;

	keywords &= KEYWORD_TYPE | KEYWORD_USER | KEYWORD_GROUP | KEYWORD_MODE |
	    KEYWORD_CAPS;
	if (type == ENTRY_FILE)
		keywords &= ~(unsigned)KEYWORD_TYPE;
	else
		keywords &= ~(unsigned)KEYWORD_CAPS;
	if ((keywords & KEYWORD_TYPE) != 0 && e->mode != entry_first_mode(type))
		keywords |= KEYWORD_MODE;
	if (type == ENTRY_LINK)
		keywords &= ~(unsigned)KEYWORD_MODE;
	return keywords;
}

int
phrase_add(
    struct buf *b, const struct entry *e, unsigned keywords, struct fault *f)
{
	const size_t start = b->len;

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		if ((keywords & options[i].keyword) != 0 &&
		    options[i].add(b, e, f) < 0) {
			b->len = start;
			return -1;
		}
	}
	return 0;
}
