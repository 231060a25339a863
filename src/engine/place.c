/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/place.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/path.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
place_release(struct place *p)
{
	free(p->root);
	free(p->control);
	free(p->path);
	*p = (struct place){ 0 };
}

/* A string of its own made of a piece and two more; NULL on failure. */
static char *
join(const char *head, size_t len, const char *middle, const char *tail,
    struct fault *f)
{
	struct buf b = BUF_INIT;

	if (buf_add(&b, head, len, f) == 0 && buf_adds(&b, middle, f) == 0 &&
	    buf_adds(&b, tail, f) == 0 && buf_end(&b, f) != NULL)
		return b.data;
	buf_release(&b);
	return NULL;
}

/* True if errno says that nothing we could use has that name. */
static bool
means_no(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES ||
	    error == ELOOP || error == ENAMETOOLONG;
}

/* 1 if there is such a file, 0 if not. */
static int
look_for(const char *head, size_t len, const char *middle, const char *tail,
    struct fault *f)
{
	char *path = join(head, len, middle, tail, f);
	int r;

	if (path == NULL)
		return -1;
	r = access(path, F_OK) == 0;
	if (r == 0 && !means_no(errno))
		r = fault_sys(f, "cannot look for '%s'", path);
	free(path);
	return r;
}

/*
 * The real path of `path`, its last component not followed.  What does not exist
 * at its end is appended as it is spelt.
 */
static char *
real_path(const char *path, struct fault *f)
{
	size_t len = strlen(path), tail = len;
	char *head = NULL, *real, *whole;

	for (;;) {
		while (tail > 0 && path[tail - 1] != '/')
			tail--;
		free(head);
		head = tail > 0 ? join(path, tail, "", "", f)
				: join("", 0, ".", "", f);
		if (head == NULL)
			return NULL;
		real = realpath(head, NULL);
		if (real != NULL || errno != ENOENT || tail == 0)
			break;
		while (tail > 0 && path[tail - 1] == '/')
			tail--;
	}
	free(head);
	if (real == NULL) {
		fault_sys(f, "cannot resolve '%s'", path);
		return NULL;
	}
	whole = join(real, strcmp(real, "/") == 0 ? 0 : strlen(real), "/",
	    path + tail, f);
	free(real);
	return whole;
}

static bool
is_last(const char *path, size_t len, const char *name)
{
	const size_t n = strlen(name);

	return len >= n && memcmp(path + len - n, name, n) == 0 &&
	    (len == n || path[len - n - 1] == '/');
}

/* As above; "." and ".." at the end mean the directory that they lead to. */
char *
place_resolve(const char *path, struct fault *f)
{
	size_t len = strlen(path);
	char *trimmed, *real;

	if (len == 0) {
		fault_set(f, FAULT_USAGE, "empty path");
		return NULL;
	}
	while (len > 1 && path[len - 1] == '/')
		len--;
	if (is_last(path, len, ".") || is_last(path, len, "..") ||
	    path[len - 1] == '/') {
		real = realpath(path, NULL);
		if (real == NULL)
			fault_sys(f, "cannot resolve '%s'", path);
		return real;
	}
	trimmed = join(path, len, "", "", f);
	if (trimmed == NULL)
		return NULL;
	real = real_path(trimmed, f);
	free(trimmed);
	return real;
}

/* True if a path that lies elsewhere is a link to `root` itself. */
static bool
leads_to(const char *path, const char *root)
{
	char *real = realpath(path, NULL);
	const bool is_root = real != NULL && strcmp(real, root) == 0;

	free(real);
	return is_root;
}

/* Set p->path to what is left of `real` below p->root. */
static int
set_path(struct place *p, const char *real, const char *given, struct fault *f)
{
	const char *rest;
	size_t len;

	if (strcmp(p->root, "/") != 0 && !path_is_within(real, p->root)) {
		if (!leads_to(given, p->root))
			return fault_set(f, FAULT_USAGE,
			    "'%s' is not below '%s'", given, p->root);
		real = p->root;
	}
	rest = real + strlen(p->root);
	while (*rest == '/')
		rest++;
	len = strlen(rest);
	if (len > 0 && path_canon(&rest, &len, f) < 0)
		return fault_wrap(f, "'%s'", given);
	p->path = join(rest, len, "", "", f);
	return p->path == NULL ? -1 : 0;
}

char *
place_control_beside(const char *root, size_t len, struct fault *f)
{
	size_t dir_len = len;
	char *name, *control;

	while (dir_len > 0 && root[dir_len - 1] != '/')
		dir_len--;
	name = join(root + dir_len, len - dir_len, "", "", f);
	if (name == NULL)
		return NULL;
	control = join(root, dir_len, ".control.", name, f);
	free(name);
	return control;
}

/* False if the root has another last name than the one it is given by. */
static bool
is_spelt_out(const char *root, size_t len)
{
	struct stat st;

	return len > 1 && !is_last(root, len, ".") &&
	    !is_last(root, len, "..") && lstat(root, &st) == 0 &&
	    !S_ISLNK(st.st_mode);
}

char *
place_control_of(const char *root, struct fault *f)
{
	size_t len = strlen(root);
	char *real, *control;

	while (len > 1 && root[len - 1] == '/')
		len--;
	if (is_spelt_out(root, len))
		return place_control_beside(root, len, f);
	real = realpath(root, NULL);
	if (real == NULL) {
		fault_sys(f, "cannot resolve '%s'", root);
		return NULL;
	}
	control = place_control_beside(real, strlen(real), f);
	free(real);
	return control;
}

static int
use_hint(struct place *p, const struct place_hint *hint, struct fault *f)
{
	p->root = realpath(hint->root, NULL);
	if (p->root == NULL)
		return fault_sys(f, "cannot open root '%s'", hint->root);
	if (hint->control != NULL)
		p->control =
		    join(hint->control, strlen(hint->control), "", "", f);
	else
		p->control = place_control_of(p->root, f);
	return p->control == NULL ? -1 : 0;
}

/* 1 if `real` goes on with "/pkg/NAME" behind `len`, and so does abuild. */
static int
check_package(const char *real, size_t len, size_t *root_len, struct fault *f)
{
	static const char pkg[] = "/pkg/";
	const size_t start = len + strlen(pkg);
	char name[PATH_NAME_LIMIT + 1];
	size_t name_len;
	int r;

	if (strncmp(real + len, pkg, strlen(pkg)) != 0)
		return 0;
	name_len = strcspn(real + start, "/");
	if (name_len == 0 || name_len > PATH_NAME_LIMIT || real[start] == '.')
		return 0;
	memcpy(name, real + start, name_len);
	name[name_len] = '\0';
	*root_len = start + name_len;
	r = look_for(real, len, "/pkg/.control.", name, f);
	return r != 0 ? r : look_for(real, len, "/APKBUILD", "", f);
}

static int
search(struct place *p, const char *real, const char *given, struct fault *f)
{
	for (const char *s = real; (s = strchr(s, '/')) != NULL; s++) {
		size_t root_len;
		const int r =
		    check_package(real, (size_t)(s - real), &root_len, f);

		if (r < 0)
			return -1;
		if (r == 0)
			continue;
		p->root = join(real, root_len, "", "", f);
		if (p->root == NULL)
			return -1;
		p->control = place_control_of(p->root, f);
		return p->control == NULL ? -1 : 0;
	}
	return fault_set(f, FAULT_USAGE,
	    "'%s' lies in no package of an abuild: pass --root and --control, "
	    "or set AMTREE_ROOT and AMTREE_CONTROL",
	    given);
}

int
place_find(struct place *p, const char *path, const struct place_hint *hint,
    struct fault *f)
{
	char *real = place_resolve(path, f);
	int r = -1;

	*p = (struct place){ 0 };
	if (real == NULL)
		return -1;
	if ((hint->root != NULL ? use_hint(p, hint, f)
				: search(p, real, path, f)) == 0)
		r = set_path(p, real, path, f);
	free(real);
	if (r < 0)
		place_release(p);
	return r;
}
