/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/look.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/path.h"
#include "cmd/cli.h"
#include "cmd/print.h"
#include "engine/control.h"
#include "engine/merge.h"
#include "engine/origins.h"
#include "engine/override.h"
#include "engine/place.h"
#include "engine/siblings.h"
#include "engine/why.h"
#include "format/manifest.h"

#include <stdio.h>
#include <string.h>

/* What one path has in force: its line, with what it binds and no more. */
static int
add_listed(struct buf *text, const struct spec *s, struct fault *f)
{
	if (manifest_add_entry(
		text, &s->entry, s->binds | (s->has & KEYWORD_OPTIONAL), f) < 0)
		return -1;
	text->len--; /* the newline comes behind what no entry can state */
	if (((s->binds & KEYWORD_CAPS) != 0 &&
		manifest_add_caps_word(text, " caps=", s->caps, f) < 0) ||
	    manifest_add_keywords(text, " recorded=", s->recorded, f) < 0)
		return -1;
	return buf_adds(text, "\n", f);
}

int
look_list(const struct place *p, struct fault *f)
{
	struct override_set set = { 0 };
	struct buf text = BUF_INIT;
	int r = -1;

	if (control_load(p->control, &set, f) < 0)
		goto out;
	for (size_t i = 0; i < set.count; i++) {
		if (path_is_within(set.specs[i].entry.path, p->path) &&
		    add_listed(&text, &set.specs[i], f) < 0)
			goto out;
	}
	r = print_text(&text, f) < 0 ? -1 : print_flush(f);
out:
	buf_release(&text);
	override_release(&set);
	return r;
}

/* With the journal of an amtree-run that goes on, and the packages beside ours. */
static int
explain(struct buf *text, const struct place *p, struct origins *all,
    struct fault *f)
{
	struct siblings siblings = { 0 };
	struct merge_options o = {
		.package = { p->root, p->control },
		.journal = cli_env("AMTREE_JOURNAL"),
	};
	int r = siblings_find(&siblings, &o.package, f);

	o.siblings = siblings.items;
	o.sibling_count = siblings.count;
	if (r == 0 &&
	    (origins_load(all, &o, p->path, f) < 0 ||
		why_add(text, all, f) < 0))
		r = -1;
	siblings_release(&siblings);
	return r;
}

int
look_why(const struct place *p, struct fault *f)
{
	struct origins all = ORIGINS_INIT;
	struct buf text = BUF_INIT;
	int r;

	if (*p->path == '\0')
		return fault_set(f, FAULT_USAGE,
		    "'%s' is the root of a package, which has no entry",
		    p->root);
	r = explain(&text, p, &all, f);
	if (r == 0)
		r = print_text(&text, f);
	buf_release(&text);
	origins_release(&all);
	return r < 0 ? -1 : print_flush(f);
}

static void
print_finding(void *arg, const char *text)
{
	(void)arg;
	print_line(stdout, "", text);
}

int
look_check(const struct place *p, struct fault *f)
{
	const struct notice notice = { .say = print_finding };
	const struct merge_options o = {
		.package = { p->root, p->control },
		.notice = &notice,
	};
	const int findings = merge_check(&o, f);

	if (findings < 0 || print_flush(f) < 0)
		return -1;
	return findings > 0 ? CLI_FINDING : CLI_DONE;
}
