/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_package - a package without override file, open
 */
#ifndef TESTS_TEST_PACKAGE_H
#define TESTS_TEST_PACKAGE_H

#include "scratch.h"

#include "engine/package.h"

static inline void
open_package(struct package *p, const char *root)
{
	struct fault f = { 0 };

	assert_ok(package_open(p, root, NULL, &f), &f);
}

static inline void
close_package(struct package *p)
{
	struct arena heir = { 0 };

	package_close(p, &heir);
	arena_release(&heir);
}

#endif
