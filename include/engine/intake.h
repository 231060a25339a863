/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * intake - the entries of a package, one by one, on their way into it
 *
 * Knows which of the tar stream's entries are the signature, the control files
 * and the data, reads .PKGINFO, and has each judged (engine/audit) and kept
 * (engine/cargo).  The gzip members around it are engine/apk's.
 */
#ifndef ENGINE_INTAKE_H
#define ENGINE_INTAKE_H

#include "format/tar.h"

struct apk;
struct fault;

/* What a tar stream is to be read with. */
struct tar_visitor intake_visitor(struct apk *a);

/* All entries have come. */
int intake_finish(struct apk *a, struct fault *f);

#endif
