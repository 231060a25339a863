/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_override - what an override file says in the end
 *
 *	load(&set, "a uname=www\n");
 *	s = find(&set, "a");
 *	override_release(&set);
 */
#ifndef TESTS_TEST_OVERRIDE_H
#define TESTS_TEST_OVERRIDE_H

#include "scratch.h"

#include "engine/override.h"
#include "format/spec.h"

/* Settle what a file with this text says. */
static inline void
load(struct override_set *set, const char *text)
{
	struct fault f = { 0 };

	scratch_file("mtree", text);
	assert_ok(override_load(set, "mtree", &f), &f);
	override_settle(set);
}

static inline const struct spec *
find(const struct override_set *set, const char *path)
{
	const struct spec *s = override_find(set, path);

	if (s == NULL)
		fail_msg("nothing is said about '%s'", path);
	return s;
}

#endif
