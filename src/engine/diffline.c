/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/diffline.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/difference.h"
#include "format/json.h"
#include "format/vis.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

enum { KIND_COLUMN = 10, DIGEST_SHOWN = 12 };

/* A blank and a column, if there is something for it. */
static int
add_column(struct buf *b, const char *s, struct fault *f)
{
	if (s == NULL)
		return 0;
	return buf_adds(b, " ", f) < 0 ? -1 : vis_add(b, s, strlen(s), f);
}

static bool
has_sizes(const struct difference *d)
{
	return d->kind == DIFFERENCE_CONTENTS || d->kind == DIFFERENCE_SCRIPT;
}

/* It is about a whole file, and its path is that file's. */
static bool
is_about_file(const struct difference *d)
{
	return d->kind == DIFFERENCE_BROKEN ||
	    d->kind == DIFFERENCE_PACKAGE_REMOVED ||
	    d->kind == DIFFERENCE_PACKAGE_ADDED;
}

/* What is empty, or looks like what is not there, is a column too. */
static int
add_value(struct buf *b, const struct difference *d, const char *value,
    uint64_t size, struct fault *f)
{
	if (value == NULL)
		return buf_adds(b, " -", f);
	if (*value == '\0')
		return buf_adds(b, " \"\"", f);
	if (strcmp(value, "-") == 0)
		return buf_adds(b, " \\055", f);
	if (!has_sizes(d))
		return add_column(b, value, f);
	return buf_addf(
	    b, f, " %" PRIu64 ":%.*s", size, (int)DIGEST_SHOWN, value);
}

int
diffline_add_text(struct buf *b, const struct diffline_package *package,
    const struct difference *d, struct fault *f)
{
	const char *name = package == NULL ? NULL
	    : package->name != NULL        ? package->name
					   : "-";

	if (name != NULL &&
	    (vis_add(b, name, strlen(name), f) < 0 || buf_adds(b, " ", f) < 0))
		return -1;
	if (buf_addf(b, f, "%-*s", KIND_COLUMN, difference_name(d->kind)) < 0 ||
	    (!is_about_file(d) && add_column(b, d->path, f) < 0) ||
	    add_column(b, d->field, f) < 0 ||
	    add_value(b, d, d->before, d->before_size, f) < 0 ||
	    buf_adds(b, " ->", f) < 0 ||
	    add_value(b, d, d->after, d->after_size, f) < 0)
		return -1;
	return buf_adds(b, "\n", f);
}

static int
add_size(struct buf *b, const char *name, const char *value, uint64_t size,
    struct fault *f)
{
	return value == NULL ? json_add_member(b, name, NULL, f)
			     : buf_addf(b, f, ",\"%s\":%" PRIu64, name, size);
}

/* What only some kinds have. */
static int
add_more(struct buf *b, const struct difference *d, struct fault *f)
{
	if (is_about_file(d) && json_add_member(b, "file", d->path, f) < 0)
		return -1;
	if (d->kind == DIFFERENCE_BROKEN)
		return json_add_member(b, "text", d->field, f);
	if (!has_sizes(d))
		return 0;
	return add_size(b, "before_size", d->before, d->before_size, f) < 0
	    ? -1
	    : add_size(b, "after_size", d->after, d->after_size, f);
}

int
diffline_add_json(struct buf *b, const struct diffline_package *package,
    const struct difference *d, struct fault *f)
{
	const bool is_broken = d->kind == DIFFERENCE_BROKEN;
	const size_t start = b->len;

	if (json_add_member(b, "package", package->name, f) < 0 ||
	    json_add_member(b, "arch", package->arch, f) < 0 ||
	    json_add_member(b, "kind", difference_name(d->kind), f) < 0 ||
	    json_add_member(b, "path", is_about_file(d) ? NULL : d->path, f) <
		0 ||
	    json_add_member(b, "field", is_broken ? NULL : d->field, f) < 0 ||
	    json_add_member(b, "before", d->before, f) < 0 ||
	    json_add_member(b, "after", d->after, f) < 0 ||
	    buf_addf(b, f, ",\"risk\":%u", d->risk) < 0 ||
	    add_more(b, d, f) < 0)
		return -1;
	b->data[start] = '{'; /* in place of the first comma */
	return buf_adds(b, "}\n", f);
}
