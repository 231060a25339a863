/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * walk - a path followed by hand, as another process would follow it
 *
 * Where a process has a root of its own, or a link leads to /proc/self, the
 * kernel would take the path another way for us than for that process.  This
 * goes component by component: "/" and ".." stop at the root of that process,
 * links start there, and its "self" is not ours.
 */
#ifndef ENGINE_WALK_H
#define ENGINE_WALK_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

enum { WALK_LINKS_MAX = 40 }; /* symbolic links on one way; as in the kernel */

/* Where it led: `name` in the directory `dirfd`, or `dirfd` itself. */
struct walk_end {
	int dirfd; /* the caller's to close */
	/*
	 * No link to follow; "": `dirfd` itself.  A slash behind it, which a
	 * directory that does not exist may have, is kept.
	 */
	char name[NAME_MAX + 2];
};

/*
 * Go from the directory that is called `base` in our /proc along `path`, which
 * is not empty, on behalf of the process `pid`.  What is named last need not
 * exist, nor need `base` if the path is absolute.  Returns -1 with errno.
 */
int walk_find(struct walk_end *end, pid_t pid, const char *base,
    const char *path, bool is_followed);

#endif
