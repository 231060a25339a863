/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/advice.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/control.h"
#include "engine/layout.h"
#include "engine/override.h"
#include "engine/recording.h"
#include "engine/suggest.h"
#include "engine/survey.h"
#include "engine/trap.h"
#include "engine/tree.h"
#include "format/accounts.h"
#include "format/owner.h"
#include "format/quote.h"
#include "format/spec.h"
#include "format/vis.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OWNERS_OWN = 0700 }; /* bits that a recorder may have added on disk */

/* Which of what the spec binds has to be declared for the entry on disk. */
static unsigned
select_keywords(const struct spec *s, const struct entry *e)
{
	const unsigned lasting = ENTRY_MODE_MASK & ~(unsigned)OWNERS_OWN;
	unsigned keywords = s->binds;

	if (owner_is_root(s->entry.uname, s->entry.uid))
		keywords &= ~(unsigned)KEYWORD_USER;
	if (owner_is_root(s->entry.gname, s->entry.gid))
		keywords &= ~(unsigned)KEYWORD_GROUP;
	if (s->caps == NULL)
		keywords &= ~(unsigned)KEYWORD_CAPS;
	if ((s->binds & KEYWORD_TYPE) == 0 &&
	    (s->entry.mode & lasting) == (e->mode & lasting))
		keywords &= ~(unsigned)KEYWORD_MODE;
	return keywords &
	    (KEYWORD_USER | KEYWORD_GROUP | KEYWORD_MODE | KEYWORD_TYPE |
		KEYWORD_CAPS);
}

static int
advise(struct tree *t, unsigned *keywords, const struct override_set *set,
    const struct recording *recording, struct fault *f)
{
	for (size_t i = 0; i < t->count; i++) {
		struct entry *e = &t->entries[i];
		const struct spec *said = override_find(set, e->path);
		const struct spec *found;
		struct spec s;
		const int r = recording_recall(recording, t, e, &found, f);

		if (r < 0)
			return -1;
		if (r == 0)
			continue;
		s = *found;
		if (said != NULL)
			s.binds &= ~(said->binds & ~said->recorded);
		keywords[i] = select_keywords(&s, e);
		if (spec_apply(e, &s, &t->arena, f) < 0)
			return fault_wrap(f, "'%s/%s'", t->root, e->path);
	}
	return 0;
}

/* How a shell names the root of a package; `word` is room for it. */
static const char *
spell_root(
    struct buf *word, const struct layout_package *package, struct fault *f)
{
	if (package->spelling != NULL)
		return package->spelling;
	return quote_add(word, package->root, f) < 0 ? NULL : buf_end(word, f);
}

/* Say whose lines they are where the paths do not. */
static int
add_lines(struct buf *lines, const struct layout_package *package,
    const struct buf *added, struct fault *f)
{
	const char *name = strrchr(package->root, '/') + 1;

	if (added->len > 0 && package->is_subpackage &&
	    (buf_adds(lines, "# ", f) < 0 ||
		vis_show(lines, name, strlen(name), f) < 0 ||
		buf_adds(lines, "\n", f) < 0))
		return -1;
	return buf_add(lines, added->data, added->len, f);
}

static int
add_advice(struct buf *lines, const struct layout_package *package,
    const struct tree *t, const unsigned *keywords, struct fault *f)
{
	struct buf word = BUF_INIT, added = BUF_INIT;
	struct suggest_options o = { .keywords = keywords };
	int r = -1;

	o.root = spell_root(&word, package, f);
	if (o.root != NULL && suggest_add(&added, t, &o, f) == 0)
		r = add_lines(lines, package, &added, f);
	buf_release(&word);
	buf_release(&added);
	return r;
}

int
advice_package(struct buf *lines, const struct layout_package *package,
    const struct recording *recording, struct fault *f)
{
	const struct survey_options to = { .is_package = true };
	struct override_set set = { 0 };
	struct tree t = TREE_INIT;
	unsigned *keywords = NULL;
	int r = -1;

	if (recording->count == 0 ||
	    (access(package->root, F_OK) < 0 && errno == ENOENT))
		return 0;
	if (tree_open(&t, package->root, f) < 0 ||
	    survey_walk(&t, "", &to, f) < 0 ||
	    control_load(package->control, &set, f) < 0)
		goto out;
	tree_sort(&t);
	keywords = calloc(t.count + 1, sizeof(*keywords));
	if (keywords == NULL) {
		fault_sys(f, "cannot allocate %zu entries", t.count);
		goto out;
	}
	if (advise(&t, keywords, &set, recording, f) == 0)
		r = add_advice(lines, package, &t, keywords, f);
out:
	free(keywords);
	override_release(&set);
	tree_release(&t);
	return r;
}

/* The entry that the refused call would have made. */
static void
set_entry(struct entry *e, const struct record *wanted, unsigned *keywords,
    const struct advice_names *names)
{
	if ((wanted->has & RECORD_UID) != 0) {
		e->uname = accounts_name(names->users, wanted->uid);
		e->uid = wanted->uid;
		if (!owner_is_root(e->uname, e->uid))
			*keywords |= KEYWORD_USER;
	}
	if ((wanted->has & RECORD_GID) != 0) {
		e->gname = accounts_name(names->groups, wanted->gid);
		e->gid = wanted->gid;
		if (!owner_is_root(e->gname, e->gid))
			*keywords |= KEYWORD_GROUP;
	}
	if ((wanted->has & RECORD_DEVICE) != 0) {
		e->type = S_ISCHR(wanted->mode) ? ENTRY_CHAR : ENTRY_BLOCK;
		e->mode = wanted->mode & ENTRY_MODE_MASK;
		e->major = wanted->major;
		e->minor = wanted->minor;
		*keywords |= KEYWORD_TYPE | KEYWORD_MODE;
	}
}

/* It is shown within another line: no continuation, and no newline at its end. */
static void
join_lines(struct buf *b)
{
	static const char continued[] = "\\\n\t";
	const size_t len = strlen(continued);
	size_t to = 0;

	while (b->len > 0 && b->data[b->len - 1] == '\n')
		b->len--;
	for (size_t from = 0; from < b->len; from++) {
		if (b->len - from > len &&
		    memcmp(b->data + from, continued, len) == 0)
			from += len;
		b->data[to++] = b->data[from];
	}
	b->len = to;
}

int
advice_refusal(struct buf *line, const struct trap_refusal *refusal,
    const struct layout *layout, const struct advice_names *names,
    struct fault *f)
{
	const struct record *wanted = &refusal->wanted;
	const struct xattr caps = { .name = ENTRY_CAPS_XATTR,
		.value = wanted->caps,
		.len = wanted->caps_len };
	const char *rest = refusal->path + 1;
	const struct layout_package *p =
	    layout_locate(layout, refusal->path, &rest);
	unsigned keywords = 0;
	struct entry e = { .path = rest, .uname = "root", .gname = "root" };
	const struct tree t = { .entries = &e, .count = 1, .rootfd = -1 };
	struct suggest_options o = { .root = "", .keywords = &keywords };
	struct buf word = BUF_INIT;
	int r = -1;

	set_entry(&e, wanted, &keywords, names);
	if ((wanted->has & RECORD_CAPS) != 0) {
		e.xattrs = &caps;
		keywords |= KEYWORD_CAPS;
	}
	if (p != NULL)
		o.root = spell_root(&word, p, f);
	if (o.root != NULL)
		r = suggest_add(line, &t, &o, f);
	if (r == 0)
		join_lines(line);
	buf_release(&word);
	return r;
}
