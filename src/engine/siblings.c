/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/siblings.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/path.h"
#include "engine/merge.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_CAP = 8 };

static const char control_prefix[] = "/.control.";

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

/* `pkg`, `middle` and `name` behind each other, allocated. */
static char *
join(const char *pkg, const char *middle, const char *name, struct fault *f)
{
	struct buf b = BUF_INIT;

	if (buf_adds(&b, pkg, f) == 0 && buf_adds(&b, middle, f) == 0 &&
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
		const size_t cap = s->cap > 0 ? s->cap * 2 : FIRST_CAP;
		struct merge_package *items =
		    realloc(s->items, cap * sizeof(*items));

		if (items == NULL)
			return fault_sys(
			    f, "cannot allocate %zu packages", cap);
		s->items = items;
		s->cap = cap;
	}
	p = &s->items[s->count++];
	p->root = join(pkg, "/", name, f);
	p->control =
	    p->root != NULL ? join(pkg, control_prefix, name, f) : NULL;
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

/* 1 if the control directory is the one that abuild has for pkg/NAME, else 0. */
static int
is_abuilds(
    const char *pkg, const char *name, const char *control, struct fault *f)
{
	char *beside = join(pkg, control_prefix, name, f);
	int r = -1;

	if (beside != NULL)
		r = is_same_dir(beside, control);
	free(beside);
	return r;
}

int
siblings_find(
    struct siblings *s, const struct merge_package *package, struct fault *f)
{
	const char *name = path_base(package->root);
	char *pkg = strdup(package->root);
	int r = 0;

	if (pkg == NULL)
		return fault_sys(f, "cannot look for packages");
	pkg[path_parent_len(pkg)] = '\0';
	if (package->control != NULL && strcmp(path_base(pkg), "pkg") == 0)
		r = is_abuilds(pkg, name, package->control, f);
	if (r > 0)
		r = search(s, pkg, f);
	free(pkg);
	return r;
}
