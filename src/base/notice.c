/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/notice.h"

#include <stdarg.h>
#include <stdio.h>

void
notice_say(const struct notice *n, const char *fmt, ...)
{
	char text[5120];
	va_list ap;

	if (n == NULL || n->say == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	n->say(n->arg, text);
}
