/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_declare - what is declared for files of the package foo
 *
 *	assert_ok(declare(&to_group, "usr/file", &f), &f);
 *	scratch_expect(FILE_OF_FOO, ...);
 */
#ifndef TESTS_TEST_DECLARE_H
#define TESTS_TEST_DECLARE_H

#include "scratch.h"

#include "engine/declare.h"
#include "engine/place.h"

#define FILE_OF_FOO "pkg/.control.foo/.mtree"

static const struct declare_request to_group = {
	.keywords = KEYWORD_GROUP,
	.entry.gname = "abuild",
	.umask = 022,
};

/* Places in pkg/foo; the strings are constant. */
static inline struct place
in_foo(const char *path)
{
	return (struct place){ .root = (char *)"pkg/foo",
		.control = (char *)"pkg/.control.foo",
		.path = (char *)path };
}

static inline int
declare_all(const struct declare_request *q, const struct place *places,
    size_t count, struct fault *f)
{
	struct declaration d;
	int r = declare_prepare(&d, q, places, count, f);

	if (r == 0)
		r = declare_commit(&d, f);
	declare_release(&d);
	return r;
}

static inline int
declare(const struct declare_request *q, const char *path, struct fault *f)
{
	const struct place p = in_foo(path);

	return declare_all(q, &p, 1, f);
}

static inline struct declare_request
to_mode(const char *mode)
{
	struct declare_request q = { .keywords = KEYWORD_MODE, .umask = 022 };
	struct fault f = { 0 };

	assert_ok(mode_parse(&q.mode, mode, strlen(mode), &f), &f);
	return q;
}

#endif
