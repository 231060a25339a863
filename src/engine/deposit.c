/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/deposit.h"

#include "base/fault.h"
#include "engine/draft.h"
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

struct deposit {
	const struct merge_package *package;
	const struct recording *recording;
	struct tree tree;
	struct draft draft;
	size_t count; /* of the entries in it */
};

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
    struct fault *f)
{
	const struct spec *old = override_find(&d->draft.said, found->path);
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
	if (manifest_add_record(&d->draft.text, s, binds, f) < 0)
		return -1;
	return manifest_add_entry(&d->draft.text, &after, STATED, f);
}

static int
make_text(void *deposit, struct fault *f)
{
	struct deposit *d = deposit;
	const struct tree *t = &d->tree;

	d->count = 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct entry *e = &t->entries[i];
		const struct spec *s;
		int r = recording_recall(d->recording, t, e, &s, f);

		if (r > 0 && add_line(d, e, s, f) < 0)
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

static int
write_lines(struct deposit *d, struct fault *f)
{
	if (draft_load(&d->draft, f) < 0 || load_tree(d, f) < 0 ||
	    make_text(d, f) < 0)
		return -1;
	return d->draft.text.len > 0 ? draft_commit(&d->draft, make_text, d, f)
				     : 0;
}

int
deposit_write(const struct merge_package *package,
    const struct recording *recording, size_t *count, struct fault *f)
{
	struct deposit d = {
		.package = package,
		.recording = recording,
		.tree = TREE_INIT,
		.draft = { .control = package->control, .is_of_records = true },
	};
	int r = 0;

	if (recording->count > 0 &&
	    (access(package->root, F_OK) == 0 || errno != ENOENT))
		r = write_lines(&d, f);
	if (r == 0 && count != NULL)
		*count = d.count;
	draft_release(&d.draft);
	tree_release(&d.tree);
	return r;
}
