/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * why - where a file of a package has its owner and all else from, as text
 *
 *	usr/bin/foo
 *	    uname=www: pkg/.control.foo/.mtree:3
 *	        over uname=lp: pkg/.control.foo/.mtree:7, recorded: chown -R lp
 *	            pkg/foo (fchownat)		... on one line
 *	        over uname=root: default
 *	    mode=755: on disk
 *
 * The path; for each keyword what the package gets, and where from; below that, one
 * after the other, what it overrides.  Values and names are as in mtree(5).
 */
#ifndef ENGINE_WHY_H
#define ENGINE_WHY_H

struct buf;
struct fault;
struct origins;

/* Append all about one file. */
int why_add(struct buf *b, const struct origins *all, struct fault *f);

#endif
