/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/catalog.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/stop.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FIRST_CAP = 64 };

void
catalog_release(struct catalog *c)
{
	arena_release(&c->arena);
	free(c->files);
	*c = (struct catalog){ 0 };
}

static int
add_file(struct catalog *c, const char *name, size_t len, struct fault *f)
{
	if (c->count == c->cap) {
		const size_t cap = c->cap > 0 ? c->cap * 2 : FIRST_CAP;
		const char **files = realloc(c->files, cap * sizeof(*files));

		if (files == NULL)
			return fault_sys(f, "cannot allocate %zu names", cap);
		c->files = files;
		c->cap = cap;
	}
	c->files[c->count] = arena_string(&c->arena, name, len, f);
	return c->files[c->count++] != NULL ? 0 : -1;
}

static bool
is_package_name(const char *name)
{
	const size_t len = strlen(name);

	return len > strlen(".apk") && strcmp(name + len - 4, ".apk") == 0;
}

bool
catalog_is_recipe(const char *file)
{
	const char *slash = strrchr(file, '/');

	return strcmp(slash != NULL ? slash + 1 : file, "APKBUILD") == 0;
}

static int walk(struct catalog *c, const char *dir, struct fault *f);

/* Add one name of a directory, or what is below it. */
static int
visit(
    struct catalog *c, const char *dir, const struct dirent *d, struct fault *f)
{
	struct buf path = BUF_INIT;
	struct stat st;
	int r = 0;

	if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
		return 0;
	if (buf_adds(&path, dir, f) < 0 ||
	    (dir[strlen(dir) - 1] != '/' && buf_adds(&path, "/", f) < 0) ||
	    buf_adds(&path, d->d_name, f) < 0 || buf_end(&path, f) == NULL)
		r = -1;
	else if (lstat(path.data, &st) < 0)
		r = errno == ENOENT
		    ? 0 /* removed meanwhile */
		    : fault_sys(f, "cannot read '%s'", path.data);
	else if (S_ISDIR(st.st_mode))
		r = walk(c, path.data, f);
	else if ((is_package_name(d->d_name) ||
		     (c->has_recipes && catalog_is_recipe(d->d_name))) &&
	    (S_ISREG(st.st_mode) ||
		(stat(path.data, &st) == 0 && S_ISREG(st.st_mode))))
		r = add_file(c, path.data, path.len, f);
	buf_release(&path);
	return r;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* No directory stays open while those below it are read. */
static int
walk(struct catalog *c, const char *dir, struct fault *f)
{
	struct dirent **names = NULL;
	const int n = scandir(dir, &names, NULL, NULL);
	int r = 0;

	if (n < 0)
		return fault_sys(f, "cannot read directory '%s'", dir);
	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = stop_check(f);
		if (r == 0)
			r = visit(c, dir, names[i], f);
		free(names[i]);
	}
	free(names);
	return r;
}

int
catalog_add(struct catalog *c, const char *operand, struct fault *f)
{
	const size_t first = c->count;
	struct stat st;

	if (stat(operand, &st) < 0 || !S_ISDIR(st.st_mode))
		return add_file(c, operand, strlen(operand), f);
	if (walk(c, operand, f) < 0)
		return -1;
	if (c->count > first)
		qsort(c->files + first, c->count - first, sizeof(*c->files),
		    compare_names);
	return 0;
}
