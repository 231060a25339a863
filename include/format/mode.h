/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mode - MODE as chmod(1) takes it
 *
 * A text such as `u=rwX,go-w` becomes a list of steps once, and is then applied
 * to as many files as needed.
 *
 *	struct mode_change change;
 *	if (mode_parse(&change, "g+rX,o=", 7, f) < 0)
 *		return -1;
 *	mode = mode_apply(&change,
 *	    &(struct mode_target){ .mode = 0640, .kind = MODE_FILE });
 *
 * The grammar is that of POSIX chmod with the habits of GNU:
 *
 *	mode    octal | clause[,clause]...
 *	clause  [ugoa]* step...
 *	step    one of = + -, then [rwxXst]* | u | g | o (a copy) | octal
 *
 * - Octal is 0 to 7777.  After an operator (`+4000`, `=755`) it stands last in
 *   a clause that names nobody, and the umask has no say in it.
 * - Without u, g, o or a, bits in the umask are neither given by + and = nor
 *   taken by -.  What `=` clears, it clears regardless of the umask.
 * - X is x on directories, and on files that anyone may execute by then.
 * - s counts for u and g, t for o, all of them for a and for nobody named.
 * - On a directory, `=` keeps set-user-ID and set-group-ID unless they are
 *   named: by `s`, or by octal.
 *
 * One difference from GNU: plain octal is exact, all twelve bits, on
 * directories too: `755` takes set-group-ID away, where GNU chmod wants
 * `00755`.
 */
#ifndef FORMAT_MODE_H
#define FORMAT_MODE_H

#include <stdbool.h>
#include <stddef.h>

struct fault;

enum { MODE_TEXT_MAX = 4096, MODE_STEPS_MAX = 64 };

enum mode_kind { MODE_FILE, MODE_DIRECTORY };

/* Filled in by mode_parse(); owns nothing; { 0 } changes nothing. */
struct mode_change {
	size_t count;
	struct mode_step {
		char op; /* '=', '+' or '-' */
		unsigned who; /* the bits in reach; 0: all, less the umask */
		unsigned bits; /* of the mode, and marks of mode.c above them */
	} steps[MODE_STEPS_MAX];
};

struct mode_target {
	unsigned mode; /* as it is now; bits above 07777 are ignored */
	unsigned umask; /* counts where a clause names nobody */
	enum mode_kind kind;
};

/*
 * Read the `len` bytes of `text`.  FAULT_INPUT if they are no mode, are more
 * than MODE_TEXT_MAX, or ask for more than MODE_STEPS_MAX steps; `change` is
 * then of no use.
 */
int mode_parse(
    struct mode_change *change, const char *text, size_t len, struct fault *f);

/* False for a number, which is the mode whatever it was before. */
bool mode_is_relative(const struct mode_change *change);

/* The mode that `target` is to have: twelve bits, never a file type. */
unsigned mode_apply(
    const struct mode_change *change, const struct mode_target *target);

#endif
