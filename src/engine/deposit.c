/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/deposit.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/control.h"
#include "engine/merge.h"
#include "engine/override.h"
#include "engine/recording.h"
#include "engine/survey.h"
#include "engine/tree.h"
#include "format/manifest.h"
#include "format/owner.h"
#include "format/spec.h"

#include <errno.h>
#include <unistd.h>

enum {
	STATED = KEYWORD_TYPE | KEYWORD_MODE | KEYWORD_USER | KEYWORD_GROUP |
	    KEYWORD_LINK | KEYWORD_DEVICE | KEYWORD_OPTIONAL,
	DEVICE = KEYWORD_TYPE | KEYWORD_DEVICE,
};

/* Lines on their way into one override file. */
struct deposit {
	const struct merge_package *package;
	const struct recording *recording;
	struct tree tree;
	struct buf text;
	size_t count; /* of the entries in it */
	off_t seen; /* length of the override file when it was read */
};

/* What the override file says that was recorded, and only that. */
static int
load_recorded(
    const struct control *c, struct override_set *set, struct fault *f)
{
	if (c->fd >= 0 && override_read(set, c->fd, c->file, f) < 0)
		return -1;
	override_keep_recorded(set);
	override_settle(set);
	return 0;
}

/*
 * Lay a record over an entry, whatever the entry is on disk: if a device's file
 * is none any more, that is for the merger to complain about.
 */
static int
lay(struct entry *e, const struct spec *s, struct arena *arena, struct fault *f)
{
	struct spec laid = *s;

	laid.binds &= JOURNAL_KEYWORDS;
	if ((laid.binds & KEYWORD_TYPE) != 0) {
		e->type = s->entry.type;
		e->size = 0;
	} else {
		laid.binds &= ~(unsigned)KEYWORD_DEVICE;
	}
	return spec_apply(e, &laid, arena, f);
}

static int
check_number(const char *what, const char *name, uint32_t id, struct fault *f)
{
	if (name != NULL || id <= OWNER_ID_MAX)
		return 0;
	return fault_set(f, FAULT_INPUT,
	    "%s number %lu was recorded, which is over %d, more than apk can "
	    "read",
	    what, (unsigned long)id, OWNER_ID_MAX);
}

/* The line of one file, if it says anything new. */
static int
add_line(struct deposit *d, const struct entry *found, const struct spec *s,
    const struct override_set *set, struct fault *f)
{
	const struct spec *old = override_find(set, found->path);
	struct entry before = *found, after;
	unsigned binds;

	if (old != NULL && lay(&before, old, &d->tree.arena, f) < 0)
		return -1;
	after = before;
	if (lay(&after, s, &d->tree.arena, f) < 0 ||
	    check_number("user", after.uname, after.uid, f) < 0 ||
	    check_number("group", after.gname, after.gid, f) < 0)
		return -1;
	binds = spec_difference(&before, &after);
	if (binds == 0)
		return 0;
	if ((binds & DEVICE) != 0)
		binds |= DEVICE; /* neither makes sense without the other */
	d->count++;
	if (manifest_add_record(&d->text, s, binds, f) < 0)
		return -1;
	return manifest_add_entry(&d->text, &after, STATED, f);
}

static int
make_text(struct deposit *d, const struct override_set *set, struct fault *f)
{
	const struct tree *t = &d->tree;

	buf_reset(&d->text);
	d->count = 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct entry *e = &t->entries[i];
		const struct spec *s;
		int r = recording_recall(d->recording, t, e, &s, f);

		if (r > 0 && add_line(d, e, s, set, f) < 0)
			r = fault_wrap(f, "'%s/%s'", t->root, e->path);
		if (r < 0)
			return -1;
	}
	return 0;
}

/* What a merge walks through, too. */
static int
load_tree(struct deposit *d, struct fault *f)
{
	static const struct survey_options o = {
		.has_xattrs = true,
		.is_package = true,
	};

	if (tree_open(&d->tree, d->package->root, f) < 0 ||
	    survey_walk(&d->tree, "", &o, f) < 0)
		return -1;
	tree_sort(&d->tree);
	return 0;
}

/* Nobody shall have to wait while a large tree is walked. */
static int
prepare(struct deposit *d, struct fault *f)
{
	struct control c = CONTROL_INIT;
	struct override_set set = { 0 };
	int r = control_open(&c, d->package->control, CONTROL_READ, f);

	if (r == 0)
		r = load_recorded(&c, &set, f);
	d->seen = c.size;
	control_close(&c);
	if (r == 0 && (load_tree(d, f) < 0 || make_text(d, &set, f) < 0))
		r = -1;
	override_release(&set);
	return r;
}

static int
commit(struct deposit *d, struct fault *f)
{
	struct control c = CONTROL_INIT;
	struct override_set set = { 0 };
	int r = control_open(&c, d->package->control, CONTROL_APPEND, f);

	/* others may have appended since */
	if (r == 0 && c.size != d->seen &&
	    (load_recorded(&c, &set, f) < 0 || make_text(d, &set, f) < 0))
		r = -1;
	if (r == 0)
		r = control_append(&c, &d->text, f);
	override_release(&set);
	control_close(&c);
	return r;
}

int
deposit_write(const struct merge_package *package,
    const struct recording *recording, size_t *count, struct fault *f)
{
	struct deposit d = {
		.package = package,
		.recording = recording,
		.tree = TREE_INIT,
	};
	int r = 0;

	if (recording->count > 0 &&
	    (access(package->root, F_OK) == 0 || errno != ENOENT)) {
		r = prepare(&d, f);
		if (r == 0 && d.text.len > 0)
			r = commit(&d, f);
	}
	if (r == 0 && count != NULL)
		*count = d.count;
	buf_release(&d.text);
	tree_release(&d.tree);
	return r;
}
