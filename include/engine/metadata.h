/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metadata - what two .PKGINFO say, field by field
 *
 * Each key is a set of values, whose order and repetitions do not matter.
 * datahash and builddate do not count: they differ whenever anything does.
 */
#ifndef ENGINE_METADATA_H
#define ENGINE_METADATA_H

struct differences;
struct fault;
struct pkginfo;

/*
 * Add how `b` differs from `a`, both sorted: of a field where one value took the
 * place of another both, else each value that only one of them has.
 */
int metadata_compare(struct differences *ds, const struct pkginfo *a,
    const struct pkginfo *b, struct fault *f);

#endif
