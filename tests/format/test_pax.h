/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pax - entry headers with records, made by hand
 *
 *	add_header(&header, "usr/x", "12 key=text\n");
 */
#ifndef TESTS_TEST_PAX_H
#define TESTS_TEST_PAX_H

#include "../tests.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>

enum { BLOCK = 512 };

/* A header block with just enough in it to be told from noise. */
static inline void
add_block(struct buf *b, const char *name, char type, size_t size)
{
	char block[BLOCK] = { 0 }, octal[32];
	struct fault f = { 0 };

	memcpy(block, name, strlen(name));
	snprintf(octal, sizeof(octal), "%011zo", size);
	memcpy(block + 124, octal, 11);
	block[156] = type;
	memcpy(block + 257, "ustar", 6);
	assert_ok(buf_add(b, block, sizeof(block), &f), &f);
}

/* A whole entry header, with an extended header if there are `records`. */
static inline void
add_header(struct buf *b, const char *name, const char *records)
{
	static const char zeros[BLOCK];
	const size_t len = strlen(records);
	struct fault f = { 0 };

	if (len > 0) {
		add_block(b, "PaxHeader/of-the-writer", 'x', len);
		assert_ok(buf_add(b, records, len, &f), &f);
		assert_ok(
		    buf_add(b, zeros, (BLOCK - len % BLOCK) % BLOCK, &f), &f);
	}
	add_block(b, name, '0', 1000);
}

#endif
