/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rules - the table of calls as a program for the kernel, made by libseccomp
 *
 * What a call of each kind is stopped for, as conditions on its arguments, for
 * the native ABI and the 32-bit one beside it.  Only engine/filter needs this.
 */
#ifndef ENGINE_RULES_H
#define ENGINE_RULES_H

struct filter;
struct filter_options;

/*
 * Fill in an empty filter: its program, which the caller owns, and its ABIs.
 * Returns 0 or, as libseccomp does, -errno; then there may be a program, too, for
 * filter_release().
 */
int rules_compile(struct filter *filter, const struct filter_options *o);

#endif
