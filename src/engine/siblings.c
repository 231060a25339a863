/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/siblings.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/grow.h"
#include "base/path.h"
#include "engine/merge.h"
#include "engine/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
siblings_release(struct siblings *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free((void *)(uintptr_t)s->items[i].root);
		free((void *)(uintptr_t)s->items[i].control);
	}
	free(s->items);
	*s = (struct siblings){ 0 };
}

static char *
join(const char *pkg, const char *name, struct fault *f)
{
	struct buf b = BUF_INIT;

	if (buf_adds(&b, pkg, f) == 0 && buf_adds(&b, "/", f) == 0 &&
	    buf_adds(&b, name, f) == 0 && buf_end(&b, f) != NULL)
		return b.data;
	buf_release(&b);
	return NULL;
}

static int
append(struct siblings *s, const char *pkg, const char *name, struct fault *f)
{
	struct merge_package *p;

	if (s->count == s->cap) {
		struct merge_package *items = grow_array(
		    s->items, &s->cap, sizeof(*items), "packages", f);

		if (items == NULL)
			return -1;
		s->items = items;
	}
	p = &s->items[s->count++];
	*p = (struct merge_package){ .root = join(pkg, name, f) };
	if (p->root != NULL)
		p->control = place_control_beside(p->root, strlen(p->root), f);
	return p->control == NULL ? -1 : 0;
}

static bool
is_dir(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Add pkg/NAME, if that is a package. */
static int
consider(struct siblings *s, const char *pkg, const char *name, struct fault *f)
{
	const struct merge_package *p;

	if (*name == '.')
		return 0;
	if (append(s, pkg, name, f) < 0)
		return -1;
	p = &s->items[s->count - 1];
	if (is_dir(p->root) && is_dir(p->control))
		return 0;
	s->count--;
	free((void *)(uintptr_t)p->root);
	free((void *)(uintptr_t)p->control);
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const struct merge_package *x = a, *y = b;

	return strcmp(x->root, y->root);
}

static int
search(struct siblings *s, const char *pkg, struct fault *f)
{
	const int fd = open(pkg, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *de;
	int r = 0;

	if (d == NULL) {
		fault_sys(f, "cannot read '%s'", pkg);
		if (fd >= 0)
			(void)close(fd); /* nothing was written */
		return -1;
	}
	errno = 0;
	while (r == 0 && (de = readdir(d)) != NULL) {
		r = consider(s, pkg, de->d_name, f);
		errno = 0;
	}
	if (r == 0 && errno != 0)
		r = fault_sys(f, "cannot read '%s'", pkg);
	(void)closedir(d); /* nothing was written */
	if (r == 0 && s->count > 0)
		qsort(s->items, s->count, sizeof(*s->items), compare);
	return r;
}

static bool
is_same_dir(const char *x, const char *y)
{
	struct stat a, b;

	return strcmp(x, y) == 0 ||
	    (stat(x, &a) == 0 && stat(y, &b) == 0 && a.st_dev == b.st_dev &&
		a.st_ino == b.st_ino);
}

/* 1 if the control directory is the one that abuild has for the root, else 0. */
static int
is_abuilds(const struct merge_package *p, struct fault *f)
{
	char *beside = place_control_beside(p->root, strlen(p->root), f);
	int r = -1;

	if (beside != NULL)
		r = is_same_dir(beside, p->control);
	free(beside);
	return r;
}

int
siblings_find(
    struct siblings *s, const struct merge_package *package, struct fault *f)
{
	char *pkg = strdup(package->root);
	int r = 0;

	if (pkg == NULL)
		return fault_sys(f, "cannot look for packages");
	pkg[path_parent_len(pkg)] = '\0';
	if (package->control != NULL && strcmp(path_base(pkg), "pkg") == 0)
		r = is_abuilds(package, f);
	if (r > 0)
		r = search(s, pkg, f);
	free(pkg);
	return r;
}
