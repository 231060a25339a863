/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * owner - users and groups as a package names them
 *
 * In a package an owner is a name, taken as given: the account need not exist
 * on the machine that builds.  A number stands for itself and has no name,
 * except 0, which is root.
 */
#ifndef FORMAT_OWNER_H
#define FORMAT_OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct entry;
struct fault;

enum {
	OWNER_NAME_MAX = 32, /* bytes; the field of a tar header */
	OWNER_ID_MAX = 2097151, /* seven octal digits; apk reads no more */
	OWNER_NOBODY = 65534,
};

/*
 * A name fits if it is 1 to 32 printable ASCII characters, not all digits, does
 * not begin with "-", and has none of `: / # = \ * ? [ , " '`, which separate or
 * quote in passwd(5), chown(1) or mtree(5).  `what` ("user", "group") is for the
 * message.
 */
int owner_check(
    const char *what, const char *name, size_t len, struct fault *f);

/*
 * Read one USER or GROUP as chown(1) takes it: all digits are a number, else it
 * is a name.  Of *name and *id one is set; 0 becomes the name "root".  *name
 * borrows from `text`, or is constant.
 */
int owner_parse(const char *what, const char *text, const char **name,
    uint32_t *id, struct fault *f);

/* True if the name, or without one (NULL) the number, is root. */
bool owner_is_root(const char *name, uint32_t id);

/*
 * Give e->uid and e->gid the numbers that go beside the names.  A name carries
 * 0, as abuild does it, except where that could give away root: a privileged
 * file of a named owner that is not root carries 65534, so that an account that
 * is missing where it is installed makes it nobody's.
 */
void owner_number(struct entry *e);

#endif
