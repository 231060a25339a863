/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * quote - bytes as one word of a shell's command line (POSIX sh)
 *
 *	usr/bin/ping			as it is, where the shell sees no more
 *	'usr/share/it'\''s here'	in single quotes, where it would
 *	"$(printf 'usr/share/caf\351')"	where bytes cannot be shown
 *
 * What comes out is one line, safe to show and to paste: control characters,
 * marks that turn the direction of the text, and bytes that are no UTF-8 stand
 * in it as octal digits (what cannot be shown is what vis_show() encodes).
 */
#ifndef FORMAT_QUOTE_H
#define FORMAT_QUOTE_H

struct buf;
struct fault;

/*
 * Append the word.  FAULT_INPUT, with `b` as it was, if it ends in a newline,
 * which a shell drops from what a command prints.
 */
int quote_add(struct buf *b, const char *word, struct fault *f);

#endif
