/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * suggest - the amtree lines that would make a package what it is
 *
 * Takes the entries of a package and says, as a packager would write it in an
 * APKBUILD, what has to be declared:
 *
 *	amtree -R -u www -g www "$pkgdir"/var/lib/www
 *	amtree -c cap_net_raw=ep "$pkgdir"/usr/bin/ping "$pkgdir"/usr/bin/fping
 *
 * Run from the first to the last they declare what every entry needs, and
 * nothing else:
 *
 * - A directory whose owner most of what is below it shares has one line with
 *   -R; what is owned otherwise has a line of its own after that one.  -R never
 *   touches what needs no owner, and declares nothing but owners.
 * - Files that need the same share a line.
 * - What -t creates states all it needs, its mode too if it is not the one that
 *   -t gives.
 * - What amtree(1) cannot declare, as a user whose name it refuses or a name
 *   that a shell drops the end of, is a comment that says why.
 *
 * Lines are in the order of the paths that they name first, at most
 * SUGGEST_WIDTH columns wide, and continued with a backslash; only what cannot
 * be broken is wider.
 */
#ifndef ENGINE_SUGGEST_H
#define ENGINE_SUGGEST_H

struct buf;
struct fault;
struct tree;

enum {
	SUGGEST_WIDTH = 79,
	SUGGEST_PATHS = 200, /* of one call, for execve(2) has a limit */
};

struct suggest_options {
	const char *root; /* as a shell has it: "\"$pkgdir\"" */
	/*
	 * For each entry of the tree, which of KEYWORD_{USER,GROUP,MODE,TYPE,
	 * CAPS} have to be declared; 0 for nothing.  KEYWORD_TYPE is for what
	 * has to be created.  What the type cannot have counts for nothing
	 * (format/phrase.h).
	 */
	const unsigned *keywords;
};

/*
 * Append the lines for a tree that is sorted; on failure, none.  Nothing in a name can do harm to
 * the terminal or the shell that they are shown or pasted to (format/quote.h).
 */
int suggest_add(struct buf *text, const struct tree *t,
    const struct suggest_options *o, struct fault *f);

#endif
