/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * operand - what one of the two operands of amtree-diff(1) is
 *
 *	struct operand o = { 0 };
 *	operand_find(&o, "pkg/foo", f);
 *	operand_release(&o);
 */
#ifndef CMD_OPERAND_H
#define CMD_OPERAND_H

#include "cmd/sources.h"
#include "engine/catalog.h"
#include "engine/siblings.h"

struct fault;

enum operand_kind {
	OPERAND_FILE, /* whatever is no directory, there or not */
	OPERAND_TREE, /* of a package */
	OPERAND_REPOSITORY, /* a directory with packages below it */
};

struct operand {
	enum operand_kind kind;
	const char *name; /* as it was given */
	struct sources sources; /* of a tree */
	struct siblings siblings;
	struct merge_options merge; /* all that a tree is made of */
	struct catalog catalog; /* of a repository */
	char *root; /* owned; of ROOT=CONTROL */
};

/*
 * Find out by what is there: a directory is a tree if its control directory is
 * beside it, as abuild has it; ROOT=CONTROL names both.  FAULT_INPUT for another
 * directory without a package below it.  `o` is to be released after a fault, too.
 */
int operand_find(struct operand *o, const char *name, struct fault *f);
void operand_release(struct operand *o);

#endif
