/* SPDX-License-Identifier: BSD-2-Clause */
/* xml - text inside a document of XML 1.0 */
#ifndef FORMAT_XML_H
#define FORMAT_XML_H

#include <stddef.h>

struct buf;
struct fault;

/*
 * Append `len` bytes, newlines and UTF-8 among them, so that they can stand
 * between tags and between double quotes.  Control characters and stray bytes,
 * most of which XML cannot have at all, become "?".
 */
int xml_add_text(struct buf *b, const char *bytes, size_t len, struct fault *f);

#endif
