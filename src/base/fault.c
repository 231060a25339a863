/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char gap[] = "...";

/* Shorten `text` to `max` bytes by taking out its middle. */
static void
squeeze(char *text, size_t max)
{
	const size_t len = strlen(text), gap_len = strlen(gap);
	const size_t tail = max / 2, head = max - tail - gap_len;

	if (len <= max)
		return;
	memcpy(text + head, gap, gap_len);
	memmove(text + head + gap_len, text + len - tail, tail + 1);
}

/*
 * `text` becomes "<fmt>: <reason>".  The formatted part may lose its middle,
 * as may a reason that is a whole earlier text.
 */
__attribute__((format(printf, 2, 0))) static void
compose(struct fault *f, const char *fmt, va_list ap, const char *reason)
{
	char head[5120], tail[sizeof(f->text)];
	const size_t max = sizeof(f->text) - 1, sep = strlen(": ");
	size_t head_len, tail_len;

	vsnprintf(head, sizeof(head), fmt, ap);
	if (reason == NULL) {
		squeeze(head, max);
		memcpy(f->text, head, strlen(head) + 1);
		return;
	}
	snprintf(tail, sizeof(tail), "%s", reason);
	squeeze(tail, max / 2);
	tail_len = strlen(tail);
	squeeze(head, max - tail_len - sep);
	head_len = strlen(head);
	memcpy(f->text, head, head_len);
	memcpy(f->text + head_len, ": ", sep);
	memcpy(f->text + head_len + sep, tail, tail_len + 1);
}

int
fault_set(struct fault *f, enum fault_kind kind, const char *fmt, ...)
{
	va_list ap;

	if (f->kind != FAULT_NONE)
		return -1;
	f->kind = kind;
	va_start(ap, fmt);
	compose(f, fmt, ap, NULL);
	va_end(ap);
	return -1;
}

int
fault_sys(struct fault *f, const char *fmt, ...)
{
	const int saved = errno;
	va_list ap;

	if (f->kind != FAULT_NONE)
		return -1;
	f->kind = saved == ENOMEM ? FAULT_MEMORY : FAULT_SYSTEM;
	va_start(ap, fmt);
	compose(f, fmt, ap, strerror(saved));
	va_end(ap);
	errno = saved;
	return -1;
}

int
fault_wrap(struct fault *f, const char *fmt, ...)
{
	char inner[sizeof(f->text)];
	va_list ap;

	memcpy(inner, f->text, sizeof(inner));
	va_start(ap, fmt);
	compose(f, fmt, ap, inner);
	va_end(ap);
	return -1;
}
