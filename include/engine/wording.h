/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wording - what an entry has, as short texts that live in an arena
 *
 * All return NULL on failure.  Where there is nothing to word, what is asked for
 * is the caller's.
 */
#ifndef ENGINE_WORDING_H
#define ENGINE_WORDING_H

#include <stdint.h>

struct arena;
struct entry;
struct fault;
struct xattr;

/* What printf(3) would print, at most 63 bytes of it. */
__attribute__((format(printf, 3, 4))) const char *wording_print(
    struct arena *a, struct fault *f, const char *fmt, ...);

/* A name, or the number of who has none. */
const char *wording_owner(
    struct arena *a, const char *name, uint32_t id, struct fault *f);

/*
 * The value of an attribute: capabilities as setcap(8) takes them, printable ASCII
 * as it is, all else in hex ("0x01ff"), the begin and the length of a long one.
 */
const char *wording_xattr(
    struct arena *a, const struct xattr *x, struct fault *f);

/* Seconds since the Epoch, "1700000000.500000000" where there is a fraction. */
const char *wording_time(
    struct arena *a, const struct entry *e, struct fault *f);

/* "file,0644,root:root" */
const char *wording_entry(
    struct arena *a, const struct entry *e, struct fault *f);

#endif
