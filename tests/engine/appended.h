/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * appended - lines put into the override file of a directory, and counted
 */
#ifndef TESTS_APPENDED_H
#define TESTS_APPENDED_H

#include "scratch.h"

#include "engine/control.h"
#include "engine/override.h"

static inline int
append(const char *dir, const char *text, struct fault *f)
{
	struct control c = CONTROL_INIT;
	struct buf b = BUF_INIT;
	int r = -1;

	if (control_open(&c, dir, CONTROL_APPEND, f) == 0 &&
	    buf_adds(&b, text, f) == 0)
		r = control_append(&c, &b, f);
	buf_release(&b);
	control_close(&c);
	return r;
}

static inline int
read_count(const char *dir, size_t *count, struct fault *f)
{
	struct override_set set = { 0 };
	const int r = control_load(dir, &set, f);

	*count = set.count;
	override_release(&set);
	return r;
}

#endif
