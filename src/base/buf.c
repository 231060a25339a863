/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/buf.h"

#include "base/fault.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 64, FORMATTED_MAX = 256 };

void
buf_release(struct buf *b)
{
	free(b->data);
	*b = (struct buf)BUF_INIT;
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
}

int
buf_reserve(struct buf *b, size_t extra, struct fault *f)
{
	size_t cap = b->cap > 0 ? b->cap : FIRST_CAP;
	char *data;

	if (extra > SIZE_MAX / 2 - b->len)
		return fault_set(f, FAULT_MEMORY, "buffer would exceed memory");
	while (cap < b->len + extra)
		cap *= 2;
	if (cap == b->cap)
		return 0;
	data = realloc(b->data, cap);
	if (data == NULL)
		return fault_sys(f, "cannot allocate %zu bytes", cap);
	b->data = data;
	b->cap = cap;
	return 0;
}

int
buf_add(struct buf *b, const void *src, size_t len, struct fault *f)
{
	if (len == 0)
		return 0;
	if (buf_reserve(b, len, f) < 0)
		return -1;
	memcpy(b->data + b->len, src, len);
	b->len += len;
	return 0;
}

int
buf_adds(struct buf *b, const char *s, struct fault *f)
{
	return buf_add(b, s, strlen(s), f);
}

int
buf_addf(struct buf *b, struct fault *f, const char *fmt, ...)
{
	char text[FORMATTED_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return buf_adds(b, text, f);
}

int
buf_add_hex(struct buf *b, const void *bytes, size_t len, struct fault *f)
{
	const unsigned char *byte = bytes;

	if (buf_reserve(b, 2 * len, f) < 0)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (buf_addf(b, f, "%02x", byte[i]) < 0)
			return -1;
	}
	return 0;
}

const char *
buf_end(struct buf *b, struct fault *f)
{
	if (buf_reserve(b, 1, f) < 0)
		return NULL;
	b->data[b->len] = '\0';
	return b->data;
}
