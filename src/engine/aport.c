/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/aport.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 1, or 0 with the cause for what cannot be read, or -1. */
static int
read_file(
    struct buf *text, const char *file, struct fault *why, struct fault *f)
{
	const int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int r = 1;

	if (fd < 0) {
		(void)fault_set(why, FAULT_INPUT, "%s", strerror(errno));
		return 0;
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		(void)fault_set(why, FAULT_INPUT, "not a regular file");
		r = 0;
	} else if (io_read_all(fd, text, APORT_SIZE_MAX, why) < 0) {
		r = 0;
		if (why->kind != FAULT_SYSTEM) {
			*f = *why;
			r = -1;
		}
	}
	(void)close(fd); /* nothing was written */
	return r;
}

static const char *
value_of(const struct aport *a, const char *name)
{
	const struct apkbuild_variable *v =
	    apkbuild_find(&a->recipe.variables, name);

	return v != NULL ? v->value : NULL;
}

/* The version has the release behind it, as in .PKGINFO. */
static int
load_info(struct aport *a, struct fault *f)
{
	const char *version = value_of(a, "pkgver");
	const char *release = value_of(a, "pkgrel");
	struct buf text = BUF_INIT;
	int r = 0;

	a->info.pkgname = value_of(a, "pkgname");
	a->info.arch = value_of(a, "arch");
	if (version == NULL || release == NULL)
		return 0;
	if (buf_adds(&text, version, f) < 0 || buf_adds(&text, "-r", f) < 0 ||
	    buf_adds(&text, release, f) < 0)
		r = -1;
	else
		a->info.pkgver =
		    arena_string(&a->arena, text.data, text.len, f);
	buf_release(&text);
	return r < 0 || a->info.pkgver == NULL ? -1 : 0;
}

static int
load_text(struct aport *a, const struct buf *text, struct fault *f)
{
	if (text->len > APORT_SIZE_MAX)
		return findings_add(&a->findings, FINDINGS_TOO_LARGE, NULL,
		    "a recipe of over 1 MiB", f);
	if (recipe_parse(&a->recipe, text->data, text->len, f) < 0)
		return -1;
	if (a->recipe.is_open &&
	    findings_add(&a->findings, FINDINGS_OPEN_SCRIPT, NULL, NULL, f) < 0)
		return -1;
	return load_info(a, f);
}

int
aport_load(struct aport *a, const char *file, struct fault *f)
{
	struct buf text = BUF_INIT;
	struct fault why = { 0 };
	int r = read_file(&text, file, &why, f);

	if (r > 0)
		r = load_text(a, &text, f);
	else if (r == 0)
		r = findings_add(
		    &a->findings, FINDINGS_UNREADABLE, NULL, why.text, f);
	buf_release(&text);
	return r;
}

void
aport_release(struct aport *a)
{
	recipe_release(&a->recipe);
	findings_release(&a->findings);
	arena_release(&a->arena);
	*a = (struct aport){ 0 };
}
