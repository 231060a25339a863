/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * build - from a merged tree to the finished archive file
 *
 * Joins the packer, the compressor and the output file.  The file appears whole
 * or not at all (base/outfile.h), and its bytes depend on nothing but the tree,
 * the libraries and the options named here; `threads` is not among those.
 */
#ifndef ENGINE_BUILD_H
#define ENGINE_BUILD_H

#include "engine/pack.h"
#include "format/digest.h"

struct fault;
struct sink;
struct tree;

enum build_format { BUILD_TAR_GZ, BUILD_TAR };

struct build_options {
	const char *output; /* of build_write(); "-" is standard output */
	enum build_format format;
	unsigned threads; /* of the compressor; 0: all in the caller */
	int level; /* of the compressor, see format/pgzip.h */
	struct pack_options pack;
};

/*
 * Write the archive.  Unless `datahash` is NULL, it gets the SHA-256 of what was
 * written, in hex.
 */
int build_write(const struct tree *t, const struct build_options *o,
    char datahash[DIGEST_HEX_MAX], struct fault *f);

/* The same, into a sink. */
int build_stream(struct sink *out, const struct tree *t,
    const struct build_options *o, char datahash[DIGEST_HEX_MAX],
    struct fault *f);

#endif
