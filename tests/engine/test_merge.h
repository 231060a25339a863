/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_merge - trees of packages of one build, merged with what is said of them
 *
 *	scratch_file("pkg/foo/bin/su", "");
 *	say("foo", "bin/su mode=4755\n");
 *	merge(&t, &of_foo);
 *	... find(&t, "bin/su")->mode
 */
#ifndef TESTS_TEST_MERGE_H
#define TESTS_TEST_MERGE_H

#include "recorded.h"
#include "scratch.h"

#include "engine/merge.h"

static const struct merge_options of_foo = {
	.package = { "pkg/foo", "pkg/.control.foo" },
};

static const struct merge_package siblings[] = {
	{ "pkg/foo-doc", "pkg/.control.foo-doc" },
	{ "pkg/foo-dev", "pkg/.control.foo-dev" },
};

static const struct merge_options with_siblings = {
	.package = { "pkg/foo", "pkg/.control.foo" },
	.siblings = siblings,
	.sibling_count = 2,
};

/* The same build, seen from foo-doc. */
static const struct merge_package siblings_of_doc[] = {
	{ "pkg/foo", "pkg/.control.foo" },
	{ "pkg/foo-dev", "pkg/.control.foo-dev" },
};

static const struct merge_options of_doc = {
	.package = { "pkg/foo-doc", "pkg/.control.foo-doc" },
	.siblings = siblings_of_doc,
	.sibling_count = 2,
};

static inline void
make_packages(void)
{
	scratch_dir("pkg/foo");
	scratch_dir("pkg/foo-doc");
	scratch_dir("pkg/foo-dev");
}

static inline void
say(const char *package, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "pkg/.control.%s/.mtree", package);
	scratch_file(path, text);
}

static inline void
merge(struct tree *t, const struct merge_options *o)
{
	struct fault f = { 0 };

	if (merge_load(t, o, &f) < 0)
		fail_msg("%s", f.text);
}

/* The merge fails in these words. */
static inline void
refuse(const struct merge_options *o, enum fault_kind kind, const char *words)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	assert_refused(merge_load(&t, o, &f), &f, kind, words);
	tree_release(&t);
}

static inline const struct entry *
find(const struct tree *t, const char *path)
{
	const struct entry *e = tree_find(t, path);

	if (e == NULL)
		fail_msg("'%s' is missing", path);
	return e;
}

static inline void
expect_owner(const struct tree *t, const char *path, const char *uname,
    const char *gname)
{
	const struct entry *e = find(t, path);

	assert_string_equal(e->uname, uname);
	assert_string_equal(e->gname, gname);
}

static const struct merge_options by_manifest = {
	.package = { "pkg/foo", NULL },
	.manifest = "manifest",
};

#endif
