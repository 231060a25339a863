/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * phrase - an entry in the words of amtree's command line
 *
 *	phrase_add(&b, e, phrase_fitting(e, KEYWORD_USER | KEYWORD_MODE), f)
 *
 * appends " -u www -m 4755".  The keywords are those that amtree(1) has options
 * for, KEYWORD_{TYPE,USER,GROUP,MODE,CAPS}; others count for nothing.
 * KEYWORD_TYPE is for what is to be created, and brings the device number or the
 * target of the link along.
 */
#ifndef FORMAT_PHRASE_H
#define FORMAT_PHRASE_H

struct buf;
struct entry;
struct fault;

/*
 * Those of the keywords that amtree takes for such an entry: a symbolic link has
 * no mode, a regular file is not created, nothing else has capabilities.  What
 * is created needs its mode too if that is not the one that it gets without.
 */
unsigned phrase_fitting(const struct entry *e, unsigned keywords);

/*
 * Append an option for each of the keywords, with a space in front, quoted for
 * a shell.  FAULT_INPUT, with `b` as it was, for what amtree would refuse: the
 * name of an account, a number, a device, capabilities, a target.
 */
int phrase_add(
    struct buf *b, const struct entry *e, unsigned keywords, struct fault *f);

#endif
