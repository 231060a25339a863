/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/xml.h"

#include "base/buf.h"
#include "base/fault.h"
#include "format/vis.h"

#include <stdbool.h>
#include <string.h>

/* NULL for what stands for itself. */
static const char *
escape(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&apos;";
	default:
		return NULL;
	}
}

/* The length of a character that a document may have, else 0. */
static size_t
allowed_len(const char *s, size_t len)
{
	const size_t n = vis_char_len(s, len);
	const bool is_control =
	    n == 1 && ((*s < ' ' && *s != '\n') || *s == 0x7f);
	/* U+FFFE and U+FFFF */
	const bool is_none = n == 3 &&
	    (memcmp(s, "\xef\xbf\xbe", 3) == 0 ||
		memcmp(s, "\xef\xbf\xbf", 3) == 0);

	return is_control || is_none ? 0 : n;
}

int
xml_add_text(struct buf *b, const char *bytes, size_t len, struct fault *f)
{
	for (size_t i = 0; i < len;) {
		const size_t n = allowed_len(bytes + i, len - i);
		const char *e = n == 0 ? "?" : escape(bytes[i]);

		if ((e != NULL ? buf_adds(b, e, f)
			       : buf_add(b, bytes + i, n, f)) < 0)
			return -1;
		i += n > 0 ? n : 1;
	}
	return 0;
}
