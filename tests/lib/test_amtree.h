/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_amtree - libamtree as a program calls it
 *
 *	make_package();
 *	a = open_package("pkg/foo", "pkg/.control.foo");
 *	assert_ok_call(a, amtree_merge(a));
 *	amtree_free(a);
 */
#ifndef TESTS_TEST_AMTREE_H
#define TESTS_TEST_AMTREE_H

#include "../engine/scratch.h"

#include "amtree.h"

/* A package with a declared owner, a recorded one, and a name to escape. */
static inline void
make_package(void)
{
	scratch_file("pkg/foo/usr/bin/su", "su\n");
	scratch_file("pkg/foo/usr/share/a b", "text\n");
	scratch_symlink("su", "pkg/foo/usr/bin/link");
	scratch_file("pkg/.control.foo/.mtree",
	    "#mtree v2.0\n"
	    "#amtree bind=mode,gname\n"
	    "usr/bin/su gname=wheel uname=root mode=4750 type=file\n"
	    "#amtree recorded bind=uname\n"
	    "usr/share/a\\040b uname=www gname=root mode=644 type=file "
	    "optional\n");
}

static inline struct amtree *
open_package(const char *root, const char *control)
{
	struct amtree *a = amtree_new();

	assert_non_null(a);
	assert_int_equal(amtree_package(a, root, control), 0);
	assert_string_equal(amtree_error(a), "");
	return a;
}

static inline void
assert_ok_call(const struct amtree *a, int r)
{
	if (r < 0)
		fail_msg("%s", amtree_error(a));
}

static inline int
take(void *arg, const void *bytes, size_t len)
{
	struct fault f = { 0 };

	return buf_add(arg, bytes, len, &f);
}

#endif
