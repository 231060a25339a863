/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mtree - the entries of an mtree(5) file
 *
 * Reading is a pull parser fed with pieces of a file of any size:
 *
 *	struct mtree m;
 *	mtree_init(&m, "pkg/.control.foo/.mtree", &arena);
 *	while ((n = read(...)) > 0) {
 *		if (mtree_feed(&m, bytes, n, f) < 0) ...
 *		while ((r = mtree_next(&m, &spec, f)) > 0)
 *			use(&spec);
 *	}
 *	if (mtree_end(&m, f) < 0) ...
 *	mtree_release(&m);
 *
 * It takes what mtree(5) describes: comments, /set and /unset, continued lines,
 * full names ("./usr/bin/su") and nested ones ("usr", "bin", "su", "..").  A
 * fault names file and line.  It refuses unknown keywords, lines over
 * MTREE_LINE_MAX, CR LF, and a last line without its newline, which may have
 * been cut off.
 *
 * A comment that begins with "#amtree " belongs to the entry on the next line;
 * format/note.h has its grammar.
 */
#ifndef FORMAT_MTREE_H
#define FORMAT_MTREE_H

#include "base/buf.h"
#include "format/keyword.h"
#include "format/note.h"
#include "format/value.h"

struct arena;
struct fault;

enum { MTREE_LINE_MAX = 65535 };

/* A reader; the fields are its own. */
struct mtree {
	const char *name; /* of the file, for messages */
	struct value_reader keywords;
	struct buf in; /* bytes not yet used start at `used` */
	size_t used;
	struct buf joined; /* the logical line, if it was continued */
	struct buf dir; /* nested names: "usr/bin" */
	unsigned depth; /* nested names: directories open, "." too */
	unsigned line, first_line; /* physical; of the logical line */
	struct spec set; /* what /set said */
	struct note note; /* what an #amtree comment said */
};

/* Ready to be fed.  `name` and `arena` are borrowed as long as it lives. */
void mtree_init(struct mtree *m, const char *name, struct arena *arena);
void mtree_release(struct mtree *m);

/* Hand over the next piece of the file, which is copied. */
int mtree_feed(struct mtree *m, const void *bytes, size_t len, struct fault *f);

/* 1 and the next entry; 0 if more must be fed first; -1 on a fault. */
int mtree_next(struct mtree *m, struct spec *spec, struct fault *f);

/* The file has ended: a fault if that was in the middle of something. */
int mtree_end(struct mtree *m, struct fault *f);

/*
 * True if the next line goes on with what is in this one, of a file and without
 * its newline: for who handles lines as they are.
 */
bool mtree_is_continued(const char *line, size_t len);

#endif
