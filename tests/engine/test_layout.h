/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_layout - the packages of a build, where they lie
 *
 *	find(&l);
 *	expect_package(&l, 0, "pkg/foo", "pkg/.control.foo", "\"$pkgdir\"");
 */
#ifndef TESTS_TEST_LAYOUT_H
#define TESTS_TEST_LAYOUT_H

#include "scratch.h"

#include "engine/layout.h"

#include <limits.h>

static const char recipe[] = "pkgname=foo\n"
			     "pkgusers=\"foo  $pkgname-log\n\twww\"\n"
			     "pkggroups=\"$(id -gn)\"\n"
			     "empty=\n";

/* The name of a file of the test, absolute and without links. */
static inline const char *
absolute(const char *name)
{
	static char path[2 * PATH_MAX];
	char here[PATH_MAX];

	assert_non_null(realpath(".", here));
	snprintf(path, sizeof(path), "%s/%s", here, name);
	return path;
}

static inline void
find(struct layout *l)
{
	struct fault f = { 0 };

	scratch_file("APKBUILD", recipe);
	if (layout_find_recipe(l, ".", &f) != 1)
		fail_msg("not found: %s", f.text);
}

static inline void
update(struct layout *l)
{
	struct fault f = { 0 };

	assert_ok(layout_update(l, &f), &f);
}

static inline void
expect_package(const struct layout *l, size_t i, const char *root,
    const char *control, const char *spelling)
{
	assert_true(i < l->count);
	assert_string_equal(l->items[i].root, absolute(root));
	assert_string_equal(l->items[i].control, absolute(control));
	if (spelling == NULL)
		assert_null(l->items[i].spelling);
	else
		assert_string_equal(l->items[i].spelling, spelling);
}

#endif
