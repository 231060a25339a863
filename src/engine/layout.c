/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/layout.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/grow.h"
#include "base/io.h"
#include "engine/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
release_packages(struct layout *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->items[i].root);
		free(l->items[i].control);
	}
	free(l->items);
	l->items = NULL;
	l->count = l->cap = 0;
}

void
layout_release(struct layout *l)
{
	release_packages(l);
	free(l->startdir);
	apkbuild_release(&l->recipe);
	*l = (struct layout){ 0 };
}

static int
read_recipe(struct layout *l, int fd, struct fault *f)
{
	struct buf text = BUF_INIT;
	int r = io_read_all(fd, &text, LAYOUT_RECIPE_MAX, f);

	if (r == 0 && text.len > LAYOUT_RECIPE_MAX)
		r = fault_set(f, FAULT_INPUT, "is longer than %d bytes",
		    LAYOUT_RECIPE_MAX);
	if (r == 0)
		r = apkbuild_parse(&l->recipe, text.data, text.len, f);
	buf_release(&text);
	return r;
}

int
layout_find_recipe(struct layout *l, const char *dir, struct fault *f)
{
	char name[PATH_MAX];
	struct stat st;
	int fd, r;

	snprintf(name, sizeof(name), "%s/APKBUILD", dir);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0)
		return fault_sys(f, "cannot open '%s'", name);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd); /* nothing was written */
		return 0;
	}
	l->startdir = realpath(dir, NULL);
	r = l->startdir == NULL ? fault_sys(f, "cannot find '%s'", dir)
				: read_recipe(l, fd, f);
	(void)close(fd); /* nothing was written */
	return r < 0 ? fault_wrap(f, "'%s'", name) : 1;
}

/* An absolute name without links, also of what does not exist yet. */
static char *
make_absolute(const char *path, struct fault *f)
{
	char *found = realpath(path, NULL);

	if (found != NULL)
		return found;
	if (errno == ENOENT)
		return place_resolve(path, f);
	fault_sys(f, "cannot find '%s'", path);
	return NULL;
}

static struct layout_package *
append(struct layout *l, struct fault *f)
{
	if (l->count == l->cap) {
		struct layout_package *items = grow_array(
		    l->items, &l->cap, sizeof(*items), "packages", f);

		if (items == NULL)
			return NULL;
		l->items = items;
	}
	l->items[l->count] = (struct layout_package){ 0 };
	return &l->items[l->count++];
}

int
layout_add(
    struct layout *l, const char *root, const char *control, struct fault *f)
{
	struct layout_package *p = append(l, f);

	if (p == NULL)
		return -1;
	p->root = make_absolute(root, f);
	if (p->root == NULL)
		return -1;
	p->control = control != NULL
	    ? make_absolute(control, f)
	    : place_control_beside(p->root, strlen(p->root), f);
	return p->control == NULL ? -1 : 0;
}

static const char control_prefix[] = ".control.";

enum { CONTROL_PREFIX_LEN = sizeof(control_prefix) - 1 };

static bool
is_control(const char *name)
{
	return strncmp(name, control_prefix, CONTROL_PREFIX_LEN) == 0;
}

static int
may_be_package(const struct dirent *de)
{
	return (*de->d_name != '.' || is_control(de->d_name)) &&
	    (de->d_type == DT_DIR || de->d_type == DT_UNKNOWN);
}

static bool
is_main(const struct layout *l, const char *name)
{
	const struct apkbuild_variable *main =
	    apkbuild_find(&l->recipe, "pkgname");

	return main != NULL && main->value != NULL &&
	    strcmp(main->value, name) == 0;
}

/* By its tree, or by a control directory whose tree is not there (yet). */
static int
add_named(struct layout *l, const char *pkg, const char *name, struct fault *f)
{
	struct layout_package *p;
	char root[PATH_MAX];
	struct stat st;
	const bool is_alone = is_control(name);

	if (is_alone)
		name += CONTROL_PREFIX_LEN;
	if ((size_t)snprintf(root, sizeof(root), "%s/%s", pkg, name) >=
	    sizeof(root))
		return fault_set(
		    f, FAULT_INPUT, "'%s/%s' is too long", pkg, name);
	/* a link is none of abuild's directories */
	if (lstat(root, &st) < 0 ? !is_alone : is_alone || !S_ISDIR(st.st_mode))
		return 0;
	if (layout_add(l, root, NULL, f) < 0)
		return -1;
	p = &l->items[l->count - 1];
	p->is_subpackage = !is_main(l, name);
	p->spelling = p->is_subpackage ? "\"$subpkgdir\"" : "\"$pkgdir\"";
	return 0;
}

int
layout_update(struct layout *l, struct fault *f)
{
	struct dirent **names = NULL;
	char pkg[PATH_MAX];
	int count, r = 0;

	if (l->startdir == NULL)
		return 0;
	release_packages(l);
	snprintf(pkg, sizeof(pkg), "%s/pkg", l->startdir);
	count = scandir(pkg, &names, may_be_package, alphasort);
	if (count < 0)
		return errno == ENOENT ? 0
				       : fault_sys(f, "cannot read '%s'", pkg);
	for (int i = 0; i < count; i++) {
		if (r == 0)
			r = add_named(l, pkg, names[i]->d_name, f);
		free(names[i]);
	}
	free(names);
	return r;
}

const struct layout_package *
layout_locate(const struct layout *l, const char *path, const char **rest)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct layout_package *p = &l->items[i];
		const size_t len = strlen(p->root);

		if (strncmp(path, p->root, len) != 0 || path[len] != '/')
			continue;
		*rest = path + len + 1;
		return p;
	}
	return NULL;
}

const char **
layout_names(const struct layout *l, const char *variable, bool *is_unknown,
    struct fault *f)
{
	const struct apkbuild_variable *v = apkbuild_find(&l->recipe, variable);
	const char *text = v != NULL && v->value != NULL ? v->value : "";
	const size_t most = strlen(text) / 2 + 2, size = strlen(text) + 1;
	const char **names = malloc(most * sizeof(*names) + size);
	char *copy, *saved;
	size_t count = 0;

	*is_unknown = v != NULL && v->value == NULL;
	if (names == NULL) {
		fault_sys(f, "cannot list '%s'", variable);
		return NULL;
	}
	copy = (char *)(names + most);
	memcpy(copy, text, size);
	for (char *name = strtok_r(copy, " \t\n", &saved); name != NULL;
	     name = strtok_r(NULL, " \t\n", &saved))
		names[count++] = name;
	names[count] = NULL;
	return names;
}
