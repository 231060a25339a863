/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/attrs.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/path.h"
#include "engine/reach.h"
#include "format/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
	LIST_MAX = 65536, /* bytes of all names; XATTR_LIST_MAX of Linux */
	VALUE_MAX = 65536, /* bytes of a value; XATTR_SIZE_MAX of Linux */
	NAME_MAX_PROC = PATH_NAME_LIMIT + 40,
};

static bool
is_wanted(const char *name)
{
	return strncmp(name, "trusted.", 8) != 0 &&
	    strcmp(name, "security.selinux") != 0;
}

/* A user attribute of a file that its owner may not read. */
static ssize_t
get_lifted(const char *file, const char *name, void *value, struct fault *f)
{
	const int fd = open(file, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct reach_lift lift;
	ssize_t len = -1;
	int saved;

	if (fd < 0)
		return -1;
	if (reach_raise(&lift, fd, S_IRUSR, f) == 0) {
		len = lgetxattr(file, name, value, VALUE_MAX);
		saved = errno;
		if (reach_restore(&lift, f) < 0)
			len = -1;
		errno = saved;
	}
	(void)close(fd); /* O_PATH: nothing to lose */
	return len;
}

static int
load_one(struct xattr *x, struct arena *arena, const char *file,
    const char *name, struct fault *f)
{
	char value[VALUE_MAX];
	ssize_t len = lgetxattr(file, name, value, sizeof(value));

	if (len < 0 && errno == EACCES)
		len = get_lifted(file, name, value, f);
	if (len < 0)
		return fault_sys(f, "cannot read attribute '%s'", name);
	x->name = arena_string(arena, name, strlen(name), f);
	x->value = arena_string(arena, value, (size_t)len, f);
	x->len = (size_t)len;
	return x->name == NULL || x->value == NULL ? -1 : 0;
}

static void
insert(const struct xattr **list, struct xattr *x)
{
	const struct xattr **at = list;

	/* the list is ours: const only keeps others from changing it */
	while (*at != NULL && strcmp((*at)->name, x->name) < 0)
		at = (const struct xattr **)&(*at)->next;
	x->next = *at;
	*at = x;
}

int
attrs_load(const struct xattr **list, struct arena *arena, int dirfd,
    const char *name, struct fault *f)
{
	char file[NAME_MAX_PROC], names[LIST_MAX];
	ssize_t len;

	*list = NULL;
	snprintf(file, sizeof(file), "/proc/self/fd/%d/%s", dirfd, name);
	len = llistxattr(file, names, sizeof(names));
	if (len < 0 && (errno == ENOTSUP || errno == ENOSYS))
		return 0;
	if (len < 0)
		return fault_sys(f, "cannot list attributes through /proc");
	for (const char *s = names; s < names + len; s += strlen(s) + 1) {
		struct xattr *x;

		if (!is_wanted(s))
			continue;
		x = arena_alloc(arena, sizeof(*x), f);
		if (x == NULL || load_one(x, arena, file, s, f) < 0)
			return -1;
		insert(list, x);
	}
	return 0;
}
