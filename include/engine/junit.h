/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * junit - compared packages as a report in JUnit's XML, a testcase each
 *
 *	junit_begin(&b, tests, failures, errors, f);
 *	junit_add_case(&b, &c, &differences, f); ...
 *	junit_end(&b, f);
 *
 * A package that differs has a failure with a line for each difference
 * (engine/diffline.h); one that could not be compared an error.
 */
#ifndef ENGINE_JUNIT_H
#define ENGINE_JUNIT_H

#include <stddef.h>

struct buf;
struct differences;
struct fault;

enum {
	JUNIT_LINES_MAX = 65536
}; /* bytes of one testcase, give or take one line */

struct junit_case {
	const char *name; /* of the package, or of a file that has none */
	const char *arch; /* NULL if it is not known */
};

/* Append what goes before all testcases, which says how many there are. */
int junit_begin(struct buf *b, size_t tests, size_t failures, size_t errors,
    struct fault *f);

/* Append a testcase that passes if there is no difference. */
int junit_add_case(struct buf *b, const struct junit_case *c,
    const struct differences *ds, struct fault *f);

/* Append one with an error; the messages, which are why, end in a NUL each. */
int junit_add_error(struct buf *b, const struct junit_case *c,
    const struct buf *messages, struct fault *f);

/* Append what goes behind them. */
int junit_end(struct buf *b, struct fault *f);

#endif
