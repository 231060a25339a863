/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * foobar - a build of two packages and a journal, as origins.h looks at it
 *
 *	make_packages();
 *	scratch_file("pkg/foo/a/x", "");
 *	scratch_file(FILE_OF_FOO, "a/x uname=www\n");
 *	assert_ok(origins_load(&all, &options, "a/x", &f), &f);
 */
#ifndef TESTS_FOOBAR_H
#define TESTS_FOOBAR_H

#include "recorded.h"

#include "engine/origins.h"

#define FILE_OF_FOO "pkg/.control.foo/.mtree"
#define FILE_OF_BAR "pkg/.control.bar/.mtree"

static const struct merge_package bar = { "pkg/bar", "pkg/.control.bar" };
static const struct merge_options options = {
	.package = { "pkg/foo", "pkg/.control.foo" },
	.siblings = &bar,
	.sibling_count = 1,
	.journal = "journal",
};

static inline void
load(struct origins *all, const char *path)
{
	struct fault f = { 0 };

	*all = (struct origins)ORIGINS_INIT;
	assert_ok(origins_load(all, &options, path, &f), &f);
}

static inline void
make_packages(void)
{
	scratch_dir("pkg/foo/a");
	scratch_dir("pkg/.control.foo");
	scratch_dir("pkg/bar");
	scratch_dir("pkg/.control.bar");
	recorded_begin();
}

#endif
