/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/listing.h"

#include "base/fault.h"
#include "base/notice.h"
#include "engine/override.h"
#include "engine/survey.h"
#include "engine/work.h"
#include "format/spec.h"

#include <string.h>
#include <unistd.h>

/* A line of a manifest: its file must be there, or be created by it. */
static int
add_listed(struct work *w, const struct spec *s, struct fault *f)
{
	const struct survey_options to = { .notice = w->o->notice,
		.has_xattrs = true };
	const struct entry *e;
	int r = survey_add(w->tree, s->entry.path, &to, f);

	if (r < 0)
		return fault_wrap(f, "%s:%u", w->own.set.file, s->line);
	if (r == 0 && spec_creates(s))
		return work_create(w, s, f);
	if (r == 0)
		return (s->has & KEYWORD_OPTIONAL) != 0 ? 0
							: work_missing(w, s, f);
	e = &w->tree->entries[w->tree->count - 1];
	if ((s->has & KEYWORD_SIZE) != 0 && e->type == ENTRY_FILE &&
	    e->size != s->entry.size)
		return fault_set(f, FAULT_INPUT,
		    "%s:%u: '%s' is listed with %llu bytes, but has %llu",
		    w->own.set.file, s->line, e->path,
		    (unsigned long long)s->entry.size,
		    (unsigned long long)e->size);
	return work_claim(w, w->tree->count - 1, &w->own, s, f);
}

/* "-" is standard input, as for every file that is named to a program. */
static int
read_manifest(struct override_set *set, const char *file, struct fault *f)
{
	if (strcmp(file, "-") == 0)
		return override_read(set, STDIN_FILENO, "standard input", f);
	if (access(file, F_OK) < 0)
		return fault_sys(f, "cannot open '%s'", file);
	return override_load(set, file, f);
}

int
listing_load(struct work *w, struct fault *f)
{
	struct override_set *set = &w->own.set;

	if (tree_open(w->tree, w->o->package.root, f) < 0 ||
	    read_manifest(set, w->o->manifest, f) < 0)
		return -1;
	override_settle(set);
	for (size_t i = 0; i < set->count; i++) {
		const struct spec *s = &set->specs[i];

		if (*s->entry.path == '.')
			notice_say(w->o->notice,
			    "'%s' begins with a dot, apk will skip it",
			    s->entry.path);
		if (add_listed(w, s, f) < 0)
			return -1;
	}
	return 0;
}
