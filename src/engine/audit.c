/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/audit.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/path.h"
#include "engine/findings.h"
#include "engine/order.h"
#include "engine/tree.h"
#include "format/caps.h"
#include "format/owner.h"
#include "format/tar.h"

#include <string.h>

static const uint64_t size_limit = (uint64_t)8 << 30; /* 11 octal digits */

static const struct {
	unsigned flaw;
	enum findings_kind kind;
} flaw_kinds[] = {
	{ TAR_ODD_NUMBER, FINDINGS_ODD_NUMBER },
	{ TAR_IGNORED, FINDINGS_IGNORED_RECORD },
	{ TAR_NAMELESS | TAR_NO_USTAR, FINDINGS_ODD_HEADER },
	{ TAR_UNKNOWN_TYPE, FINDINGS_ODD_TYPE },
	{ TAR_LONG_LINK, FINDINGS_LONG_LINK },
	{ TAR_BAD_RECORD, FINDINGS_BAD_RECORD },
	{ TAR_SPARSE, FINDINGS_SPARSE },
	{ TAR_BEHIND_END, FINDINGS_BEHIND_END },
};

static bool
is_bad_caps(const struct entry *e)
{
	const struct xattr *caps = entry_caps(e);
	struct buf text = BUF_INIT;
	struct fault why = { 0 };
	bool is_bad;

	if (caps == NULL)
		return false;
	(void)caps_format(&text, caps->value, caps->len, &why);
	is_bad = why.kind == FAULT_INPUT;
	buf_release(&text);
	return is_bad;
}

static bool
is_named(const char *name)
{
	return name != NULL && strcmp(name, "root") != 0;
}

/* Where there is no such account, apk goes by the number. */
static bool
lends_root(const struct entry *e)
{
	return e->type == ENTRY_FILE &&
	    (((e->mode & 04000) != 0 && is_named(e->uname) && e->uid == 0) ||
		((e->mode & 02000) != 0 && is_named(e->gname) && e->gid == 0));
}

static bool
needs_checksum(const struct tar_entry *e)
{
	const struct entry *x = &e->entry;

	return !e->is_other &&
	    (x->type == ENTRY_LINK ||
		(x->type == ENTRY_FILE && e->target == NULL));
}

int
audit_entry(struct findings *fs, const struct tar_entry *e, const char *name,
    bool is_package, struct fault *f)
{
	const struct entry *x = &e->entry;
	const bool is_large_id = x->uid > OWNER_ID_MAX || x->gid > OWNER_ID_MAX;
	const bool is_large = x->size >= size_limit;
	/* one cause, one finding */
	const unsigned flaws = is_large_id || is_large
	    ? e->flaws & ~(unsigned)(TAR_ODD_NUMBER | TAR_IGNORED)
	    : e->flaws;
	const struct {
		bool is_found;
		enum findings_kind kind;
	} checks[] = {
		{ name[0] == '.', FINDINGS_DOT_NAME },
		{ path_has_control(name), FINDINGS_CONTROL_CHARACTER },
		{ is_large_id, FINDINGS_LARGE_ID },
		{ is_large, FINDINGS_LARGE_FILE },
		{ is_package && needs_checksum(e) && !e->has_checksum,
		    FINDINGS_NO_CHECKSUM },
		{ x->type == ENTRY_LINK && x->mode != 0777,
		    FINDINGS_LINK_MODE },
		{ is_bad_caps(x), FINDINGS_BAD_CAPS },
		{ lends_root(x), FINDINGS_LENDS_ROOT },
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		if (checks[i].is_found &&
		    findings_add(fs, checks[i].kind, x->path, NULL, f) < 0)
			return -1;
	}
	for (size_t i = 0; i < sizeof(flaw_kinds) / sizeof(*flaw_kinds); i++) {
		if ((flaws & flaw_kinds[i].flaw) != 0 &&
		    findings_add(fs, flaw_kinds[i].kind, x->path, NULL, f) < 0)
			return -1;
	}
	return 0;
}

int
audit_control(struct findings *fs, const struct tar_entry *e, struct fault *f)
{
	const struct entry *x = &e->entry;

	if ((e->flaws & TAR_BEHIND_END) != 0 &&
	    findings_add(fs, FINDINGS_BEHIND_END, x->path, NULL, f) < 0)
		return -1;
	if (!owner_is_root(x->uname, x->uid) ||
	    !owner_is_root(x->gname, x->gid))
		return findings_add(
		    fs, FINDINGS_CONTROL_OWNER, x->path, NULL, f);
	return 0;
}

/* The first entry of that path, `len` bytes; NULL if there is none. */
static const struct entry *
find(const struct order *o, const char *path, size_t len)
{
	const size_t i = order_find(o, path, len, NULL);

	return order_is_at(o, i, path, len) ? o->places[i].entry : NULL;
}

static bool
has_parent(const struct order *o, const struct entry *e)
{
	const size_t len = path_parent_len(e->path);
	const struct entry *parent;

	if (len == 0) /* at the top, or absolute, which is said elsewhere */
		return true;
	parent = find(o, e->path, len);
	return parent != NULL && parent < e && parent->type == ENTRY_DIR;
}

/*
 * apk links to whatever is no directory.  But it would follow a symbolic link when
 * it sets the owner of its second name.
 */
static bool
may_be_linked(const struct entry *e)
{
	return e->type != ENTRY_DIR && e->type != ENTRY_LINK;
}

static bool
has_target(const struct order *o, const struct entry *e, const char *target)
{
	size_t len = strlen(target);
	struct fault why = { 0 };
	const struct entry *first;

	if (path_canon(&target, &len, &why) < 0)
		return false;
	first = find(o, target, len);
	return first != NULL && first < e && may_be_linked(first);
}

/* A directory may be named twice. */
static bool
is_second(const struct order *o, size_t i)
{
	const struct entry *e = o->places[i].entry,
			   *last = i > 0 ? o->places[i - 1].entry : NULL;

	return last != NULL && strcmp(last->path, e->path) == 0 &&
	    (e->type != ENTRY_DIR || last->type != ENTRY_DIR);
}

static int
audit_place(struct findings *fs, const struct order *o, size_t i,
    const char *target, struct fault *f)
{
	const struct entry *e = o->places[i].entry;

	if (is_second(o, i) &&
	    findings_add(fs, FINDINGS_DUPLICATE, e->path, NULL, f) < 0)
		return -1;
	if (!has_parent(o, e) &&
	    findings_add(fs, FINDINGS_PARENT_ORDER, e->path, NULL, f) < 0)
		return -1;
	if (target != NULL && !has_target(o, e, target))
		return findings_add(fs, FINDINGS_LINK_ORDER, e->path, NULL, f);
	return 0;
}

int
audit_order(struct findings *fs, const struct tree *t,
    const char *const *targets, struct fault *f)
{
	struct order o = { 0 };
	int r = order_load(&o, t, f);

	for (size_t i = 0; r == 0 && i < o.count; i++)
		r = audit_place(
		    fs, &o, i, targets[o.places[i].entry - t->entries], f);
	order_release(&o);
	return r;
}
