/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * caps - file capabilities, as text and as the value of security.capability
 *
 *	unsigned char xattr[CAPS_XATTR_LEN];
 *	if (caps_parse(xattr, "cap_net_raw=ep", 14, f) < 0)
 *		return -1;
 *	... the file's security.capability is to be `xattr`
 *
 * The text is what setcap(8) takes and getcap(8) prints, the grammar of
 * cap_from_text(3); the value is that of capabilities(7).  Nothing here asks
 * the kernel: "all" means the capabilities of Linux 5.9, up to
 * cap_checkpoint_restore, wherever amtree runs.
 *
 *	text    [clause [blanks clause]...]
 *	clause  list action... | "=" [eip]*
 *	list    capability[,capability]...
 *	action  one of = + -, then [eip]*
 *
 * - A capability is a name, in any case, or "all", or a number from 0 to 63,
 *   in decimal, octal (`015`) or hex (`0xd`).  "all" forgets the unnamed
 *   numbers (41 to 63) before it in its list, as it does in libcap.
 * - `=` is the first action of a clause or none; + and - need a flag.
 * - Clauses and actions take effect from left to right.
 * - e, i and p are case-sensitive: effective, inheritable, permitted.
 *
 * A file has not a set of effective capabilities but one flag for all that it
 * has.  So, as for setcap(8): where any is effective, every one that is
 * permitted or inheritable has to be.  One that is effective only sets the
 * flag and is otherwise lost.
 */
#ifndef FORMAT_CAPS_H
#define FORMAT_CAPS_H

#include "format/capset.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct fault;

enum {
	CAPS_XATTR_LEN = CAPSET_VALUE_LEN,
	CAPS_TEXT_MAX = 4096,
};

/*
 * Read the `len` bytes of `text` into a value of revision 2.
 *
 * A text that gives nothing (`=`, or no clause at all) makes the value that
 * setcap(8) then writes, which differs from having no such attribute: it takes
 * root's powers from a set-user-ID program.
 *
 * FAULT_INPUT if the text is not valid, breaks the rule of the effective flag,
 * or is over CAPS_TEXT_MAX; `xattr` is then as it was.
 */
int caps_parse(unsigned char xattr[CAPS_XATTR_LEN], const char *text,
    size_t len, struct fault *f);

/*
 * Append the text of a value of revision 1, 2 or 3, as cap_to_text(3) writes
 * it; for revision 3 " [rootid=N]" follows, which caps_parse() does not take.
 * A value without capabilities is "=".  FAULT_INPUT, with `text` as it was, if
 * `len` is not that of the revision, or for flags the kernel does not know.
 */
int caps_format(
    struct buf *text, const unsigned char *xattr, size_t len, struct fault *f);

#endif
