/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * aport - a recipe as a repository has it: an APKBUILD, read and not run
 *
 *	struct aport a = { 0 };
 *	if (aport_load(&a, "main/foo/APKBUILD", f) < 0) ...
 *	... a.recipe.calls, a.info.pkgname, a.findings
 *	aport_release(&a);
 *
 * Whatever the file is is no fault but a finding (engine/findings.h).
 */
#ifndef ENGINE_APORT_H
#define ENGINE_APORT_H

#include "base/arena.h"
#include "engine/apk.h"
#include "engine/findings.h"
#include "format/recipe.h"

struct fault;

enum { APORT_SIZE_MAX = 1024 * 1024 }; /* larger: FINDINGS_TOO_LARGE */

/* Starts life as { 0 }. */
struct aport {
	struct recipe recipe;
	struct apk_info info; /* as its packages have it, if that is known */
	struct findings findings;
	struct arena arena; /* holds the version */
};

int aport_load(struct aport *a, const char *file, struct fault *f);

void aport_release(struct aport *a);

#endif
