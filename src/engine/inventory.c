/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/inventory.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/sink.h"
#include "base/stop.h"
#include "engine/tree.h"
#include "format/json.h"
#include "format/manifest.h"

enum {
	FULL = KEYWORD_TYPE | KEYWORD_MODE | KEYWORD_USER | KEYWORD_GROUP |
	    KEYWORD_LINK | KEYWORD_DEVICE | KEYWORD_TIME | KEYWORD_SIZE |
	    KEYWORD_IDS,
	FLUSH_AT = 256 * 1024,
};

/* What mtree(5) has no word for, if there is such. */
static int
add_note(struct buf *text, const struct entry *e, struct fault *f)
{
	const unsigned recorded = e->is_placeholder ? KEYWORD_RECORDED : 0;
	struct buf caps = BUF_INIT;
	int r = -1;

	if (!e->is_caps_set)
		return recorded ? manifest_add_note(text, recorded, NULL, f)
				: 0;
	if (manifest_add_caps(&caps, entry_caps(e), f) == 0 &&
	    buf_end(&caps, f) != NULL)
		r = manifest_add_note(text, recorded, caps.data, f);
	buf_release(&caps);
	return r;
}

static int
add_entry(const struct inventory_options *o, struct buf *text,
    const struct entry *e, struct fault *f)
{
	const unsigned dotted =
	    o->style == INVENTORY_NETBSD ? KEYWORD_DOTTED : 0;

	if (o->style == INVENTORY_JSON)
		return json_add_entry(text, e, f);
	if (add_note(text, e, f) < 0)
		return -1;
	return manifest_add_entry(text, e, FULL | dotted, f);
}

/* What stands before the first entry. */
static int
add_head(const struct inventory_options *o, struct buf *text, struct fault *f)
{
	if (o->style == INVENTORY_JSON)
		return 0;
	if (buf_adds(text, MANIFEST_SIGNATURE, f) < 0)
		return -1;
	return o->style == INVENTORY_NETBSD ? buf_adds(text, MANIFEST_ROOT, f)
					    : 0;
}

int
inventory_write(struct sink *out, const struct tree *t,
    const struct inventory_options *o, struct fault *f)
{
	struct buf text = BUF_INIT;
	int r = -1;

	if (add_head(o, &text, f) < 0)
		goto out;
	for (size_t i = 0; i < t->count; i++) {
		const struct entry *e = &t->entries[i];

		if (o->is_changed_only && !e->is_changed)
			continue;
		if (add_entry(o, &text, e, f) < 0)
			goto out;
		if (text.len < FLUSH_AT)
			continue;
		if (stop_check(f) < 0 ||
		    sink_put(out, text.data, text.len, f) < 0)
			goto out;
		buf_reset(&text);
	}
	r = sink_put(out, text.data, text.len, f);
out:
	buf_release(&text);
	return r;
}
