/* SPDX-License-Identifier: BSD-2-Clause */
/* output - what is made of a loaded package: mtree(5), an archive */
#include "base/sink.h"
#include "engine/inventory.h"
#include "lib/handle.h"

#include <string.h>

_Static_assert((int)AMTREE_DATAHASH == (int)DIGEST_HEX_MAX,
    "a digest in hex has the size that amtree.h says");

/* A caller's function as a sink. */
struct receiver {
	struct sink sink; /* first: a receiver is a sink */
	int (*put)(void *arg, const void *bytes, size_t len);
	void *arg;
};

static int
put(struct sink *s, const void *bytes, size_t len, struct fault *f)
{
	const struct receiver *r = (const struct receiver *)s;

	if (len == 0 || r->put(r->arg, bytes, len) == 0)
		return 0;
	return fault_set(f, FAULT_SYSTEM, "ended by who takes the output");
}

static int
must_be_merged(const struct amtree *a, struct fault *f)
{
	return a->is_merged
	    ? 0
	    : fault_set(f, FAULT_USAGE, "amtree_merge() has loaded nothing");
}

int
amtree_write(struct amtree *a, enum amtree_listing which,
    int (*take)(void *arg, const void *bytes, size_t len), void *arg)
{
	struct receiver to = { .sink.put = put, .put = take, .arg = arg };
	const struct inventory_options o = {
		.is_changed_only = which == AMTREE_CHANGED,
	};
	struct fault *f = handle_begin(a);

	if (must_be_merged(a, f) < 0)
		return -1;
	return inventory_write(&to.sink, &a->tree, &o, f);
}

int
amtree_build(struct amtree *a, const char *file, char datahash[AMTREE_DATAHASH])
{
	struct fault *f = handle_begin(a);

	if (must_be_merged(a, f) < 0)
		return -1;
	/* what a person means by that is standard output, which is not ours */
	a->build.output = strcmp(file, "-") == 0 ? "./-" : file;
	a->build.pack.notice = &a->notice;
	return build_write(&a->tree, &a->build, datahash, f);
}

int
amtree_stream(struct amtree *a,
    int (*take)(void *arg, const void *bytes, size_t len), void *arg,
    char datahash[AMTREE_DATAHASH])
{
	struct receiver to = { .sink.put = put, .put = take, .arg = arg };
	struct fault *f = handle_begin(a);

	if (must_be_merged(a, f) < 0)
		return -1;
	a->build.pack.notice = &a->notice;
	return build_stream(&to.sink, &a->tree, &a->build, datahash, f);
}
