/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/catalog.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/grow.h"
#include "base/stop.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
catalog_release(struct catalog *c)
{
	arena_release(&c->arena);
	free(c->files);
	*c = (struct catalog){ 0 };
}

static int
grow(struct catalog *c, struct fault *f)
{
	struct catalog_file *files =
	    grow_array(c->files, &c->cap, sizeof(*files), "names", f);

	if (files == NULL)
		return -1;
	c->files = files;
	return 0;
}

static int
copy(struct catalog *c, const char **out, const char *s, struct fault *f)
{
	*out = arena_string(&c->arena, s, strlen(s), f);
	return *out != NULL ? 0 : -1;
}

static int
add_file(struct catalog *c, const char *name, struct fault *f)
{
	struct catalog_file added = { 0 };

	if ((c->count == c->cap && grow(c, f) < 0) ||
	    copy(c, &added.name, name, f) < 0)
		return -1;
	c->files[c->count++] = added;
	return 0;
}

/* Add what could not be read, unless it is gone. */
static int
add_unreadable(struct catalog *c, const char *name, struct fault *f)
{
	const int err = errno;

	if (err == ENOENT)
		return 0;
	if (err == ENOMEM)
		return fault_sys(f, "cannot read '%s'", name);
	if (add_file(c, name, f) < 0)
		return -1;
	return copy(c, &c->files[c->count - 1].why, strerror(err), f);
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

/* A regular file is there; or it is not known what, which its reader will find. */
static bool
is_file(const char *path, struct stat *st)
{
	if (S_ISLNK(st->st_mode) && stat(path, st) < 0)
		return errno == EACCES;
	return S_ISREG(st->st_mode);
}

static int
visit_path(
    struct catalog *c, const char *path, const char *name, struct fault *f)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return add_unreadable(c, path, f);
	if (S_ISDIR(st.st_mode))
		return walk(c, path, f);
	if (!is_package_name(name) &&
	    !(c->has_recipes && catalog_is_recipe(name)))
		return 0;
	return is_file(path, &st) ? add_file(c, path, f) : 0;
}

/* Add one name of a directory, or what is below it. */
static int
visit(struct catalog *c, const char *dir, const char *name, struct fault *f)
{
	struct buf path = BUF_INIT;
	int r = -1;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 0;
	if (buf_adds(&path, dir, f) == 0 &&
	    (dir[strlen(dir) - 1] == '/' || buf_adds(&path, "/", f) == 0) &&
	    buf_adds(&path, name, f) == 0 && buf_end(&path, f) != NULL)
		r = visit_path(c, path.data, name, f);
	buf_release(&path);
	return r;
}

static int
compare_names(const void *a, const void *b)
{
	const struct catalog_file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/*
 * The names in a directory.  One that can be listed but not searched would be as
 * many errors as it has names.
 */
static int
list(const char *dir, struct dirent ***names)
{
	return access(dir, X_OK) < 0 ? -1 : scandir(dir, names, NULL, NULL);
}

/* No directory stays open while those below it are read. */
static int
walk(struct catalog *c, const char *dir, struct fault *f)
{
	struct dirent **names = NULL;
	const int n = list(dir, &names);
	int r = 0;

	if (n < 0)
		return add_unreadable(c, dir, f);
	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = stop_check(f);
		if (r == 0)
			r = visit(c, dir, names[i]->d_name, f);
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
		return add_file(c, operand, f);
	if (walk(c, operand, f) < 0)
		return -1;
	if (c->count > first)
		qsort(c->files + first, c->count - first, sizeof(*c->files),
		    compare_names);
	return 0;
}
