/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy - which packages may have what is not plain root:root
 *
 *	# packages    kind    what
 *	postfix*      user    postfix vmail
 *	postfix       group   postdrop
 *	shadow        setuid  usr/bin/passwd usr/bin/su
 *	games-*       setgid  usr/games/z*
 *	iputils       caps    cap_net_raw+ep usr/bin/ping
 *	*             device  char:1,3 dev/null
 *
 * A line is words with blanks between them.  The first is a pattern for names of
 * packages; users, groups (a number stands for one without a name), devices
 * (type, ":", major and minor number) and paths are patterns too, as fnmatch(3)
 * takes them without flags: a "*" matches slashes.  Capabilities are as setcap(8)
 * takes them, and allow those and fewer.  In any word, bytes may be encoded as in
 * mtree(5) (format/vis.h), so `\040` is a blank in a name.  Empty lines count for
 * nothing, nor does anything behind a "#" where a word could begin.
 *
 *	struct policy p = { 0 };
 *	if (policy_parse(&p, "policy", bytes, len, f) < 0) ...
 *	if (!policy_allows(&p, &claim)) ...
 *	policy_release(&p);
 */
#ifndef FORMAT_POLICY_H
#define FORMAT_POLICY_H

#include "base/arena.h"
#include "format/capset.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct fault;
struct xattr;

enum policy_kind {
	POLICY_USER,
	POLICY_GROUP,
	POLICY_SETUID,
	POLICY_SETGID,
	POLICY_CAPS,
	POLICY_DEVICE,
};

/* Something that a package has.  Any bytes, borrowed. */
struct policy_claim {
	enum policy_kind kind;
	const char *package;
	const char *value; /* an account, or a device; else NULL */
	const struct xattr *caps; /* else NULL */
	const char *path; /* counts for nothing of an account */
};

/* What a line allows; one for each of the accounts or paths that it has. */
struct policy_rule {
	enum policy_kind kind;
	const char *package, *value, *path; /* patterns, or NULL */
	struct capset caps;
};

/* Starts life as { 0 }, which allows nothing. */
struct policy {
	struct arena arena; /* holds the patterns */
	struct policy_rule *rules; /* owned */
	size_t count, cap;
};

void policy_release(struct policy *p);

/*
 * Add what the bytes of a file allow; `name` is for messages.  FAULT_INPUT, with
 * file and line in front, for what is no line as above.
 */
int policy_parse(struct policy *p, const char *name, const char *bytes,
    size_t len, struct fault *f);

/* Some line allows it. */
bool policy_allows(const struct policy *p, const struct policy_claim *c);

/* The word for a kind: "setuid". */
const char *policy_kind_name(enum policy_kind kind);

/*
 * Append the line that allows just this, without a newline.  What no line can
 * allow (capabilities that no file can have, a path from "/" on) becomes a
 * comment.
 */
int policy_add_line(
    struct buf *b, const struct policy_claim *c, struct fault *f);

#endif
