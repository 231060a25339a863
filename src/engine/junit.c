/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/junit.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/difference.h"
#include "engine/diffline.h"
#include "format/vis.h"
#include "format/xml.h"

#include <string.h>

int
junit_begin(struct buf *b, size_t tests, size_t failures, size_t errors,
    struct fault *f)
{
	return buf_addf(b, f,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuite name=\"amtree-diff\" tests=\"%zu\" failures=\"%zu\" "
	    "errors=\"%zu\">\n",
	    tests, failures, errors);
}

int
junit_end(struct buf *b, struct fault *f)
{
	return buf_adds(b, "</testsuite>\n", f);
}

/* A name as it may stand between quotes in XML. */
static int
add_attribute(
    struct buf *b, const char *name, const char *value, struct fault *f)
{
	struct buf shown = BUF_INIT;
	int r = vis_add(&shown, value, strlen(value), f);

	if (r == 0)
		r = buf_addf(b, f, " %s=\"", name) < 0 ||
			xml_add_text(b, shown.data, shown.len, f) < 0 ||
			buf_adds(b, "\"", f) < 0
		    ? -1
		    : 0;
	buf_release(&shown);
	return r;
}

/* "<testcase ...", which is not closed yet. */
static int
begin_case(struct buf *b, const struct junit_case *c, struct fault *f)
{
	const char *class = c->arch != NULL ? c->arch : "amtree-diff";

	if (buf_adds(b, "  <testcase", f) < 0 ||
	    add_attribute(b, "classname", class, f) < 0)
		return -1;
	return add_attribute(b, "name", c->name, f);
}

/* The lines of differences, as far as there is room. */
static int
add_lines(struct buf *b, const struct differences *ds, struct fault *f)
{
	const size_t start = b->len;
	struct buf line = BUF_INIT;
	size_t at = 0;
	int r = 0;

	for (; r == 0 && at < ds->count && b->len - start < JUNIT_LINES_MAX;
	     at++) {
		buf_reset(&line);
		r = diffline_add_text(&line, NULL, &ds->list[at], f);
		if (r == 0)
			r = xml_add_text(b, line.data, line.len, f);
	}
	buf_release(&line);
	if (r == 0 && at < ds->count)
		r = buf_addf(b, f, "... and %zu more\n", ds->count - at);
	return r;
}

int
junit_add_case(struct buf *b, const struct junit_case *c,
    const struct differences *ds, struct fault *f)
{
	if (begin_case(b, c, f) < 0)
		return -1;
	if (ds->count == 0)
		return buf_adds(b, "/>\n", f);
	if (buf_addf(b, f,
		">\n    <failure message=\"differences: %zu; the riskiest: "
		"%s\">\n",
		ds->count, difference_name(ds->list[0].kind)) < 0 ||
	    add_lines(b, ds, f) < 0)
		return -1;
	return buf_adds(b, "    </failure>\n  </testcase>\n", f);
}

int
junit_add_error(struct buf *b, const struct junit_case *c,
    const struct buf *messages, struct fault *f)
{
	const char *s = messages->data, *end = s + messages->len;
	struct buf shown = BUF_INIT;
	int r = -1;

	if (begin_case(b, c, f) == 0)
		r = buf_adds(b, ">\n    <error message=\"broken\">\n", f);
	for (; r == 0 && s < end; s += strlen(s) + 1) {
		buf_reset(&shown);
		r = vis_show(&shown, s, strlen(s), f) < 0 ||
			xml_add_text(b, shown.data, shown.len, f) < 0
		    ? -1
		    : buf_adds(b, "\n", f);
	}
	buf_release(&shown);
	return r < 0 ? -1 : buf_adds(b, "    </error>\n  </testcase>\n", f);
}
